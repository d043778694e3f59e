"""A message made ready for a provider."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime

from engine.model.channel import Channel, Platform
from engine.model.channel_settings import (
    AppSettings,
    ChannelSettings,
    KakaoSettings,
    SmsSettings,
    WebSettings,
)
from engine.model.message import Envelope, Message
from engine.model.resolved import ResolvedCampaign

_LONGEST_KEY = 32
"""A Web Push Topic: at most 32 URL-safe characters (RFC 8030 §5.4); apns-collapse-id: 64 bytes."""

_DEFAULTS: dict[Channel, ChannelSettings] = {
    Channel.APP: AppSettings(),
    Channel.WEB: WebSettings(),
    Channel.KAKAO: KakaoSettings(),
    Channel.SMS: SmsSettings(),
}


def collapse_key(campaign: str) -> str:
    """Return at most 32 URL-safe ASCII characters that stand for a campaign's id.

    A second copy of the same campaign carries the same key and replaces the first. Ids that are too
    long or not ASCII keep a readable start and end in a hash, so that two never meet.
    """
    if re.fullmatch(r"[A-Za-z0-9_-]{1,32}", campaign, re.ASCII):
        return campaign
    tail = hashlib.sha256(campaign.encode()).hexdigest()[:16]
    start = re.sub(r"[^A-Za-z0-9_-]+", "-", campaign)[: _LONGEST_KEY - len(tail) - 1].strip("-")
    return f"{start}-{tail}" if start else tail


def envelope(
    campaign: ResolvedCampaign, message: Message, platform: Platform, expires_at: datetime | None
) -> Envelope:
    """Return `message` with the campaign's settings for its channel.

    `expires_at` (aware, UTC) is when the recipient's window closes; None where no window applies.
    """
    return Envelope(
        message=message,
        settings=campaign.channels.get(message.channel, _DEFAULTS[message.channel]),
        platform=platform,
        advertising=campaign.advertising,
        collapse_key=collapse_key(campaign.id),
        expires_at=expires_at,
    )
