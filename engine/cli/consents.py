"""Who is to be asked again whether their consent stands, in counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from engine.kernel.frozen import frozen
from engine.law.consent import korean_day, reconfirm_by


@frozen
class Due:
    """Consents of one channel. `people` are all of them; the four others add up to it.

    `months` counts by the month (`2026-11`) in which a consent is to be confirmed, overdue ones by the
    month in which it should have been.
    """

    people: int
    overdue: int
    due: int
    later: int
    unknown: int
    months: Mapping[str, int]


def count_due(
    days: Mapping[date | None, int], now: datetime, within: timedelta = timedelta(0)
) -> Due:
    """Count consents, given per day of their last confirmation, by when they are to be confirmed.

    `due` are those whose last day lies between today and `within` from now (in Korea), `overdue` those
    whose last day is over.
    """
    today, horizon = korean_day(now), korean_day(now + within)
    found: Counter[str] = Counter()
    months: Counter[str] = Counter()
    for day, count in days.items():
        if day is None:
            found["unknown"] += count
            continue
        last = reconfirm_by(day)
        months[f"{last:%Y-%m}"] += count
        found["overdue" if last < today else "due" if last <= horizon else "later"] += count
    return Due(
        people=sum(days.values()),
        overdue=found["overdue"],
        due=found["due"],
        later=found["later"],
        unknown=found["unknown"],
        months=dict(sorted(months.items())),
    )
