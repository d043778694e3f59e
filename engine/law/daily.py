"""One local day's hours: what a window leaves of it, by weekday, public holiday and region.

A country's hours bind together with those of the region (ISO 3166-2) where the person lives. Where
the region is not known, all regions of the country bind: the strictest of each day.
"""

from __future__ import annotations

from datetime import date, time
from functools import lru_cache

from engine.law.book import nearest_rows, provision
from engine.law.provision import Provision
from engine.law.shelf import rows_of, table
from engine.model.channel import Channel

Hours = tuple[time, time]


@lru_cache(maxsize=32768)
def daily_hours(
    name: str, jurisdiction: str, region: str | None, channel: Channel | None, day: date
) -> Hours | None:
    """Return the local (opening, closing) of window `name` on `day`, or None: closed all day.

    `region` is an ISO 3166-2 code of `jurisdiction` (None: unknown). The end is exclusive. A year
    that no holiday calendar covers is closed where holidays matter.
    """
    opens, closes = time.min, time.max
    for row in rows_for(name, jurisdiction, region, channel, day):
        found = _of_row(row, day)
        if found is None:
            return None
        opens, closes = max(opens, found[0]), min(closes, found[1])
    return (opens, closes) if opens < closes else None


@lru_cache(maxsize=8192)
def rows_for(
    name: str, jurisdiction: str, region: str | None, channel: Channel | None, day: date
) -> tuple[Provision, ...]:
    """Return every row that binds on `day`: the country's, and those of its regions."""
    rows = [provision(name, jurisdiction, day, channel)]
    for place in _regions(jurisdiction, region):
        own = [row for row in rows_of(name, place) if not row.channels or channel in row.channels]
        early = own[:1] if own and day < own[0].since else []
        rows += [row for row in own if row.holds(day)] or early
    return tuple(rows)


@lru_cache(maxsize=1024)
def lifted_by_consent(name: str, jurisdiction: str, channel: Channel | None) -> bool:
    """Tell whether consent to the night opens window `name`: only where its rows say so.

    Korea's do, and our own practice elsewhere; hours of another country's law or charter do not.
    """
    return all(row.lifted_by_consent for row in nearest_rows(name, jurisdiction, channel))


def _of_row(row: Provision, day: date) -> Hours | None:
    if row.closed_on_holidays:
        from engine.law.days_off import is_day_off

        if is_day_off(row.jurisdiction, day):
            return None
    return weekly_hours(row, day)


def _regions(jurisdiction: str, region: str | None) -> tuple[str, ...]:
    found = table(jurisdiction)
    if found is None:
        return ()
    if region is not None and region in found.regions:
        return (region,)
    return tuple(sorted(found.regions))


def weekly_hours(row: Provision, day: date) -> Hours | None:
    """Return what window `row` leaves of `day` by its weekday, holidays aside; None: nothing."""
    value = row.week[day.weekday()] if row.week else row.value
    if not isinstance(value, tuple):
        raise TypeError(f"provision `{row.name}` for `{row.jurisdiction}` is not a window")
    if not value:
        return None
    opens, closes = value
    return time.fromisoformat(opens), time.fromisoformat(closes)
