"""What FCM is sent: as firebase-admin encodes it, valid for Google, ending with the window."""

from __future__ import annotations

import json
import warnings
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from firebase_admin import messaging
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.channels.fcm_body import (
    MAX_PAYLOAD_BYTES,
    collapse_id,
    preview_body,
    topic,
    wire_body,
)
from engine.model.channel import Platform
from engine.model.channel_settings import AppSettings, SmsSettings
from engine.model.message import Address, Envelope, MessageButton
from tests.channels.discovery import request_validator
from tests.channels.making import NOW, WINDOW_END, a_message, an_envelope

VALIDATOR = request_validator()
TOKEN = Address(kind="fcm_token", value="dQw4:APA91b-민")
TEXT = st.text(st.characters(codec="utf-8"), max_size=40)
ENVELOPES = st.builds(
    Envelope,
    message=st.builds(
        a_message,
        title=st.none() | TEXT,
        body=st.none() | TEXT,
        image=st.none() | TEXT,
        icon=st.none() | TEXT,
        link=st.none() | TEXT | st.just("https://shop.example/추석"),
        data=st.dictionaries(st.sampled_from(["campaign", "variant", "link", "n"]), TEXT),
        platform_links=st.dictionaries(st.sampled_from([Platform.ANDROID, Platform.IOS]), TEXT),
        buttons=st.lists(
            st.builds(MessageButton, name=TEXT, link=st.none() | TEXT), max_size=2
        ).map(tuple),
    ),
    settings=st.builds(
        AppSettings,
        android_channel_id=st.none() | st.just("marketing"),
        ios_interruption_level=st.sampled_from(["passive", "active", "time-sensitive"]),
        ios_badge=st.none() | st.integers(0, 9),
        ios_sound=st.none() | st.just("default"),
        ios_thread_id=st.none() | st.just("sale"),
    ),
    platform=st.sampled_from([Platform.ANDROID, Platform.IOS, Platform.WEB]),
    advertising=st.booleans(),
    collapse_key=st.sampled_from(["chuseok-sale", "한가위-" * 20]),
    expires_at=st.none() | st.just(WINDOW_END) | st.just(NOW + timedelta(days=60)),
)


def sent(envelope: Envelope, address: Address = TOKEN, now: datetime = NOW) -> dict[str, Any]:
    return dict(json.loads(wire_body(envelope, address, now).body)["message"])


@given(ENVELOPES)
@settings(max_examples=150, deadline=None)
def test_the_wire_is_the_preview_plus_address_and_ttl_to_the_byte(envelope: Envelope) -> None:
    wire = sent(envelope)
    assert wire.pop("token") == TOKEN.value
    if envelope.expires_at is not None:
        assert wire["android"].pop("ttl").endswith("s")
        assert wire["webpush"]["headers"].pop("TTL").isdigit()
    previewed = preview_body(envelope)["message"]
    assert json.dumps(previewed, ensure_ascii=False) == json.dumps(wire, ensure_ascii=False)


@given(ENVELOPES)
@settings(max_examples=150, deadline=None)
def test_every_request_is_valid_against_googles_discovery_document(envelope: Envelope) -> None:
    body = json.loads(wire_body(envelope, TOKEN, NOW).body)
    assert [error.message for error in VALIDATOR.iter_errors(body)] == []


def test_the_discovery_schema_does_refuse_what_google_would() -> None:
    body = json.loads(wire_body(an_envelope(), TOKEN, NOW).body)
    body["message"]["android"]["ttl"] = "tomorrow"
    body["message"]["data"]["count"] = 3
    body["message"]["tittle"] = "오타"
    assert len(list(VALIDATOR.iter_errors(body))) == 3


def test_the_message_equals_what_firebase_admin_encodes() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        theirs = messaging.Message(
            token=TOKEN.value,
            data={
                "link": "https://shop.example/sale/chuseok",
                "campaign": "chuseok-sale",
                "variant": "a",
            },
            notification=messaging.Notification(
                title="(광고) 민지님, 추석 특가",
                body="송편을 30% 할인 ※수신거부: 앱 > 설정 > 알림",
            ),
            android=messaging.AndroidConfig(
                priority="high",
                ttl=timedelta(hours=11),
                collapse_key="chuseok-sale",
                notification=messaging.AndroidNotification(
                    channel_id="marketing",
                    image="https://shop.example/송편.png",
                    tag="chuseok-sale",
                ),
            ),
            apns=messaging.APNSConfig(
                headers={
                    "apns-collapse-id": "chuseok-sale",
                    "apns-expiration": str(int(WINDOW_END.timestamp())),
                    "apns-priority": "10",
                    "apns-push-type": "alert",
                },
                payload=messaging.APNSPayload(
                    aps=messaging.Aps(
                        alert=messaging.ApsAlert(
                            title="(광고) 민지님, 추석 특가",
                            body="송편을 30% 할인 ※수신거부: 앱 > 설정 > 알림",
                        ),
                        mutable_content=True,
                        custom_data={"interruption-level": "active"},
                    )
                ),
                fcm_options=messaging.APNSFCMOptions(image="https://shop.example/송편.png"),
            ),
            webpush=messaging.WebpushConfig(
                headers={"TTL": "39600", "Topic": "chuseok-sale", "Urgency": "normal"},
                notification=messaging.WebpushNotification(
                    image="https://shop.example/송편.png", tag="chuseok-sale"
                ),
                fcm_options=messaging.WebpushFCMOptions(link="https://shop.example/sale/chuseok"),
            ),
        )
    assert sent(an_envelope()) == messaging._MessagingService.encode_message(theirs)


def test_every_field_of_an_iphones_message_is_as_firebase_admin_writes_it() -> None:
    settings = AppSettings(
        ios_interruption_level="passive", ios_badge=0, ios_sound="송편.caf", ios_thread_id="sale"
    )
    message = a_message(
        image=None,
        icon="https://shop.example/icon.png",
        platform_links={Platform.IOS: "shop:sale"},
        buttons=(MessageButton(name="보러 가기"),),
    )
    theirs = messaging.Message(
        fid="cFid-1",
        data={
            "link": "shop:sale",
            "fallback": "https://shop.example/sale/chuseok",
            "buttons": '[{"name":"보러 가기"}]',
            "campaign": "chuseok-sale",
            "variant": "a",
        },
        notification=messaging.Notification(title=message.title, body=message.body),
        android=messaging.AndroidConfig(
            priority="high",
            collapse_key="chuseok-sale",
            notification=messaging.AndroidNotification(tag="chuseok-sale"),
        ),
        apns=messaging.APNSConfig(
            headers={
                "apns-collapse-id": "chuseok-sale",
                "apns-priority": "5",
                "apns-push-type": "alert",
            },
            payload=messaging.APNSPayload(
                aps=messaging.Aps(
                    alert=messaging.ApsAlert(title=message.title, body=message.body),
                    badge=0,
                    sound="송편.caf",
                    thread_id="sale",
                    custom_data={"interruption-level": "passive"},
                )
            ),
        ),
        webpush=messaging.WebpushConfig(
            headers={"Topic": "chuseok-sale", "Urgency": "normal"},
            notification=messaging.WebpushNotification(
                icon="https://shop.example/icon.png", tag="chuseok-sale"
            ),
            fcm_options=messaging.WebpushFCMOptions(link="https://shop.example/sale/chuseok"),
        ),
    )
    envelope = an_envelope(
        message=message, settings=settings, platform=Platform.IOS, expires_at=None
    )
    wire = sent(envelope, Address(kind="fcm_fid", value="cFid-1"))
    assert wire == messaging._MessagingService.encode_message(theirs)


def test_an_installation_id_goes_where_it_belongs() -> None:
    wire = sent(an_envelope(), Address(kind="fcm_fid", value="cFid-123"))
    assert (wire["fid"], "token" in wire) == ("cFid-123", False)


@pytest.mark.parametrize(
    ("left", "ttl"),
    [
        (timedelta(hours=11), "39600s"),
        (timedelta(seconds=1.9), "1s"),
        (timedelta(0), "0s"),
        (timedelta(seconds=-5), "0s"),
        (timedelta(days=60), "2419200s"),
    ],
)
def test_no_phone_keeps_it_beyond_the_window(left: timedelta, ttl: str) -> None:
    wire = sent(an_envelope(expires_at=WINDOW_END), now=WINDOW_END - left)
    assert wire["android"]["ttl"] == ttl
    assert wire["webpush"]["headers"]["TTL"] == ttl[:-1]
    assert wire["apns"]["headers"]["apns-expiration"] == str(int(WINDOW_END.timestamp()))


def test_without_a_window_the_providers_own_default_holds() -> None:
    wire = sent(an_envelope(expires_at=None))
    assert "ttl" not in wire["android"]
    assert "apns-expiration" not in wire["apns"]["headers"]
    assert "TTL" not in wire["webpush"]["headers"]
    assert preview_body(an_envelope(expires_at=None))["expires_at"] is None


def test_the_preview_says_when_it_ends_instead_of_how_long_it_lasts() -> None:
    previewed = preview_body(an_envelope())
    assert previewed["expires_at"] == "2026-09-24T12:00:00Z"
    assert "ttl" not in previewed["message"]["android"]


def test_a_passive_interruption_does_not_wake_the_phone() -> None:
    quiet = an_envelope(settings=AppSettings(ios_interruption_level="passive"))
    assert sent(quiet)["apns"]["headers"]["apns-priority"] == "5"


def test_a_link_into_the_app_is_data_only() -> None:
    envelope = an_envelope(message=a_message(link="sampleshop://sale/chuseok"))
    wire = sent(envelope)
    assert wire["data"]["link"] == "sampleshop://sale/chuseok"
    assert "fcm_options" not in wire["webpush"]


def test_collapse_keys_fit_into_each_vendors_limit() -> None:
    long = "한가위-" * 20
    assert (collapse_id("a" * 64), len(collapse_id("a" * 65))) == ("a" * 64, 64)
    assert (topic("a" * 32), len(topic("a" * 33)), len(topic("추석"))) == ("a" * 32, 32, 32)
    assert collapse_id(long) != collapse_id(long + "x")
    assert topic(long) == topic(long)


@pytest.mark.parametrize("platform", [Platform.ANDROID, Platform.IOS, Platform.WEB])
def test_the_payload_counts_what_reaches_the_device(platform: Platform) -> None:
    def size(letters: int) -> int:
        envelope = an_envelope(platform=platform, message=a_message(body="가" * letters))
        return wire_body(envelope, TOKEN, NOW).payload_bytes

    assert size(1000) - size(0) == 3000
    assert size(900) < MAX_PAYLOAD_BYTES < size(1400)


def test_other_channels_and_addresses_are_mistakes_of_the_caller() -> None:
    with pytest.raises(TypeError, match="SmsSettings"):
        preview_body(replace(an_envelope(), settings=SmsSettings()))
    with pytest.raises(KeyError):
        wire_body(an_envelope(), Address(kind="phone", value="+821012345678"), NOW)


def test_an_app_gets_its_own_link_and_the_page_it_falls_back_to() -> None:
    links = {Platform.ANDROID: "sampleshop://sale", Platform.IOS: "shop:sale"}
    message = a_message(link="https://shop.example/sale", platform_links=links)
    android = sent(an_envelope(message=message, platform=Platform.ANDROID))
    ios = sent(an_envelope(message=message, platform=Platform.IOS))
    web = sent(an_envelope(message=message, platform=Platform.WEB))
    assert android["data"]["link"] == "sampleshop://sale"
    assert ios["data"]["link"] == "shop:sale"
    assert android["data"]["fallback"] == ios["data"]["fallback"] == "https://shop.example/sale"
    assert web["data"]["link"] == "https://shop.example/sale"
    assert "fallback" not in web["data"]
    for wire in (android, ios, web):
        assert wire["webpush"]["fcm_options"] == {"link": "https://shop.example/sale"}


def test_buttons_travel_as_data_that_the_app_draws() -> None:
    buttons = (
        MessageButton(name="보러 가기", link="https://shop.example"),
        MessageButton(name="닫기"),
    )
    wire = sent(an_envelope(message=a_message(buttons=buttons)))
    assert json.loads(wire["data"]["buttons"]) == [
        {"name": "보러 가기", "link": "https://shop.example"},
        {"name": "닫기"},
    ]
    assert "buttons" not in sent(an_envelope())["data"]
