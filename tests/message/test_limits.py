"""How much a message takes of what its channel carries, and the envelope it travels in."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.message.cp949 import byte_length, foreign_characters, replace_foreign
from engine.message.envelope import collapse_key, envelope
from engine.message.limits import Measure, measure, payload_bytes
from engine.model.channel import Platform
from engine.model.channel_settings import AppSettings, KakaoProduct, KakaoSettings, SmsFormat
from engine.model.message import Message, MessageButton
from tests.message.factories import APP, KAKAO, SMS, WEB, a_campaign


def a_message(channel=APP, body="오늘만 30% 할인", **changes) -> Message:
    given = {"locale": "ko", "jurisdiction": "KR", "variant": "a", "title": None, **changes}
    return Message(channel=channel, body=body, **given)


def test_bytes_are_counted_as_cp949_and_not_as_euc_kr():
    assert byte_length("뷁") == 2
    assert byte_length("(광고)OO몰 겨울세일 20%↓ 무료수신거부 0801234567") == 49
    assert byte_length("20%↓…★€") == 11


@pytest.mark.parametrize(
    ("text", "foreign", "replaced"),
    [
        ("춘향", "", "춘향"),
        ("Zoë", "ë", "Zo?"),
        ("민지🎉🎉", "🎉", "민지?"),
        ("A—B", "—", "A?B"),
        ("₩1\u202f000", "₩\u202f", "￦1 000"),
    ],
)
def test_what_cp949_does_not_have(text, foreign, replaced):
    assert foreign_characters(text) == foreign
    assert replace_foreign(text) == replaced


@given(st.text())
def test_whatever_a_value_is_it_can_be_sent_as_a_text_message(text):
    replace_foreign(text).encode("cp949")


def test_an_sms_is_measured_in_bytes():
    message = a_message(SMS, "가" * 46, sms_format=SmsFormat.SMS)
    assert measure(message) == (Measure("body", 92, 90, "bytes"),)
    assert measure(message)[0].exceeded
    long = a_message(SMS, "가" * 900, sms_format=SmsFormat.LMS, title="추석 안내")
    body, title = measure(long)
    assert (body.value, body.limit, body.exceeded) == (1800, 2000, False)
    assert (title.name, title.value, title.limit) == ("title", 9, 40)


def test_kakao_is_measured_by_product_and_bubble():
    buttons = (MessageButton(name="할인 상품 모두 보러 가기 지금", link="https://shop.example"),)
    message = a_message(KAKAO, "가" * 1100 + "\n", buttons=buttons)
    brand = {one.name: one for one in measure(message, KakaoSettings())}
    assert (brand["body"].limit, brand["body"].exceeded) == (1300, False)
    assert brand["line_breaks"].value == 1
    assert brand["button_name"].exceeded
    alimtalk = KakaoSettings(product=KakaoProduct.ALIMTALK)
    assert measure(message, alimtalk)[0] == Measure("body", 1101, 1000, "characters")
    wide = measure(message, KakaoSettings(bubble="wide"))[0]
    assert (wide.limit, wide.exceeded) == (76, True)
    assert measure(message)[0].limit == 1300


@pytest.mark.parametrize(("channel", "limit"), [(APP, 4096), (WEB, 3993)])
def test_push_is_measured_in_utf_8_bytes(channel, limit):
    short = a_message(channel, title="특가", data={"campaign": "c"})
    payload, title = measure(short)
    assert payload.limit == limit
    assert payload.value == payload_bytes(short) == 72
    assert (title.value, title.hard) == (2, False)
    assert measure(a_message(channel, "가" * 1400))[0].exceeded


@pytest.mark.parametrize("campaign", ["chuseok-sale", "a" * 32])
def test_the_collapse_key_is_the_id_where_that_fits(campaign):
    assert collapse_key(campaign) == campaign


def test_the_collapse_key_of_a_longer_id_starts_like_it_and_ends_in_a_hash():
    made = collapse_key("members-spring-thank-you-coupon-2027")
    assert re.fullmatch(r"members-spring-[0-9a-f]{16}", made)
    assert re.fullmatch(r"[0-9a-f]{16}", collapse_key("겨울세일"))


@given(st.text(min_size=1), st.text(min_size=1))
def test_two_campaigns_never_share_a_collapse_key(one, other):
    keys = collapse_key(one), collapse_key(other)
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{1,32}", key) for key in keys)
    assert (keys[0] == keys[1]) == (one == other)


def test_the_envelope_holds_what_a_provider_needs():
    campaign = a_campaign()
    until = datetime(2026, 9, 24, 12, 0, tzinfo=UTC)
    made = envelope(campaign, a_message(), Platform.IOS, until)
    assert made.settings == AppSettings()
    assert (made.platform, made.advertising, made.expires_at) == (Platform.IOS, True, until)
    assert made.collapse_key == "chuseok-sale"
    bare = replace(campaign, channels={})
    assert envelope(bare, a_message(KAKAO), Platform.PHONE, None).settings == KakaoSettings()
