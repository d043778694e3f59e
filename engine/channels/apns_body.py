"""A message as Apple wants it: the payload, and the headers that say how it is delivered.

Apple, "Generating a remote notification" and "Sending notification requests to APNs".
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import orjson

from engine.channels.fcm_body import collapse_id
from engine.channels.stencil import Stencil, cut_stencil, hole, json_text
from engine.kernel.digest import Plain
from engine.kernel.instant import format_instant
from engine.model.channel import Platform
from engine.model.channel_settings import AppSettings
from engine.model.message import Envelope

MAX_PAYLOAD_BYTES = 4096
"""Apple refuses more with `PayloadTooLarge` (of VoIP it takes 5,120)."""

_OURS = frozenset({"aps", "link", "fallback", "image", "buttons"})


def preview_body(envelope: Envelope) -> Plain:
    """Return headers and payload before device token, topic and authentication.

    `expires_at` stands for the header `apns-expiration`.
    """
    expires_at = envelope.expires_at
    return {
        "expires_at": format_instant(expires_at) if expires_at else None,
        "headers": dict(headers_of(envelope, expiration=False)),
        "payload": payload_of(envelope),
    }


def headers_of(envelope: Envelope, *, expiration: bool = True) -> Mapping[str, str]:
    """Return the headers that say how it is delivered.

    With priority 5 iOS may wait for a good moment: for what is to be shown without a sound.
    """
    settings = _settings(envelope)
    headers = {
        "apns-push-type": "alert",
        "apns-priority": "5" if settings.ios_interruption_level == "passive" else "10",
        "apns-collapse-id": _header_id(envelope.collapse_key),
    }
    if expiration and envelope.expires_at is not None:
        headers["apns-expiration"] = str(int(envelope.expires_at.timestamp()))
    return headers


def _header_id(key: str) -> str:
    """Return `key`, or its hash where it is too long or more than a header can hold."""
    if key.isascii() and key.isprintable():
        return collapse_id(key)
    return hashlib.sha256(key.encode()).hexdigest()


def payload_of(envelope: Envelope) -> dict[str, Any]:
    """Return the payload: `aps` for iOS, beside it what the app reads (all of it texts).

    `link` opens in the app and `fallback` where it cannot; `image` is fetched by the app's service
    extension, which `mutable-content` wakes.
    """
    return _payload(_settings(envelope), _texts(envelope))


def encode_payload(envelope: Envelope) -> bytes:
    """Return the payload as JSON, equal to `payload_of` to the byte; fast for many of a kind."""
    texts = _texts(envelope)
    stencil = _stencil(_settings(envelope), tuple(texts))
    return stencil.fill({name: json_text(text) for name, text in texts.items()})


def _settings(envelope: Envelope) -> AppSettings:
    if not isinstance(envelope.settings, AppSettings):
        raise TypeError(f"APNs carries app messages, not {type(envelope.settings).__name__}")
    return envelope.settings


def _texts(envelope: Envelope) -> dict[str, str]:
    message = envelope.message
    own = message.platform_links.get(Platform.IOS)
    texts = {
        "aps.title": message.title,
        "aps.body": message.body,
        "link": message.link if own is None else own,
        "fallback": None if own is None else message.link,
        "image": message.image,
        "buttons": _buttons(envelope),
    }
    # `aps` and the names above are ours: a value of the same name would change what is shown.
    texts |= {key: message.data[key] for key in sorted(message.data) if key not in _OURS}
    return {name: text for name, text in texts.items() if text is not None}


def _buttons(envelope: Envelope) -> str | None:
    buttons = [
        {"name": button.name} if button.link is None else {"name": button.name, "link": button.link}
        for button in envelope.message.buttons
    ]
    return orjson.dumps(buttons).decode() if buttons else None


def _payload(settings: AppSettings, texts: Mapping[str, str]) -> dict[str, Any]:
    aps: dict[str, Any] = {
        "alert": {name[4:]: text for name, text in texts.items() if name.startswith("aps.")}
    }
    if settings.ios_badge is not None:
        aps["badge"] = settings.ios_badge
    if settings.ios_sound is not None:
        aps["sound"] = settings.ios_sound
    if settings.ios_thread_id is not None:
        aps["thread-id"] = settings.ios_thread_id
    if "image" in texts:
        aps["mutable-content"] = 1
    aps["interruption-level"] = settings.ios_interruption_level
    return {"aps": aps} | {k: text for k, text in texts.items() if not k.startswith("aps.")}


@lru_cache(maxsize=256)
def _stencil(settings: AppSettings, names: tuple[str, ...]) -> Stencil:
    return cut_stencil(_payload(settings, {name: hole(name) for name in names}))


_DEVICE_TOKEN = re.compile(r"(?:[0-9a-fA-F]{2}){8,200}", re.ASCII)


def is_device_token(text: str) -> bool:
    """Tell whether `text` can be a device token: bytes in hexadecimal, whose number Apple may change."""
    return _DEVICE_TOKEN.fullmatch(text) is not None
