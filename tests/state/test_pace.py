"""The pace: never more than rate × t + max(1, rate / 20), for whoever asks in whatever order."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.model.ports import Pace
from engine.state.pace import Bucket, capacity, take
from tests.state.world import KEY, Backend, HandClock


@pytest.fixture
def pace(backend: Backend) -> Pace:
    return backend.open()[1]


def too_many(handed: list[tuple[float, int]], rate: float) -> str | None:
    """Return the first stretch of time that holds more hand-overs than it may."""
    handed = sorted(handed)
    burst = max(Fraction(1), Fraction(rate) / 20)
    for first in range(len(handed)):
        total = 0
        for at, many in handed[first:]:
            total += many
            span = Fraction(at) - Fraction(handed[first][0])
            if total > Fraction(rate) * span + burst:
                return f"{total} within {float(span)} s at {rate}/s"
    return None


steps = st.lists(
    st.tuples(st.floats(0, 3) | st.just(0.0), st.integers(1, 2_000), st.integers(0, 2)), max_size=40
)


@settings(deadline=None, max_examples=150)
@given(
    rate=st.floats(0.05, 20_000) | st.integers(1, 5_000).map(float),
    start=st.floats(0, 10_000_000),
    asks=steps,
)
def test_no_stretch_of_time_holds_more_than_it_may(
    rate: float, start: float, asks: list[tuple[float, int, int]]
) -> None:
    # Three workers, each of which asks again only when it has waited and handed over.
    bucket, now, free = Bucket(0.0, 0.0), start, [start] * 3
    handed: list[tuple[float, int]] = []
    for pause, wanted, worker in asks:
        now = max(now + pause, free[worker])
        granted, wait, bucket = take(bucket, now, wanted, rate)
        assert 1 <= granted <= wanted
        assert wait >= 0
        handed.append((now + wait, granted))
        free[worker] = now + wait
    assert too_many(handed, rate) is None


def test_a_busy_worker_gets_the_whole_rate() -> None:
    bucket, now, handed = Bucket(0.0, 0.0), 5.0, 0
    while now < 15.0:
        granted, wait, bucket = take(bucket, now, 10_000, 2_000.0)
        now += wait
        handed += granted
    assert 19_800 <= handed <= 20_100


def test_two_processes_share_one_bucket(backend: Backend, pace: Pace) -> None:
    _, other = backend.open()
    handed: list[tuple[float, int]] = []
    for turn in range(40):
        granted, wait = (pace, other)[turn % 2].reserve("fcm", 25, 100.0)
        handed.append((backend.clock.steady + wait, granted))
        backend.clock.pass_(0.013)
    assert too_many(handed, 100.0) is None
    assert handed[-1][0] - handed[0][0] == pytest.approx(40 * handed[0][1] / 100, rel=0.2)


def test_accounts_have_buckets_of_their_own(pace: Pace) -> None:
    assert pace.reserve("fcm", 1, 1.0) == (1, 0.0)
    assert pace.reserve("nhn", 1, 1.0) == (1, 0.0)
    granted, wait = pace.reserve("fcm", 1, 1.0)
    assert granted == 1
    assert wait == pytest.approx(1.0, abs=1e-5)


def test_an_open_breaker_lets_nothing_through(backend: Backend, pace: Pace) -> None:
    _, other = backend.open()
    other.block("fcm", 30)
    other.block("fcm", 10)
    assert pace.reserve("fcm", 5, 100.0) == (0, 30.0)
    assert pace.reserve("fcm", 0, 100.0) == (0, 30.0), "asking for nothing asks for the breaker"
    backend.clock.pass_(30)
    assert pace.reserve("fcm", 0, 100.0) == (0, 0.0)
    assert pace.reserve("fcm", 3, 100.0) == (3, 0.0)


def test_after_a_reboot_the_bucket_is_empty_and_the_breaker_closed(backend: Backend) -> None:
    _, before = backend.open()
    before.reserve("fcm", 1, 1.0)
    before.block("fcm", 1e9)
    backend.clock.steady = 2.0
    for boot in ("boot-1", "boot-2"):
        _, after = backend.open(boot=boot)
        granted, wait = after.reserve("fcm", 1, 1.0)
        assert granted == 1
        assert 1.0 <= wait < 2.1, boot


def test_a_pace_of_nothing_is_a_bug(pace: Pace) -> None:
    with pytest.raises(ValueError, match="a pace of 0"):
        pace.reserve("fcm", 1, 0)


_WORKER = """
import sys
from engine.state.clock import SystemClock
from engine.state.open import open_state
clock = SystemClock()
ledger, pace = open_state(sys.argv[1], "sandbox", bytes.fromhex(sys.argv[2]), clock, create=False)
end = clock.monotonic() + 1.5
while clock.monotonic() < end:
    granted, wait = pace.reserve("fcm", 1_000, 400.0)
    clock.sleep(wait)
    print(repr(clock.monotonic()), granted)
ledger.close()
"""


def test_three_real_processes_stay_within_the_pace(backend: Backend, tmp_path: Path) -> None:
    backend.open()
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", _WORKER, backend.url, KEY.hex()],
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    handed: list[tuple[float, int]] = []
    for worker in workers:
        said, _ = worker.communicate(timeout=60)
        assert worker.returncode == 0
        handed += [(float(at), int(many)) for at, many in map(str.split, said.splitlines())]
    handed.sort()
    # The promise is about hand-overs at the promised instant. A machine under load wakes a process up
    # late, and so moves one reservation of each of the three from before the second into it.
    late = 3 * int(capacity(400.0))
    for first, (start, _) in enumerate(handed):
        within = sum(many for at, many in handed[first:] if at - start < 1.0)
        assert within <= 400 * 1.0 + 400 / 20 + late
    assert sum(many for _, many in handed) >= 300, "and it is not much slower either"


def test_a_hand_clock_sleeps_by_moving() -> None:
    clock = HandClock()
    clock.sleep(2)
    assert clock.monotonic() == 1_002.0
