"""The bubbles of a free-form Brand Message as NAVER SENS wants them.

api.ncloud-docs.com, `sens-brandmessage-send`. Every recipient has a bubble of its own. Pictures are ids
that SENS gave at their upload (console, or `POST …/images`). ⚠ The names of the fields inside a
carousel's head and cards are taken from Kakao's own (SENS's page of them could not be read in full).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.channels.kakao_parts import (
    bubble_of,
    button_code,
    content_of,
    links_of,
    prices_of,
)
from engine.channels.unfit import UnfitError
from engine.model.channel_settings import KakaoSettings
from engine.model.kakao import (
    Bubble,
    ButtonKind,
    KakaoButton,
    KakaoCard,
    KakaoCommerce,
    KakaoCoupon,
    bubble_text,
    button_kind,
)
from engine.model.message import Message, MessageButton

_LINKS = {
    "mobile": "linkMobile",
    "pc": "linkPc",
    "android": "schemeAndroid",
    "ios": "schemeIos",
}
_TYPES = {Bubble.WIDE: "WIDE_IMAGE"}

Fields = dict[str, Any]


def message_type(settings: KakaoSettings) -> str:
    """Return `messageType`: Kakao's name of the bubble, but for the wide picture."""
    bubble = bubble_of(settings)
    return _TYPES.get(bubble, bubble.value.upper())


def brand_bubble(message: Message, settings: KakaoSettings) -> Fields:
    """Return the fields of one recipient's bubble.

    Raises ValueError for a price that is no number, UnfitError for what SENS never carries.
    """
    bubble = bubble_of(settings)
    fields = _filled(_FILL[bubble](message))
    if bubble not in (Bubble.CAROUSEL_FEED, Bubble.CAROUSEL_COMMERCE):
        content = content_of(message)
        if message.buttons:
            fields["buttons"] = [button_fields(each, message.link) for each in message.buttons]
        if content.coupon is not None:
            fields["coupon"] = _coupon(content.coupon)
    return fields


def button_fields(button: MessageButton | KakaoButton, otherwise: str | None) -> Fields:
    """Return one button. Raises UnfitError for one that adds the channel: not in free form."""
    kind = button_kind(button)
    if kind is ButtonKind.CHANNEL_ADD:
        raise UnfitError("CHANNEL_ADD_BUTTON")
    fields: Fields = {"type": button_code(kind), "name": button.name}
    if kind is ButtonKind.BUSINESS_FORM:
        return fields | _filled({"bizFormId": button.link})
    if kind in (ButtonKind.WEB, ButtonKind.APP):
        fields |= {_LINKS[name]: address for name, address in links_of(button, otherwise)}
    return fields


def _text(message: Message) -> Fields:
    return {"content": bubble_text(message)}


def _picture(message: Message) -> Fields:
    return {"content": bubble_text(message), "image": _image(message)}


def _item_list(message: Message) -> Fields:
    content = content_of(message)
    items = [
        _filled({"title": item.title, "imageId": _id(item.image), "linkMobile": item.link})
        for item in content.items
    ]
    return {"headerContent": content.header, "item": {"list": items}}


def _commerce(message: Message) -> Fields:
    content = content_of(message)
    return {
        "image": _image(message),
        "commerce": _product(content.commerce),
        "additionalContent": content.additional,
    }


def _video(message: Message) -> Fields:
    content = content_of(message)
    video = content.video
    fields: Fields = {"headerContent": content.header, "content": bubble_text(message)}
    if video is not None:
        thumbnail = _id(video.thumbnail) if video.thumbnail else None
        fields["video"] = _filled({"videoUrl": video.url, "thumbnailId": thumbnail})
    return fields


def _carousel(message: Message) -> Fields:
    content = content_of(message)
    cards = [_card(card, message.link) for card in content.cards]
    head = None
    if content.intro is not None:
        intro = content.intro
        head = _filled(
            {
                "header": intro.header,
                "content": intro.body,
                "imageId": _id(intro.image),
                "linkMobile": intro.link,
            }
        )
    tail = {"linkMobile": content.more} if content.more else None
    return {"carousel": _filled({"head": head, "list": cards, "tail": tail})}


def _card(card: KakaoCard, otherwise: str | None) -> Fields:
    return _filled(
        {
            "header": card.header,
            "content": card.body,
            "additionalContent": card.additional,
            "imageId": _id(card.image) if card.image else None,
            "imageLink": card.link,
            "commerce": _product(card.commerce),
            "buttons": [button_fields(one, card.link or otherwise) for one in card.buttons] or None,
            "coupon": _coupon(card.coupon) if card.coupon else None,
        }
    )


def _image(message: Message) -> Fields | None:
    if message.image is None:
        return None
    link = content_of(message).image_link or message.link
    return _filled({"imageId": _id(message.image), "imageLink": link})


def _id(image: str) -> str:
    if "://" in image:
        raise UnfitError("IMAGE_NOT_UPLOADED")
    return image


def _product(commerce: KakaoCommerce | None) -> Fields | None:
    if commerce is None:
        return None
    prices = {name: str(price) for name, price in prices_of(commerce).items()}
    return {"title": commerce.title, **prices}


def _coupon(coupon: KakaoCoupon) -> Fields:
    links = {_LINKS[name]: address for name, address in links_of(coupon)}
    return {"title": coupon.title, "description": coupon.description, **links}


def _filled(fields: Mapping[str, Any]) -> Fields:
    return {name: value for name, value in fields.items() if value is not None}


_FILL: Mapping[Bubble, Callable[[Message], Fields]] = {
    Bubble.TEXT: _text,
    Bubble.IMAGE: _picture,
    Bubble.WIDE: _picture,
    Bubble.WIDE_ITEM_LIST: _item_list,
    Bubble.COMMERCE: _commerce,
    Bubble.CAROUSEL_FEED: _carousel,
    Bubble.CAROUSEL_COMMERCE: _carousel,
    Bubble.PREMIUM_VIDEO: _video,
}
