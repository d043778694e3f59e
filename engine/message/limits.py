"""How much a channel carries, and how much of it a composed message takes.

Numbers come from the vendors' pages named beside them; a person's values decide whether a message
fits, so the linter measures samples and the plan the extremes of the audience.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from engine.message.cp949 import byte_length
from engine.model.campaign import ChannelSettings, KakaoProduct, KakaoSettings, SmsFormat
from engine.model.channel import Channel
from engine.model.message import Message

SMS_BYTES = 90
"""cp949 bytes of an SMS: 45 Hangul (developers.kakao.com kims/common; NAVER Cloud SENS)."""
LMS_BYTES = 2_000
LMS_SUBJECT_BYTES = 40
"""cp949 bytes of an LMS or MMS, and of its subject (NAVER Cloud SENS)."""
ALIMTALK_CHARACTERS = 1_000
"""With blanks (infobip.com/docs/kakaotalk/alim-talk); NHN v2.3 says 1,300: the lower is taken."""
BRAND_CHARACTERS = 1_300
BRAND_LINE_BREAKS = 99
"""Text and image bubbles (infobip brand-message, solapi bmsConstraints)."""
WIDE_CHARACTERS = 76
"""Wide and video bubbles."""
BUTTON_CHARACTERS = 14
BUTTONS = 5
FCM_BYTES = 4_096
"""Keys and values of a message (firebase.google.com FCM v1 ErrorCode); APNs has the same bound."""
WEB_BYTES = 3_993
"""Plaintext of one aes128gcm record of 4,096: 86 header + 16 tag + 1 delimiter (RFC 8188, 8291)."""
SHOWN_CHARACTERS = 40
"""What phones show of a push's title before they cut it (braze.com push best practices)."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One size of a message. Beyond a `hard` limit the vendor refuses or cuts; others look bad."""

    name: str
    value: int
    limit: int
    unit: str
    hard: bool = True

    @property
    def exceeded(self) -> bool:
        return self.value > self.limit


def measure(message: Message, settings: ChannelSettings | None = None) -> tuple[Measure, ...]:
    """Return the sizes of `message` that its channel bounds.

    `settings` are the campaign's for that channel: Kakao's bounds depend on product and bubble.
    """
    match message.channel:
        case Channel.SMS:
            return _measure_sms(message)
        case Channel.KAKAO:
            kakao = settings if isinstance(settings, KakaoSettings) else KakaoSettings()
            return _measure_kakao(message, kakao)
        case Channel.APP:
            return (
                Measure("payload", payload_bytes(message), FCM_BYTES, "bytes"),
                Measure("title", len(message.title or ""), SHOWN_CHARACTERS, "characters", False),
            )
        case Channel.WEB:
            return (
                Measure("payload", payload_bytes(message), WEB_BYTES, "bytes"),
                Measure("title", len(message.title or ""), SHOWN_CHARACTERS, "characters", False),
            )


def payload_bytes(message: Message) -> int:
    """Return the UTF-8 bytes of what a push carries of the message, as compact JSON.

    An estimate without the provider's own keys; the encoder's exact size is judged where it sends.
    """
    content = {
        "title": message.title,
        "body": message.body,
        "image": message.image,
        "icon": message.icon,
        "link": message.link,
        "buttons": [[button.name, button.link] for button in message.buttons],
        "data": dict(message.data),
    }
    filled = {key: value for key, value in content.items() if value}
    return len(json.dumps(filled, ensure_ascii=False, separators=(",", ":")).encode())


def _measure_sms(message: Message) -> tuple[Measure, ...]:
    limit = SMS_BYTES if message.sms_format is SmsFormat.SMS else LMS_BYTES
    sizes = [Measure("body", byte_length(message.body or ""), limit, "bytes")]
    if message.title is not None:
        sizes.append(Measure("title", byte_length(message.title), LMS_SUBJECT_BYTES, "bytes"))
    return tuple(sizes)


def _measure_kakao(message: Message, settings: KakaoSettings) -> tuple[Measure, ...]:
    body = message.body or ""
    sizes: list[Measure] = []
    if settings.product is KakaoProduct.ALIMTALK:
        sizes.append(Measure("body", len(body), ALIMTALK_CHARACTERS, "characters"))
    elif settings.bubble.lower() in ("text", "image"):
        sizes.append(Measure("body", len(body), BRAND_CHARACTERS, "characters"))
        sizes.append(Measure("line_breaks", body.count("\n"), BRAND_LINE_BREAKS, "line breaks"))
    else:
        sizes.append(Measure("body", len(body), WIDE_CHARACTERS, "characters"))
    if message.buttons:
        longest = max(len(button.name) for button in message.buttons)
        sizes.append(Measure("buttons", len(message.buttons), BUTTONS, "buttons"))
        sizes.append(Measure("button_name", longest, BUTTON_CHARACTERS, "characters"))
    return tuple(sizes)
