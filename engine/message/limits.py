"""How much a channel carries, and how much of it a composed message takes.

Numbers come from the vendors' pages named beside them; a person's values decide whether a message
fits, so the linter measures samples and the plan the extremes of the audience.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from engine.kernel.frozen import frozen
from engine.message import kakao_limits as kakao
from engine.message.cp949 import byte_length
from engine.message.kakao_limits import Length, Shape
from engine.model.channel import Channel
from engine.model.channel_settings import ChannelSettings, KakaoSettings, SmsFormat
from engine.model.kakao import KakaoButton, KakaoContent, bubble_text
from engine.model.message import Message, MessageButton

SMS_BYTES = 90
"""cp949 bytes of an SMS: 45 Hangul (developers.kakao.com kims/common; NAVER Cloud SENS)."""
LMS_BYTES = 2_000
LMS_SUBJECT_BYTES = 40
"""cp949 bytes of an LMS or MMS, and of its subject (NAVER Cloud SENS)."""
FCM_BYTES = 4_096
"""Keys and values of a message (firebase.google.com FCM v1 ErrorCode); APNs has the same bound."""
WEB_BYTES = 3_993
"""Plaintext of one aes128gcm record of 4,096: 86 header + 16 tag + 1 delimiter (RFC 8188, 8291)."""
SHOWN_CHARACTERS = 40
"""What phones show of a push's title before they cut it (braze.com push best practices)."""


@frozen(kw_only=False)
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
            own = settings if isinstance(settings, KakaoSettings) else KakaoSettings()
            return tuple(_measure_kakao(message, kakao.shape_of(own)))
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


def _measure_kakao(message: Message, shape: Shape) -> Iterator[Measure]:
    content = message.kakao or KakaoContent()
    yield from _measure_text(message, shape)
    header = kakao.ALIMTALK_HEADER if shape is kakao.ALIMTALK else kakao.HEADER
    yield from _longest("header", [content.header], header)
    yield from _longest("emphasis", [content.emphasis], kakao.EMPHASIS)
    yield from _measure_rows(content, shape)
    buttons: list[Sequence[MessageButton | KakaoButton]] = [message.buttons]
    buttons += [card.buttons for card in content.cards]
    names = [button.name for row in buttons for button in row]
    if names:
        yield Measure("buttons", max(map(len, buttons)), shape.buttons, "buttons")
        yield Measure("button_name", max(map(len, names)), shape.button_name, "characters")


def _measure_text(message: Message, shape: Shape) -> Iterator[Measure]:
    """Return the sizes of the body; a title stands in the same text, and both count together."""
    text, body = bubble_text(message) or "", message.body or ""
    if shape.body is None and not text:
        return
    length = shape.body or Length(0)
    yield Measure("body", len(body), length.characters, "characters")
    if shape is not kakao.ALIMTALK:
        yield Measure("line_breaks", text.count("\n"), length.breaks, "line breaks")
    # A body that is too long alone is told once.
    if message.title and len(body) <= length.characters:
        yield Measure("title_and_body", len(text), length.characters, "characters")
    if length.advised is not None:
        yield Measure("body", len(text), length.advised, "characters", False)


def _measure_rows(content: KakaoContent, shape: Shape) -> Iterator[Measure]:
    """Return the longest text of every kind that rows, cards, products and coupons hold."""
    products = [content.commerce, *(card.commerce for card in content.cards)]
    coupons = [content.coupon, *(card.coupon for card in content.cards)]
    lines = [content.additional, *(card.additional for card in content.cards)]
    intro = content.intro
    if content.items:
        yield Measure("items", len(content.items), kakao.ITEMS[1], "pieces")
    if content.cards:
        most = kakao.CARDS_AFTER_INTRO if intro else kakao.CARDS
        yield Measure("cards", len(content.cards), most[1], "pieces")
    yield from _longest("item_title", [each.title for each in content.items[:1]], kakao.MAIN_TITLE)
    yield from _longest("item_title", [each.title for each in content.items[1:]], kakao.ITEM_TITLE)
    yield from _longest("card_header", [each.header for each in content.cards], kakao.HEADER)
    yield from _longest("card_body", [each.body for each in content.cards], kakao.CARD_BODY)
    yield from _longest("product", [each.title for each in products if each], kakao.PRODUCT)
    yield from _longest("additional", lines, kakao.ADDITIONAL)
    yield from _longest("intro_header", [intro.header if intro else None], kakao.HEADER)
    yield from _longest("intro_body", [intro.body if intro else None], kakao.INTRO_BODY)
    described = [each.description for each in coupons if each]
    yield from _longest("coupon", described, Length(shape.coupon))


def _longest(name: str, texts: Iterable[str | None], length: Length) -> Iterator[Measure]:
    sizes = [len(text) for text in texts if text]
    if sizes:
        yield Measure(name, max(sizes), length.characters, "characters")
