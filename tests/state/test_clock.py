"""The clocks."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime, timedelta

import pytest

from engine.state.clock import AsOfClock, SystemClock, boot_id
from tests.state.world import NOON, HandClock


def test_the_system_clock_says_utc_and_ticks() -> None:
    clock = SystemClock()
    before = clock.monotonic()
    clock.sleep(0.01)
    clock.sleep(-1)
    assert clock.monotonic() - before >= 0.01
    assert clock.now().tzinfo is UTC


def test_an_as_of_clock_starts_where_it_is_told_and_ticks() -> None:
    system = HandClock(datetime(2031, 1, 1, tzinfo=UTC))
    clock = AsOfClock(NOON, system)
    assert clock.now() == NOON
    system.pass_(1.5)
    assert clock.now() == NOON + timedelta(seconds=1.5)
    assert clock.monotonic() == system.monotonic()
    clock.sleep(10)
    assert clock.now() == NOON + timedelta(seconds=11.5)


def test_setting_the_wall_clock_does_not_move_an_as_of_clock() -> None:
    system = HandClock()
    clock = AsOfClock(NOON, system)
    system.wall += timedelta(days=3)
    assert clock.now() == NOON


def test_workers_of_one_run_see_one_instant() -> None:
    system = HandClock()
    first = AsOfClock(NOON, system)
    system.pass_(60)
    worker = AsOfClock(NOON, system, first.since)
    assert worker.now() == first.now() == NOON + timedelta(seconds=60)
    assert pickle.loads(pickle.dumps(AsOfClock(NOON, SystemClock()))).start == NOON


def test_an_as_of_clock_wants_a_zone() -> None:
    with pytest.raises(ValueError, match="has no zone"):
        AsOfClock(datetime(2026, 9, 24), HandClock())


def test_the_boot_id_is_the_same_as_long_as_the_machine_runs() -> None:
    assert boot_id() == boot_id()
