"""Before and after as one text: nothing is lost, and long texts cost no time."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from engine.model.channel import Channel
from engine.model.kakao import ButtonKind, KakaoCommerce, KakaoContent, KakaoItem
from engine.model.message import Message, MessageButton
from engine.site.difference import ChangedField, changed_fields, compare
from engine.site.pieces import Piece

WORDS = st.lists(
    st.sampled_from(["추석", "특가", "30%", " ", "\n", "(광고)", "한우를"]), max_size=12
)


def a_message(title: str | None, *buttons: MessageButton) -> Message:
    return Message(
        channel=Channel.APP,
        locale="ko",
        jurisdiction="KR",
        variant="default",
        title=title,
        body="본문",
        buttons=buttons,
    )


def test_words_are_compared_and_not_letters() -> None:
    assert list(compare("오늘만 20% 할인", "오늘만 30% 할인")) == [
        Piece("오늘만 "),
        Piece("20", "gone"),
        Piece("30", "added"),
        Piece("% 할인"),
    ]


@given(WORDS, WORDS)
def test_both_texts_can_be_read_back(before: list[str], after: list[str]) -> None:
    old, new = "".join(before), "".join(after)
    found = list(compare(old, new))
    assert "".join(piece.text for piece in found if piece.kind != "added") == old
    assert "".join(piece.text for piece in found if piece.kind != "gone") == new


def test_very_long_texts_stand_one_after_the_other() -> None:
    old, new = "가 " * 2_500, "나 " * 2_500
    assert [(piece.kind, piece.text) for piece in compare(old, new)] == [
        ("gone", old),
        ("added", new),
    ]


def test_only_parts_that_differ_are_told() -> None:
    before = a_message("추석", MessageButton(name="보기", link="https://shop.example/1"))
    after = a_message(None, MessageButton(name="보기"))
    assert changed_fields(before, before) == ()
    title, buttons = changed_fields(before, after)
    assert title == ChangedField("title", (Piece("추석", "gone"),))
    assert buttons.name == "buttons"
    assert {piece.kind for piece in buttons.pieces} == {"plain", "gone"}


def test_a_message_that_is_gone_is_all_gone() -> None:
    found = changed_fields(a_message("추석"), None)
    assert [(field.name, field.pieces[0].kind) for field in found] == [
        ("title", "gone"),
        ("body", "gone"),
    ]


def test_what_only_a_bubble_shows_is_compared() -> None:
    def bubble(title: str, price: str) -> Message:
        button = MessageButton(name="보기", link="https://shop.example", kind=ButtonKind.WEB)
        return replace(
            a_message("제목", button),
            kakao=KakaoContent(
                header="이번 주",
                items=(KakaoItem(title=title, image="a.png", link="https://shop.example"),),
                commerce=KakaoCommerce(title="한우", regular_price=price),
            ),
        )

    (changed,) = changed_fields(bubble("햅쌀", "30000"), bubble("송편", "28000"))
    assert changed.name == "bubble"
    kinds = {kind: [p.text for p in changed.pieces if p.kind == kind] for kind in ("gone", "added")}
    assert kinds == {"gone": ["햅쌀", "30000"], "added": ["송편", "28000"]}
    assert changed_fields(bubble("햅쌀", "1"), bubble("햅쌀", "1")) == ()


def test_another_kind_of_button_and_a_link_for_computers_are_changes() -> None:
    before = MessageButton(name="보기", link="https://shop.example")
    after = replace(before, kind=ButtonKind.WEB, link_pc="https://pc.shop.example")
    (changed,) = changed_fields(a_message("제목", before), a_message("제목", after))
    assert changed.name == "buttons"
