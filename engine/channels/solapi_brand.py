"""The bubbles of a free-form Brand Message as SOLAPI wants them: `kakaoOptions.bms` of type BMS_FREE.

Names and required parts are those of SOLAPI's Python SDK 5.0 (`solapi.model.kakao.bms`). Pictures are
ids that SOLAPI gave at their upload; `image_id` turns a template's picture into one.
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
    KakaoItem,
    bubble_text,
    button_kind,
)
from engine.model.message import Message, MessageButton

ImageId = Callable[[str], str]
"""Returns SOLAPI's id of a picture. Raises UnfitError for one that was not uploaded there."""

Fields = dict[str, Any]

_LINKS = {"mobile": "linkMobile", "pc": "linkPc", "android": "linkAndroid", "ios": "linkIos"}
_NOT_IN_BUBBLES = frozenset({ButtonKind.DELIVERY, ButtonKind.CALL})
_CAROUSELS = frozenset({Bubble.CAROUSEL_FEED, Bubble.CAROUSEL_COMMERCE})


def brand_bubble(message: Message, settings: KakaoSettings, image_id: ImageId) -> Fields:
    """Return `bms`. Raises UnfitError for what no bubble of SOLAPI carries."""
    try:
        bubble = bubble_of(settings)
        filled = _FILL[bubble](message, image_id)
    except ValueError as error:
        raise UnfitError("NOT_A_NUMBER_OR_BUBBLE", systemic=False) from error
    fields: Fields = {
        "targeting": settings.targeting,
        "chatBubbleType": bubble.value.upper(),
        "adult": False,
    }
    fields |= _filled(filled)
    if bubble not in _CAROUSELS:
        coupon = content_of(message).coupon
        fields |= _filled(
            {
                "buttons": _buttons(message.buttons, message.link),
                "coupon": _coupon(coupon) if coupon else None,
            }
        )
    return fields


def _text(message: Message, _: ImageId) -> Fields:
    return {"content": bubble_text(message)}


def _picture(message: Message, image_id: ImageId) -> Fields:
    return {"content": bubble_text(message), **_image(message, image_id)}


def _item_list(message: Message, image_id: ImageId) -> Fields:
    content = content_of(message)
    items = [_item(item, image_id) for item in content.items]
    return {
        "header": content.header,
        "mainWideItem": items[0] if items else None,
        "subWideItemList": items[1:],
    }


def _commerce(message: Message, image_id: ImageId) -> Fields:
    content = content_of(message)
    return {
        **_image(message, image_id),
        "commerce": _product(content.commerce),
        "additionalContent": content.additional,
    }


def _video(message: Message, image_id: ImageId) -> Fields:
    content = content_of(message)
    video = content.video
    if video is None:
        raise UnfitError("NO_VIDEO")
    return {
        "header": content.header,
        "content": bubble_text(message),
        "video": _filled(
            {
                "videoUrl": video.url,
                "imageId": image_id(video.thumbnail) if video.thumbnail else None,
                "imageLink": content.image_link,
            }
        ),
    }


def _feed(message: Message, image_id: ImageId) -> Fields:
    content = content_of(message)
    cards = [
        _filled(
            {"header": card.header, "content": card.body, **_card(card, message.link, image_id)}
        )
        for card in content.cards
    ]
    return {"carousel": _filled({"list": cards, "tail": _more(content.more)})}


def _products(message: Message, image_id: ImageId) -> Fields:
    content = content_of(message)
    cards = [
        _filled(
            {
                "commerce": _product(card.commerce),
                "additionalContent": card.additional,
                **_card(card, message.link, image_id),
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
                "imageId": image_id(intro.image),
                "linkMobile": intro.link,
            }
        )
    return {"carousel": _filled({"head": head, "list": cards, "tail": _more(content.more)})}


def _card(card: KakaoCard, otherwise: str | None, image_id: ImageId) -> Fields:
    return {
        "imageId": image_id(card.image) if card.image else None,
        "imageLink": card.link,
        "buttons": _buttons(card.buttons, card.link or otherwise),
        "coupon": _coupon(card.coupon) if card.coupon else None,
    }


def _item(item: KakaoItem, image_id: ImageId) -> Fields:
    return _filled({"title": item.title, "imageId": image_id(item.image), "linkMobile": item.link})


def _more(link: str | None) -> Fields | None:
    return {"linkMobile": link} if link else None


def _image(message: Message, image_id: ImageId) -> Fields:
    if message.image is None:
        raise UnfitError("NO_IMAGE")
    link = content_of(message).image_link or message.link
    return {"imageId": image_id(message.image), "imageLink": link}


def _product(commerce: KakaoCommerce | None) -> Fields | None:
    return {"title": commerce.title, **prices_of(commerce)} if commerce else None


def _buttons(
    buttons: tuple[MessageButton, ...] | tuple[KakaoButton, ...], otherwise: str | None
) -> list[Fields] | None:
    return [_button(button, otherwise) for button in buttons] or None


def _button(button: MessageButton | KakaoButton, otherwise: str | None) -> Fields:
    kind = button_kind(button)
    if kind in _NOT_IN_BUBBLES:
        raise UnfitError(f"NO_BUTTON_{button_code(kind)}")
    fields: Fields = {"linkType": button_code(kind)}
    if kind is not ButtonKind.CHANNEL_ADD:
        # Kakao names that one itself.
        fields["name"] = button.name
    if kind in (ButtonKind.WEB, ButtonKind.APP):
        fields |= {_LINKS[name]: address for name, address in links_of(button, otherwise)}
    return fields


def _coupon(coupon: KakaoCoupon) -> Fields:
    links = {_LINKS[name]: address for name, address in links_of(coupon)}
    return {"title": coupon.title, "description": coupon.description, **links}


def _filled(fields: Mapping[str, Any]) -> Fields:
    return {name: value for name, value in fields.items() if value not in (None, "")}


_FILL: Mapping[Bubble, Callable[[Message, ImageId], Fields]] = {
    Bubble.TEXT: _text,
    Bubble.IMAGE: _picture,
    Bubble.WIDE: _picture,
    Bubble.WIDE_ITEM_LIST: _item_list,
    Bubble.COMMERCE: _commerce,
    Bubble.CAROUSEL_FEED: _feed,
    Bubble.CAROUSEL_COMMERCE: _products,
    Bubble.PREMIUM_VIDEO: _video,
}
