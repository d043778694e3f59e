"""Where a worker stands in the growth to full speed, per provider account."""

from __future__ import annotations

from datetime import timedelta

from engine.kernel.frozen import frozen
from engine.law.ramp import ramped_rate


@frozen
class Ramp:
    """A flow that began at `began_at` and last moved at `moved_at` (steady seconds; None: never)."""

    ramp: timedelta
    began_at: float | None = None
    moved_at: float = 0.0


def begin_or_go_on(flow: Ramp, at: float) -> Ramp:
    """Return the flow with a hand-over at `at`.

    One that stood still for as long as a ramp takes begins anew: to the vendor it is a new burst.
    """
    still = flow.began_at is None or at - flow.moved_at > flow.ramp.total_seconds()
    return Ramp(ramp=flow.ramp, began_at=at if still else flow.began_at, moved_at=at)


def rate_now(flow: Ramp, rate_per_s: float, at: float) -> float:
    """Return the rate to reserve pace with at `at`; `rate_per_s` once the ramp is over."""
    began_at = begin_or_go_on(flow, at).began_at
    return ramped_rate(rate_per_s, at - (at if began_at is None else began_at), flow.ramp)
