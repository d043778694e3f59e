"""The bubbles of a free-form Brand Message, as resellers want them that follow Kakao's own form.

They differ in names and in what a picture and a button may be: each gives its `BrandForm`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.channels.kakao_parts import bubble_of, content_of, links_of, prices_of
from engine.kernel.frozen import frozen
from engine.model.channel_settings import KakaoSettings
from engine.model.kakao import (
    Bubble,
    KakaoButton,
    KakaoCard,
    KakaoCommerce,
    KakaoCoupon,
    KakaoIntro,
    bubble_text,
)
from engine.model.message import Message, MessageButton

Fields = dict[str, Any]
Button = Callable[[MessageButton | KakaoButton, str | None], Fields]
"""Makes a button; the second is where it leads without a link of its own."""


@frozen
class BrandForm:
    """What a reseller calls the parts of a bubble.

    `links` names those of `kakao_parts.links_of`, of which `mobile` is also where pictures of lists
    lead. `picture` returns how a picture is told, and raises UnfitError for one that is not uploaded;
    `price` how a price or a rate is.
    """

    image: str
    thumbnail: str
    header: str
    card_body: str
    links: Mapping[str, str]
    button: Button
    picture: Callable[[str], str] = str
    price: Callable[[int], int | str] = int


def fill_bubble(message: Message, settings: KakaoSettings, form: BrandForm) -> Fields:
    """Return the fields of a bubble, without its type.

    Raises ValueError for a price that is no number, UnfitError for what the reseller never carries.
    """
    bubble = bubble_of(settings)
    fields = filled(_FILL[bubble](message, form))
    if bubble not in (Bubble.CAROUSEL_FEED, Bubble.CAROUSEL_COMMERCE):
        content = content_of(message)
        if message.buttons:
            fields["buttons"] = [form.button(each, message.link) for each in message.buttons]
        if content.coupon is not None:
            fields["coupon"] = _coupon(content.coupon, form)
    return fields


def filled(fields: Mapping[str, Any]) -> Fields:
    """Return the fields that say something."""
    return {name: value for name, value in fields.items() if value is not None}


def _text(message: Message, _: BrandForm) -> Fields:
    return {"content": bubble_text(message)}


def _picture(message: Message, form: BrandForm) -> Fields:
    return {"content": bubble_text(message), "image": _image(message, form)}


def _item_list(message: Message, form: BrandForm) -> Fields:
    content = content_of(message)
    items = [
        filled(
            {
                "title": item.title,
                form.image: form.picture(item.image),
                form.links["mobile"]: item.link,
            }
        )
        for item in content.items
    ]
    return {form.header: content.header, "item": {"list": items}}


def _commerce(message: Message, form: BrandForm) -> Fields:
    content = content_of(message)
    return {
        "image": _image(message, form),
        "commerce": _product(content.commerce, form),
        "additionalContent": content.additional,
    }


def _video(message: Message, form: BrandForm) -> Fields:
    content = content_of(message)
    video = content.video
    fields: Fields = {form.header: content.header, "content": bubble_text(message)}
    if video is not None:
        thumbnail = form.picture(video.thumbnail) if video.thumbnail else None
        fields["video"] = filled({"videoUrl": video.url, form.thumbnail: thumbnail})
    return fields


def _carousel(message: Message, form: BrandForm) -> Fields:
    content = content_of(message)
    carousel = {
        "head": _head(content.intro, form) if content.intro is not None else None,
        "list": [_card(card, message.link, form) for card in content.cards],
        "tail": {form.links["mobile"]: content.more} if content.more else None,
    }
    return {"carousel": filled(carousel)}


def _head(intro: KakaoIntro, form: BrandForm) -> Fields:
    return filled(
        {
            "header": intro.header,
            "content": intro.body,
            form.image: form.picture(intro.image),
            form.links["mobile"]: intro.link,
        }
    )


def _card(card: KakaoCard, otherwise: str | None, form: BrandForm) -> Fields:
    return filled(
        {
            "header": card.header,
            form.card_body: card.body,
            "additionalContent": card.additional,
            form.image: form.picture(card.image) if card.image else None,
            "imageLink": card.link,
            "commerce": _product(card.commerce, form),
            "buttons": [form.button(one, card.link or otherwise) for one in card.buttons] or None,
            "coupon": _coupon(card.coupon, form) if card.coupon else None,
        }
    )


def _image(message: Message, form: BrandForm) -> Fields | None:
    if message.image is None:
        return None
    link = content_of(message).image_link or message.link
    return filled({form.image: form.picture(message.image), "imageLink": link})


def _product(commerce: KakaoCommerce | None, form: BrandForm) -> Fields | None:
    if commerce is None:
        return None
    prices = {name: form.price(price) for name, price in prices_of(commerce).items()}
    return {"title": commerce.title, **prices}


def _coupon(coupon: KakaoCoupon, form: BrandForm) -> Fields:
    links = {form.links[name]: address for name, address in links_of(coupon)}
    return {"title": coupon.title, "description": coupon.description, **links}


_FILL: Mapping[Bubble, Callable[[Message, BrandForm], Fields]] = {
    Bubble.TEXT: _text,
    Bubble.IMAGE: _picture,
    Bubble.WIDE: _picture,
    Bubble.WIDE_ITEM_LIST: _item_list,
    Bubble.COMMERCE: _commerce,
    Bubble.CAROUSEL_FEED: _carousel,
    Bubble.CAROUSEL_COMMERCE: _carousel,
    Bubble.PREMIUM_VIDEO: _video,
}
