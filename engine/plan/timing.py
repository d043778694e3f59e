"""When a campaign would send, and until when a change may be applied."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from engine.kernel.instant import end_of_day, find_zone, resolve_local
from engine.law.book import ANYWHERE
from engine.law.consent import korean_day
from engine.law.finish import RAMP, through_at
from engine.law.jurisdiction import KOREA
from engine.law.lead import LEAD
from engine.law.places import Closing, Place, closing_of
from engine.model.campaign import (
    KakaoProduct,
    KakaoSettings,
    MessageType,
    ResolvedCampaign,
    Schedule,
)
from engine.model.channel import Channel
from engine.model.facts import Whereabouts
from engine.model.plan import Plan, Timing


@dataclass(frozen=True, slots=True, kw_only=True)
class Waves:
    """The instants at which parts of an audience are due, and how many of them come too soon.

    `zones` are, per instant, the recipients' zones (with counts) that are due then.
    """

    instants: tuple[datetime, ...]
    missed: int
    zones: tuple[Mapping[str, int], ...]


def due_instant(schedule: Schedule, zone: ZoneInfo) -> datetime:
    """Return the UTC instant at which `schedule` is due for people in `zone`."""
    if schedule.at.tzinfo is not None:
        return schedule.at.astimezone(ZoneInfo("UTC"))
    return resolve_local(schedule.at, zone)


def schedule_zone(campaign: ResolvedCampaign) -> ZoneInfo:
    """Return the zone that `schedule.at` is written in (the workspace's for recipient-local)."""
    name = campaign.schedule.timezone
    if name in (None, "recipient"):
        name = campaign.workspace_timezone
    zone = find_zone(name or "")
    if zone is None:
        raise ValueError(f"`{name}` is not a zone")  # the linter refused it before
    return zone


def find_waves(campaign: ResolvedCampaign, zones: Mapping[str, int], now: datetime) -> Waves:
    """Return the waves of `campaign` for the recipients' `zones` ('' where unknown).

    A wave that is not a full lead after `now` is missed: its people get nothing.
    """
    own = schedule_zone(campaign)
    if not campaign.schedule.recipient_local:
        due = due_instant(campaign.schedule, own)
        return Waves(instants=(due,), missed=0, zones=(zones,))
    found: dict[datetime, dict[str, int]] = {}
    for name, count in (zones or {"": 0}).items():
        due = due_instant(campaign.schedule, find_zone(name) or own)
        found.setdefault(due, {})[name] = count
    lead = lead_of(campaign, now)
    kept = tuple(sorted(instant for instant in found if instant >= now + lead)) or (min(found),)
    return Waves(
        instants=kept,
        missed=sum(instant < now + lead for instant in found),
        zones=tuple(found[instant] for instant in kept),
    )


def lead_of(campaign: ResolvedCampaign, now: datetime) -> timedelta:
    """Return the lead that `campaign` owes at `now`: none while an urgency is in force."""
    urgent = campaign.urgent
    if urgent is None or campaign.type is MessageType.ADVERTISING:
        return LEAD
    zone = find_zone(campaign.workspace_timezone) or ZoneInfo("UTC")
    return timedelta(0) if now < end_of_day(urgent.until, zone) else LEAD


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
    judged: list[tuple[datetime, Closing]] = []
    closed = no_consent = night = 0
    busy: dict[Channel, datetime] = {}
    for due, there in zip(waves.instants, waves.zones, strict=True):
        places = _places(campaign, there, whereabouts or {})
        closing = _closing(campaign, places, due)
        counts = _deliveries(campaign, there, places if whereabouts else {}, deliveries)
        end = due
        for channel in campaign.channels:
            # One pace for all waves: what an earlier one left is sent before this one.
            busy[channel] = through_at(
                campaign,
                channel,
                max(due, busy.get(channel, due)),
                counts.get(channel, 0),
                rates_per_s.get(channel),
                ramp=(ramps or {}).get(channel, RAMP),
            )
            end = max(end, busy[channel])
        judged.append((_whole_second(end), closing))
        closed += closing.count
        no_consent += _only_for_consent(campaign, closing, due)
        night += _at_night(campaign, places, due)
    bound = [
        (closing.closes_at - end, end, closing.closes_at)
        for end, closing in judged
        if closing.closes_at is not None
    ]
    tightest = min(bound, default=None)
    return Timing(
        due_at=waves.instants[0],
        finish_at=max(end for end, _ in judged),
        local=describe_schedule(campaign),
        window_closes_at=tightest[2] if tightest else None,
        waves=len(waves.instants),
        missed_waves=waves.missed,
        closed_deliveries=closed,
        no_night_consent=no_consent,
        tightest_finish_at=tightest[1] if tightest else None,
        at_night=night,
    )


def _closing(campaign: ResolvedCampaign, places: Mapping[Place, int], at: datetime) -> Closing:
    return closing_of(
        places,
        at,
        advertising=campaign.advertising,
        night_consented=campaign.schedule.night_consented_only,
    )


def _only_for_consent(campaign: ResolvedCampaign, closing: Closing, at: datetime) -> int:
    """Return how many of the closed would be open if their people had agreed to the night."""
    if not campaign.schedule.night_consented_only:
        return 0
    agreed: Counter[Place] = Counter()
    for place, count in closing.closed.items():
        agreed[replace(place, night=True)] += count
    return closing.count - _closing(campaign, agreed, at).count


def _at_night(campaign: ResolvedCampaign, places: Mapping[Place, int], at: datetime) -> int:
    """Return how many informational deliveries in Korea would be closed, were they advertisements."""
    if campaign.advertising:
        return 0
    korean = {
        replace(place, brand=False): count
        for place, count in places.items()
        if place.jurisdiction == KOREA
    }
    return closing_of(korean, at, advertising=True, night_consented=False).count


def _deliveries(
    campaign: ResolvedCampaign,
    zones: Mapping[str, int],
    places: Mapping[Place, int],
    deliveries: Mapping[Channel, int],
) -> Mapping[Channel, int]:
    """Return one wave's deliveries; at most so many where only zones were counted."""
    if not campaign.schedule.recipient_local:
        return deliveries
    if not places:
        most = sum(zones.values())
        return {channel: min(count, most) for channel, count in deliveries.items()}
    counts: Counter[Channel] = Counter()
    for place, count in places.items():
        counts[place.channel] += count
    return counts


def _places(
    campaign: ResolvedCampaign, zones: Mapping[str, int], whereabouts: Mapping[Whereabouts, int]
) -> dict[Place, int]:
    """Return where the deliveries of a wave go, as the door will see each of them."""
    if whereabouts:
        return {
            Place(
                jurisdiction=where.jurisdiction,
                channel=where.channel,
                zone=where.zone,
                region=where.region,
                night=where.night,
                brand=_is_brand(campaign, where.channel),
            ): count
            for where, count in whereabouts.items()
            if (where.zone or "") in zones
        }
    home = campaign.workspace_timezone
    return {
        Place(
            jurisdiction=campaign.country if name in ("", home) else ANYWHERE,
            channel=channel,
            zone=name or None,
            brand=_is_brand(campaign, channel),
        ): count
        for name, count in (zones or {"": 0}).items()
        for channel in campaign.channels
    }


def _is_brand(campaign: ResolvedCampaign, channel: Channel) -> bool:
    if channel is not Channel.KAKAO:
        return False
    settings = campaign.channels.get(channel)
    return isinstance(settings, KakaoSettings) and settings.product is KakaoProduct.BRAND


def describe_schedule(campaign: ResolvedCampaign) -> str:
    """Return the due time as people write it."""
    schedule = campaign.schedule
    at = schedule.at.isoformat(sep=" ", timespec="minutes")
    if schedule.at.tzinfo is not None:
        return at
    return f"{at} {schedule.timezone or campaign.workspace_timezone}"


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
