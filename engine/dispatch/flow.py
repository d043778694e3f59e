"""One worker's way to one provider account: pace, growth to full speed, and the breaker."""

from __future__ import annotations

from datetime import timedelta

from engine.dispatch.breaker import Breaker, feed, room
from engine.dispatch.ramp import Ramp, begin_or_go_on, rate_now
from engine.model.outcome import Outcome
from engine.model.ports import Clock, Pace


class Flow:
    """Asks the shared pace, and leaves the account alone when it is in trouble.

    The breaker's rests are told to the pace, so that other workers keep them too; how a worker feels
    its way back, and how far its ramp is, is its own.
    """

    def __init__(
        self, pace: Pace, clock: Clock, account: str, *, ramp: timedelta, worker: str
    ) -> None:
        self._pace = pace
        self._clock = clock
        self._account = account
        self._seed = f"{account}:{worker}"
        self._breaker = Breaker()
        self._ramp = Ramp(ramp=ramp)

    def reserve(self, wanted: int, rate_per_s: float | None, in_flight: int) -> tuple[int, float]:
        """Reserve at most one second of pace; return how many, and the seconds to wait first.

        Without a rate only the breaker has a say. (0, wait) says that the account rests so long,
        (0, 0) that what is in flight must come back before more may go.
        """
        at = self._clock.monotonic()
        most = room(self._breaker, in_flight, at)
        if most is not None:
            wanted = min(wanted, most)
        if rate_per_s is None:
            _, rest = self._pace.reserve(self._account, 0, 1.0)
            return (0, rest) if rest > 0 else (wanted, 0.0)
        rate = rate_now(self._ramp, rate_per_s, at)
        granted, wait = self._pace.reserve(self._account, min(wanted, max(1, int(rate))), rate)
        if granted:
            self._ramp = begin_or_go_on(self._ramp, at + wait)
        return granted, wait

    def note(self, outcome: Outcome) -> None:
        """Learn from what became of a delivery; where the account needs a rest, tell everybody."""
        at = self._clock.monotonic()
        before = self._breaker.open_until
        self._breaker = feed(self._breaker, outcome, at, seed=self._seed)
        if self._breaker.open_until > max(before, at):
            self._pace.block(self._account, self._breaker.open_until - at)
