"""What only KakaoTalk shows, rendered for one person and for many."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.kernel.origin import Origin
from engine.message.analyse import syntax_problems, template_fields, undeclared_variables
from engine.message.compose import Composer
from engine.model.channel_settings import KakaoSettings
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
    plain_part,
    texts_in,
)
from engine.model.legal import LabelPosition
from engine.model.link import ActionLink
from engine.model.message import Message, MessageButton, MissingValue, RenderFailure
from engine.model.stored import from_plain, to_plain
from engine.model.template import Button, OnMissing, Text, VariableType
from tests.message.factories import KAKAO, WEB, a_campaign, a_template, a_variable

PLACE = (KAKAO, "ko", "KR", "default")
PICTURE = "https://shop.example/{{ item|urlencode }}.png"
COUPON = KakaoCoupon(
    title="{% if points > 9 %}30% 할인 쿠폰{% endif %}",
    description="{% if points > 9 %}VIP 전용{% endif %}",
)
CARD = KakaoCard(
    image=PICTURE,
    link="{{ link }}",
    commerce=KakaoCommerce(title="{{ item }} 세트", regular_price="{{ points }}"),
    additional="무료 배송",
    coupon=COUPON,
    buttons=(KakaoButton(name="{{ item|josa('을/를') }} 사기", link="{{ link }}"),),
)
EVERYTHING = KakaoContent(
    header="{{ name }}님의 장바구니",
    items=(
        KakaoItem(title="{{ item }}", image=PICTURE, link="{{ link }}"),
        KakaoItem(title="햅쌀", image="https://shop.example/rice.png", link="https://shop.example"),
    ),
    commerce=KakaoCommerce(title="한우", regular_price="89000"),
    additional="{{ name }}님 전용",
    video=KakaoVideo(url="https://tv.kakao.com/v/{{ points }}"),
    coupon=COUPON,
    intro=KakaoIntro(header="{{ name }}님께", body="드립니다", image=PICTURE),
    cards=(CARD, replace(CARD, coupon=None, buttons=())),
    more="{{ link }}",
    image_link="https://shop.example/?q={{ item|urlencode }}",
    emphasis="주문 완료",
    variables={"이름": "{{ name }}", "가게": "샘플샵"},
)


def variables():
    return (
        a_variable("name", default="고객"),
        a_variable("item", source="derived.item", on_missing=OnMissing.SKIP, sample="한우"),
        a_variable("points", type=VariableType.INTEGER, sample=30),
    )


def a_kakao_campaign(content: KakaoContent | None, **changes):
    changes.setdefault("body", "본문")
    bubble = changes.pop("bubble", Bubble.TEXT)
    text = Text(
        kakao=content, origin=Origin("templates/t.yaml", ("redefine", "kakao", "ko")), **changes
    )
    template = a_template(None, *variables(), redefine={KAKAO: {"ko": text}})
    link = (ActionLink(url="https://shop.example/{{ item|urlencode }}"),)
    return a_campaign(template, action={WEB: link}, channels={KAKAO: KakaoSettings(bubble=bubble)})


def read(campaign, **values):
    values = {"user.name": "춘향", "derived.item": "한우", "user.points": 30, **values}
    return Composer(campaign).compose(*PLACE, values)


def test_every_text_of_the_content_is_a_template():
    message = read(a_kakao_campaign(EVERYTHING))
    assert isinstance(message, Message)
    content = message.kakao
    assert content is not None
    rendered = dict(texts_in(content))
    assert rendered.keys() == dict(texts_in(EVERYTHING)).keys()
    assert not any("{" in text for text in rendered.values())
    assert content.header == "춘향님의 장바구니"
    assert content.cards[0].buttons[0].name == "한우를 사기"
    assert content.cards[0].link == message.link == "https://shop.example/%ED%95%9C%EC%9A%B0"
    assert content.cards[1].commerce == KakaoCommerce(title="한우 세트", regular_price="30")
    assert content.variables == {"이름": "춘향", "가게": "샘플샵"}


def test_a_part_of_which_nothing_is_left_is_left_out():
    campaign = a_kakao_campaign(EVERYTHING)
    poor = read(campaign, **{"user.points": 3})
    assert poor.kakao.coupon is None
    assert poor.kakao.cards[0].coupon is None
    assert read(campaign).kakao.coupon == KakaoCoupon(title="30% 할인 쿠폰", description="VIP 전용")
    row = KakaoItem(
        title="{% if points > 9 %}셋{% endif %}", image="{% if 0 %}x{% endif %}", link=" "
    )
    some = replace(EVERYTHING, items=(*EVERYTHING.items, row))
    assert len(read(a_kakao_campaign(some)).kakao.items) == 3
    assert len(read(a_kakao_campaign(some), **{"user.points": 3}).kakao.items) == 2


def test_content_alone_is_a_message_and_nothing_is_none():
    only = a_kakao_campaign(KakaoContent(header="가을"), body=None, bubble=Bubble.WIDE_ITEM_LIST)
    message = read(only)
    assert (message.body, message.kakao) == (None, KakaoContent(header="가을"))
    empty = KakaoContent(header="{% if points > 99 %}가을{% endif %}")
    nothing = a_kakao_campaign(empty, body=None, bubble=Bubble.WIDE_ITEM_LIST)
    assert read(nothing) == RenderFailure(reason="the message has no text")
    many = Composer(nothing).compose_many(
        *PLACE,
        [{"user.name": "a", "derived.item": "b", "user.points": n} for n in (1, 100)],
        [None, None],
    )
    assert many[0] == RenderFailure(reason="the message has no text")
    assert many[1].kakao == KakaoContent(header="가을")
    assert read(a_kakao_campaign(empty)).kakao is None
    assert read(a_kakao_campaign(None)).kakao is None


@pytest.mark.parametrize("values", [{"user.points": "many"}, {"user.points": None}])
def test_missing_values_of_the_content_are_missing(values):
    assert read(a_kakao_campaign(EVERYTHING), **values) == MissingValue(
        variable="points", skip=False
    )
    assert read(a_kakao_campaign(EVERYTHING), **{"derived.item": None}) == MissingValue(
        variable="item", skip=True
    )


def test_a_snapshot_carries_what_the_content_reads():
    assert Composer(a_kakao_campaign(EVERYTHING)).uses() >= {
        "user.name",
        "derived.item",
        "user.points",
    }


@pytest.mark.parametrize(
    ("price", "place"),
    [
        ("{{ points|number }}", "commerce"),
        ("{{ points / 7 }}", "commerce"),
        ("-{{ points }}", "commerce"),
    ],
)
def test_a_price_that_is_no_number_is_never_sent(price, place):
    content = KakaoContent(commerce=KakaoCommerce(title="한우", regular_price=price))
    campaign = a_kakao_campaign(content)
    failure = RenderFailure(reason=f"`{place}.regular_price` is not a whole number of digits")
    values = {"user.points": 12_345}
    assert read(campaign, **values) == failure
    row = {"user.name": "춘향", "derived.item": "한우", **values}
    assert Composer(campaign).compose_many(*PLACE, [row, row], [None] * 2) == [failure] * 2
    sample = Composer(campaign).sample(*PLACE)
    assert isinstance(sample, Message), "lint points at the line of the price"


def test_a_price_that_is_wrong_for_everybody_is_told_for_each():
    card = KakaoCard(commerce=KakaoCommerce(title="한우", regular_price="19,900"))
    campaign = a_kakao_campaign(KakaoContent(header="{{ name }}", cards=(CARD, card)))
    failure = RenderFailure(
        reason="`cards[1].commerce.regular_price` is not a whole number of digits"
    )
    row = {"user.name": "춘향", "derived.item": "한우", "user.points": 3}
    assert Composer(campaign).compose_many(*PLACE, [row], [None]) == [failure]


SOME_TEXT = st.sampled_from(
    ["춘향", "", " ", "{{ name }}", "{{ item|josa('을/를') }}", "{% if points > 3 %}쿠폰{% endif %}",
     "{{ link }}", "{{ 10 // points }}"]
)  # fmt: skip
PRICES = st.sampled_from(["89000", "{{ points }}", "{{ points|number }}", "x"])
COMMERCE = st.builds(KakaoCommerce, title=SOME_TEXT, regular_price=PRICES)
CONTENTS = st.builds(
    KakaoContent,
    header=st.none() | SOME_TEXT,
    items=st.lists(
        st.builds(KakaoItem, title=SOME_TEXT, image=SOME_TEXT, link=SOME_TEXT), max_size=3
    ).map(tuple),
    commerce=st.none() | COMMERCE,
    coupon=st.none() | st.builds(KakaoCoupon, title=SOME_TEXT, description=SOME_TEXT),
    cards=st.lists(
        st.builds(
            KakaoCard,
            header=st.none() | SOME_TEXT,
            commerce=st.none() | COMMERCE,
            buttons=st.lists(st.builds(KakaoButton, name=SOME_TEXT), max_size=2).map(tuple),
        ),
        max_size=3,
    ).map(tuple),
    variables=st.dictionaries(st.sampled_from(["이름", "b"]), SOME_TEXT, max_size=2),
)
ROWS = st.fixed_dictionaries(
    {
        "user.name": st.sampled_from([None, "춘향", "{{ x }}"]),
        "derived.item": st.sampled_from([None, "쌀", "한우"]),
        "user.points": st.sampled_from([None, 0, 3, 12_345]),
    }
)


@settings(max_examples=120, deadline=None)
@given(
    content=CONTENTS,
    body=st.none() | SOME_TEXT,
    rows=st.lists(ROWS, max_size=5),
    bubble=st.sampled_from(Bubble),
    position=st.sampled_from(LabelPosition),
    button=st.builds(
        Button,
        name=SOME_TEXT,
        link=SOME_TEXT,
        android=st.none() | SOME_TEXT,
        kind=st.none() | st.sampled_from(ButtonKind),
    ),
)
def test_a_batch_says_what_one_by_one_says(content, body, rows, bubble, position, button):
    campaign = a_kakao_campaign(content, body=body, buttons=(button,), bubble=bubble)
    campaign = replace(campaign, ad_label=position)
    expected = [Composer(campaign).compose(*PLACE, row) for row in rows]
    assert Composer(campaign).compose_many(*PLACE, rows, [None] * len(rows)) == expected


def test_buttons_keep_their_kind_and_all_their_links():
    button = Button(
        name="{{ name }}님 상담",
        link="{{ link }}",
        link_pc="https://shop.example/pc",
        android="shop://{{ points }}",
        ios="shop://ios",
        kind=ButtonKind.APP,
    )
    assert read(a_kakao_campaign(None, buttons=(button,))).buttons == (
        MessageButton(
            name="춘향님 상담",
            link="https://shop.example/%ED%95%9C%EC%9A%B0",
            link_pc="https://shop.example/pc",
            android="shop://30",
            ios="shop://ios",
            kind=ButtonKind.APP,
        ),
    )


def test_an_advertisement_in_a_bubble_without_a_body_gets_nothing_added():
    opt_out = {KAKAO: {"ko": "수신거부: 채널 차단"}}
    content = KakaoContent(header="가을")
    for bubble in Bubble:
        campaign = a_kakao_campaign(content, body=None, bubble=bubble)
        sender = replace(campaign.sender, opt_out=opt_out)
        body = read(replace(campaign, sender=sender)).body
        shows = bubble in (Bubble.TEXT, Bubble.IMAGE, Bubble.WIDE, Bubble.PREMIUM_VIDEO)
        assert body == ("수신거부: 채널 차단" if shows else None)


def test_mistakes_in_the_content_have_their_place():
    content = KakaoContent(
        items=(KakaoItem(title="{{ nam }}", image="x", link="{% include 'x' %}"),),
        variables={"이름": "{{ 이름 }}"},
    )
    template = a_kakao_campaign(content).variants[0].template
    fields = tuple(template_fields(template))
    undeclared = [one.at.path for one in undeclared_variables(template, fields)]
    here = ("redefine", "kakao", "ko")
    assert (*here, "items", 0, "title") in undeclared
    assert (*here, "variables", "이름") in undeclared
    assert [one.at.path for one in syntax_problems(fields)] == [(*here, "items", 0, "link")]


def test_what_is_stored_comes_back():
    campaign = a_kakao_campaign(EVERYTHING, buttons=(Button(name="보기", kind=ButtonKind.CONSULT),))
    stored = to_plain(campaign)
    assert from_plain(stored) == campaign
    (variant,) = to_plain(a_kakao_campaign(None))["variants"]
    assert variant["template"]["redefine"]["kakao"]["locales"]["ko"] == {"body": "본문"}


def test_plain_values_leave_out_what_is_empty():
    assert plain_part(KakaoContent(header="가을", items=EVERYTHING.items[1:])) == {
        "header": "가을",
        "items": [
            {
                "title": "햅쌀",
                "image": "https://shop.example/rice.png",
                "link": "https://shop.example",
            }
        ],
    }
    assert plain_part(MessageButton(name="보기", kind=ButtonKind.WEB)) == {
        "name": "보기",
        "kind": "web",
    }
    assert plain_part(None) is None
