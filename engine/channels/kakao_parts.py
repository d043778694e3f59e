"""What the vendors of KakaoTalk have in common: Kakao's own codes, and how a message fills a bubble."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.kernel.errors import UsageError
from engine.model.channel import ProviderSettings
from engine.model.channel_settings import KakaoSettings
from engine.model.kakao import (
    Bubble,
    ButtonKind,
    KakaoButton,
    KakaoCommerce,
    KakaoContent,
    KakaoCoupon,
)
from engine.model.message import Message, MessageButton

ADD_CHANNEL = "채널 추가"
"""The only name that Kakao takes for a button that adds the channel (NHN errors -3026, -3348)."""

_CODES = {
    ButtonKind.WEB: "WL",
    ButtonKind.APP: "AL",
    ButtonKind.CHANNEL_ADD: "AC",
    ButtonKind.BOT_KEYWORD: "BK",
    ButtonKind.MESSAGE: "MD",
    ButtonKind.CONSULT: "BC",
    ButtonKind.BOT_SWITCH: "BT",
    ButtonKind.BUSINESS_FORM: "BF",
    ButtonKind.DELIVERY: "DS",
    ButtonKind.CALL: "TN",
}
_PRICES = {
    "regular_price": "regularPrice",
    "discount_price": "discountPrice",
    "discount_rate": "discountRate",
    "discount_fixed": "discountFixed",
}
_ENDED = (
    "FriendTalk ended on 2025-12-31, and the vendors' substitutes end with 2026",
    "write `product: brand` in the campaign's `channels.kakao`: Brand Message replaces it",
)


def refuse_friendtalk(settings: ProviderSettings) -> None:
    """Raise UsageError if an option (`product`, `api`, `type`) asks for FriendTalk."""
    for name in ("product", "api", "type"):
        value = settings.options.get(name)
        if isinstance(value, str) and value.lower().replace("_", "").replace("-", "") in (
            "friendtalk",
            "친구톡",
        ):
            raise UsageError(f"`{settings.origin / name}` is `{value}`: {_ENDED[0]}", _ENDED[1])


def bubble_of(settings: KakaoSettings) -> Bubble:
    """Return the bubble of a Brand Message. Raises ValueError for one that Kakao does not have."""
    return Bubble(settings.bubble.lower())


def content_of(message: Message) -> KakaoContent:
    """Return what only KakaoTalk shows; an empty one where the message has nothing of it."""
    return message.kakao or KakaoContent()


def button_code(kind: ButtonKind) -> str:
    """Return Kakao's two letters for it."""
    return _CODES[kind]


def links_of(
    part: MessageButton | KakaoButton | KakaoCoupon, otherwise: str | None = None
) -> Iterator[tuple[str, str]]:
    """Return the links of a part as (`mobile` | `pc` | `android` | `ios`, address).

    `otherwise` is where it leads if the part has no link at all.
    """
    found = [
        (name, address)
        for name, address in (
            ("mobile", part.link),
            ("pc", getattr(part, "link_pc", None)),
            ("android", part.android),
            ("ios", part.ios),
        )
        if address
    ]
    if not found and otherwise:
        found = [("mobile", otherwise)]
    yield from found


def prices_of(commerce: KakaoCommerce) -> Mapping[str, int]:
    """Return the prices in won, the rate in percent. Raises ValueError for what is no number."""
    prices: dict[str, int] = {}
    for name, key in _PRICES.items():
        text = getattr(commerce, name)
        if text:
            prices[key] = whole_number(text)
    return prices


def whole_number(text: str) -> int:
    """Return `12,900` as a number. Raises ValueError unless it is digits and commas."""
    digits = text.strip().replace(",", "")
    if not (digits.isascii() and digits.isdigit()):
        raise ValueError(f"`{text}` is not a whole number")
    return int(digits)
