"""How fast a provider's account may be used right now: its rate, its ramp, its breaker.

One object per process. What all workers share (rates and rests) goes through the pace.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from engine.dispatch.breaker import Breaker, feed, room
from engine.dispatch.ramp import Ramp, begin_or_go_on, rate_now
from engine.model.outcome import Accepted, Outcome
from engine.model.ports import Pace

_CLOSED = Breaker()


@dataclass(slots=True, kw_only=True)
class Flow:
    """The accounts of one process. `worker` is its name: rests of two workers end apart."""

    pace: Pace
    monotonic: Callable[[], float]
    worker: str
    _breakers: dict[str, Breaker] = field(default_factory=dict)
    _ramps: dict[str, Ramp] = field(default_factory=dict)

    def heed(self, account: str, outcome: Outcome) -> None:
        """Learn from an outcome; everybody leaves the account alone where it asks for that."""
        before = self._breakers.get(account, _CLOSED)
        if before is _CLOSED and isinstance(outcome, Accepted):
            return
        at = self.monotonic()
        after = feed(before, outcome, at, seed=f"{account}:{self.worker}")
        self._breakers[account] = _CLOSED if after == _CLOSED else after
        if after.open_until > max(at, before.open_until):
            self.pace.block(account, after.open_until - at)

    def trickle(self, account: str, in_flight: int) -> int | None:
        """Return how many more may go while it is not known whether the provider is back.

        None where there is no such doubt. A rest that runs is the pace's business.
        """
        breaker = self._breakers.get(account, _CLOSED)
        at = self.monotonic()
        return None if at < breaker.open_until else room(breaker, in_flight, at)

    def reserve(
        self, account: str, wanted: int, rate_per_s: float | None, ramp: timedelta
    ) -> tuple[int, float]:
        """Reserve up to a second of the account's pace; return how many, and the seconds to wait.

        Without a rate only the rests count.
        """
        if rate_per_s is None:
            _, rest = self.pace.reserve(account, 0, 1.0)
            return (0 if rest else wanted), rest
        at = self.monotonic()
        flow = self._ramps.get(account) or Ramp(ramp=ramp)
        rate = rate_now(flow, rate_per_s, at)
        granted, wait = self.pace.reserve(account, min(wanted, max(1, int(rate))), rate)
        if granted:
            self._ramps[account] = begin_or_go_on(flow, at + wait)
        return granted, wait
