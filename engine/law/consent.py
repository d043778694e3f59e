"""Dates that hang on a consent: when to ask again, when to answer, how long a purchase stands in.

Days are those of the calendar in Korea, whose law this is. Months and numbers of days come from the
law book, as they are in force on the day from which they count.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, timedelta
from enum import StrEnum
from math import floor, isfinite

from engine.kernel.frozen import frozen
from engine.kernel.instant import find_zone, parse_date, parse_instant, parse_local
from engine.law.book import provision
from engine.law.jurisdiction import KOREA, SEOUL


class Unmet(StrEnum):
    """A condition of the six-month exception that is not fulfilled (제50조제1항제1호)."""

    CONTACT_NOT_DIRECT = "contact_not_direct"
    OTHER_KIND = "other_kind"
    GOODS_OF_OTHERS = "goods_of_others"
    TOO_LATE = "too_late"
    REFUSED = "refused"


@frozen
class Transaction:
    """What is known of a purchase or contract that should stand in for a consent.

    `ended_on` is when it ended. `direct`: the sender itself got the contact in it. `same_kind`: what
    is advertised is of the kind that was bought. `own_goods`: the sender's own. `refused`: the person
    said no since.
    """

    ended_on: date
    direct: bool
    same_kind: bool
    own_goods: bool
    refused: bool


def reconfirm_by(consented_on: date, after: date | None = None) -> date:
    """Return the last day on which a consent of `consented_on` is to be confirmed in its period.

    The day before its second anniversary, then before the fourth, … (시행령 제62조의3제1항): the first
    such day that is not before `after`, which is the first of all where it is left out. A consent of
    29 February counts as of the 28th in years without one, so its day is 27 February.
    """
    period = _number("consent_reconfirm", consented_on)
    rounds = 1
    while True:
        due = add_months(consented_on, period * rounds) - timedelta(days=1)
        if after is None or due >= after:
            return due
        rounds += 1


def is_reconfirmation_due(last_confirmed_on: date, today: date) -> bool:
    """Tell whether the day for asking again has passed since the consent was last confirmed.

    A duty of the sender, no end of the consent: whoever stays silent has not withdrawn.
    """
    return today > reconfirm_by(last_confirmed_on)


def overdue_until(today: date) -> date:
    """Return the latest day on which who confirmed then should have been asked again before `today`.

    Whoever confirmed on it or earlier is overdue, everybody later is not.
    """
    day = add_months(today, -_number("consent_reconfirm", today)) + timedelta(days=3)
    while not is_reconfirmation_due(day, today):
        day -= timedelta(days=1)
    return day


def result_notice_by(said_on: date) -> date:
    """Return the last day for telling somebody what became of their consent, refusal or withdrawal.

    14 days from the day on which they said it (제50조제7항, 시행령 제62조의2), that day not counted.
    """
    return said_on + timedelta(days=_number("consent_result_notice", said_on))


def exception_ends_on(ended_on: date) -> date:
    """Return the last day on which a transaction that ended on `ended_on` stands in for a consent.

    Six months (시행령 제61조제1항). The day of the same number, or the month's last: a day or two
    earlier than some would count.
    """
    return add_months(ended_on, _number("transaction_exception", ended_on))


def exception_gaps(transaction: Transaction, on: date) -> frozenset[Unmet]:
    """Return which conditions of the exception fail on `on`; empty: no consent is needed.

    All of them must hold (제50조제1항제1호), and a refusal ends it at once (제50조제2항).
    """
    checks = {
        Unmet.CONTACT_NOT_DIRECT: not transaction.direct,
        Unmet.OTHER_KIND: not transaction.same_kind,
        Unmet.GOODS_OF_OTHERS: not transaction.own_goods,
        Unmet.TOO_LATE: on > exception_ends_on(transaction.ended_on),
        Unmet.REFUSED: transaction.refused,
    }
    return frozenset(gap for gap, fails in checks.items() if fails)


def stands_in(ended_on: date, on: date) -> bool:
    """Tell whether a transaction that ended on `ended_on` stands in for a consent on `on`.

    The other conditions are the campaign's to declare, and a refusal is asked for elsewhere. A day
    that has not come yet is no end: whoever writes one has not said when it ended.
    """
    return ended_on <= on <= exception_ends_on(ended_on)


def ended_on(value: object, read_at: datetime) -> date | None:
    """Return the day on which a transaction ended, out of a source's value that was read at `read_at`.

    A day or an instant, or a number of whole days since (`days_since`): of the two days that such a
    number can mean the earlier counts, so that the exception never lasts too long.
    """
    if isinstance(value, str):
        return read_day(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        return None
    if not 0 <= value <= _MOST_DAYS:
        return None
    return korean_day(read_at) - timedelta(days=floor(value) + 1)


_MOST_DAYS = 36_500


def korean_day(instant: datetime) -> date:
    """Return the day of an aware instant by the calendar in Korea."""
    return instant.astimezone(find_zone(SEOUL)).date()


def read_day(written: str | None, zone: str = SEOUL) -> date | None:
    """Return the day that a source's column means (`2024-11-23`, or an instant seen from `zone`).

    A time without an offset (`2024-11-23 10:00:00`) is one of `zone`.

    None for what is empty or neither: a day that nobody knows is not one to count from.
    """
    text = (written or "").strip()
    try:
        return parse_date(text)
    except ValueError:
        pass
    try:
        local = parse_local(text.partition(".")[0])
        if local.tzinfo is None:
            return local.date()
    except ValueError:
        pass
    clock = find_zone(zone)
    try:
        instant = parse_instant(text)
    except ValueError:
        return None
    return instant.astimezone(clock).date() if clock is not None else None


def add_months(day: date, months: int) -> date:
    """Return the day of the same number `months` later, or that month's last where it has none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _number(name: str, on: date) -> int:
    value = provision(name, KOREA, on).value
    if not isinstance(value, int):
        raise TypeError(f"provision `{name}` for `{KOREA}` is not a number")
    return value
