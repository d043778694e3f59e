"""The instants at which a verdict flips, against asking at every instant that could matter."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.law.clock import flips_at, last_start, message_ends_at
from engine.law.door import may_send
from engine.law.finish import RAMP, finish_at
from engine.model.channel import Channel
from engine.model.channel_settings import KakaoProduct
from engine.model.delivery import Allowed, Answer
from tests.law.facts import DUE, NOON, a_consent, seoul, some_facts

MICROSECOND = timedelta(microseconds=1)
NIGHT = seoul("2026-09-24 23:00")


@pytest.mark.parametrize(
    ("changes", "now", "expected"),
    [
        ({}, NOON, "2026-09-24 21:00"),
        ({}, NIGHT, "2026-09-25 08:00"),
        ({}, DUE - timedelta(hours=3), "2026-09-24 10:00"),
        ({"consent_max_age": timedelta(minutes=10)}, NOON, "2026-09-24 12:10:00.000001"),
        ({"planned_end": seoul("2026-09-24 18:00")}, NOON, "2026-09-24 18:30:00.000001"),
        # Sunday 05:00 in Paris, where texts rest until Monday 08:00.
        (
            {"jurisdiction": "FR", "zone": "Europe/Paris", "channel": Channel.SMS},
            seoul("2026-09-27 12:00"),
            "2026-09-28 15:00",
        ),
        # With consent to the night only Kakao's hours are left, to the end: 10:00 in Seoul is 21:00 in
        # New York, which does not matter to whoever agreed.
        (
            {
                "channel": Channel.KAKAO,
                "kakao_product": KakaoProduct.BRAND,
                "zone": "America/New_York",
                "night_consented_only": True,
                "consent": a_consent(night=Answer.YES),
            },
            seoul("2026-09-24 10:00"),
            "2026-09-24 20:50",
        ),
        ({"due_at": DUE + timedelta(days=40)}, NOON, "2026-11-03 10:00"),
        ({"advertising": False}, NOON, "2027-12-31 09:30:00.000001"),
    ],
)
def test_the_clock_flips_a_verdict(changes: dict[str, Any], now: datetime, expected: str) -> None:
    assert flips_at(some_facts(**changes), now) == seoul(expected)


@pytest.mark.parametrize(
    "changes",
    [
        {"suppressed": True},
        {"consent": a_consent(ad=Answer.NO)},
        {"changed_at": DUE},
    ],
)
def test_what_no_clock_changes_never_flips(changes: dict[str, Any]) -> None:
    assert flips_at(some_facts(**changes), NOON) is None


PLACES = (
    ("KR", "Asia/Seoul"),
    ("KR", "America/New_York"),
    ("US", "America/Los_Angeles"),
    ("FR", "Europe/Paris"),
    ("JP", None),
)


@settings(max_examples=150, deadline=None)
@given(
    now=st.datetimes(datetime(2026, 9, 20), datetime(2026, 11, 10), timezones=st.just(UTC)),
    place=st.sampled_from(PLACES),
    kind=st.sampled_from(
        [
            (Channel.APP, None),
            (Channel.SMS, None),
            (Channel.KAKAO, KakaoProduct.BRAND),
        ]
    ),
    night=st.sampled_from([None, Answer.YES, Answer.NO]),
    lasts=st.integers(0, 40),
    age=st.integers(1, 60),
    due=st.integers(-30, 30),
)
def test_before_a_flip_nothing_changes_and_after_it_something_has(
    now: datetime,
    place: tuple[str, str | None],
    kind: tuple[Channel, KakaoProduct | None],
    night: Answer | None,
    lasts: int,
    age: int,
    due: int,
) -> None:
    due_at = now + timedelta(hours=due)
    facts = some_facts(
        jurisdiction=place[0],
        zone=place[1],
        channel=kind[0],
        kakao_product=kind[1],
        night_consented_only=night is not None,
        consent=a_consent(night=night or Answer.UNKNOWN, read_at=now),
        consent_max_age=timedelta(hours=age),
        due_at=due_at,
        changed_at=due_at - timedelta(hours=2),
        planned_end=due_at + timedelta(hours=lasts),
    )
    verdict, flip = may_send(facts, now), flips_at(facts, now)
    end = flip or now + timedelta(days=8)
    at = now
    while at < end:
        assert may_send(facts, at) == verdict, at
        at += timedelta(minutes=7)
    if flip is not None:
        assert may_send(facts, flip - MICROSECOND) == verdict
        assert may_send(facts, flip) != verdict


def test_a_message_ends_with_the_window_that_it_was_sent_in() -> None:
    assert message_ends_at(some_facts(), NOON) == seoul("2026-09-24 21:00")
    assert message_ends_at(some_facts(), NIGHT) == NIGHT
    assert message_ends_at(some_facts(advertising=False), NIGHT) is None
    agreed = some_facts(night_consented_only=True, consent=a_consent(night=Answer.YES))
    assert message_ends_at(agreed, NIGHT) is None
    verdict = may_send(some_facts(), NOON)
    assert isinstance(verdict, Allowed)
    assert verdict.until == message_ends_at(some_facts(), NOON)


@given(st.integers(1, 5_000_000), st.floats(1, 50_000), st.integers(0, 3600))
def test_the_last_start_finishes_on_the_second(deliveries: int, rate: float, wait: int) -> None:
    closes, fallback = seoul("2026-09-24 21:00"), timedelta(seconds=wait)
    start = last_start(closes, deliveries, rate, ramp=RAMP, fallback=fallback)
    assert finish_at(start, deliveries, rate, fallback=fallback) == closes


def test_three_million_at_two_hundred_a_second_start_before_five() -> None:
    closes = seoul("2026-09-24 21:00")
    slow = last_start(closes, 3_000_000, 200, ramp=RAMP)
    fast = last_start(closes, 3_000_000, 10_000, ramp=RAMP)
    assert slow < seoul("2026-09-24 17:00") < seoul("2026-09-24 20:00") < fast
