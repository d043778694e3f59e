"""A thousand people at once read what each of them would read alone."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.message.compose import Composer
from engine.model.legal import LabelPosition, MessageType
from engine.model.link import ActionLink
from engine.model.message import Message, MissingValue, RenderFailure
from engine.model.template import Button, OnMissing, Text, VariableType
from tests.message.factories import (
    APP,
    KAKAO,
    SMS,
    WEB,
    a_campaign,
    a_template,
    a_variable,
)

SOURCES = [
    "{{ name }}님, 100% 할인",
    "{{ item|josa('을/를') }} {{ points|number }}포인트로",
    "(광고) {{ name }}",
    "{{ name }}",
    "{{ points|money('KRW') }} %s %(x)s",
    "{{ at|time }} {{ at|date('M월 d일') }}",
    "{% if points > 10 %}{{ name }}님{% elif name == '민지' %}또 {{ item }}{% endif %}",
    "{% set word = name ~ '님' %}{{ word }} {% for c in item %}{{ loop.index }}{{ c }}{% endfor %}",
    "{% if points > 3 %}{% set name = '손님' %}{% endif %}{{ name }}",
    "{{ 100 / points }}",
    "{{ name[points] }}",
    "{% for c in name %}{{ c }}{% endfor %}",
    "{{ points|round(name) }}",
    "{{ nobody }}",
    "{{ loop.index }}{{ name }}",
    "{{ item|date }}",
    "{{ link }}?u={{ name|urlencode }}",
    "{{ name|replace('a', '" + "b" * 40 + "') }}",
    "고정된 문구",
]
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "user.name": st.one_of(
            st.none(),
            st.sampled_from(
                ["민지", " 길동 ", "😀", "(광고) 왕", "e\u0301", "a" * 1990, "", "줄\n둘", "민지"]
            ),
            st.text(max_size=12),
        ),
        "derived.item": st.one_of(st.none(), st.sampled_from(["쌀", "한우", "LG"]), st.booleans()),
        "user.points": st.one_of(
            st.none(), st.integers(-5, 20), st.sampled_from(["7", "x", 2.5, 10**17])
        ),
        "user.at": st.sampled_from(["2026-09-24T10:00:00Z", "2026-09-24", "무슨 날", None]),
    },
)
ZONES = st.sampled_from([None, "Asia/Seoul", "America/New_York", "Nowhere/At_All"])


def variables():
    return (
        a_variable("name", default="고객"),
        a_variable("item", source="derived.item", on_missing=OnMissing.SKIP),
        a_variable("points", type=VariableType.INTEGER, sample=3),
        a_variable("at", type=VariableType.DATETIME, sample="2026-09-24T10:00:00Z"),
    )


@settings(max_examples=250, deadline=None)
@given(
    channel=st.sampled_from([APP, WEB, KAKAO, SMS]),
    position=st.sampled_from(list(LabelPosition)),
    kind=st.sampled_from(list(MessageType)),
    title=st.one_of(st.none(), st.sampled_from(SOURCES)),
    body=st.one_of(st.none(), st.sampled_from(SOURCES)),
    link=st.sampled_from(["https://shop.example", "https://shop.example/{{ item|urlencode }}"]),
    people=st.lists(st.tuples(VALUES, ZONES), max_size=8),
)
def test_a_batch_says_what_one_by_one_says(channel, position, kind, title, body, link, people):
    button = Button(name="{{ name }} 보기", link="{{ link }}")
    text = Text(title=title, body=body, image="https://i.example/{{ points }}", buttons=(button,))
    template = a_template({"ko": text}, *variables(), universal=(KAKAO, SMS))
    campaign = a_campaign(
        template, ad_label=position, type=kind, action={WEB: (ActionLink(url=link),)}
    )
    rows = [values for values, _ in people]
    zones = [zone for _, zone in people]
    place = (channel, "ko", "KR", "default")
    one = Composer(campaign)
    expected = [one.compose(*place, row, zone) for row, zone in people]
    assert Composer(campaign).compose_many(*place, rows, zones) == expected


def test_one_bad_row_costs_one_row():
    template = a_template(
        {"ko": Text(body="{% if points < 99 %}{{ 100 // points }}{% endif %}원")},
        a_variable("points", type=VariableType.INTEGER, sample=3),
    )
    rows = [{"user.points": points} for points in (4, 0, None, 5, 0)]
    composed = Composer(a_campaign(template)).compose_many(
        KAKAO, "ko", "KR", "default", rows, [None] * 5
    )
    assert composed == [RenderFailure(reason="there is no text in `ko` for kakao")] * 5
    composed = Composer(a_campaign(template)).compose_many(
        APP, "ko", "KR", "default", rows, [None] * 5
    )
    shown = [one.body.split("\n")[0] if isinstance(one, Message) else one for one in composed]
    assert shown == [
        "(광고) 25원",
        RenderFailure(reason="an expression fails: ZeroDivisionError"),
        MissingValue(variable="points", skip=False),
        "(광고) 20원",
        RenderFailure(reason="an expression fails: ZeroDivisionError"),
    ]


def test_a_name_cannot_end_its_row_early():
    """What ends a row is known by what it is, so there is no text that could stand for it."""
    body = "{% if name %}{{ name }}{% endif %}!"
    template = a_template({"ko": Text(body=body)}, a_variable())
    names = ["end_", "rows_", "{{ end_ }}", "\x00", "민지"]
    composed = Composer(a_campaign(template, type=MessageType.INFORMATIONAL)).compose_many(
        APP, "ko", "KR", "default", [{"user.name": name} for name in names], [None] * 5
    )
    shown = [one.body for one in composed if isinstance(one, Message)]
    assert shown == ["end_!", "rows_!", "{{ end_ }}!", "민지!"]


def test_a_message_for_everybody_is_made_once():
    composer = Composer(a_campaign())
    first, second = composer.compose_many(APP, "ko", "KR", "default", [{}, {}], [None, None])
    assert first is second
    assert composer.compose_many(APP, "ko", "KR", "default", [], []) == []


def test_rows_and_zones_are_equally_many():
    with pytest.raises(ValueError, match="1 rows and 0 zones"):
        Composer(a_campaign()).compose_many(APP, "ko", "KR", "default", [{}], [])
