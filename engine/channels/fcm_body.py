"""A message as FCM HTTP v1 wants it, built from firebase-admin's types by its own encoder.

What Android, an iPhone and a browser need is always written for all three: a token whose platform
is recorded wrongly still expires with the window and still collapses. Facts: Firebase reference,
`projects.messages`; RFC 8030 §5 (TTL, Urgency, Topic); Apple, "Sending notification requests to
APNs".
"""

from __future__ import annotations

import base64
import hashlib
import math
import re
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

import orjson

from engine.channels.stencil import Stencil, cut_stencil, hole, json_text
from engine.kernel.digest import Plain
from engine.kernel.frozen import frozen
from engine.kernel.instant import format_instant
from engine.model.channel import Platform
from engine.model.channel_settings import AppSettings
from engine.model.message import Address, Envelope, Message

MAX_PAYLOAD_BYTES = 4096
"""Keys and values that reach the device (Firebase, "About FCM messages")."""

MAX_TTL_S = 28 * 86400
"""FCM keeps a message for at most four weeks (Firebase, "Set the lifespan of a message")."""

_COLLAPSE_ID_BYTES = 64
_TOPIC = re.compile(r"[A-Za-z0-9_-]{1,32}", re.ASCII)
_RESERVED = frozenset({"from", "gcm", "message_type", "notification"})
_TARGETS = {"fcm_token": "token", "fcm_fid": "fid"}


@frozen(kw_only=False)
class _Shape:
    """What all messages with the same JSON but for their texts share."""

    settings: AppSettings
    collapse_key: str
    expires_at: int | None
    names: tuple[str, ...]
    web_link: bool


@frozen(kw_only=False)
class WireBody:
    """A request's body, and how many bytes of it reach the device."""

    body: bytes
    payload_bytes: int


def preview_body(envelope: Envelope) -> Plain:
    """Return the request before address and authentication.

    What depends on the instant of sending (`android.ttl`, the TTL header of `webpush`) is left out;
    `expires_at` says what it is counted from.
    """
    shape, values = _read(envelope)
    message = _encode(shape, values)
    expires_at = envelope.expires_at
    return {"expires_at": format_instant(expires_at) if expires_at else None, "message": message}


def wire_body(envelope: Envelope, address: Address, now: datetime) -> WireBody:
    """Return what is sent to `address` at `now`. Raises KeyError if FCM knows no such address."""
    shape, texts = _read(envelope)
    whole, payloads = _stencils(shape, _TARGETS[address.kind])
    values = {name: json_text(text) for name, text in texts.items()}
    payload_bytes = payloads[envelope.platform].size(values)
    values["address"] = json_text(address.value)
    if shape.expires_at is not None:
        left = min(max(0, math.floor(shape.expires_at - now.timestamp())), MAX_TTL_S)
        values["ttl"] = b'"%ds"' % left
        values["web_ttl"] = b'"%d"' % left
    return WireBody(whole.fill(values), payload_bytes)


def _read(envelope: Envelope) -> tuple[_Shape, dict[str, str]]:
    message = envelope.message
    if not isinstance(envelope.settings, AppSettings):
        raise TypeError(f"FCM carries app messages, not {type(envelope.settings).__name__}")
    values = {
        name: text
        for name, text in (
            ("title", message.title),
            ("body", message.body),
            ("image", message.image),
            ("icon", message.icon),
            *_links(message, envelope.platform),
            ("data.buttons", _buttons(message)),
        )
        if text is not None
    }
    for key in sorted(message.data):
        values[f"data.{key}"] = message.data[key]
    shape = _Shape(
        envelope.settings,
        envelope.collapse_key,
        int(envelope.expires_at.timestamp()) if envelope.expires_at else None,
        tuple(values),
        _page(values).startswith("https://"),
    )
    return shape, values


def _links(message: Message, platform: Platform) -> tuple[tuple[str, str | None], ...]:
    """Return `link`, which the app opens, and `fallback`, which it opens where it cannot."""
    own = message.platform_links.get(platform)
    if own is None:
        return (("data.link", message.link),)
    return (("data.link", own), ("data.fallback", message.link))


def _page(values: Mapping[str, str]) -> str:
    """Return the link that a browser follows."""
    return values.get("data.fallback", values.get("data.link", ""))


def _buttons(message: Message) -> str | None:
    """Return the buttons as JSON: FCM's data carries texts only, and the app draws them itself."""
    if not message.buttons:
        return None
    buttons = [
        {"name": button.name} if button.link is None else {"name": button.name, "link": button.link}
        for button in message.buttons
    ]
    return orjson.dumps(buttons).decode()


@lru_cache(maxsize=256)
def reserved_keys(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of `names` that FCM refuses as keys of data (Firebase, "About FCM messages").

    `message_type`, `notification` and what begins with `gcm.` are from memory; they are refused
    here because FCM answers a wrong key for everybody, in the middle of a send.
    """
    return tuple(name for name in names if name in _RESERVED or name.startswith(("google", "gcm.")))


@lru_cache(maxsize=256)
def _stencils(shape: _Shape, target: str) -> tuple[Stencil, Mapping[Platform, Stencil]]:
    message = _encode(shape, {name: hole(name) for name in shape.names})
    if shape.expires_at is not None:
        message["android"]["ttl"] = hole("ttl")
        message["webpush"]["headers"]["TTL"] = hole("web_ttl")
    data, notification = message.get("data", {}), message.get("notification", {})
    payloads = {
        Platform.ANDROID: [data, notification, message["android"]["notification"]],
        Platform.IOS: [data, message["apns"]["payload"]],
        Platform.WEB: [data, notification, message["webpush"]["notification"]],
    }
    message[target] = hole("address")
    cut = {platform: cut_stencil(payload) for platform, payload in payloads.items()}
    return cut_stencil({"message": message}), cut


def _encode(shape: _Shape, values: Mapping[str, str]) -> dict[str, Any]:
    from firebase_admin import messaging

    data = {name[5:]: text for name, text in values.items() if name.startswith("data.")}
    message = messaging.Message(
        notification=messaging.Notification(title=values.get("title"), body=values.get("body")),
        data=data,
        android=_android(messaging, shape, values),
        apns=_apns(messaging, shape, values),
        webpush=_webpush(messaging, shape, values),
        fid="-",
    )
    # The only way to firebase-admin's encoder that sends nothing; it wants a target.
    encoded: dict[str, Any] = messaging._MessagingService.encode_message(message)  # noqa: SLF001
    del encoded["fid"]
    return encoded


def _android(messaging: Any, shape: _Shape, values: Mapping[str, str]) -> Any:
    # High: a message that is shown; with normal a sleeping phone shows it hours later.
    return messaging.AndroidConfig(
        collapse_key=shape.collapse_key,
        priority="high",
        notification=messaging.AndroidNotification(
            channel_id=shape.settings.android_channel_id,
            image=values.get("image"),
            tag=shape.collapse_key,
        ),
    )


def _apns(messaging: Any, shape: _Shape, values: Mapping[str, str]) -> Any:
    settings = shape.settings
    image = values.get("image")
    headers = {
        "apns-collapse-id": collapse_id(shape.collapse_key),
        "apns-priority": "5" if settings.ios_interruption_level == "passive" else "10",
        "apns-push-type": "alert",
    }
    if shape.expires_at is not None:
        headers["apns-expiration"] = str(shape.expires_at)
    aps = messaging.Aps(
        alert=messaging.ApsAlert(title=values.get("title"), body=values.get("body")),
        badge=settings.ios_badge,
        sound=settings.ios_sound,
        thread_id=settings.ios_thread_id,
        # The app's service extension fetches the picture; without this it never runs.
        mutable_content=image is not None,
        custom_data={"interruption-level": settings.ios_interruption_level},
    )
    return messaging.APNSConfig(
        headers=headers,
        payload=messaging.APNSPayload(aps=aps),
        fcm_options=messaging.APNSFCMOptions(image=image) if image is not None else None,
    )


def _webpush(messaging: Any, shape: _Shape, values: Mapping[str, str]) -> Any:
    return messaging.WebpushConfig(
        headers={"Topic": topic(shape.collapse_key), "Urgency": "normal"},
        notification=messaging.WebpushNotification(
            icon=values.get("icon"), image=values.get("image"), tag=shape.collapse_key
        ),
        fcm_options=(messaging.WebpushFCMOptions(link=_page(values)) if shape.web_link else None),
    )


def collapse_id(key: str) -> str:
    """Return `key`, or its hash where it is longer than the 64 bytes that APNs allows."""
    if len(key.encode()) <= _COLLAPSE_ID_BYTES:
        return key
    return hashlib.sha256(key.encode()).hexdigest()


def topic(key: str) -> str:
    """Return `key`, or its hash where it is no Topic (RFC 8030 §5.4: ≤ 32 of base64url)."""
    if _TOPIC.fullmatch(key):
        return key
    return base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest()[:24]).decode()
