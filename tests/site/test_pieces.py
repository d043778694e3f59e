"""Where a text is cut: what a folded notification shows, what a limit allows, what is hidden."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.site.pieces import (
    Piece,
    Room,
    allowed_until,
    columns,
    is_hidden,
    marked,
    pieces,
    shown_until,
)

FAMILY = "👨\u200d👩\u200d👧"
SCOTLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"


@pytest.mark.parametrize(
    ("text", "wide"),
    [("", 0), ("abc", 3), ("추석", 4), ("秋夕", 4), ("e\u0301", 1), ("🎁", 2), ("a\u200db", 2)],
)
def test_a_hangul_syllable_takes_two_columns(text: str, wide: int) -> None:
    assert columns(text) == wide


@pytest.mark.parametrize(
    ("text", "room", "shown"),
    [
        ("추석특가", Room(8, 1), "추석특가"),
        ("추석특가", Room(7, 1), "추석특"),
        ("추석 특가", Room(8, 1), "추석 특"),
        ("추석 특가 안내", Room(8, 2), "추석 특가 안"),
        # A word that does not fit goes to the next line whole; only the last line is cut in a word.
        ("now until Sunday", Room(8, 2), "now until Su"),
        ("now until Sunday", Room(8, 3), "now until Sunday"),
        ("한 줄\n둘째 줄", Room(20, 1), "한 줄"),
        ("한 줄\n둘째 줄", Room(20, 2), "한 줄\n둘째 줄"),
        # Japanese breaks between any two signs, Korean only at blanks.
        ("秋夕ギフト特集", Room(5, 3), "秋夕ギフト特"),
        ("가나다라마바사", Room(6, 2), "가나다라마바"),
    ],
)
def test_a_folded_notification_shows_whole_lines(text: str, room: Room, shown: str) -> None:
    assert text[: shown_until(text, room)] == shown


def test_without_a_fold_everything_is_shown() -> None:
    assert shown_until("가" * 5000, None) == 5000


def test_a_cut_never_parts_an_emoji() -> None:
    text = "ab" + FAMILY
    assert [shown_until(text, Room(wide, 1)) for wide in (2, 3, 4, 6)] == [2, 2, 2, 2]
    assert text[: shown_until("e\u0301e\u0301", Room(1, 1))] == "ab"


@pytest.mark.parametrize(
    ("limit", "unit", "fits"),
    [(5, "bytes", "(광고"), (5, "characters", "(광고) "), (99, "bytes", None)],
)
def test_bytes_are_those_of_a_text_message(limit: int, unit: str, fits: str | None) -> None:
    text = "(광고) 추석"
    assert text[: allowed_until(text, limit, unit)] == (text if fits is None else fits)


def test_the_label_is_a_piece_of_its_own() -> None:
    assert pieces("(광고) 추석", labelled=True) == (Piece("(광고)", "label"), Piece(" 추석"))
    assert pieces("(광고) 추석") == (Piece("(광고) 추석"),)


def test_what_is_folded_away_and_what_is_too_long_are_told_apart() -> None:
    found = pieces("가나다라", Room(4, 1), 3)
    assert found == (Piece("가나"), Piece("다", beyond=True), Piece("라", beyond=True, over=True))


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("a\u202eb", [1]),
        ("\u200b광고", [0]),
        ("a\u200db", [1]),
        ("soft\u00adhyphen", [4]),
        ("\ufeffx", [0]),
        ("a\x00b\u2028c", [1, 3]),
        ("줄\n바꿈", []),
        (FAMILY, []),
        (SCOTLAND, []),
        ("❤\ufe0f", []),
    ],
)
def test_signs_that_show_nothing_are_found(text: str, hidden: list[int]) -> None:
    assert [index for index in range(len(text)) if is_hidden(text, index)] == hidden


def test_a_hidden_sign_is_named() -> None:
    assert tuple(marked("수신\u202e거부", "added")) == (
        Piece("수신", "added"),
        Piece("U+202E", "hidden"),
        Piece("거부", "added"),
    )


@given(st.text(max_size=60), st.integers(2, 12), st.integers(1, 3))
def test_no_character_is_lost(text: str, wide: int, lines: int) -> None:
    found = pieces(text, Room(wide, lines))
    kept = "".join(piece.text for piece in found if piece.kind != "hidden")
    assert kept == "".join(c for i, c in enumerate(text) if not is_hidden(text, i))
    folded = [piece.beyond for piece in found]
    assert folded == sorted(folded)


@given(st.text(max_size=60), st.integers(2, 12), st.integers(1, 3))
def test_a_shown_line_is_never_wider_than_the_room(text: str, wide: int, lines: int) -> None:
    shown = text[: shown_until(text, Room(wide, lines))]
    assert columns(shown.replace("\n", "").replace(" ", "")) <= wide * lines
