"""APNs: what Apple is sent, with which token, and what every one of its reasons becomes."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given, settings

from engine.channels.apns import ApnsProvider
from engine.channels.apns_body import encode_payload, payload_of, preview_body
from engine.channels.apns_token import ProviderToken, read_key
from engine.channels.fcm_body import preview_body as fcm_preview
from engine.kernel.errors import CredentialsError, UsageError
from engine.model.channel import Platform
from engine.model.channel_settings import AppSettings, SmsSettings
from engine.model.delivery import FailReason
from engine.model.message import Envelope, MessageButton
from engine.model.outcome import (
    Accepted,
    AnsweredError,
    NotActed,
    Outcome,
    Outgoing,
    Refused,
    Silent,
)
from tests.channels.making import (
    NOW,
    WINDOW_END,
    StillClock,
    a_message,
    an_envelope,
    an_outgoing,
    send_all,
    some_options,
)
from tests.channels.test_fcm_body import ENVELOPES
from tests.servers.apns import REASONS, LoopbackApns, device_token

Open = Callable[..., ApnsProvider]
KEY = ec.generate_private_key(ec.SECP256R1())
PEM = KEY.private_bytes(
    serialization.Encoding.PEM,
    serialization.PrivateFormat.PKCS8,
    serialization.NoEncryption(),
).decode()


def to_iphone(word: str, envelope: Envelope | None = None, **changes: Any) -> Outgoing:
    envelope = envelope or an_envelope(platform=Platform.IOS)
    return an_outgoing(device_token(word), envelope=envelope, **changes)


@pytest.fixture
def apple() -> Iterator[LoopbackApns]:
    with LoopbackApns() as running:
        yield running


@pytest.fixture
def open_apns(apple: LoopbackApns) -> Iterator[Open]:
    opened: list[ApnsProvider] = []

    def open_one(clock: StillClock | None = None, **options: Any) -> ApnsProvider:
        options = {"topic": apple.topic, "ca_file": apple.ca_file, "timeout": 1, **options}
        provider = ApnsProvider(
            some_options(**options), clock or StillClock(), base_url=apple.base_url, rate_per_s=500
        )
        opened.append(provider)
        return provider

    yield open_one
    for provider in opened:
        provider.close()


def refused(
    reason: FailReason, code: str, *, dead: bool = False, systemic: bool = False
) -> Refused:
    return Refused(reason=reason, code=code, dead_address=dead, systemic=systemic)


def ours(code: str) -> Refused:
    return refused(FailReason.REFUSED, code, systemic=True)


def setting(code: str, name: str) -> NotActed:
    return NotActed(code=code, systemic=True, setting=name)


def keys(code: str) -> NotActed:
    return NotActed(code=code, systemic=True)


def bad_message(code: str) -> Refused:
    return refused(FailReason.BAD_MESSAGE, code, systemic=True)


OUTCOMES: dict[str, Outcome] = {
    "BadCollapseId": bad_message("BadCollapseId"),
    "BadDeviceToken": refused(FailReason.BAD_ADDRESS, "BadDeviceToken"),
    "BadExpirationDate": bad_message("BadExpirationDate"),
    "BadMessageId": bad_message("BadMessageId"),
    "BadPriority": bad_message("BadPriority"),
    "BadTopic": setting("BadTopic", "topic"),
    "DeviceTokenNotForTopic": refused(FailReason.SENDER_MISMATCH, "DeviceTokenNotForTopic"),
    "DuplicateHeaders": bad_message("DuplicateHeaders"),
    "IdleTimeout": NotActed(code="IdleTimeout", retry_after_s=0.0),
    "InvalidPushType": bad_message("InvalidPushType"),
    "MissingDeviceToken": refused(FailReason.BAD_ADDRESS, "MissingDeviceToken"),
    "MissingTopic": setting("MissingTopic", "topic"),
    "PayloadEmpty": bad_message("PayloadEmpty"),
    "TopicDisallowed": setting("TopicDisallowed", "topic"),
    "BadCertificate": keys("BadCertificate"),
    "BadCertificateEnvironment": keys("BadCertificateEnvironment"),
    "BadEnvironmentKeyIdInToken": keys("BadEnvironmentKeyIdInToken"),
    "ExpiredProviderToken": keys("ExpiredProviderToken"),
    "Forbidden": keys("Forbidden"),
    "InvalidProviderToken": keys("InvalidProviderToken"),
    "MissingProviderToken": keys("MissingProviderToken"),
    "UnrelatedKeyIdInToken": keys("UnrelatedKeyIdInToken"),
    "BadPath": setting("BadPath", "base_url"),
    "MethodNotAllowed": setting("MethodNotAllowed", "base_url"),
    "ExpiredToken": refused(FailReason.UNREGISTERED, "ExpiredToken", dead=True),
    "Unregistered": refused(FailReason.UNREGISTERED, "Unregistered", dead=True),
    "PayloadTooLarge": refused(FailReason.TOO_LARGE, "PayloadTooLarge"),
    "TooManyProviderTokenUpdates": NotActed(
        code="TooManyProviderTokenUpdates", retry_after_s=1200.0, opens_breaker=True
    ),
    "TooManyRequests": NotActed(code="TooManyRequests"),
    "TooManySlowly": NotActed(code="TooManyRequests", retry_after_s=9.0),
    "InternalServerError": AnsweredError(code="InternalServerError"),
    "ServiceUnavailable": AnsweredError(code="ServiceUnavailable"),
    "Shutdown": AnsweredError(code="Shutdown"),
    "Teapot": ours("HTTP_418"),
    "silent": Silent(code="curl-28"),
    "rststream": Silent(code="curl-92"),
    "refused": NotActed(code="REFUSED_STREAM", retry_after_s=0.0),
    "goaway": NotActed(code="REFUSED_STREAM", retry_after_s=0.0),
}


@pytest.mark.parametrize("word", OUTCOMES)
def test_each_answer_has_one_outcome(word: str, apple: LoopbackApns, open_apns: Open) -> None:
    assert send_all(open_apns(), [to_iphone(word)]) == [OUTCOMES[word]]
    assert len(apple.received) == 1


def test_every_documented_reason_is_among_them() -> None:
    assert set(REASONS) <= set(OUTCOMES)


@pytest.mark.parametrize("word", ["reset", "close", "garbage"])
def test_a_connection_that_dies_under_a_request_is_silence(
    word: str, apple: LoopbackApns, open_apns: Open
) -> None:
    provider = open_apns()
    for address in ("ok-1", f"{word}-1"):
        (outcome,) = send_all(provider, [to_iphone(address)])
    assert isinstance(outcome, Silent)
    assert len(apple.received) == 2


def test_the_request_is_what_apple_documents(apple: LoopbackApns, open_apns: Open) -> None:
    outgoing = to_iphone("ok-1")
    (outcome,) = send_all(open_apns(), [outgoing])
    headers = apple.received[0].headers
    reference = outgoing.reference
    name = "-".join(reference[a:b] for a, b in ((0, 8), (8, 12), (12, 16), (16, 20), (20, 32)))
    assert outcome == Accepted(provider_id=name)
    assert headers[":path"] == f"/3/device/{device_token('ok-1')}"
    wanted = {
        "apns-id": name,
        "apns-topic": "kr.example.shop",
        "apns-push-type": "alert",
        "apns-priority": "10",
        "apns-collapse-id": "chuseok-sale",
        "apns-expiration": str(int(WINDOW_END.timestamp())),
        "content-type": "application/json",
    }
    assert {key: headers.get(key) for key in wanted} == wanted
    assert "authorization" not in headers
    assert apple.received[0].message == {
        "aps": {
            "alert": {
                "title": "(광고) 민지님, 추석 특가",
                "body": "송편을 30% 할인 ※수신거부: 앱 > 설정 > 알림",
            },
            "mutable-content": 1,
            "interruption-level": "active",
        },
        "link": "https://shop.example/sale/chuseok",
        "image": "https://shop.example/송편.png",
        "campaign": "chuseok-sale",
        "variant": "a",
    }


def test_another_attempt_has_another_name(apple: LoopbackApns, open_apns: Open) -> None:
    send_all(open_apns(), [to_iphone("ok-1"), to_iphone("ok-1", attempt=2)])
    assert len({request.headers["apns-id"] for request in apple.received}) == 2


def test_what_is_previewed_is_what_is_sent(apple: LoopbackApns, open_apns: Open) -> None:
    provider = open_apns()
    envelope = an_envelope(platform=Platform.IOS)
    send_all(provider, [to_iphone("ok-1", envelope)])
    preview = provider.encode(envelope)
    assert preview["expires_at"] == "2026-09-24T12:00:00Z"
    sent = apple.received[0]
    assert json.dumps(preview["payload"]) == json.dumps(sent.message)
    assert preview["headers"].items() <= sent.headers.items()


@given(ENVELOPES)
@settings(max_examples=150, deadline=None)
def test_the_wire_is_the_preview_and_ios_is_told_what_firebase_would_tell_it(
    envelope: Envelope,
) -> None:
    wire, payload = encode_payload(envelope), payload_of(envelope)
    assert json.dumps(json.loads(wire)) == json.dumps(payload)
    firebase = fcm_preview(envelope)["message"]["apns"]
    alert = {"title": envelope.message.title, "body": envelope.message.body}
    texts = {name: text for name, text in alert.items() if text is not None}
    assert payload["aps"] == {"alert": {}} | firebase["payload"]["aps"] | {"alert": texts}
    headers = preview_body(envelope)["headers"]
    assert headers["apns-priority"] == firebase["headers"]["apns-priority"]
    assert headers["apns-push-type"] == firebase["headers"]["apns-push-type"]
    assert all(isinstance(text, str) for name, text in payload.items() if name != "aps")


def test_links_buttons_and_settings_of_ios() -> None:
    message = a_message(
        image=None,
        platform_links={Platform.IOS: "shop:sale", Platform.ANDROID: "sampleshop://sale"},
        buttons=(MessageButton(name="보러 가기", link="https://shop.example"),),
        data={"campaign": "c", "aps": "no", "link": "no"},
    )
    quiet = AppSettings(
        ios_interruption_level="passive", ios_badge=0, ios_sound="default", ios_thread_id="sale"
    )
    envelope = an_envelope(platform=Platform.IOS, message=message, settings=quiet)
    payload = payload_of(envelope)
    assert payload["aps"] | {"alert": None} == {
        "alert": None,
        "badge": 0,
        "sound": "default",
        "thread-id": "sale",
        "interruption-level": "passive",
    }
    assert (payload["link"], payload["fallback"]) == ("shop:sale", message.link)
    assert json.loads(payload["buttons"]) == [{"name": "보러 가기", "link": "https://shop.example"}]
    assert preview_body(envelope)["headers"]["apns-priority"] == "5"
    assert json.loads(encode_payload(envelope)) == payload


@pytest.mark.parametrize("key", ["a" * 65, "한가위", "a\tb"])
def test_a_collapse_key_that_no_header_can_hold_is_hashed(key: str) -> None:
    found = preview_body(an_envelope(platform=Platform.IOS, collapse_key=key))["headers"]
    assert len(found["apns-collapse-id"]) == 64
    assert found["apns-collapse-id"].isalnum()


def test_what_cannot_be_sent_is_refused_without_a_request(
    apple: LoopbackApns, open_apns: Open
) -> None:
    huge = an_envelope(platform=Platform.IOS, message=a_message(body="가" * 1400))
    batch = [
        an_outgoing(device_token("ok-1")),
        an_outgoing("dQw4:APA91b", envelope=an_envelope(platform=Platform.IOS)),
        to_iphone("ok-1", kind="fcm_fid"),
        to_iphone("ok-1", huge),
    ]
    assert send_all(open_apns(), batch) == [
        refused(FailReason.BAD_ADDRESS, "PLATFORM"),
        refused(FailReason.BAD_ADDRESS, "DEVICE_TOKEN"),
        refused(FailReason.BAD_ADDRESS, "ADDRESS_KIND"),
        refused(FailReason.TOO_LARGE, "PAYLOAD_BYTES"),
    ]
    assert apple.received == []


def test_the_payload_may_have_as_many_bytes_as_apple_takes(
    apple: LoopbackApns, open_apns: Open
) -> None:
    empty = len(encode_payload(an_envelope(platform=Platform.IOS, message=a_message(body=""))))
    batch = [
        to_iphone(
            f"ok-{n}", an_envelope(platform=Platform.IOS, message=a_message(body="a" * (n - empty)))
        )
        for n in (4096, 4097)
    ]
    fits, too_large = send_all(open_apns(), batch)
    assert isinstance(fits, Accepted)
    assert too_large == refused(FailReason.TOO_LARGE, "PAYLOAD_BYTES")
    assert [len(request.body) for request in apple.received] == [4096]


def test_once_the_topic_works_a_bad_token_is_given_up(open_apns: Open) -> None:
    provider = open_apns()
    send_all(provider, [to_iphone("ok-1")])
    bad, other, odd = send_all(
        provider,
        [to_iphone("BadDeviceToken-1"), to_iphone("DeviceTokenNotForTopic-1"), to_iphone("Teapot")],
    )
    assert bad == refused(FailReason.BAD_ADDRESS, "BadDeviceToken", dead=True)
    assert other == refused(FailReason.SENDER_MISMATCH, "DeviceTokenNotForTopic", dead=True)
    assert odd == ours("HTTP_418")


def test_at_goaway_nobody_is_lost_and_nobody_gets_it_twice() -> None:
    with LoopbackApns(goaway_after=200, delay_s=0.002) as apple:
        options = some_options(topic=apple.topic, ca_file=apple.ca_file)
        provider = ApnsProvider(options, StillClock(), base_url=apple.base_url, rate_per_s=1000)
        waiting = [to_iphone(f"ok-{number}") for number in range(1500)]
        accepted = 0
        while accepted < 1500:
            free = provider.free_slots()
            now, waiting = waiting[:free], waiting[free:]
            provider.submit(now)
            for settled in provider.poll(1.0):
                if isinstance(settled.outcome, NotActed):
                    waiting.append(settled.outgoing)
                else:
                    assert isinstance(settled.outcome, Accepted)
                    accepted += 1
        provider.close()
    assert (len(apple.accepted), set(apple.accepted.values())) == (1500, {1})


# the token


def signed_by(open_apns: Open, apple: LoopbackApns, clock: StillClock) -> ApnsProvider:
    apple.public_key = KEY.public_key()
    apple.clock = lambda: clock.now().timestamp()
    return open_apns(clock, key=PEM, key_id="ABC123DEFG", team_id="DEF123GHIJ")


def test_apple_can_verify_the_token(apple: LoopbackApns, open_apns: Open) -> None:
    provider = signed_by(open_apns, apple, StillClock())
    assert isinstance(send_all(provider, [to_iphone("ok-1")])[0], Accepted)
    (request,) = apple.received
    assert request.claims() == (
        {"alg": "ES256", "kid": "ABC123DEFG"},
        {"iss": "DEF123GHIJ", "iat": int(NOW.timestamp())},
    )


def test_another_library_can_read_and_verify_it() -> None:
    token = ProviderToken(KEY, key_id="ABC123DEFG", team_id="DEF123GHIJ").token(NOW)
    claims = jwt.decode(
        token, KEY.public_key(), algorithms=["ES256"], options={"verify_iat": False}
    )
    assert claims == {"iss": "DEF123GHIJ", "iat": int(NOW.timestamp())}
    assert jwt.get_unverified_header(token)["kid"] == "ABC123DEFG"


def test_a_day_of_tokens_obeys_apples_limits(apple: LoopbackApns, open_apns: Open) -> None:
    tokens = ProviderToken(KEY, key_id="ABC123DEFG", team_id="DEF123GHIJ")
    seen: Counter[str] = Counter()
    for minute in range(24 * 60):
        seen[tokens.token(NOW + timedelta(minutes=minute))] += 1
    assert set(seen.values()) == {30}


def test_every_process_has_the_same_token() -> None:
    tokens = {
        ProviderToken(KEY, key_id="k", team_id="t").token(NOW + timedelta(minutes=m))
        for m in range(30)
    }
    assert len(tokens) == 1


def test_an_expired_token_is_replaced_once_and_the_message_goes_out(
    apple: LoopbackApns, open_apns: Open
) -> None:
    clock = StillClock(NOW + timedelta(minutes=25))
    provider = signed_by(open_apns, apple, clock)
    ahead = NOW + timedelta(minutes=70)
    apple.clock = ahead.timestamp
    (first,) = send_all(provider, [to_iphone("ok-1")])
    assert first == NotActed(code="ExpiredProviderToken", retry_after_s=0.0)
    assert isinstance(send_all(provider, [to_iphone("ok-1", attempt=2)])[0], Accepted)
    issued = [request.claims()[1]["iat"] for request in apple.received]
    assert issued == [int(NOW.timestamp()), int(clock.now().timestamp())]


def test_a_second_refusal_halts_and_costs_nobody_the_message(
    apple: LoopbackApns, open_apns: Open
) -> None:
    provider = signed_by(open_apns, apple, StillClock(NOW + timedelta(minutes=25)))
    apple.clock = (NOW + timedelta(hours=9)).timestamp
    outcomes = [send_all(provider, [to_iphone(f"ok-{n}")])[0] for n in range(3)]
    assert outcomes[0] == NotActed(code="ExpiredProviderToken", retry_after_s=0.0)
    assert outcomes[1:] == [keys("ExpiredProviderToken")] * 2
    assert len({request.claims()[1]["iat"] for request in apple.received}) == 2


def test_a_young_token_is_not_replaced(apple: LoopbackApns, open_apns: Open) -> None:
    provider = signed_by(open_apns, apple, StillClock(NOW + timedelta(minutes=19)))
    apple.clock = (NOW + timedelta(hours=9)).timestamp
    assert send_all(provider, [to_iphone("ok-1")]) == [keys("ExpiredProviderToken")]


def test_another_key_is_systemic(apple: LoopbackApns, open_apns: Open) -> None:
    provider = signed_by(open_apns, apple, StillClock())
    apple.public_key = ec.generate_private_key(ec.SECP256R1()).public_key()
    assert send_all(provider, [to_iphone("ok-1")]) == [keys("InvalidProviderToken")]


# the options


def test_the_key_may_be_a_path_or_have_escaped_line_breaks(tmp_path: Path) -> None:
    path = tmp_path / "AuthKey.p8"
    path.write_text(PEM, "utf-8")
    wanted = KEY.private_numbers()
    assert read_key(str(path)).private_numbers() == wanted
    assert read_key(PEM.replace("\n", "\\n")).private_numbers() == wanted


OTHER = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
    serialization.Encoding.PEM,
    serialization.PrivateFormat.PKCS8,
    serialization.NoEncryption(),
)


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("/no/AuthKey.p8", "the file that `key` names cannot be read (FileNotFoundError)"),
        (PEM[:80], "`key` is not a private key in PEM"),
        (OTHER.decode(), "`key` is not a key for ES256 (P-256)"),
    ],
    ids=["no-file", "cut-off", "rsa"],
)
def test_what_is_no_key_is_a_matter_of_credentials(key: str, message: str) -> None:
    with pytest.raises(CredentialsError) as caught:
        read_key(key)
    assert caught.value.message == message
    assert "BEGIN" not in str(caught.value)


def opened(**options: Any) -> ApnsProvider:
    return ApnsProvider(some_options(**options), StillClock())


@pytest.mark.parametrize(
    ("options", "kind", "message"),
    [
        ({"topic": "t"}, CredentialsError, "`apns` has no `key`"),
        ({"key": PEM}, UsageError, "`pushform.yaml:channels.app.topic` is missing"),
        (
            {"topic": "t", "key": PEM, "team_id": "t"},
            UsageError,
            "`pushform.yaml:channels.app.key_id` is missing",
        ),
        (
            {"topic": "t", "key": PEM, "key_id": "k"},
            UsageError,
            "`pushform.yaml:channels.app.team_id` is missing",
        ),
        (
            {"topic": "t", "environment": "prod"},
            UsageError,
            "`environment: prod` is not one of Apple's",
        ),
    ],
)
def test_what_is_missing_is_named(
    options: dict[str, Any], kind: type[Exception], message: str
) -> None:
    with pytest.raises(kind) as caught:
        opened(**options).free_slots()
    assert str(caught.value) == message


def test_encoding_needs_no_option_and_polling_nothing_opens_nothing() -> None:
    provider = opened()
    assert "payload" in provider.encode(an_envelope(platform=Platform.IOS))
    assert (list(provider.poll(9.0)), list(provider.close())) == ([], [])
    with pytest.raises(TypeError, match="SmsSettings"):
        provider.encode(an_envelope(settings=SmsSettings()))


def test_the_account_is_the_topic(open_apns: Open) -> None:
    assert open_apns().account == "apns:kr.example.shop"
