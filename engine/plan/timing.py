"""When a campaign would send, and until when a change may be applied."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from engine.law.consent import korean_day
from engine.law.finish import RAMP, through_at
from engine.law.places import Closing
from engine.model.channel import Channel
from engine.model.facts import Whereabouts
from engine.model.plan import Plan, Timing
from engine.model.resolved import ResolvedCampaign
from engine.plan.hours import (
    closing_in,
    deliveries_in,
    messages_at_night,
    only_for_consent,
    places_of,
)
from engine.plan.waves import Waves, describe_schedule, find_waves


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    """A wave with the end of its last message and the windows that it meets."""

    due_at: datetime
    through_at: datetime
    closing: Closing
    no_consent: int
    at_night: int


def estimate_timing(
    campaign: ResolvedCampaign,
    *,
    zones: Mapping[str, int],
    deliveries: Mapping[Channel, int],
    rates_per_s: Mapping[Channel, float | None],
    now: datetime,
    whereabouts: Mapping[Whereabouts, int] | None = None,
    ramps: Mapping[Channel, timedelta] | None = None,
) -> Timing:
    """Return when the first message is due and when the last would be handed over.

    `zones` and `whereabouts` count deliveries; without `whereabouts` (nobody was counted) everybody
    is taken to live under the law of their zone. `ramps` are the channels' own.
    """
    waves = find_waves(campaign, zones, now)
    judged = tuple(_judge(campaign, waves, deliveries, rates_per_s, whereabouts or {}, ramps or {}))
    bound = [
        (wave.closing.closes_at - wave.through_at, wave.through_at, wave.closing.closes_at)
        for wave in judged
        if wave.closing.closes_at is not None
    ]
    tightest = min(bound, default=None)
    return Timing(
        due_at=waves.instants[0],
        finish_at=max(wave.through_at for wave in judged),
        local=describe_schedule(campaign),
        window_closes_at=tightest[2] if tightest else None,
        waves=len(waves.instants),
        missed_waves=waves.missed,
        closed_deliveries=sum(wave.closing.count for wave in judged),
        no_night_consent=sum(wave.no_consent for wave in judged),
        tightest_finish_at=tightest[1] if tightest else None,
        at_night=sum(wave.at_night for wave in judged),
    )


def _judge(
    campaign: ResolvedCampaign,
    waves: Waves,
    deliveries: Mapping[Channel, int],
    rates_per_s: Mapping[Channel, float | None],
    whereabouts: Mapping[Whereabouts, int],
    ramps: Mapping[Channel, timedelta],
) -> Iterator[_Judged]:
    """Yield the waves in order. One pace for all: what an earlier one left is sent before the next."""
    busy: dict[Channel, datetime] = {}
    for due, there in zip(waves.instants, waves.zones, strict=True):
        places = places_of(campaign, there, whereabouts)
        counts = deliveries_in(campaign, there, places if whereabouts else {}, deliveries)
        for channel in campaign.channels:
            busy[channel] = through_at(
                campaign,
                channel,
                max(due, busy.get(channel, due)),
                counts.get(channel, 0),
                rates_per_s.get(channel),
                ramp=ramps.get(channel, RAMP),
            )
        closing = closing_in(campaign, places, due)
        yield _Judged(
            due_at=due,
            through_at=_whole_second(max((due, *busy.values()))),
            closing=closing,
            no_consent=only_for_consent(campaign, closing, due),
            at_night=messages_at_night(campaign, places, due),
        )


def earliest(instants: Iterable[datetime | None]) -> datetime | None:
    """Return the earliest of those that are not None, or None."""
    return min((instant for instant in instants if instant is not None), default=None)


def _whole_second(instant: datetime) -> datetime:
    return instant + timedelta(microseconds=-instant.microsecond % 1_000_000)


def days_of_law(plan: Plan) -> tuple[date, date]:
    """Return the days in Korea from `plan` to the last message that it plans, both included."""
    timings = [change.timing for change in plan.pending if change.timing is not None]
    ends = (max(timing.due_at, timing.finish_at) for timing in timings)
    return korean_day(plan.as_of), korean_day(max((plan.as_of, *ends)))
