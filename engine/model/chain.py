"""Chains of alternatives: which channels come before another one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from engine.model.channel import Channel

FALLBACK_AFTER = timedelta(minutes=10)
"""How long an alternative waits where nothing is written (design §8.10)."""


def before(alternative: Mapping[Channel, Channel], channel: Channel) -> tuple[Channel, ...]:
    """Return every channel that must fail before `channel` is tried, the nearest first.

    `{app: kakao, kakao: sms}`: before sms come kakao and app.
    """
    found: list[Channel] = []
    nearest = [first for first, second in alternative.items() if second is channel]
    while nearest:
        found += [first for first in nearest if first not in found]
        nearest = [
            first
            for first, second in alternative.items()
            if second in nearest and first not in found
        ]
    return tuple(found)


def step_of(alternative: Mapping[Channel, Channel], channel: Channel) -> int:
    """Return how many channels of the longest chain come before `channel`: 0 for a primary one."""
    firsts = [first for first, second in alternative.items() if second is channel]
    return max((1 + step_of(alternative, first) for first in firsts), default=0)
