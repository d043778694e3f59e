"""The clocks. No other file asks the machine what time it is.

Two clocks, because they answer two questions. The business clock says which instant the law and the
schedules mean by now; people may set it (`--as-of`) and machines may correct it. The steady clock
only measures how long something takes: leases, pace and Retry-After run on it, so that a corrected
wall clock neither ends a lease nor opens a gate.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.model.ports import Clock  # it brings every noun, and `lint` needs few of them

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class SystemClock:
    """The machine's own clocks."""

    def now(self) -> datetime:
        """Return the machine's wall clock, aware, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds since this boot: CLOCK_MONOTONIC, the same for all processes."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait `seconds`; not at all if that is not positive."""
        if seconds > 0:
            time.sleep(seconds)


class AsOfClock:
    """A business clock that was set to `start` and ticks; waiting stays real.

    `since` is the steady reading at which it showed `start`. Workers of one run are given the first
    one's `since`, so that all of them see the same instant; None means now.
    """

    def __init__(self, start: datetime, system: Clock, since: float | None = None) -> None:
        if start.tzinfo is None:
            raise ValueError(f"`{start}` has no zone")
        self.start = start.astimezone(UTC)
        self.since = system.monotonic() if since is None else since
        self._system = system

    def now(self) -> datetime:
        """Return `start` and what has passed since, in UTC."""
        return self.start + timedelta(seconds=self._system.monotonic() - self.since)

    def monotonic(self) -> float:
        """Return the system's steady clock."""
        return self._system.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait `seconds` of real time."""
        self._system.sleep(seconds)


def boot_id() -> str:
    """Return what names this boot of the machine, or "" where the system does not say (macOS).

    The steady clock starts anew with every boot, so a reading means nothing without it. Without a
    name a reading from an earlier boot is recognised only by lying in the future.
    """
    try:
        return _BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        return ""
