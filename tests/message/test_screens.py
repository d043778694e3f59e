"""What phones and browsers cut off."""

from __future__ import annotations

from typing import Any

import pytest

from engine.message.screens import cut_offs, letters
from engine.model.message import Message, MessageButton
from tests.message.factories import APP, SMS, WEB


def a_message(channel=APP, **changes: Any) -> Message:
    given = {"title": "추석 특가", "body": "오늘만", **changes}
    return Message(channel=channel, locale="ko", jurisdiction="KR", variant="a", **given)


@pytest.mark.parametrize(
    ("text", "wide"),
    [
        ("", 0),
        ("Sale", 4),
        ("추석", 4),
        ("추석 A", 6),
        ("😀", 2),
        ("👩‍🚀", 2),
        ("👍🏽", 2),
        ("e\u0301", 1),
    ],
)
def test_a_hangul_syllable_takes_the_room_of_two_letters(text, wide):
    assert letters(text) == wide


def test_a_korean_title_has_half_the_room():
    title = "(광고) " + "가" * 30
    found = {(cut.screen, cut.field): cut for cut in cut_offs(a_message(title=title))}
    assert set(found) == {
        ("iPhone, lock screen", "title"),
        ("iPhone, banner", "title"),
        ("Android, collapsed", "title"),
        ("Android, expanded", "title"),
    }
    lost = found["iPhone, lock screen", "title"]
    assert lost.shown + lost.lost == title
    assert lost.lost == "가" * 9
    assert lost.source.startswith("mojicnt.click")


def test_the_way_out_at_the_end_of_a_long_body_is_what_a_banner_hides():
    body = "송편과 한우를 만나 보세요. " * 3 + "\n수신거부: 앱 > 설정 > 알림"
    lost = {cut.screen: cut.lost for cut in cut_offs(a_message(body=body))}
    assert set(lost) == {"iPhone, banner", "Android, collapsed"}
    assert lost["iPhone, banner"].endswith("수신거부: 앱 > 설정 > 알림")


def test_an_emoji_is_never_cut_in_two():
    for length in range(1, 120):
        for cut in cut_offs(a_message(title="👩‍🚀" * length)):
            assert cut.shown.count("\u200d") * 3 == len(cut.shown)


def test_a_browser_draws_two_buttons_and_the_start_of_their_names():
    names = ("선물 고르러 가기 지금 바로", "닫기", "나중에")
    buttons = tuple(MessageButton(name=name) for name in names)
    found = [(cut.field, cut.shown, cut.lost) for cut in cut_offs(a_message(WEB, buttons=buttons))]
    assert found == [
        ("buttons", "선물 고르러 가기 지금 바로, 닫기", "나중에"),
        ("buttons[0]", "선물 고르러 가기 지", "금 바로"),
    ]


def test_what_fits_is_not_told_and_other_channels_have_no_screens():
    assert cut_offs(a_message()) == ()
    assert cut_offs(a_message(title=None, body=None)) == ()
    assert cut_offs(a_message(SMS, body="가" * 900)) == ()
