"""Every text once, and words that are what the composer makes of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.lint.every_text import Certainty, EveryText, composed, every_text, shown
from engine.model.channel import Channel
from engine.model.message import Message
from tests.lint.workspaces import open_context, write_workspace

SALE = re.compile("할인")


def _texts(root: Path, *fragments: str) -> tuple[EveryText, ...]:
    return every_text(open_context(write_workspace(root, *fragments))[1])


def _korean(texts: tuple[EveryText, ...], channel: Channel = Channel.APP) -> EveryText:
    return next(one for one in texts if one.locale == "ko" and channel in one.channels)


def test_every_text_comes_once_with_its_channels(tmp_path: Path) -> None:
    texts = _texts(tmp_path, "campaign: {channels: {web: {}}}")
    assert [(one.locale, one.channels) for one in texts] == [
        ("ko", (Channel.APP, Channel.WEB)),
        ("en", (Channel.APP, Channel.WEB)),
        ("ko", (Channel.SMS,)),
        ("en", (Channel.SMS,)),
    ]
    assert texts[0].words == "민지님, 추석 특가\n전 상품 20% 할인"
    assert texts[0].certainty is Certainty.EXACT


def test_drafts_have_no_texts(tmp_path: Path) -> None:
    assert _texts(tmp_path, "campaign: {draft: true}") == ()


@pytest.mark.parametrize(
    ("body", "certainty", "words"),
    [
        ("{{ name }}님께 할인", Certainty.EXACT, "민지님께 할인"),
        ("{{ count }}개", Certainty.EXACT, "3개"),
        ("{{ rate }}배", Certainty.NEAR, "2배"),
        ("{{ name|josa('을/를') }} 위한 할인", Certainty.NEAR, "민지 위한 할인"),
        ("{{ name|upper|trim }}", Certainty.NEAR, "민지"),
        ("{{ name }}{{ name }}", Certainty.OPEN, None),
        ("할{{ name|replace('민지', '인') }}", Certainty.OPEN, None),
        ("{% if name %}할{% endif %}인", Certainty.OPEN, None),
        ("{{ unknown }}", Certainty.OPEN, None),
    ],
)
def test_words_are_worth_what_they_say(
    tmp_path: Path, body: str, certainty: Certainty, words: str | None
) -> None:
    one = _korean(
        _texts(
            tmp_path,
            "template: {variables: {rate: {type: number, from: user.rate, sample: 2.0},"
            " count: {type: integer, from: with.count, sample: 9}},"
            f' locales: {{ko: {{title: 제목, body: "{body}"}}}}}}',
            "campaign: {message: {with: {count: 3}}}",
        )
    )
    assert one.certainty is certainty
    if words is not None:
        assert one.words == f"제목\n{words}"


def test_a_word_that_two_slots_make_is_seen_by_composing(tmp_path: Path) -> None:
    root = write_workspace(
        tmp_path,
        "template: {variables: {a: {type: string, from: user.a, sample: 할},"
        " b: {type: string, from: user.b, sample: 인}},"
        ' locales: {ko: {title: 안내, body: "{{ a }}{{ b }}"}, en: {title: News, body: "{{ a }}"}}}',
    )
    _, context = open_context(root)
    texts = every_text(context)
    touching, english = texts[0], texts[1]
    assert touching.may_say(SALE)
    assert not english.may_say(SALE)
    (found,) = composed(context, touching, "KR")
    assert isinstance(found.composed, Message)
    assert any(SALE.search(words) for _, words in shown(found.composed))


def test_a_slot_and_its_neighbour_make_a_word(tmp_path: Path) -> None:
    fragment = (
        "template: {variables: {a: {type: string, from: user.a, sample: 할}},"
        ' locales: {ko: {title: 안내, body: "{{ a }}인"}}}'
    )
    assert _korean(_texts(tmp_path, fragment)).may_say(SALE)


@pytest.mark.parametrize("channel", [Channel.APP, Channel.SMS])
def test_exact_words_stand_in_the_composed_message(tmp_path: Path, channel: Channel) -> None:
    _, context = open_context(write_workspace(tmp_path))
    for one in context.once(every_text):
        if channel not in one.channels:
            continue
        (found,) = composed(context, one, "KR")
        message = found.composed
        assert isinstance(message, Message)
        read = "\n".join(words for _, words in shown(message))
        assert one.certainty is Certainty.EXACT or channel is Channel.SMS
        for line in one.words.splitlines():
            assert line in read


def test_links_and_pictures_are_not_words(tmp_path: Path) -> None:
    texts = _texts(
        tmp_path,
        "campaign: {channels: {kakao: {product: brand}}}",
        "template: {redefine: {kakao: {ko: {body: 추석, image: 'https://shop.example/할인.jpg',"
        " buttons: [{name: 보러 가기, link: 'https://shop.example/할인'}],"
        " header: 특가}}}}",
    )
    one = _korean(texts, Channel.KAKAO)
    assert one.words == "추석\n보러 가기\n특가"
    assert not one.may_say(SALE)
