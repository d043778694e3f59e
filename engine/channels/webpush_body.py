"""What a browser gets: the JSON that our service worker shows, and the headers beside it.

The push service sees only the headers; the JSON is encrypted for the browser (`webpush_seal`). Its
keys are those of the Notifications API (WHATWG, §2.4 `NotificationOptions`), so that the service
worker of `docs/web-push` hands them on as they are. Headers: RFC 8030 §5 (TTL, Urgency, Topic).
"""

from __future__ import annotations

import base64
import hashlib
import math
import re
from datetime import datetime
from functools import lru_cache

import orjson

from engine.kernel.digest import Plain
from engine.kernel.instant import format_instant
from engine.model.channel_settings import WebSettings
from engine.model.message import Envelope, Message

MAX_TTL_S = 28 * 86400
"""Chrome's push service keeps a message for at most four weeks, as FCM does; others may shorten it
(RFC 8030 §5.2)."""

MAX_ACTIONS = 2
"""What Chrome shows (`Notification.maxActions`); a browser may show fewer, or none."""

_RIGHT_TO_LEFT = frozenset(("ar", "fa", "he", "ps", "ur", "yi"))
_TOPIC = re.compile(r"[A-Za-z0-9_-]{1,32}", re.ASCII)


def preview_body(envelope: Envelope) -> Plain:
    """Return the request before encryption, address and authentication.

    `message` is byte for byte what is encrypted; `expires_at` says what TTL is counted from.
    """
    expires_at = envelope.expires_at
    settings = _settings(envelope)
    return {
        "expires_at": format_instant(expires_at) if expires_at else None,
        "headers": {"Topic": topic(envelope.collapse_key), "Urgency": settings.urgency},
        "message": _payload(envelope.message, settings, envelope),
    }


def plaintext(envelope: Envelope) -> bytes:
    """Return the JSON that is encrypted. Raises TypeError for another channel's envelope."""
    return orjson.dumps(_payload(envelope.message, _settings(envelope), envelope))


def time_to_live(expires_at: datetime | None, now: datetime) -> int:
    """Return the seconds for which a push service may keep the message; 0 if there are none left.

    Without `expires_at` the longest time: a TTL of 0 reaches only browsers that are open now.
    """
    if expires_at is None:
        return MAX_TTL_S
    return min(max(0, math.floor((expires_at - now).total_seconds())), MAX_TTL_S)


@lru_cache(maxsize=256)
def header_lines(
    authorization: str, seconds: int, urgency: str, collapse_key: str
) -> tuple[str, ...]:
    """Return the request's headers: the same tuple for the same values (the transport asks)."""
    lines = (
        f"TTL: {seconds}",
        f"Urgency: {urgency}",
        f"Topic: {topic(collapse_key)}",
        "Content-Encoding: aes128gcm",
        "Content-Type: application/octet-stream",
    )
    return (*lines, authorization) if authorization else lines


def topic(key: str) -> str:
    """Return `key`, or its hash where it is no Topic (RFC 8030 §5.4: ≤ 32 of base64url)."""
    if _TOPIC.fullmatch(key):
        return key
    return base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest()[:24]).decode()


def _settings(envelope: Envelope) -> WebSettings:
    if not isinstance(envelope.settings, WebSettings):
        raise TypeError(f"a browser gets web messages, not {type(envelope.settings).__name__}")
    return envelope.settings


def _payload(message: Message, settings: WebSettings, envelope: Envelope) -> dict[str, Plain]:
    data: dict[str, Plain] = {key: message.data[key] for key in sorted(message.data)}
    link = message.platform_links.get(envelope.platform, message.link)
    if link is not None:
        data["link"] = link
    payload: dict[str, Plain] = {
        "title": message.title,
        "body": message.body,
        "icon": message.icon,
        "badge": settings.badge,
        "image": message.image,
        "lang": message.locale,
        "dir": "rtl" if message.locale.split("-")[0] in _RIGHT_TO_LEFT else None,
        "tag": settings.tag or envelope.collapse_key,
        "actions": _actions(message) or None,
        "data": data or None,
    }
    return {key: value for key, value in payload.items() if value is not None}


def _actions(message: Message) -> list[Plain]:
    """Return the first buttons; one without a link of its own opens the message's."""
    actions: list[Plain] = []
    for number, button in enumerate(message.buttons[:MAX_ACTIONS], start=1):
        action: dict[str, Plain] = {"action": f"button-{number}", "title": button.name}
        if button.link is not None:
            action["link"] = button.link
        actions.append(action)
    return actions
