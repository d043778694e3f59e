"""When a send would be through: start + ramp + N / rate + retries + fallback delay."""

from __future__ import annotations

from datetime import datetime, timedelta

from engine.kernel.frozen import frozen
from engine.model.chain import before
from engine.model.channel import Channel
from engine.model.resolved import ResolvedCampaign

RAMP = timedelta(seconds=60)
"""FCM asks for at least a minute from nothing to full speed (Firebase, "Best practices when sending
at scale")."""

RETRY_WAIT = timedelta(seconds=60)
"""A quota answer without Retry-After asks for a minute (Firebase, FCM error codes)."""

RETRY_SHARE = 0.05
"""The part of the sending time that is set aside for messages handed over a second time. Ours."""


REPORTED_LATER = (Channel.KAKAO, Channel.SMS)
"""Channels whose vendors accept a message first and say later what became of it (rules.md §2.6)."""

USUAL_RATE_PER_S = 1_000.0
"""What a send is taken to reach where neither `pace` nor the channel's `rate` is written. Ours."""


def slowest(*rates_per_s: float | None) -> float:
    """Return the rate that decides: the lowest of those that are written, else the usual one.

    The plan's finish time and the end of a wave at dispatch are judged by the same number.
    """
    return min((rate for rate in rates_per_s if rate is not None), default=USUAL_RATE_PER_S)


@frozen
class Duration:
    """The parts of a send's length, so that a plan can show where the time goes."""

    ramp: timedelta
    sending: timedelta
    retries: timedelta
    fallback: timedelta

    @property
    def total(self) -> timedelta:
        return self.ramp + self.sending + self.retries + self.fallback


def duration_of(
    deliveries: int,
    rate_per_s: float,
    *,
    ramp: timedelta = RAMP,
    fallback: timedelta = timedelta(0),
) -> Duration:
    """Return how long `deliveries` take at `rate_per_s`, part by part; all zero for none.

    `fallback` is how long the last alternative message waits for a vendor's word. Raises ValueError
    for a rate that is not above zero.
    """
    if rate_per_s <= 0:
        raise ValueError(f"a rate of {rate_per_s}/s sends nothing")
    if deliveries <= 0:
        zero = timedelta(0)
        return Duration(ramp=zero, sending=zero, retries=zero, fallback=zero)
    sending = timedelta(seconds=deliveries / rate_per_s)
    return Duration(
        ramp=ramp,
        sending=sending,
        retries=RETRY_WAIT + sending * RETRY_SHARE,
        fallback=fallback,
    )


def finish_at(
    start: datetime,
    deliveries: int,
    rate_per_s: float,
    *,
    ramp: timedelta = RAMP,
    fallback: timedelta = timedelta(0),
) -> datetime:
    """Return when `deliveries` that begin at `start` are through, with the parts of `duration_of`."""
    return start + duration_of(deliveries, rate_per_s, ramp=ramp, fallback=fallback).total


def through_at(
    campaign: ResolvedCampaign,
    channel: Channel,
    start: datetime,
    deliveries: int,
    rate_per_s: float | None,
    *,
    ramp: timedelta = RAMP,
) -> datetime:
    """Return when what `campaign` sends on `channel` from `start` is through.

    `rate_per_s` is the channel's (None: not written). Lint asks it with the people that are expected,
    plan with those that are counted.
    """
    return finish_at(
        start,
        deliveries,
        slowest(campaign.schedule.pace_per_s, rate_per_s),
        ramp=ramp,
        fallback=fallback_of(campaign, channel),
    )


def fallback_of(campaign: ResolvedCampaign, channel: Channel) -> timedelta:
    """Return how long messages on `channel` may wait for what vendors say of the channels before it.

    Zero where it stands in for no channel whose vendor reports later (kakao, sms).
    """
    waits = [
        campaign.fallback_after
        for first in before(campaign.alternative, channel)
        if first in REPORTED_LATER
    ]
    return sum(waits, timedelta(0))
