"""The JSON that a browser gets, and the headers beside it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.channels.webpush_body import header_lines, plaintext, preview_body, topic
from engine.model.channel import Channel, Platform
from engine.model.channel_settings import AppSettings, WebSettings
from engine.model.message import MessageButton
from tests.channels.making import a_message, an_envelope


def shown(settings: WebSettings | None = None, **changes: Any) -> dict[str, Any]:
    message = a_message(Channel.WEB, **changes)
    envelope = an_envelope(Channel.WEB, message=message, settings=settings or WebSettings())
    return dict(preview_body(envelope)["message"])


def test_a_message_is_written_in_the_words_of_the_notifications_api() -> None:
    settings = WebSettings(badge="https://shop.example/b.png")
    assert shown(settings, icon="https://shop.example/i.png") == {
        "title": "(광고) 민지님, 추석 특가",
        "body": "송편을 30% 할인 ※수신거부: 앱 > 설정 > 알림",
        "icon": "https://shop.example/i.png",
        "badge": "https://shop.example/b.png",
        "image": "https://shop.example/송편.png",
        "lang": "ko",
        "tag": "chuseok-sale",
        "data": {
            "campaign": "chuseok-sale",
            "variant": "a",
            "link": "https://shop.example/sale/chuseok",
        },
    }


def test_what_is_missing_is_left_out() -> None:
    assert shown(title=None, image=None, link=None, data={}, locale="en-GB") == {
        "body": "송편을 30% 할인 ※수신거부: 앱 > 설정 > 알림",
        "lang": "en-GB",
        "tag": "chuseok-sale",
    }


@pytest.mark.parametrize(
    ("locale", "direction"), [("ar", "rtl"), ("he-IL", "rtl"), ("ko", None), ("ary", None)]
)
def test_scripts_from_right_to_left_say_so(locale: str, direction: str | None) -> None:
    assert shown(locale=locale).get("dir") == direction


def test_the_first_two_buttons_are_actions() -> None:
    names = ["보러 가기", "나중에", "셋째"]
    buttons = tuple(
        MessageButton(name=name, link=f"https://shop.example/{n}") for n, name in enumerate(names)
    )
    assert shown(buttons=buttons)["actions"] == [
        {"action": "button-1", "title": "보러 가기", "link": "https://shop.example/0"},
        {"action": "button-2", "title": "나중에", "link": "https://shop.example/1"},
    ]


def test_a_link_of_the_web_goes_before_the_common_one() -> None:
    links = {Platform.WEB: "https://m.shop.example/", Platform.IOS: "sampleshop://"}
    assert shown(platform_links=links)["data"]["link"] == "https://m.shop.example/"


def test_what_is_encrypted_is_what_is_previewed() -> None:
    import orjson

    envelope = an_envelope(Channel.WEB)
    assert plaintext(envelope) == orjson.dumps(preview_body(envelope)["message"])


def test_an_app_message_is_no_web_message() -> None:
    with pytest.raises(TypeError, match="not AppSettings"):
        plaintext(an_envelope(Channel.WEB, settings=AppSettings()))


@given(st.text(min_size=1, max_size=60))
def test_every_topic_is_one(key: str) -> None:
    made = topic(key)
    assert 1 <= len(made) <= 32
    assert made.isascii()
    assert made.replace("-", "a").replace("_", "a").isalnum()
    assert topic(made) == made


def test_a_topic_that_fits_is_kept_and_others_differ() -> None:
    assert topic("chuseok-sale") == "chuseok-sale"
    assert topic("a" * 33) != topic("a" * 34)


def test_headers_without_a_key_have_no_authorization_and_are_the_same_object() -> None:
    lines = header_lines("", 60, "low", "sale")
    assert lines == (
        "TTL: 60",
        "Urgency: low",
        "Topic: sale",
        "Content-Encoding: aes128gcm",
        "Content-Type: application/octet-stream",
    )
    assert header_lines("", 60, "low", "sale") is lines
    assert header_lines("Authorization: x", 60, "low", "sale")[-1] == "Authorization: x"
