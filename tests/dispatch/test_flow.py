"""A worker's flow to a provider: how fast it may go, and when it must rest."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from engine.dispatch.breaker import FAILURES_IN_A_ROW, TRICKLE
from engine.dispatch.flow import Flow
from engine.model.outcome import Accepted, AnsweredError, NotActed, Silent

NO_RAMP = timedelta(0)
QUOTA = NotActed(code="QUOTA_EXCEEDED", retry_after_s=60.0, opens_breaker=True)


@dataclass(slots=True)
class Bench:
    """A clock and a pace in one, both in the hands of the test."""

    at: float = 1000.0
    asked: list[tuple[int, float]] = field(default_factory=list)
    blocks: list[float] = field(default_factory=list)
    blocked_until: float = 0.0

    def now(self) -> datetime:
        return datetime(2026, 9, 24, tzinfo=UTC)

    def monotonic(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += seconds

    def reserve(self, account: str, wanted: int, rate_per_s: float) -> tuple[int, float]:
        assert account == "fcm:shop"
        if self.blocked_until > self.at:
            return 0, self.blocked_until - self.at
        self.asked.append((wanted, rate_per_s))
        return wanted, 0.0

    def block(self, account: str, seconds: float) -> None:
        self.blocks.append(seconds)
        self.blocked_until = max(self.blocked_until, self.at + seconds)


@pytest.fixture
def bench() -> Bench:
    return Bench()


def flow_of(bench: Bench, ramp: timedelta = NO_RAMP) -> Flow:
    return Flow(bench, bench, "fcm:shop", ramp=ramp, worker="w1")


def test_it_reserves_at_most_a_second_of_pace(bench: Bench) -> None:
    flow = flow_of(bench)
    assert flow.reserve(1000, 300.5, 0) == (300, 0.0)
    assert flow.reserve(1000, 0.2, 0) == (1, 0.0)
    assert flow.reserve(7, 300.0, 0) == (7, 0.0)


def test_it_grows_over_the_ramp_and_begins_anew_after_a_pause(bench: Bench) -> None:
    flow = flow_of(bench, timedelta(seconds=60))
    granted = []
    for _ in range(8):
        granted.append(flow.reserve(5000, 1000.0, 0)[0])
        bench.at += 10
    assert granted == [100, 250, 400, 550, 700, 850, 1000, 1000]
    bench.at += 60
    assert flow.reserve(5000, 1000.0, 0) == (100, 0.0)


def test_a_rest_is_told_to_everybody_once(bench: Bench) -> None:
    flow, other = flow_of(bench), flow_of(bench)
    for _ in range(500):
        flow.note(QUOTA)
    assert bench.blocks == [60.0]
    assert other.reserve(10, 100.0, 0) == (0, 60.0)


@pytest.mark.parametrize("rate", [None, 100.0])
def test_with_or_without_a_rate_nothing_goes_while_it_rests(
    bench: Bench, rate: float | None
) -> None:
    flow = flow_of(bench)
    assert flow.reserve(10, rate, 0) == (10, 0.0)
    flow.note(QUOTA)
    assert flow.reserve(10, rate, 0) == (0, 60.0)
    bench.at += 60
    assert flow.reserve(10, rate, 0) == (TRICKLE, 0.0)
    assert flow.reserve(10, rate, TRICKLE) == (0, 0.0)
    flow.note(Accepted())
    assert flow.reserve(10, rate, TRICKLE) == (10, 0.0)


def test_a_provider_that_fell_silent_is_left_alone_for_longer_each_time(bench: Bench) -> None:
    flow = flow_of(bench)
    for _ in range(FAILURES_IN_A_ROW):
        flow.note(Silent(code="curl-28"))
    for _ in range(5):
        bench.at = bench.blocked_until
        for _ in range(TRICKLE):
            flow.note(AnsweredError(code="INTERNAL"))
    assert bench.blocks == sorted(bench.blocks)
    assert len(bench.blocks) == 6
    assert bench.blocks[-1] > 100
    bench.at = bench.blocked_until
    flow.note(Accepted())
    flow.note(AnsweredError(code="INTERNAL"))
    assert flow.reserve(1000, 5000.0, 500) == (1000, 0.0)


def test_single_errors_stop_nothing(bench: Bench) -> None:
    flow = flow_of(bench)
    for _ in range(1000):
        flow.note(AnsweredError(code="INTERNAL"))
        flow.note(Accepted())
    assert bench.blocks == []
