"""The webhook: what an endpoint gets, how it can trust it, and what its answers become."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from engine.channels.webhook import WebhookProvider, read_secret, sign
from engine.kernel.errors import CredentialsError, UsageError
from engine.model.channel import Channel, Platform
from engine.model.delivery import FailReason
from engine.model.message import MessageButton
from engine.model.outcome import (
    Accepted,
    AnsweredError,
    NotActed,
    Outcome,
    Refused,
    Silent,
    reference_of,
)
from tests.channels.making import (
    StillClock,
    a_message,
    an_envelope,
    an_outgoing,
    send_all,
    some_options,
)
from tests.servers.hook import LoopbackHook

Open = Callable[..., WebhookProvider]
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.fixture
def hook() -> Iterator[LoopbackHook]:
    with LoopbackHook() as running:
        yield running


@pytest.fixture
def open_hook(hook: LoopbackHook) -> Iterator[Open]:
    opened: list[WebhookProvider] = []

    def open_one(channel: Channel = Channel.SMS, **options: Any) -> WebhookProvider:
        url = {"url": f"{hook.base_url}/push?team=crm", "ca_file": hook.ca_file, "timeout": 1}
        # The endpoints' libraries compare the timestamp with their own clock.
        clock = StillClock(datetime.now(UTC))
        provider = WebhookProvider(channel, some_options(**{**url, **options}), clock)
        opened.append(provider)
        return provider

    yield open_one
    for provider in opened:
        provider.close()


def refused(reason: FailReason, code: str, **more: bool) -> Refused:
    return Refused(reason=reason, code=code, **more)


OUTCOMES: dict[str, Outcome] = {
    "http200": Accepted(),
    "bare": Accepted(),
    "ok": Accepted(provider_id="their-ok-1"),
    "http302": NotActed(code="HTTP_302", systemic=True, setting="url"),
    "http400": refused(FailReason.BAD_MESSAGE, "HTTP_400", systemic=True),
    "http422": refused(FailReason.BAD_MESSAGE, "HTTP_422", systemic=True),
    "http401": NotActed(code="HTTP_401", systemic=True),
    "http403": NotActed(code="HTTP_403", systemic=True),
    "http404": NotActed(code="HTTP_404", systemic=True, setting="url"),
    "http408": AnsweredError(code="HTTP_408"),
    "http410": refused(FailReason.UNREGISTERED, "HTTP_410", dead_address=True),
    "http413": refused(FailReason.TOO_LARGE, "HTTP_413"),
    "http429": NotActed(code="HTTP_429", retry_after_s=10.0, opens_breaker=True),
    "http429after": NotActed(code="HTTP_429", retry_after_s=4.0, opens_breaker=True),
    "http500": AnsweredError(code="HTTP_500"),
    "http503after": AnsweredError(code="HTTP_503", retry_after_s=4.0),
    "silent": Silent(code="curl-28"),
    "refused": NotActed(code="REFUSED_STREAM", retry_after_s=0.0),
}


@pytest.mark.parametrize("word", OUTCOMES)
def test_each_answer_has_one_outcome(word: str, hook: LoopbackHook, open_hook: Open) -> None:
    assert send_all(open_hook(), [an_outgoing(f"{word}-1", Channel.SMS)]) == [OUTCOMES[word]]
    assert len(hook.received) == 1


def test_when_others_of_the_campaign_went_through_a_bad_request_is_one_persons(
    open_hook: Open,
) -> None:
    provider = open_hook()
    send_all(provider, [an_outgoing("ok-1", Channel.SMS)])
    same, other = send_all(
        provider,
        [
            an_outgoing("http422-1", Channel.SMS),
            an_outgoing("http422-2", Channel.SMS, campaign="another"),
        ],
    )
    assert same == refused(FailReason.BAD_MESSAGE, "HTTP_422")
    assert other == refused(FailReason.BAD_MESSAGE, "HTTP_422", systemic=True)


def test_the_body_says_everything(hook: LoopbackHook, open_hook: Open) -> None:
    links = {Platform.IOS: "shop:sale"}
    message = a_message(
        platform_links=links, buttons=(MessageButton(name="보기", link="https://x"),)
    )
    outgoing = an_outgoing("ok-1", envelope=an_envelope(message=message), attempt=2)
    send_all(open_hook(Channel.APP), [outgoing])
    (request,) = hook.received
    assert request.headers[":path"] == "/push?team=crm"
    body = request.message
    assert body["message"].pop("data") == {"campaign": "chuseok-sale", "variant": "a"}
    assert body["message"].pop("buttons")[0]["name"] == "보기"
    assert body["settings"]["android_channel_id"] == "marketing"
    del body["settings"]
    assert body == {
        "id": reference_of(outgoing.key, 1),
        "reference": outgoing.reference,
        "attempt": 2,
        "campaign": "chuseok-sale",
        "address": {"kind": "fcm_token", "value": "ok-1", "keys": {}},
        "expires_at": "2026-09-24T12:00:00Z",
        "channel": "app",
        "platform": "android",
        "locale": "ko",
        "jurisdiction": "KR",
        "variant": "a",
        "advertising": True,
        "collapse_key": "chuseok-sale",
        "links": {"ios": "shop:sale"},
        "message": {
            "channel": "app",
            "title": "(광고) 민지님, 추석 특가",
            "body": "송편을 30% 할인 ※수신거부: 앱 > 설정 > 알림",
            "image": "https://shop.example/송편.png",
            "link": "https://shop.example/sale/chuseok",
        },
    }


@pytest.mark.parametrize("channel", list(Channel))
def test_what_is_previewed_is_what_is_sent(
    channel: Channel, hook: LoopbackHook, open_hook: Open
) -> None:
    provider = open_hook(channel)
    send_all(provider, [an_outgoing("ok-1", channel)])
    wire = hook.received[0].message
    for name in ("id", "reference", "attempt", "campaign", "address"):
        del wire[name]
    assert json.dumps(wire) == json.dumps(provider.encode(an_envelope(channel)))


def test_the_standards_own_library_trusts_it(hook: LoopbackHook, open_hook: Open) -> None:
    send_all(open_hook(secret=SECRET), [an_outgoing("ok-민지", Channel.SMS)])
    (request,) = hook.received
    verified = Webhook(SECRET).verify(request.body, request.headers)
    assert verified["address"]["value"] == "ok-민지"
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(request.body.replace(b"30%", b"90%"), request.headers)
    with pytest.raises(WebhookVerificationError):
        Webhook("whsec_AAAA").verify(request.body, request.headers)
    old = str(int((datetime.now(UTC) - timedelta(hours=1)).timestamp()))
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(request.body, {**request.headers, "webhook-timestamp": old})


def test_the_signature_is_that_of_the_libraries_of_other_languages() -> None:
    at = datetime(2026, 9, 24, tzinfo=UTC)
    theirs = Webhook(SECRET).sign("msg_1", at, '{"title": "추석"}')
    ours = sign(
        read_secret(SECRET), "msg_1", str(int(at.timestamp())), '{"title": "추석"}'.encode()
    )
    assert ours == theirs


def test_every_attempt_at_a_delivery_has_the_same_name(hook: LoopbackHook, open_hook: Open) -> None:
    """An endpoint that acts once per id sends once, also when its first answer was an error."""
    provider = open_hook()
    for attempt in (1, 2):
        send_all(provider, [an_outgoing("ok-1", Channel.SMS, attempt=attempt)])
    assert len(hook.acted) == 1
    first, second = hook.received
    assert first.headers["idempotency-key"] == first.headers["webhook-id"]
    assert first.headers["webhook-id"] == second.headers["webhook-id"] == first.message["id"]
    assert first.message["reference"] != second.message["reference"]


def test_without_a_secret_nothing_leaves_this_machine() -> None:
    provider = WebhookProvider(
        Channel.SMS, some_options(url="https://crm.example/push"), StillClock()
    )
    with pytest.raises(CredentialsError) as caught:
        provider.free_slots()
    assert caught.value.message == "`webhook` has no `secret`"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "`pushform.yaml:channels.app.url` is missing"),
        ({"url": "http://crm.example/push"}, "`http://crm.example/push` is not encrypted"),
        ({"url": "crm.example"}, "`crm.example` is not an http(s) address"),
    ],
)
def test_an_address_that_nobody_should_use(options: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        WebhookProvider(Channel.SMS, some_options(**options), StillClock()).free_slots()
    assert caught.value.message == message


def test_a_secret_may_be_any_text_but_a_broken_one_is_named() -> None:
    assert read_secret("비밀") == "비밀".encode()
    assert len(read_secret(SECRET)) == 24
    with pytest.raises(CredentialsError) as caught:
        read_secret("whsec_not base64")
    assert "not base64" in caught.value.message
    assert "whsec_not" not in str(caught.value)


def test_the_account_is_the_channel_and_the_endpoint(hook: LoopbackHook, open_hook: Open) -> None:
    assert open_hook().account == f"webhook:sms:{hook.base_url}/push"
