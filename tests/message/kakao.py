"""One valid message per KakaoTalk bubble; a test changes the one thing it is about."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from engine.model.channel import Channel
from engine.model.channel_settings import KakaoProduct, KakaoSettings
from engine.model.kakao import (
    Bubble,
    KakaoButton,
    KakaoCard,
    KakaoCommerce,
    KakaoContent,
    KakaoCoupon,
    KakaoIntro,
    KakaoItem,
    KakaoVideo,
)
from engine.model.message import Message, MessageButton

PICTURE, PAGE = "https://shop.example/i/한우.png", "https://shop.example/p"
BUTTON = KakaoButton(name="구매하기", link=PAGE)
PRICE = KakaoCommerce(
    title="한우 1++ 등심", regular_price="89000", discount_price="62300", discount_rate="30"
)
COUPON = KakaoCoupon(title="5000원 할인 쿠폰", description="VIP 회원 전용", link=PAGE)
ITEMS = tuple(KakaoItem(title=f"햇사과 {n}kg", image=PICTURE, link=PAGE) for n in (1, 3, 5, 10))
FEED_CARD = KakaoCard(header="가을 산책", body="단풍길을 걸어요", image=PICTURE, buttons=(BUTTON,))
SHOP_CARD = KakaoCard(image=PICTURE, commerce=PRICE, buttons=(BUTTON,))
INTRO = KakaoIntro(header="한우 주간", body="등급별 쿠폰까지", image=PICTURE)
VIDEO = KakaoVideo(url="https://tv.kakao.com/v/1234")

_BUTTONS = (MessageButton(name="보러 가기", link=PAGE),)
_PARTS: dict[Bubble, dict[str, Any]] = {
    Bubble.TEXT: {"body": "오늘만 30% 할인"},
    Bubble.IMAGE: {"body": "가을 신상", "image": PICTURE},
    Bubble.WIDE: {"body": "무료 배송", "image": PICTURE},
    Bubble.WIDE_ITEM_LIST: {"kakao": KakaoContent(header="가을 장바구니", items=ITEMS)},
    Bubble.COMMERCE: {
        "image": PICTURE,
        "buttons": _BUTTONS,
        "kakao": KakaoContent(commerce=PRICE, additional="무료 배송"),
    },
    Bubble.CAROUSEL_FEED: {"kakao": KakaoContent(cards=(FEED_CARD, FEED_CARD), more=PAGE)},
    Bubble.CAROUSEL_COMMERCE: {"kakao": KakaoContent(intro=INTRO, cards=(SHOP_CARD,))},
    Bubble.PREMIUM_VIDEO: {"kakao": KakaoContent(header="다시 보기", video=VIDEO)},
}


def a_bubble(bubble: Bubble, **changes: Any) -> tuple[Message, KakaoSettings]:
    """A message that has nothing wrong with it, and its settings.

    `changes` are fields of the message or of its content, `settings` those of the channel.
    """
    settings = KakaoSettings(bubble=bubble, **changes.pop("settings", {}))
    parts = {"title": None, "body": None, **_PARTS[bubble]}
    content = parts.pop("kakao", None)
    own = {name: changes.pop(name) for name in [*changes] if name in KakaoContent.__slots__}
    if own:
        content = replace(content or KakaoContent(), **own)
    message = Message(
        channel=Channel.KAKAO, locale="ko", jurisdiction="KR", variant="a", kakao=content, **parts
    )
    return replace(message, **changes), settings


def an_alimtalk(**changes: Any) -> tuple[Message, KakaoSettings]:
    """An AlimTalk that has nothing wrong with it, and its settings."""
    message, _ = a_bubble(Bubble.TEXT, body="주문하신 상품을 준비하고 있습니다.", **changes)
    return message, KakaoSettings(product=KakaoProduct.ALIMTALK, template_code="ORDER_01")
