"""A send grows to its full rate; the plan sets aside what that costs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.dispatch.ramp import Ramp, begin_or_go_on, rate_now
from engine.law.finish import RAMP, duration_of
from engine.law.ramp import FIRST_SHARE, NO_RAMP, ramp_of, ramped_rate
from engine.model.channel import ProviderSettings

MINUTE = timedelta(seconds=60)


@pytest.mark.parametrize(
    ("since_s", "rate"), [(-1, 100.0), (0, 100.0), (30, 550.0), (60, 1000.0), (3600, 1000.0)]
)
def test_the_rate_grows_evenly_from_a_tenth(since_s: float, rate: float) -> None:
    assert ramped_rate(1000.0, since_s, MINUTE) == pytest.approx(rate)
    assert ramped_rate(1000.0, since_s, NO_RAMP) == 1000.0


@given(st.integers(1, 500_000), st.floats(1, 20_000), st.integers(1, 300))
@settings(max_examples=100, deadline=None)
def test_no_send_takes_longer_than_the_plan_says(n: int, rate: float, ramp_s: int) -> None:
    ramp = timedelta(seconds=ramp_s)
    sent = at = 0.0
    step = ramp_s / 1000
    while sent < n and at < ramp_s:
        sent += ramped_rate(rate, at, ramp) * step
        at += step
    took = at + max(0.0, n - sent) / rate
    planned = duration_of(n, rate, ramp=ramp)
    assert took <= (planned.ramp + planned.sending).total_seconds() + step


def test_a_flow_grows_from_its_first_hand_over() -> None:
    flow = Ramp(ramp=MINUTE)
    assert rate_now(flow, 1000.0, 500.0) == 1000.0 * FIRST_SHARE
    flow = begin_or_go_on(flow, 500.0)
    assert rate_now(flow, 1000.0, 530.0) == pytest.approx(550.0)
    for at in range(530, 2000, 30):
        flow = begin_or_go_on(flow, float(at))
    assert rate_now(flow, 1000.0, 2000.0) == 1000.0


def test_after_a_pause_it_begins_anew() -> None:
    flow = begin_or_go_on(begin_or_go_on(Ramp(ramp=MINUTE), 0.0), 60.0)
    assert rate_now(flow, 1000.0, 120.0) == 1000.0
    assert rate_now(flow, 1000.0, 120.1) == 100.0


def channel(provider: str = "fcm", base_url: str | None = None, **options: Any) -> ProviderSettings:
    return ProviderSettings(provider=provider, base_url=base_url, options=options)


@pytest.mark.parametrize(
    ("settings", "ramp"),
    [
        (channel(), RAMP),
        (channel(ramp="2m"), timedelta(minutes=2)),
        (channel(ramp="0s"), NO_RAMP),
        (channel("sandbox"), NO_RAMP),
        (channel(base_url="http://127.0.0.1:1"), NO_RAMP),
        (channel(base_url="http://127.0.0.1:1", ramp="5s"), timedelta(seconds=5)),
    ],
)
def test_what_is_written_decides(settings: ProviderSettings, ramp: timedelta) -> None:
    assert ramp_of(settings) == ramp


@pytest.mark.parametrize(
    ("written", "message"), [("soon", "`soon` is not a duration"), (60, "`60` is not a duration")]
)
def test_what_is_no_duration_is_named(written: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ramp_of(channel(ramp=written))
