"""Whose hours a wave meets: where its deliveries go, and how many find their window closed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from engine.law.book import ANYWHERE
from engine.law.jurisdiction import KOREA
from engine.law.places import Closing, Place, closing_of
from engine.model.channel import Channel
from engine.model.channel_settings import KakaoProduct, KakaoSettings
from engine.model.facts import Whereabouts
from engine.model.resolved import ResolvedCampaign


def places_of(
    campaign: ResolvedCampaign, zones: Mapping[str, int], whereabouts: Mapping[Whereabouts, int]
) -> dict[Place, int]:
    """Return where the deliveries of a wave go, as the door will see each of them."""
    if whereabouts:
        return {
            place_of(campaign, where): count
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


def place_of(campaign: ResolvedCampaign, where: Whereabouts) -> Place:
    """Return the place whose hours hold for `where`."""
    return Place(
        jurisdiction=where.jurisdiction,
        channel=where.channel,
        zone=where.zone,
        region=where.region,
        night=where.night,
        brand=_is_brand(campaign, where.channel),
    )


def closing_in(campaign: ResolvedCampaign, places: Mapping[Place, int], at: datetime) -> Closing:
    """Return which deliveries of `campaign` find their window closed at `at`, as the door will."""
    return closing_of(
        places,
        at,
        advertising=campaign.advertising,
        night_consented=campaign.schedule.night_consented_only,
    )


def only_for_consent(campaign: ResolvedCampaign, closing: Closing, at: datetime) -> int:
    """Return how many of the closed would be open if their people had agreed to the night."""
    if not campaign.schedule.night_consented_only:
        return 0
    agreed: Counter[Place] = Counter()
    for place, count in closing.closed.items():
        agreed[replace(place, night=True)] += count
    return closing.count - closing_in(campaign, agreed, at).count


def messages_at_night(campaign: ResolvedCampaign, places: Mapping[Place, int], at: datetime) -> int:
    """Return how many informational deliveries in Korea would be closed, were they advertisements."""
    if campaign.advertising:
        return 0
    korean = {
        replace(place, brand=False): count
        for place, count in places.items()
        if place.jurisdiction == KOREA
    }
    return closing_of(korean, at, advertising=True, night_consented=False).count


def deliveries_in(
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


def _is_brand(campaign: ResolvedCampaign, channel: Channel) -> bool:
    if channel is not Channel.KAKAO:
        return False
    settings = campaign.channels.get(channel)
    return isinstance(settings, KakaoSettings) and settings.product is KakaoProduct.BRAND
