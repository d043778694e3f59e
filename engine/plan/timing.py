"""When a campaign would send, and until when a change may be applied."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta

from engine.kernel.frozen import frozen
from engine.law.consent import korean_day
from engine.law.finish import RAMP, through_at
from engine.law.places import Place
from engine.model.channel import Channel
from engine.model.facts import Whereabouts
from engine.model.plan import Plan, Timing, WavePart
from engine.model.resolved import ResolvedCampaign
from engine.plan.hours import (
    closing_in,
    deliveries_in,
    messages_at_night,
    only_for_consent,
    place_of,
    places_of,
)
from engine.plan.waves import Waves, describe_schedule, find_waves


@frozen
class _Wave:
    """A wave: when it is due, for which zones, where its deliveries go, and how many there are."""

    due_at: datetime
    zones: Mapping[str, int]
    places: Mapping[Place, int]
    deliveries: Mapping[Channel, int]


@frozen
class _Judged:
    """A part of a wave, and how many of its deliveries are outside their window (see `places_of`)."""

    part: WavePart
    closed: int
    open: frozenset[Place]
    """Where deliveries are handed over."""


def estimate_timing(
    campaign: ResolvedCampaign,
    *,
    zones: Mapping[str, int],
    deliveries: Mapping[Channel, int],
    rates_per_s: Mapping[Channel, float | None],
    now: datetime,
    whereabouts: Mapping[Whereabouts, int] | None = None,
    people: Mapping[frozenset[Whereabouts], int] | None = None,
    ramps: Mapping[Channel, timedelta] | None = None,
) -> Timing:
    """Return when the first message is due and when the last would be handed over.

    `zones` and `whereabouts` count deliveries; without `whereabouts` (nobody was counted) everybody
    is taken to live under the law of their zone. `people` counts people by all the whereabouts that
    they get a message at. `ramps` are the channels' own.
    """
    found = find_waves(campaign, zones, now)
    waves = tuple(_waves(campaign, found, deliveries, whereabouts or {}))
    judged = tuple(_parts(campaign, waves, rates_per_s, ramps or {}, sent=not found.all_missed))
    parts = tuple(one.part for one in judged)
    tightest = _tightest(parts)
    return Timing(
        due_at=found.instants[0],
        finish_at=max((found.instants[-1], *(part.finish_at for part in parts))),
        local=describe_schedule(campaign),
        window_closes_at=tightest.closes_at if tightest else None,
        waves=len(waves),
        missed_waves=found.missed,
        closed_deliveries=sum(one.closed for one in judged),
        no_night_consent=sum(part.no_night_consent for part in parts),
        tightest_finish_at=tightest.finish_at if tightest else None,
        at_night=sum(messages_at_night(campaign, wave.places, wave.due_at) for wave in waves),
        tightest=tightest,
        parts=parts if whereabouts else (),
        people=_reached(campaign, people or {}, judged) if whereabouts else None,
    )


def _reached(
    campaign: ResolvedCampaign,
    people: Mapping[frozenset[Whereabouts], int],
    judged: Iterable[_Judged],
) -> int:
    open_ = frozenset[Place]().union(*(one.open for one in judged))
    return sum(
        count
        for places, count in people.items()
        if not open_.isdisjoint(place_of(campaign, where) for where in places)
    )


def _waves(
    campaign: ResolvedCampaign,
    found: Waves,
    deliveries: Mapping[Channel, int],
    whereabouts: Mapping[Whereabouts, int],
) -> Iterator[_Wave]:
    for due, zones in zip(found.instants, found.zones, strict=True):
        places = places_of(campaign, zones, whereabouts)
        counts = deliveries_in(campaign, zones, places if whereabouts else {}, deliveries)
        yield _Wave(due_at=due, zones=zones, places=places, deliveries=counts)


def _parts(
    campaign: ResolvedCampaign,
    waves: Iterable[_Wave],
    rates_per_s: Mapping[Channel, float | None],
    ramps: Mapping[Channel, timedelta],
    *,
    sent: bool,
) -> Iterator[_Judged]:
    """Yield waves channel by channel, each with its own window; `sent`: somebody is in time.

    A channel has one pace for all waves: what an earlier one left is sent before the next.
    """
    busy: dict[Channel, datetime] = {}
    for wave in waves:
        for channel in campaign.channels:
            count = wave.deliveries.get(channel, 0)
            busy[channel] = through_at(
                campaign,
                channel,
                max(wave.due_at, busy.get(channel, wave.due_at)),
                count,
                rates_per_s.get(channel),
                ramp=ramps.get(channel, RAMP),
            )
            places = {place: n for place, n in wave.places.items() if place.channel is channel}
            closing = closing_in(campaign, places, wave.due_at)
            open_ = sum(places.values()) - closing.count
            part = WavePart(
                channel=channel,
                zones=_by_size(wave.zones),
                due_at=wave.due_at,
                finish_at=_whole_second(busy[channel]),
                closes_at=closing.closes_at,
                deliveries=count,
                going=open_ if sent else 0,
                no_night_consent=only_for_consent(campaign, closing, wave.due_at),
            )
            open_places = frozenset(places).difference(closing.closed) if sent else frozenset()
            yield _Judged(part=part, closed=closing.count, open=open_places)


def _tightest(parts: Iterable[WavePart]) -> WavePart | None:
    """Return the part with the least time between its last message and its closing, if any closes."""
    bound = [(part.closes_at - part.finish_at, part) for part in parts if part.closes_at]
    return min(bound, key=lambda one: one[0])[1] if bound else None


def earliest(instants: Iterable[datetime | None]) -> datetime | None:
    """Return the earliest of those that are not None, or None."""
    return min((instant for instant in instants if instant is not None), default=None)


def days_of_law(plan: Plan) -> tuple[date, date]:
    """Return the days in Korea from `plan` to the last message that it plans, both included."""
    timings = [change.timing for change in plan.pending if change.timing is not None]
    ends = (max(timing.due_at, timing.finish_at) for timing in timings)
    return korean_day(plan.as_of), korean_day(max((plan.as_of, *ends)))


def _by_size(zones: Mapping[str, int]) -> tuple[str, ...]:
    return tuple(name for name, _ in sorted(zones.items(), key=lambda one: (-one[1], one[0])))


def _whole_second(instant: datetime) -> datetime:
    return instant + timedelta(microseconds=-instant.microsecond % 1_000_000)
