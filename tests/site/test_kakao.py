"""Every bubble of KakaoTalk as the contact sheet draws it."""

from __future__ import annotations

from typing import Any

import pytest

from engine.model.channel import Channel
from engine.model.channel_settings import KakaoProduct, KakaoSettings
from engine.model.kakao import (
    Bubble,
    ButtonKind,
    KakaoButton,
    KakaoCard,
    KakaoCommerce,
    KakaoContent,
    KakaoCoupon,
    KakaoIntro,
    KakaoItem,
    KakaoVideo,
)
from engine.model.legal import MessageType
from engine.model.template import Button, Redefinition, Template, Text
from tests.site.drawing import NAME, Drawn, Element, a_campaign, draw

PICTURE, PAGE = "https://shop.example/i.png", "https://shop.example/p"
COUPON = KakaoCoupon(title="5000원 할인 쿠폰", description="VIP 전용", link=PAGE)
COMMERCE = KakaoCommerce(
    title="한우 등심", regular_price="89000", discount_price="62300", discount_rate="30"
)


def bubble(shape: Bubble, content: KakaoContent | None, **text: Any) -> Element:
    """Return what is drawn of the sample in the bubble `shape`."""
    return drawn(KakaoSettings(bubble=shape), content, **text).screens("bubble")[0]


def drawn(settings: KakaoSettings, content: KakaoContent | None, **more: Any) -> Drawn:
    kind = more.pop("type", MessageType.ADVERTISING)
    text = Text(kakao=content, **more)
    template = Template(
        id="t",
        variables={"name": NAME},
        redefine={Channel.KAKAO: Redefinition(locales={"ko": text})},
    )
    return draw(a_campaign(template, type=kind, channels={Channel.KAKAO: settings}))


def test_a_list_is_a_header_a_large_row_and_small_ones() -> None:
    rows = tuple(KakaoItem(title=f"햇사과 {n}kg", image=PICTURE, link=PAGE) for n in range(4))
    screen = bubble(
        Bubble.WIDE_ITEM_LIST,
        KakaoContent(header="{{ name }}님의 장바구니", items=rows, coupon=COUPON),
    )
    assert screen.one("p", "header").text == "춘향님의 장바구니"
    assert [row.one("b").text for row in screen.all("ol", "rows")[0].all("li")] == [
        "햇사과 0kg",
        "햇사과 1kg",
        "햇사과 2kg",
        "햇사과 3kg",
    ]
    assert len(screen.all("svg")) == 4
    assert "5000원 할인 쿠폰 VIP 전용" in screen.one("div", "coupon").text


def test_a_discount_strikes_the_old_price_through() -> None:
    screen = bubble(
        Bubble.COMMERCE, KakaoContent(commerce=COMMERCE, additional="무료 배송"), image=PICTURE
    )
    price = screen.one("div", "price")
    assert price.one("s").text == "89,000원"
    assert [price.one("em").text, price.one("b").text] == ["30%", "62,300원"]
    assert price.one("p", "additional").text == "무료 배송"


@pytest.mark.parametrize(
    ("commerce", "shown"),
    [
        (KakaoCommerce(title="곰탕", regular_price="21000"), "21,000원"),
        (
            KakaoCommerce(
                title="갈비", regular_price="75000", discount_price="70000", discount_fixed="5000"
            ),
            "5,000원 할인 70,000원 75,000원",
        ),
        (KakaoCommerce(title="갈비", regular_price="19,900원"), "19,900원"),
    ],
)
def test_prices_are_written_as_kakao_writes_them(commerce: KakaoCommerce, shown: str) -> None:
    price = bubble(Bubble.COMMERCE, KakaoContent(commerce=commerce)).one("div", "price")
    assert price.all("p")[1].text == shown


def test_a_carousel_is_a_list_of_cards_that_scrolls() -> None:
    card = KakaoCard(
        image=PICTURE,
        link=PAGE,
        commerce=COMMERCE,
        coupon=COUPON,
        buttons=(KakaoButton(name="{{ name }}님 구매", link=PAGE),),
    )
    intro = KakaoIntro(header="한우 주간", body="등급별 쿠폰", image=PICTURE)
    screen = bubble(
        Bubble.CAROUSEL_COMMERCE, KakaoContent(intro=intro, cards=(card, card), more=PAGE)
    )
    (cards,) = screen.all("ul", "cards")
    assert cards.attributes["tabindex"] == "0"
    assert cards.attributes["aria-label"] == "카드"
    first, one, two, more = (node for node in cards.children if isinstance(node, Element))
    assert "intro" in first.attributes["class"]
    assert first.one("p", "header").text == "한우 주간"
    assert one.text == two.text
    assert one.one("ul", "buttons").one("b").text == "춘향님 구매"
    assert more.text.startswith("더보기")


def test_a_video_has_a_sign_to_play() -> None:
    video = KakaoVideo(url="https://tv.kakao.com/v/1")
    figure = bubble(Bubble.PREMIUM_VIDEO, KakaoContent(video=video)).one("figure", "video")
    assert figure.one("path", "play")
    assert "https://tv.kakao.com/v/1" in figure.text


def test_buttons_say_what_else_they_do_and_where_they_lead() -> None:
    buttons = (
        Button(name="보기", link=PAGE, link_pc="https://pc.example/", android="shop://a"),
        Button(name="상담", kind=ButtonKind.CONSULT),
    )
    screen = bubble(Bubble.WIDE, None, body="무료 배송", buttons=buttons)
    (row,) = screen.all("ul", "buttons")
    assert "side" in row.attributes["class"]
    first, second = row.all("li")
    assert f"{PAGE} · PC: https://pc.example/ · Android: shop://a" in first.text
    assert "상담톡 전환" in second.text


def test_an_alimtalk_has_its_large_line_and_the_values_of_its_template() -> None:
    settings = KakaoSettings(product=KakaoProduct.ALIMTALK, template_code="A1")
    content = KakaoContent(emphasis="주문 완료", variables={"이름": "{{ name }}"})
    page = drawn(settings, content, body="준비 중입니다.", type=MessageType.INFORMATIONAL)
    screen = page.screens("bubble")[0]
    assert screen.one("p", "emphasis").text == "주문 완료"
    assert screen.one("dl", "values").text == "#{이름}춘향"


def test_what_is_too_long_is_struck_and_counts_as_a_problem() -> None:
    content = KakaoContent(header="가" * 21, video=KakaoVideo(url="https://tv.kakao.com/v/1"))
    page = drawn(KakaoSettings(bubble=Bubble.PREMIUM_VIDEO), content)
    header = page.screens("bubble")[0].one("p", "header")
    assert header.one("span", "over").text == "가"
    assert "문제" in page.card("카카오톡").text
    assert "헤더" in page.card("카카오톡").text


def test_texts_of_the_content_cannot_leave_the_page() -> None:
    content = KakaoContent(
        header="<script>alert(1)</script>\u202e", variables={"<b>": "</dl><img src=x>"}
    )
    screen = bubble(Bubble.PREMIUM_VIDEO, content)
    assert not screen.all("script")
    assert not screen.all("img")
    assert "U+202E" in screen.one("p", "header").text
