"""What every bubble of KakaoTalk needs, carries and refuses."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.message.kakao_bubbles import problems
from engine.message.kakao_limits import BUBBLES
from engine.message.kakao_problem import KakaoProblemKind as Kind
from engine.message.limits import measure
from engine.model.channel import Channel
from engine.model.kakao import (
    Bubble,
    ButtonKind,
    KakaoButton,
    KakaoCommerce,
    KakaoContent,
    KakaoCoupon,
    KakaoItem,
    KakaoVideo,
    bubble_text,
)
from engine.model.message import MessageButton
from tests.message.kakao import (
    COUPON,
    FEED_CARD,
    INTRO,
    ITEMS,
    PAGE,
    PICTURE,
    PRICE,
    SHOP_CARD,
    VIDEO,
    a_bubble,
    an_alimtalk,
)

B = Bubble
LIST = B.WIDE_ITEM_LIST


def web(name: str = "보기", **changes: object) -> MessageButton:
    return MessageButton(**{"name": name, "link": PAGE, **changes})


def found(bubble: Bubble, **changes):
    """Return the problems as (kind, path, sure)."""
    return [(one.kind, one.path, one.sure) for one in problems(*a_bubble(bubble, **changes))]


@pytest.mark.parametrize("bubble", Bubble)
def test_what_a_bubble_is_made_for_has_no_problem(bubble):
    message, settings = a_bubble(bubble)
    assert problems(message, settings) == ()
    assert not any(size.exceeded for size in measure(message, settings))


def test_every_bubble_has_a_shape():
    assert BUBBLES.keys() == set(Bubble)


def test_other_channels_have_no_bubbles():
    message, settings = a_bubble(B.WIDE, image=None)
    assert problems(replace(message, channel=Channel.APP), settings) == ()


@pytest.mark.parametrize(
    ("bubble", "part", "changes"),
    [
        (B.TEXT, "body", {"body": None}),
        (B.IMAGE, "image", {"image": None}),
        (B.WIDE, "body", {"body": None}),
        (LIST, "header", {"header": None}),
        (LIST, "items", {"items": ()}),
        (B.COMMERCE, "image", {"image": None}),
        (B.COMMERCE, "commerce", {"commerce": None, "additional": None}),
        (B.COMMERCE, "buttons", {"buttons": ()}),
        (B.CAROUSEL_FEED, "cards", {"cards": ()}),
        (B.CAROUSEL_COMMERCE, "cards", {"cards": ()}),
        (B.PREMIUM_VIDEO, "video", {"video": None}),
    ],
)
def test_a_bubble_without_what_it_needs(bubble, part, changes):
    (problem,) = problems(*a_bubble(bubble, **changes))
    assert problem.message == f"the bubble `{bubble}` needs `{part}`"
    assert problem.kind is Kind.PART
    assert problem.path == ()


@pytest.mark.parametrize(
    ("bubble", "part", "value"),
    [
        (B.TEXT, "image", PICTURE),
        (B.TEXT, "header", "가을"),
        (B.TEXT, "items", ITEMS),
        (B.TEXT, "variables", {"이름": "춘향"}),
        (B.IMAGE, "commerce", PRICE),
        (B.WIDE, "additional", "무료 배송"),
        (LIST, "body", "본문"),
        (LIST, "title", "제목"),
        (LIST, "image_link", PAGE),
        (B.COMMERCE, "emphasis", "주문 완료"),
        (B.CAROUSEL_FEED, "coupon", COUPON),
        (B.CAROUSEL_FEED, "intro", INTRO),
        (B.CAROUSEL_FEED, "buttons", (web(),)),
        (B.CAROUSEL_COMMERCE, "video", VIDEO),
        (B.PREMIUM_VIDEO, "more", PAGE),
    ],
)
def test_a_bubble_with_what_it_does_not_show(bubble, part, value):
    changes = {"intro": value, "cards": (FEED_CARD,)} if part == "intro" else {part: value}
    (problem,) = problems(*a_bubble(bubble, **changes))
    shown = "body" if part == "title" else part
    assert problem.message == f"the bubble `{bubble}` does not show `{shown}`"
    assert problem.path == (shown,)
    assert "`" in (problem.hint or "")


@pytest.mark.parametrize(
    ("bubble", "path", "most", "make"),
    [
        (B.TEXT, ("body",), 1_300, lambda text: {"body": text}),
        (B.WIDE, ("body",), 76, lambda text: {"body": text}),
        (B.PREMIUM_VIDEO, ("body",), 76, lambda text: {"body": text}),
        (B.PREMIUM_VIDEO, ("header",), 20, lambda text: {"header": text}),
        (LIST, ("header",), 20, lambda text: {"header": text}),
        (LIST, ("items", 0, "title"), 25, lambda text: {"items": (_item(text), *ITEMS[1:])}),
        (LIST, ("items", 2, "title"), 30, lambda text: {"items": _in(ITEMS, 2, _item(text))}),
        (B.COMMERCE, ("additional",), 34, lambda text: {"additional": text}),
        (
            B.COMMERCE,
            ("commerce", "title"),
            30,
            lambda text: {"commerce": replace(PRICE, title=text)},
        ),
        (
            B.CAROUSEL_FEED,
            ("cards", 1, "header"),
            20,
            lambda text: {"cards": (FEED_CARD, replace(FEED_CARD, header=text))},
        ),
        (
            B.CAROUSEL_FEED,
            ("cards", 0, "body"),
            180,
            lambda text: {"cards": (replace(FEED_CARD, body=text), FEED_CARD)},
        ),
        (
            B.CAROUSEL_COMMERCE,
            ("cards", 0, "additional"),
            34,
            lambda text: {"cards": (replace(SHOP_CARD, additional=text),)},
        ),
        (
            B.CAROUSEL_COMMERCE,
            ("intro", "header"),
            20,
            lambda text: {"intro": replace(INTRO, header=text)},
        ),
        (
            B.CAROUSEL_COMMERCE,
            ("intro", "body"),
            50,
            lambda text: {"intro": replace(INTRO, body=text)},
        ),
        (B.TEXT, ("buttons", 0, "name"), 14, lambda text: {"buttons": (web(text),)}),
        (B.WIDE, ("buttons", 0, "name"), 8, lambda text: {"buttons": (web(text),)}),
        (
            B.TEXT,
            ("coupon", "description"),
            12,
            lambda text: {"coupon": replace(COUPON, description=text)},
        ),
        (
            LIST,
            ("coupon", "description"),
            18,
            lambda text: {"coupon": replace(COUPON, description=text)},
        ),
    ],
)
def test_lengths_end_where_the_vendors_say_and_are_measured_there(bubble, path, most, make):
    assert found(bubble, **make("가" * most)) == []
    message, settings = a_bubble(bubble, **make("가" * (most + 1)))
    (problem,) = problems(message, settings)
    assert (problem.kind, problem.path, problem.sure) == (Kind.LENGTH, path, True)
    assert f"{most:,}" in problem.message
    over = [size for size in measure(message, settings) if size.exceeded and size.hard]
    assert [(size.value, size.limit) for size in over] == [(most + 1, most)]


def _item(title: str | None) -> KakaoItem:
    return KakaoItem(title=title, image=PICTURE, link=PAGE)


def _in(items, at, item):
    return (*items[:at], item, *items[at + 1 :])


def test_an_image_bubble_is_shorter_with_some_vendors():
    assert found(B.IMAGE, body="가" * 400) == []
    assert found(B.IMAGE, body="가" * 401) == [(Kind.LENGTH, ("body",), False)]
    assert found(B.IMAGE, body="가" * 1_301) == [(Kind.LENGTH, ("body",), True)]
    assert found(B.IMAGE, body="가\n" * 30 + "나") == [(Kind.LENGTH, ("body",), False)]


@pytest.mark.parametrize(
    ("bubble", "changes", "path"),
    [
        (B.TEXT, {"body": "가\n" * 100}, ("body",)),
        (B.WIDE, {"body": "가\n나\n다"}, ("body",)),
        (LIST, {"header": "가을\n장바구니"}, ("header",)),
        (LIST, {"items": _in(ITEMS, 1, _item("가\n나\n다"))}, ("items", 1, "title")),
        (
            B.CAROUSEL_FEED,
            {"cards": (replace(FEED_CARD, body="가\n나\n다\n라"), FEED_CARD)},
            ("cards", 0, "body"),
        ),
    ],
)
def test_line_breaks_are_counted(bubble, changes, path):
    (problem,) = problems(*a_bubble(bubble, **changes))
    assert problem.path == path
    assert "line breaks" in problem.message


def test_a_title_is_the_first_line_of_the_text():
    message, settings = a_bubble(B.WIDE, title="가" * 40, body="나" * 40)
    assert bubble_text(message) == "가" * 40 + "\n" + "나" * 40
    assert [one.message for one in problems(message, settings)] == [
        "`body` takes 81 characters; the bubble `wide` carries 76"
    ]
    assert {size.name for size in measure(message, settings) if size.exceeded} == {"title_and_body"}


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (2, [(Kind.COUNT, ("items",), True)]),
        (3, [(Kind.COUNT, ("items",), False)]),
        (4, []),
        (5, [(Kind.COUNT, ("items",), True)]),
    ],
)
def test_a_list_has_four_rows_and_three_with_some_vendors(count, expected):
    assert found(LIST, items=(ITEMS * 2)[:count]) == expected


def test_the_first_row_may_go_without_words_and_no_other():
    assert found(LIST, items=(_item(None), *ITEMS[1:])) == []
    assert found(LIST, items=_in(ITEMS, 1, _item(None))) == [(Kind.PART, ("items", 1), True)]


@pytest.mark.parametrize(("intro", "least", "most"), [(None, 2, 6), (INTRO, 1, 5)])
def test_a_carousel_has_so_many_cards(intro, least, most):
    def cards(count):
        return found(B.CAROUSEL_COMMERCE, intro=intro, cards=(SHOP_CARD,) * count)

    assert cards(least) == cards(most) == []
    assert cards(most + 1) == [(Kind.COUNT, ("cards",), True)]
    if least > 1:
        assert cards(least - 1) == [(Kind.COUNT, ("cards",), True)]


@pytest.mark.parametrize(
    ("bubble", "card", "says"),
    [
        (B.CAROUSEL_FEED, replace(FEED_CARD, header=None), "needs `header`"),
        (B.CAROUSEL_FEED, replace(FEED_CARD, buttons=()), "needs `buttons`"),
        (B.CAROUSEL_FEED, replace(FEED_CARD, commerce=PRICE), "does not show `commerce`"),
        (B.CAROUSEL_COMMERCE, replace(SHOP_CARD, commerce=None), "needs `commerce`"),
        (B.CAROUSEL_COMMERCE, replace(SHOP_CARD, body="본문"), "does not show `body`"),
    ],
)
def test_cards_have_parts_of_their_own(bubble, card, says):
    (problem,) = problems(*a_bubble(bubble, intro=None, cards=(card, card)[:1] * 2))[:1]
    assert problem.message == f"`cards[0]` of the bubble `{bubble}` {says}"
    assert problem.path[:2] == ("cards", 0)


@pytest.mark.parametrize(
    ("bubble", "coupon", "most"),
    [
        (B.TEXT, None, 5),
        (B.TEXT, COUPON, 4),
        (B.IMAGE, COUPON, 4),
        (B.WIDE, COUPON, 2),
        (LIST, None, 2),
        (B.COMMERCE, None, 2),
        (B.PREMIUM_VIDEO, None, 1),
    ],
)
def test_buttons_are_counted_with_the_coupon(bubble, coupon, most):
    assert found(bubble, coupon=coupon, buttons=(web(),) * most) == []
    assert found(bubble, coupon=coupon, buttons=(web(),) * (most + 1)) == [
        (Kind.COUNT, ("buttons",), True)
    ]


def test_products_and_cards_have_links_only():
    consult = web(kind=ButtonKind.CONSULT)
    assert found(B.COMMERCE, buttons=(consult,)) == [(Kind.BUTTON, ("buttons", 0, "kind"), True)]
    assert found(B.WIDE, buttons=(consult,)) == []
    card = replace(FEED_CARD, buttons=(KakaoButton(name="상담", kind=ButtonKind.CONSULT),))
    assert found(B.CAROUSEL_FEED, cards=(card, FEED_CARD)) == [
        (Kind.BUTTON, ("cards", 0, "buttons", 0, "kind"), True)
    ]


def test_only_an_alimtalk_tracks_a_delivery():
    delivery = web("배송 조회", link=None, kind=ButtonKind.DELIVERY)
    assert found(B.TEXT, buttons=(delivery,)) == [(Kind.BUTTON, ("buttons", 0, "kind"), True)]
    assert problems(*an_alimtalk(buttons=(delivery,))) == ()


@pytest.mark.parametrize(
    ("kind", "template_code", "expected"),
    [
        (ButtonKind.CHANNEL_ADD, None, [(Kind.MODE, ("buttons", 0, "kind"), False)]),
        (ButtonKind.CHANNEL_ADD, "B01", []),
        (ButtonKind.CONSULT, None, []),
        (ButtonKind.CONSULT, "B01", [(Kind.MODE, ("buttons", 0, "kind"), True)]),
        (ButtonKind.BOT_SWITCH, "B01", [(Kind.MODE, ("buttons", 0, "kind"), True)]),
    ],
)
def test_free_form_and_templates_take_different_buttons(kind, template_code, expected):
    settings = {"template_code": template_code}
    button = web("채널 추가", link=None, kind=kind)
    assert found(B.TEXT, buttons=(button,), settings=settings) == expected


def test_a_button_leads_somewhere():
    def one(**changes):
        return found(B.TEXT, buttons=(web(**{"link": None, **changes}),))

    here = ("buttons", 0)
    assert one() == [(Kind.BUTTON, here, True)]
    assert one(kind=ButtonKind.APP) == [(Kind.BUTTON, here, True)]
    assert one(android="shop://a") == [(Kind.BUTTON, here, False)]
    assert one(android="shop://a", ios="shop://a") == []
    assert one(kind=ButtonKind.BOT_KEYWORD) == []
    assert one(kind=ButtonKind.WEB, name="", link=PAGE) == [(Kind.LENGTH, (*here, "name"), True)]
    only_page = problems(*an_alimtalk(buttons=(web(kind=ButtonKind.APP),)))
    assert [each.message for each in only_page] == [
        "`buttons[0]` is a button `app` and needs `android` and `ios`"
    ]


@pytest.mark.parametrize(
    "title",
    [
        "1원 할인 쿠폰",
        "99999999원 할인 쿠폰",
        "1% 할인 쿠폰",
        "100% 할인 쿠폰",
        "배송비 할인 쿠폰",
        "첫구매 무료 쿠폰",
        "가나다라마바사 무료 쿠폰",
        "포인트 UP 쿠폰",
    ],
)
def test_a_coupon_has_one_of_five_titles(title):
    assert found(B.TEXT, coupon=replace(COUPON, title=title)) == []


@pytest.mark.parametrize(
    "title",
    [
        "겨울 쿠폰",
        "0원 할인 쿠폰",
        "100000000원 할인 쿠폰",
        "5,000원 할인 쿠폰",
        "101% 할인 쿠폰",
        "0% 할인 쿠폰",
        "가나다라마바사아 무료 쿠폰",
        "첫 구매 무료 쿠폰",
        "포인트 up 쿠폰",
        "30% 할인 쿠폰 ",
        "٣٠% 할인 쿠폰",
    ],
)
def test_a_coupon_has_no_other_title(title):
    assert found(B.TEXT, coupon=replace(COUPON, title=title)) == [
        (Kind.COUPON, ("coupon", "title"), True)
    ]


@pytest.mark.parametrize(
    "link",
    ["https:///x", "shop.example/a", "https://shop", "https://shop.example/a b", "javascript:1"],
)
def test_a_page_has_an_address_that_kakao_opens(link):
    here = ("buttons", 0, "link")
    assert found(B.TEXT, buttons=(web(link=link),)) == [(Kind.LINK, here, True)]
    assert found(B.COMMERCE, image=link) == [(Kind.LINK, ("image",), True)]


def test_addresses_with_values_and_ports_are_addresses():
    for link in ("https://shop.example/#{id}?q=한우", "HTTP://a.b.c:8080/x", "https://a.kr?x=1"):
        assert found(B.TEXT, buttons=(web(link=link),)) == []


def test_links_are_bounded_by_the_product():
    long = f"{PAGE}?{'a' * 600}"
    assert found(B.TEXT, buttons=(web(link=long),)) == []
    (problem,) = problems(*an_alimtalk(buttons=(web(link=long),)))
    assert "500" in problem.message
    assert found(B.TEXT, buttons=(web(link=long * 2),)) == [
        (Kind.LENGTH, ("buttons", 0, "link"), True)
    ]


def test_a_video_is_one_of_kakao_tv():
    video = KakaoVideo(url="https://youtu.be/1")
    assert found(B.PREMIUM_VIDEO, video=video) == [(Kind.LINK, ("video", "url"), True)]


def price(regular: str, paid=None, rate=None, fixed=None) -> KakaoCommerce:
    return KakaoCommerce(
        title="한우",
        regular_price=regular,
        discount_price=paid,
        discount_rate=rate,
        discount_fixed=fixed,
    )


@pytest.mark.parametrize(
    ("commerce", "expected"),
    [
        (price("89000"), None),
        (price("89000", "62300", "30"), None),
        (price("19900", "13900", "30"), None),
        (price("75000", "70000", fixed="5000"), None),
        (price("89,000"), ("regular_price", True)),
        (price("89000원"), ("regular_price", True)),
        (price("89000", "-1", "30"), ("discount_price", True)),
        (price("٨٩٠٠٠"), ("regular_price", True)),
        (price(""), ("regular_price", True)),
        (price("123456789"), ("regular_price", False)),
        (price("89000", "62300"), ("", True)),
        (price("89000", None, "30"), ("", True)),
        (price("89000", "62300", "30", "26700"), ("", True)),
        (price("89000", "0", "101"), ("discount_rate", True)),
        (price("89000", "62300", "50"), ("", False)),
        (price("75000", "71000", fixed="5000"), ("", False)),
    ],
)
def test_prices_are_digits_that_fit_together(commerce, expected):
    got = found(B.COMMERCE, commerce=commerce)
    if expected is None:
        assert got == []
    else:
        name, sure = expected
        assert got == [(Kind.PRICE, ("commerce", *([name] if name else [])), sure)]


def test_some_bubbles_reach_friends_only():
    assert found(LIST, settings={"targeting": "M"}) == [(Kind.TARGETING, (), False)]
    assert found(B.TEXT, settings={"targeting": "M"}) == []


def test_an_alimtalk_shows_what_its_template_shows():
    assert problems(*an_alimtalk()) == ()
    assert problems(*an_alimtalk(header="주문 안내", emphasis="주문이 완료되었습니다")) == ()
    message, settings = an_alimtalk(coupon=COUPON)
    (problem,) = problems(message, settings)
    assert problem.message == "an AlimTalk does not show `coupon`"
    empty = replace(message, body=None, kakao=None)
    assert [one.kind for one in problems(empty, settings)] == [Kind.PART]
    filled = replace(empty, kakao=KakaoContent(variables={"이름": "춘향"}))
    assert problems(filled, settings) == ()
    long = replace(filled, kakao=KakaoContent(header="가" * 17, variables={"이름": "춘향"}))
    assert [one.path for one in problems(long, settings)] == [("header",)]


def test_a_template_of_the_vendor_brings_its_own_texts():
    message, settings = a_bubble(B.WIDE, settings={"template_code": "B01"})
    filled = replace(message, body=None, image=None, kakao=KakaoContent(variables={"이름": "춘향"}))
    assert problems(filled, settings) == ()


def test_a_coupon_says_what_it_is_for():
    coupon = KakaoCoupon(title="30% 할인 쿠폰", description="")
    assert found(B.TEXT, coupon=coupon) == [(Kind.LENGTH, ("coupon", "description"), True)]
