"""Texts to a PO file and back: nothing is lost, and nothing broken comes in."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.message.catalog import CatalogFault, read_catalog, translatable, write_catalog
from engine.model.kakao import KakaoCommerce, KakaoContent, KakaoCoupon, KakaoItem
from engine.model.template import Button, Text
from tests.message.factories import KAKAO, SMS, a_template, a_variable

NOW = datetime(2026, 9, 1, 3, 0, tzinfo=UTC)
KO = Text(
    title="{{ name }}님, 추석 특가",
    body="{{ item|josa('을/를') }} 30% 할인된 가격에\n\"만나\" 보세요 \\",
    buttons=(Button(name="보러 가기", link="{{ link }}"), Button(name="닫기")),
)
JA = {
    "t/title": "{{ name }}様、秋夕セール",
    "t/body": "{{ item }}を30%割引で",
    "t/buttons/0/name": "セールを見る",
    "t/buttons/0/link": "{{ link }}",
    "t/buttons/1/name": "閉じる",
    "t/sms/body": "{{ item }} {{ link }}",
}


def shop(ja: Text | None = None):
    return a_template(
        {"ko": KO} if ja is None else {"ko": KO, "ja": ja},
        a_variable("name"),
        a_variable("item", source="derived.item"),
        redefine={SMS: {"ko": Text(body="{{ item }} 특가 {{ link }}")}},
    )


def a_catalog(texts=JA, template=None) -> bytes:
    """What a translator sends back: every text of the export filled in from `texts` by its key."""
    raw = write_catalog([template or shop()], "ko", "ja", "sample-shop", NOW).decode()
    blocks = raw.split("\n\n")
    for number, block in enumerate(blocks):
        for key, text in texts.items():
            if f'msgctxt "{key}"' in block:
                quoted = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
                blocks[number] = block.replace('msgstr ""', f'msgstr "{quoted}"')
    return "\n\n".join(blocks).encode()


def faults(raw: bytes, template=None) -> list[tuple[str, str]]:
    return [(p.kind.value, p.key) for p in read_catalog(raw, [template or shop()], "ko").problems]


def test_a_translator_sees_keys_texts_and_what_to_keep():
    raw = write_catalog([shop()], "ko", "ja", "sample-shop", NOW).decode()
    assert raw.startswith("# sample-shop: ko to ja\n")
    assert 'msgctxt "t/title"\nmsgid "{{ name }}님, 추석 특가"\nmsgstr ""' in raw
    assert "#. keep {{ name }}" in raw
    assert "#: templates/t.yaml" in raw
    assert '"Language: ja\\n"' in raw
    assert "python-format" not in raw
    assert "fuzzy" not in raw


def test_what_a_translator_sends_back_is_taken():
    found = read_catalog(a_catalog(), [shop()], "ko")
    assert found.problems == ()
    assert found.locale == "ja"
    assert {place.key: text for place, text in found.texts.items()} == JA


def test_what_is_translated_already_is_exported_with_it():
    ja = Text(title="{{ name }}様", body="{{ item }}", buttons=(Button(name="見る"),))
    raw = write_catalog([shop(ja)], "ko", "ja", "sample-shop", NOW)
    found = read_catalog(raw, [shop(ja)], "ko")
    assert {place.key: text for place, text in found.texts.items()} == {
        "t/title": "{{ name }}様",
        "t/body": "{{ item }}",
        "t/buttons/0/name": "見る",
    }
    assert faults(raw, shop(ja)) == [("missing", "t/buttons/1/name"), ("missing", "t/sms/body")]


@pytest.mark.parametrize(
    ("key", "text", "kind", "message"),
    [
        ("t/title", "秋夕セール", "placeholder", "the translation of `t/title` lost `{{ name }}`"),
        ("t/title", "{{ name }}{{ nmae }}", "placeholder", "reads `nmae`, which is not declared"),
        ("t/title", "{{ name }", "syntax", "the translation of `t/title`: the template cannot"),
        ("t/title", "{{ name|uper }}", "syntax", "there is no filter `uper`"),
        ("t/title", "{{ name.__class__ }}", "syntax", "`__class__` is not available"),
        ("t/sms/body", "{{ item }}", "placeholder", "lost `{{ link }}`"),
        ("t/body", "", "missing", "`t/body` is not translated"),
    ],
)
def test_a_translation_that_breaks_something_is_left_out(key, text, kind, message):
    found = read_catalog(a_catalog({**JA, key: text}), [shop()], "ko")
    assert [(p.kind, p.key) for p in found.problems] == [(kind, key)]
    assert message in found.problems[0].message
    assert {place.key for place in found.texts} == set(JA) - {key}


def test_what_the_file_says_already_was_decided_there():
    """A Japanese sentence may do without the name: who writes the file knows."""
    ja = Text(
        title="秋夕セール", body="{{ item }}", buttons=(Button(name="見る"), Button(name="閉じる"))
    )
    raw = write_catalog([shop(ja)], "ko", "ja", "sample-shop", NOW)
    assert faults(raw, shop(ja)) == [("missing", "t/sms/body")]
    assert faults(raw, shop()) == [("placeholder", "t/title"), ("missing", "t/sms/body")]


def test_another_filter_and_another_order_are_the_translators_business():
    texts = {**JA, "t/body": "30% off {{ item|upper }}{% if name == 'x' %}!{% endif %}"}
    assert faults(a_catalog(texts)) == []


def test_a_text_that_changed_since_the_export_is_told():
    raw = a_catalog().replace("추석 특가".encode(), "한가위 특가".encode())
    assert faults(raw) == [("stale", "t/title")]


def test_keys_that_come_and_go_are_told():
    raw = a_catalog().replace(b't/title"', b't/headline"')
    assert faults(raw) == [("unknown", "t/headline"), ("missing", "t/title")]


def test_an_unsure_translation_is_not_taken():
    raw = a_catalog().replace(b'msgctxt "t/title"', b'#, fuzzy\nmsgctxt "t/title"')
    assert faults(raw) == [("unsure", "t/title")]


BUBBLE = Text(
    body="{{ name }}님 추천",
    image="https://shop.example/{{ item|urlencode }}.png",
    buttons=(Button(name="보기", link="{{ link }}", android="shop://sale"),),
    kakao=KakaoContent(
        header="이번 주",
        items=(
            KakaoItem(title="햅쌀", image="https://shop.example/rice.png", link="{{ link }}"),
            KakaoItem(title="송편", image="https://shop.example/cake.png", link="{{ link }}"),
        ),
        coupon=KakaoCoupon(title="3000원 할인 쿠폰", description="오늘만", link="{{ link }}"),
        commerce=KakaoCommerce(title="한우", regular_price="30000"),
        variables={"link": "{{ name }}님"},
    ),
)


def a_bubble(ja: Text | None = None):
    texts = {"ko": BUBBLE} if ja is None else {"ko": BUBBLE, "ja": ja}
    return a_template(
        {"ko": Text(body="본문")},
        a_variable("name"),
        a_variable("item", source="derived.item"),
        redefine={KAKAO: texts},
    )


def test_addresses_and_prices_are_filled_in_and_marked_as_no_texts():
    raw = write_catalog([a_bubble()], "ko", "ja", "sample-shop", NOW).decode()
    address = "#. an address, no text: keep it, or write the one for this language\n"
    assert f"{address}#. keep {{{{ item }}}}\n" in raw
    assert (
        'msgctxt "t/kakao/items/1/image"\nmsgid "https://shop.example/cake.png"\n'
        'msgstr "https://shop.example/cake.png"'
    ) in raw
    assert "#. a number, no text: keep it\n" in raw
    # A template's own variable may be called like a field: what fills it is a text.
    assert 'msgctxt "t/kakao/variables/link"\nmsgid "{{ name }}님"\nmsgstr ""' in raw


def test_a_bubble_comes_back_whole():
    texts = {
        "t/body": "本文",
        "t/kakao/body": "{{ name }}様へ",
        "t/kakao/buttons/0/name": "見る",
        "t/kakao/header": "今週",
        "t/kakao/items/0/title": "新米",
        "t/kakao/items/1/title": "餅",
        "t/kakao/coupon/title": "3000원 할인 쿠폰",
        "t/kakao/coupon/description": "本日限り",
        "t/kakao/commerce/title": "韓牛",
        "t/kakao/variables/link": "{{ name }}様",
    }
    found = read_catalog(a_catalog(texts, a_bubble()), [a_bubble()], "ko")
    assert found.problems == ()
    taken = {place.key: text for place, text in found.texts.items()}
    every = {place.key: text for place, text in translatable(a_bubble(), "ko")}
    assert taken == {**every, **texts}


def test_an_address_that_the_translator_took_out_is_no_problem():
    raw = a_catalog({"t/body": "本文", "t/kakao/body": "{{ name }}様"}, a_bubble()).replace(
        b'msgstr "https://shop.example/cake.png"', b'msgstr ""'
    )
    found = read_catalog(raw, [a_bubble()], "ko")
    assert "t/kakao/items/1/image" not in {problem.key for problem in found.problems}
    assert "t/kakao/items/1/image" not in {place.key for place in found.texts}


def test_an_address_has_to_keep_its_placeholders():
    raw = write_catalog([a_bubble()], "ko", "ja", "sample-shop", NOW).replace(
        b'msgstr "https://shop.example/{{ item|urlencode }}.png"',
        b'msgstr "https://shop.example/ja.png"',
    )
    assert ("placeholder", "t/kakao/image") in faults(raw, a_bubble())


def test_a_language_that_has_no_picture_keeps_none():
    ja = Text(body="{{ name }}様")
    raw = write_catalog([a_bubble(ja)], "ko", "ja", "sample-shop", NOW)
    found = read_catalog(raw, [a_bubble(ja)], "ko")
    assert {place.key for place in found.texts} == {"t/kakao/body"}


def test_pictures_alone_are_no_translation():
    raw = write_catalog([a_bubble()], "ko", "ja", "sample-shop", NOW)
    assert read_catalog(raw, [a_bubble()], "ko").texts == {}


@pytest.mark.parametrize(
    "raw",
    [b"\xff\xfe\x00", b"msgid", b'msgid "a"\nmsgstr "b', b"kind: template\nid: x\n", b"\x00" * 9],
)
def test_what_is_no_catalogue_is_told(raw):
    found = read_catalog(raw, [shop()], "ko")
    assert found.texts == {}
    assert found.problems[0].kind in (CatalogFault.UNREADABLE, CatalogFault.NO_LOCALE)


_HARD = [
    "줄\r\n끝\r",
    "\x85\u2028\u2029",
    '\t\\n\\"',
    "#~ msgid",
    " 앞뒤 ",
    "\n",
    "a\x00b",
    "긴 " * 400,
]
_TEXT = st.one_of(st.text(min_size=1, max_size=60), st.sampled_from(_HARD))
_TEXTS = st.builds(
    Text,
    title=st.none() | _TEXT,
    body=_TEXT,
    image=st.none() | _TEXT,
    buttons=st.lists(st.builds(Button, name=_TEXT, link=st.none() | _TEXT), max_size=3).map(tuple),
)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(["ja", "zh-TW", "pt-BR", "en"]), _TEXTS, _TEXTS)
def test_the_round_trip_loses_nothing(locale, universal, own):
    """Any text at all, also one that is no template: what is exported reads back as it was."""
    template = a_template(
        {"ko": universal, locale: universal}, redefine={KAKAO: {"ko": own, locale: own}}
    )
    raw = write_catalog([template], "ko", locale, "sample-shop", NOW)
    found = read_catalog(raw, [template], "ko")
    assert found.locale == locale
    assert found.problems == ()
    assert found.texts == dict(translatable(template, locale))
