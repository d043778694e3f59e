"""How a send grows to its full rate: the pace of the first minute, for the plan and for dispatch."""

from __future__ import annotations

from datetime import timedelta

from engine.kernel.instant import parse_duration
from engine.law.finish import RAMP
from engine.model.channel import ProviderSettings

FIRST_SHARE = 0.1
"""The part of the full rate with which a send begins. Ours; FCM only asks for growth from nothing."""

NO_RAMP = timedelta(0)
_NOBODY_TO_SPARE = frozenset({"sandbox", "file"})


def ramp_of(settings: ProviderSettings) -> timedelta:
    """Return how long a channel takes to its full rate: its option `ramp`, else `RAMP`.

    Where nothing leaves this machine, or `base_url` names a server of one's own, the default is
    none. Raises ValueError if `ramp` is no duration (`60s`, `2m`).
    """
    written = settings.options.get("ramp")
    if isinstance(written, str):
        return parse_duration(written)
    if written is not None:
        raise ValueError(f"`{written}` is not a duration")
    if settings.provider in _NOBODY_TO_SPARE or settings.base_url is not None:
        return NO_RAMP
    return RAMP


def ramped_rate(rate_per_s: float, since_s: float, ramp: timedelta) -> float:
    """Return the rate that is allowed `since_s` seconds after the first hand-over.

    It grows evenly from `FIRST_SHARE` to `rate_per_s`, which it never exceeds. What a send loses by
    that is at most 45 % of `ramp`: less than `finish.duration_of` sets aside.
    """
    whole = ramp.total_seconds()
    if whole <= 0 or since_s >= whole:
        return rate_per_s
    return rate_per_s * (FIRST_SHARE + (1 - FIRST_SHARE) * max(0.0, since_s) / whole)
