"""What a chain of alternatives adds to the length of a send."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from engine.law.finish import fallback_of, finish_at
from engine.model.chain import before, step_of
from engine.model.channel import Channel
from tests.message.factories import a_campaign

APP, WEB, KAKAO, SMS = Channel.APP, Channel.WEB, Channel.KAKAO, Channel.SMS
AT = datetime(2026, 9, 24, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("alternative", "channel", "first", "step", "minutes"),
    [
        ({}, SMS, (), 0, 0),
        ({KAKAO: SMS}, KAKAO, (), 0, 0),
        ({KAKAO: SMS}, SMS, (KAKAO,), 1, 10),
        ({APP: SMS}, SMS, (APP,), 1, 0),
        ({APP: KAKAO, KAKAO: SMS}, KAKAO, (APP,), 1, 0),
        ({APP: KAKAO, KAKAO: SMS}, SMS, (KAKAO, APP), 2, 10),
        ({APP: SMS, WEB: SMS}, SMS, (APP, WEB), 1, 0),
        ({SMS: KAKAO, KAKAO: APP}, APP, (KAKAO, SMS), 2, 20),
    ],
)
def test_what_comes_before_an_alternative(
    alternative: dict[Channel, Channel],
    channel: Channel,
    first: tuple[Channel, ...],
    step: int,
    minutes: int,
) -> None:
    """Push providers answer at once; every vendor that reports later may take the whole wait."""
    assert before(alternative, channel) == first
    assert step_of(alternative, channel) == step
    wait = fallback_of(a_campaign(alternative=alternative), channel)
    assert wait == timedelta(minutes=minutes)


def test_the_wait_is_part_of_the_finish_time_where_anybody_waits() -> None:
    wait = timedelta(minutes=10)

    assert finish_at(AT, 1000, 10, fallback=wait) - finish_at(AT, 1000, 10) == wait
    assert finish_at(AT, 0, 10, fallback=wait) == AT
