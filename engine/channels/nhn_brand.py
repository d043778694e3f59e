"""The bubbles of a free-form Brand Message as NHN Cloud wants them.

NHN Cloud, KakaoTalk Bizmessage, Brand Message API v1.0 guide, `freestyle-messages`. The bubble stands
once in a request, for all its recipients. Pictures are addresses that NHN gave at their upload.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.channels.kakao_parts import (
    ADD_CHANNEL,
    bubble_of,
    button_code,
    content_of,
    links_of,
    prices_of,
)
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

_LINKS = {"mobile": "linkMo", "pc": "linkPc", "android": "schemeAndroid", "ios": "schemeIos"}

Fields = dict[str, Any]


def brand_bubble(message: Message, settings: KakaoSettings) -> Fields:
    """Return the fields of the bubble. Raises ValueError for a price that is no number."""
    bubble = bubble_of(settings)
    fields: Fields = {"chatBubbleType": bubble.value.upper()}
    fields |= _filled(_FILL[bubble](message))
    if bubble not in (Bubble.CAROUSEL_FEED, Bubble.CAROUSEL_COMMERCE):
        content = content_of(message)
        if message.buttons:
            fields["buttons"] = [_button(each, message.link) for each in message.buttons]
        if content.coupon is not None:
            fields["coupon"] = _coupon(content.coupon)
    return fields


def _text(message: Message) -> Fields:
    return {"content": bubble_text(message)}


def _picture(message: Message) -> Fields:
    return {"content": bubble_text(message), "image": _image(message)}


def _item_list(message: Message) -> Fields:
    content = content_of(message)
    items = [
        _filled({"title": item.title, "imageUrl": item.image, "linkMo": item.link})
        for item in content.items
    ]
    return {"header": content.header, "item": {"list": items}}


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
    return {
        "header": content.header,
        "content": bubble_text(message),
        "video": _filled({"videoUrl": video.url, "thumbnailUrl": video.thumbnail})
        if video
        else None,
    }


def _feed(message: Message) -> Fields:
    content = content_of(message)
    cards = [
        _filled({"header": card.header, "message": card.body, **_card(card, message.link)})
        for card in content.cards
    ]
    return {"carousel": _filled({"list": cards, "tail": _more(content.more)})}


def _products(message: Message) -> Fields:
    content = content_of(message)
    cards = [
        _filled(
            {
                "additionalContent": card.additional,
                "commerce": _product(card.commerce),
                **_card(card, message.link),
            }
        )
        for card in content.cards
    ]
    head = None
    if content.intro is not None:
        intro = content.intro
        head = _filled(
            {
                "header": intro.header,
                "content": intro.body,
                "imageUrl": intro.image,
                "linkMo": intro.link,
            }
        )
    return {"carousel": _filled({"head": head, "list": cards, "tail": _more(content.more)})}


def _card(card: KakaoCard, otherwise: str | None) -> Fields:
    return {
        "imageUrl": card.image,
        "imageLink": card.link,
        "buttons": [_button(each, card.link or otherwise) for each in card.buttons] or None,
        "coupon": _coupon(card.coupon) if card.coupon else None,
    }


def _more(link: str | None) -> Fields | None:
    return {"linkMo": link} if link else None


def _image(message: Message) -> Fields | None:
    if message.image is None:
        return None
    link = content_of(message).image_link or message.link
    return _filled({"imageUrl": message.image, "imageLink": link})


def _product(commerce: KakaoCommerce | None) -> Fields | None:
    return {"title": commerce.title, **prices_of(commerce)} if commerce else None


def _button(button: MessageButton | KakaoButton, otherwise: str | None) -> Fields:
    kind = button_kind(button)
    fields: Fields = {
        "name": ADD_CHANNEL if kind is ButtonKind.CHANNEL_ADD else button.name,
        "type": button_code(kind),
    }
    if kind is ButtonKind.BUSINESS_FORM:
        return fields | _filled({"bizFormKey": button.link})
    if kind in (ButtonKind.WEB, ButtonKind.APP):
        links = links_of(button, otherwise)
        fields |= {_LINKS[name]: address for name, address in links}
    return fields


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
    Bubble.CAROUSEL_FEED: _feed,
    Bubble.CAROUSEL_COMMERCE: _products,
    Bubble.PREMIUM_VIDEO: _video,
}
