"""Six months after a purchase an advertisement needs no consent: to whom, until when, at what hour."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.law.clock import flips_at
from engine.law.consent import add_months, ended_on, read_day, stands_in
from engine.law.door import basis_of, may_send, refusal_of
from engine.model.delivery import Allowed, Answer, ConsentBasis, Denied, SkipReason
from tests.law.facts import DUE, NOON, a_consent, seoul, some_facts

BOUGHT = date(2026, 5, 24)
UNASKED = a_consent(ad=Answer.UNKNOWN)


@pytest.mark.parametrize(
    ("ended", "allowed"),
    [
        (date(2026, 9, 24), True),
        (date(2026, 3, 25), True),
        (date(2026, 3, 24), True),
        (date(2026, 3, 23), False),
        (date(2025, 9, 24), False),
        (date(2026, 9, 25), False),
        (date(9999, 12, 31), False),
        (None, False),
    ],
)
def test_who_was_never_asked_gets_it_within_six_months(ended: date | None, allowed: bool) -> None:
    verdict = may_send(some_facts(consent=UNASKED, ended_on=ended), NOON)
    assert isinstance(verdict, Allowed) is allowed
    if not allowed:
        assert verdict == Denied(reason=SkipReason.UNKNOWN_CONSENT)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"consent": a_consent(ad=Answer.NO)}, SkipReason.NO_CONSENT),
        ({"suppressed": True}, SkipReason.SUPPRESSED),
        ({"minor": True}, SkipReason.MINOR),
        ({"enabled": False}, SkipReason.DISABLED),
        ({"consent": a_consent(ad=Answer.UNKNOWN, service=Answer.NO)}, SkipReason.SERVICE_OFF),
        ({"jurisdiction": "US", "zone": "America/New_York"}, SkipReason.UNKNOWN_CONSENT),
    ],
)
def test_a_refusal_ends_it_and_it_is_korean(changes: dict, reason: SkipReason) -> None:
    facts = some_facts(**{"consent": UNASKED, "ended_on": BOUGHT, **changes})
    assert refusal_of(facts, NOON) is reason


def test_at_night_it_needs_consent_to_the_night_all_the_same() -> None:
    night = seoul("2026-09-24 23:00")
    facts = some_facts(consent=UNASKED, ended_on=BOUGHT, night_consented_only=True)
    assert may_send(facts, night) == Denied(reason=SkipReason.NO_NIGHT_CONSENT)
    agreed = a_consent(ad=Answer.UNKNOWN, night=Answer.YES)
    assert isinstance(
        may_send(some_facts(consent=agreed, ended_on=BOUGHT, night_consented_only=True), night),
        Allowed,
    )


def test_the_basis_is_the_consent_where_there_is_one() -> None:
    assert basis_of(some_facts(ended_on=BOUGHT), NOON) is ConsentBasis.CONSENT
    facts = some_facts(consent=UNASKED, ended_on=BOUGHT)
    assert basis_of(facts, NOON) is ConsentBasis.EXCEPTION
    assert basis_of(facts, NOON + timedelta(days=365)) is None


def test_it_ends_with_the_day_in_korea() -> None:
    last = seoul("2026-11-24 23:59:59")
    facts = some_facts(
        consent=a_consent(ad=Answer.UNKNOWN, night=Answer.YES),
        ended_on=BOUGHT,
        night_consented_only=True,
        due_at=DUE,
    )
    assert isinstance(may_send(facts, last), Allowed)
    after = last + timedelta(seconds=1)
    assert may_send(facts, after) == Denied(reason=SkipReason.UNKNOWN_CONSENT)
    assert flips_at(facts, last) == after


@given(ended=st.dates(date(2024, 1, 1), date(2027, 1, 1)), days=st.integers(-3, 400))
def test_six_months_are_six_calendar_months(ended: date, days: int) -> None:
    on = ended + timedelta(days=days)
    assert stands_in(ended, on) == (days >= 0 and on <= add_months(ended, 6))
    assert not stands_in(ended, ended + timedelta(days=185))
    assert stands_in(ended, ended + timedelta(days=180))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-05-24", date(2026, 5, 24)),
        ("2026-05-23T15:00:00Z", date(2026, 5, 24)),
        ("2026-05-24 23:30:00", date(2026, 5, 24)),
        ("2026-05-24 23:30:00.123", date(2026, 5, 24)),
        (0, date(2026, 9, 23)),
        (10, date(2026, 9, 13)),
        (10.9, date(2026, 9, 13)),
        (-1, None),
        (float("nan"), None),
        (float("inf"), None),
        (10**9, None),
        (True, None),
        (None, None),
        ("", None),
        ("작년 봄", None),
        ("2026-02-30", None),
        ("12", None),
    ],
)
def test_a_value_is_read_as_a_day_or_not_at_all(value: object, expected: date | None) -> None:
    assert ended_on(value, datetime(2026, 9, 24, 1, tzinfo=UTC)) == expected


def test_a_day_is_read_where_people_live() -> None:
    assert read_day("2026-05-23T15:00:00Z", "America/New_York") == date(2026, 5, 23)
