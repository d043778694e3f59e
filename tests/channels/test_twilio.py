"""Twilio over the wire, and its own SDK as the measure of our requests."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from twilio.http.http_client import HttpClient
from twilio.http.response import Response
from twilio.rest import Client

from engine.channels.opening import Opening
from engine.channels.options import Options
from engine.channels.phone import Phone
from engine.channels.registry import open_provider
from engine.channels.twilio import TwilioProvider, TwilioVendor
from engine.channels.twilio_body import e164, form_of, preview_body, sending_number
from engine.channels.unfit import UnfitError
from engine.kernel.errors import CredentialsError, UnavailableError
from engine.model.channel import Channel, EnvironmentVariable
from engine.model.channel_settings import SmsFormat, SmsSettings
from engine.model.delivery import FailReason
from engine.model.message import Envelope
from engine.model.outcome import (
    Accepted,
    AnsweredError,
    Awaited,
    NotActed,
    Outcome,
    Outgoing,
    Refused,
    Silent,
)
from engine.model.ports import Describing, LateResults
from tests.channels.making import (
    NOW,
    StillClock,
    a_message,
    an_envelope,
    an_outgoing,
    provider_settings,
    send_all,
)
from tests.channels.opened import opened_at
from tests.servers.twilio import ACCOUNT, TOKEN, Twilio

KEYS = {"TWILIO_SID": ACCOUNT, "TWILIO_TOKEN": TOKEN}
SERVICE = "MG" + "1" * 32

Open = Callable[..., TwilioProvider]


@pytest.fixture
def twilio() -> Twilio:
    return Twilio()


@pytest.fixture
def open_twilio(twilio: Twilio) -> Iterator[Open]:
    with opened_at(
        twilio.answer,
        "twilio",
        KEYS,
        account_sid=EnvironmentVariable("TWILIO_SID"),
        auth_token=EnvironmentVariable("TWILIO_TOKEN"),
    ) as open_one:
        yield partial(open_one, Channel.SMS)


def text(**changes: Any) -> Envelope:
    changes = {
        "title": None,
        "body": "Chuseok sale: 송편 30% off",
        "sms_format": SmsFormat.SMS,
        **changes,
    }
    return an_envelope(
        Channel.SMS,
        message=a_message(Channel.SMS, **changes),
        settings=SmsSettings(from_="+14155550123"),
    )


def to(number: int, envelope: Envelope | None = None) -> Outgoing:
    return an_outgoing(f"+1415{number:07}", Channel.SMS, envelope=envelope or text())


def address(number: int) -> str:
    return f"+1415{number:07}"


class Recorder(HttpClient):
    """What Twilio's SDK would send, instead of sending it."""

    def __init__(self) -> None:
        self.sent: dict[str, Any] = {}

    def request(self, method: str, uri: str, *args: Any, **more: Any) -> Response:
        names = ("params", "data", "headers", "auth", "timeout", "allow_redirects")
        self.sent = {"method": method, "uri": uri, **dict(zip(names, args, strict=False)), **more}
        return Response(201, json.dumps({"sid": "SM1", "status": "queued"}))


@pytest.mark.parametrize(
    ("envelope", "options", "arguments"),
    [
        (text(), {}, {"from_": "+14155550123"}),
        (text(), {"messaging_service": SERVICE}, {"messaging_service_sid": SERVICE}),
        (
            text(sms_format=SmsFormat.MMS, image="https://shop.example/songpyeon.png"),
            {},
            {"from_": "+14155550123", "media_url": ["https://shop.example/songpyeon.png"]},
        ),
    ],
)
def test_our_request_is_the_one_of_twilios_own_sdk(
    envelope: Envelope, options: dict[str, Any], arguments: dict[str, Any]
) -> None:
    recorder = Recorder()
    Client(ACCOUNT, TOKEN, http_client=recorder).messages.create(
        to="+14155550100",
        body=envelope.message.body,
        validity_period=36000,
        **arguments,
    )
    settings = provider_settings("twilio", account_sid=ACCOUNT, auth_token=TOKEN, **options)
    opening = Opening(
        channel=Channel.SMS,
        settings=settings,
        options=Options(settings, lambda variable: variable.name),
        environment="production",
        sandbox=False,
        outbox=Path(),
        clock=StillClock(),
    )
    one = an_outgoing("+14155550100", Channel.SMS, envelope=envelope)
    post = TwilioVendor(opening).request([one], NOW)
    theirs = recorder.sent
    assert (theirs["method"], theirs["uri"]) == ("POST", post.url)
    form = [
        (name, each)
        for name, value in theirs["data"].items()
        for each in (value if isinstance(value, list) else [str(value)])
    ]
    assert sorted(parse_qsl(post.body.decode())) == sorted(form)
    headers = dict(line.split(": ", 1) for line in post.headers)
    assert headers["Content-Type"] == theirs["headers"]["Content-Type"]
    authorization = theirs["headers"].get("Authorization")
    if authorization is None:
        assert theirs["auth"] == (ACCOUNT, TOKEN)
    else:
        assert headers["Authorization"] == authorization


def test_each_message_is_a_request(open_twilio: Open, twilio: Twilio) -> None:
    outcomes = send_all(open_twilio(), [to(n) for n in range(60)])
    assert (len(twilio.forms), twilio.problems) == (60, [])
    names = {outcome.provider_id for outcome in outcomes if isinstance(outcome, Accepted)}
    assert names == set(twilio.messages)
    assert twilio.forms[0]["Body"] == "Chuseok sale: 송편 30% off"
    assert set(twilio.accepted.values()) == {1}


@pytest.mark.parametrize(
    ("left", "validity"),
    [(timedelta(hours=11), 36000), (timedelta(seconds=90), 90), (timedelta(0), 1)],
)
def test_a_message_waits_at_twilio_until_its_window_ends(
    open_twilio: Open, twilio: Twilio, left: timedelta, validity: int
) -> None:
    send_all(open_twilio(), [to(1, replace(text(), expires_at=NOW + left))])
    assert twilio.forms[0]["ValidityPeriod"] == str(validity)
    send_all(open_twilio(), [to(1, replace(text(), expires_at=None))])
    assert "ValidityPeriod" not in twilio.forms[1]


def refused(reason: FailReason, code: int, **more: bool) -> Refused:
    return Refused(reason=reason, code=str(code), **more)


CODES: list[tuple[str, Outcome]] = [
    *(
        (f"400 {code}", refused(FailReason.BAD_ADDRESS, code, dead_address=True))
        for code in (21211, 21214, 21217, 21614, 21635)
    ),
    *((f"400 {code}", refused(FailReason.REFUSED, code)) for code in (21408, 21608, 21610, 21612)),
    *(
        (f"400 {code}", refused(FailReason.SENDER_MISMATCH, code, systemic=True))
        for code in (21606, 21659, 21703)
    ),
    *(
        (f"400 {code}", NotActed(code=str(code), systemic=True, setting="from"))
        for code in (21212, 21603, 21660, 21661)
    ),
    *(
        (f"400 {code}", NotActed(code=str(code), systemic=True, setting="messaging_service"))
        for code in (21704, 21705, 21712)
    ),
    ("400 21602", refused(FailReason.BAD_MESSAGE, 21602, systemic=True)),
    ("400 21617", refused(FailReason.TOO_LARGE, 21617)),
    ("400 21611", NotActed(code="21611", retry_after_s=60.0, opens_breaker=True)),
    ("401 20003", NotActed(code="20003", systemic=True)),
    ("403 20005", NotActed(code="20005", systemic=True)),
    ("403 20666", NotActed(code="20666", systemic=True)),
    ("403 21408", refused(FailReason.REFUSED, 21408)),
    ("404 20404", NotActed(code="20404", systemic=True, setting="account_sid")),
    ("400 99999", refused(FailReason.REFUSED, 99999, systemic=True)),
    ("400", Refused(reason=FailReason.BAD_MESSAGE, code="HTTP_400", systemic=True)),
    ("429 20429", NotActed(code="20429", retry_after_s=3.0, opens_breaker=True)),
    ("500 20500", AnsweredError(code="20500", retry_after_s=3.0)),
    ("503", AnsweredError(code="HTTP_503", retry_after_s=3.0)),
    ("garbage", Silent(code="UNREADABLE_ANSWER")),
    ("now failed 30005", refused(FailReason.BAD_ADDRESS, 30005, dead_address=True)),
    ("now failed 30008", refused(FailReason.REFUSED, 30008)),
]


@pytest.mark.parametrize(("deed", "outcome"), CODES)
def test_every_code_has_its_outcome(
    open_twilio: Open, twilio: Twilio, deed: str, outcome: Outcome
) -> None:
    twilio.misdeeds = {address(1): deed}
    assert send_all(open_twilio(), [to(1)]) == [outcome]


@pytest.mark.parametrize("deed", ["reset", "resetbefore", "silent"])
def test_without_an_answer_nobody_says_sent_or_failed(
    open_twilio: Open, twilio: Twilio, deed: str
) -> None:
    twilio.misdeeds = {address(1): deed}
    outcomes = send_all(open_twilio(timeout=0.4), [to(1)])
    assert [type(one) for one in outcomes] == [Silent]
    assert sum(twilio.accepted.values()) == (0 if deed == "resetbefore" else 1)
    assert len(twilio.forms) == 1, "sent again by itself"


def test_a_wrong_token_is_systemic(open_twilio: Open, twilio: Twilio) -> None:
    outcomes = send_all(open_twilio(auth_token="wrong"), [to(1)])
    assert outcomes == [NotActed(code="20003", systemic=True)]
    assert twilio.forms == []


def test_what_twilio_can_never_carry_is_refused_without_asking(
    open_twilio: Open, twilio: Twilio
) -> None:
    batch = [
        to(1, text(body="송" * 1601)),
        to(2, text(body="")),
        to(3, replace(text(), settings=SmsSettings())),
        an_outgoing("nobody", Channel.SMS, envelope=text()),
    ]
    assert send_all(open_twilio(), batch) == [
        Refused(reason=FailReason.BAD_MESSAGE, code="TOO_LONG"),
        Refused(reason=FailReason.BAD_MESSAGE, code="NO_TEXT"),
        NotActed(code="NO_SENDER", systemic=True, setting="senders"),
        Refused(reason=FailReason.BAD_ADDRESS, code="NOT_A_PHONE_NUMBER", dead_address=True),
    ]
    assert twilio.forms == []


def test_the_sender_is_the_campaigns_else_the_options(open_twilio: Open, twilio: Twilio) -> None:
    bare = replace(text(), settings=SmsSettings())
    send_all(open_twilio(senders=("+14155550199",)), [to(1, bare)])
    send_all(open_twilio(senders=("+14155550199",), **{"from": "SampleShop"}), [to(2, bare)])
    send_all(open_twilio(senders=("+14155550199",)), [to(3)])
    assert [form["From"] for form in twilio.forms] == ["+14155550199", "SampleShop", "+14155550123"]


def test_numbers_are_e164_and_a_title_is_the_first_line() -> None:
    assert e164(Phone("82", "01012345678")) == "+821012345678"
    assert e164(Phone("1", "4155550100")) == "+14155550100"
    assert [
        sending_number(one) for one in ("14155550100", "0212345678", "12345", "SampleShop")
    ] == [
        "+14155550100",
        "+82212345678",
        "12345",
        "SampleShop",
    ]
    form = form_of(text(title="(광고) 추석 특가"), sender=None, service=None)
    assert form["Body"] == "(광고) 추석 특가\nChuseok sale: 송편 30% off"
    with pytest.raises(UnfitError, match="NO_SENDER"):
        form_of(replace(text(), settings=SmsSettings()), sender=None, service=None)
    assert preview_body(text(body=""), sender=None, service=None)["unfit"] == "NO_TEXT"


def await_all(batch: list[Outgoing], outcomes: list[Outcome]) -> list[Awaited]:
    return [
        Awaited(
            reference=one.reference,
            provider_id=outcome.provider_id if isinstance(outcome, Accepted) else None,
            handed_over_at=NOW,
        )
        for one, outcome in zip(batch, outcomes, strict=True)
    ]


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ({"status": "delivered"}, "delivered"),
        ({"status": "queued"}, None),
        ({"status": "sending"}, None),
        ({"status": "sent"}, None),
        ({"status": "undelivered", "error_code": 30003}, refused(FailReason.REFUSED, 30003)),
        ({"status": "undelivered", "error_code": 30007}, refused(FailReason.REFUSED, 30007)),
        (
            {"status": "undelivered", "error_code": 30006},
            refused(FailReason.BAD_ADDRESS, 30006, dead_address=True),
        ),
        ({"status": "failed"}, Refused(reason=FailReason.REFUSED, code="FAILED")),
        ({"status": "canceled"}, Refused(reason=FailReason.REFUSED, code="CANCELED")),
    ],
)
def test_a_later_status_is_read(
    open_twilio: Open, twilio: Twilio, state: dict[str, Any], expected: Any
) -> None:
    provider = open_twilio()
    assert isinstance(provider, LateResults)
    batch = [to(1)]
    outcomes = send_all(provider, batch)
    (message,) = twilio.messages.values()
    message.update(state)
    if expected == "delivered":
        expected = outcomes[0]
    found = provider.look_up(await_all(batch, outcomes))
    assert found == ({batch[0].reference: expected} if expected else {})


def test_without_an_answer_nobody_can_be_asked(open_twilio: Open, twilio: Twilio) -> None:
    twilio.misdeeds = {address(1): "reset"}
    provider = open_twilio()
    batch = [to(1)]
    assert provider.look_up(await_all(batch, send_all(provider, batch))) == {}
    assert twilio.asked == []


def test_status_callbacks_are_read_before_anybody_asks(
    open_twilio: Open, twilio: Twilio, tmp_path: Path
) -> None:
    results = tmp_path / "results.jsonl"
    provider = open_twilio(results=str(results))
    batch = [to(1), to(2)]
    outcomes = send_all(provider, batch)
    names = [one.provider_id for one in outcomes if isinstance(one, Accepted)]
    bodies = [
        {"MessageSid": names[0], "MessageStatus": "delivered"},
        {"MessageSid": names[1], "MessageStatus": "undelivered", "ErrorCode": "30005"},
    ]
    results.write_text("".join(f"{json.dumps(body)}\n" for body in bodies), encoding="utf-8")
    assert provider.look_up(await_all(batch, outcomes)) == {
        batch[0].reference: outcomes[0],
        batch[1].reference: refused(FailReason.BAD_ADDRESS, 30005, dead_address=True),
    }
    assert twilio.asked == []


def test_numbers_that_send_sms_are_described(open_twilio: Open, twilio: Twilio) -> None:
    twilio.numbers = [
        {"phone_number": "+14155550123", "capabilities": {"sms": True, "voice": True}},
        {"phone_number": "+14155550124", "capabilities": {"sms": False}},
    ]
    provider = open_twilio()
    assert isinstance(provider, Describing)
    assert provider.describe().senders == ("14155550123",)


def test_refused_keys_are_said_when_asking(open_twilio: Open) -> None:
    with pytest.raises(CredentialsError, match="`twilio` refused the credentials"):
        open_twilio(auth_token="wrong").describe()


def open_abroad(base_url: str | None = None, **options: Any) -> Any:
    return open_provider(
        Channel.SMS,
        provider_settings("twilio", base_url, **options),
        environment="production",
        sandbox=False,
        outbox=Path(),
        resolve=lambda variable: KEYS[variable.name],
        clock=StillClock(),
    )


def test_missing_keys_are_named() -> None:
    with pytest.raises(CredentialsError, match="`twilio` has no `account_sid`"):
        open_abroad(auth_token="t").free_slots()
    with pytest.raises(CredentialsError, match="`twilio` has no `auth_token`"):
        open_abroad(account_sid=ACCOUNT).free_slots()


def test_who_cannot_be_asked_is_unavailable() -> None:
    with pytest.raises(UnavailableError, match="`twilio` could not be asked"):
        open_abroad("http://127.0.0.1:1").describe()


def test_an_account_is_named_without_its_sid() -> None:
    account = open_abroad(account_sid=ACCOUNT, auth_token=TOKEN).account
    assert account.startswith("twilio:")
    assert ACCOUNT not in account
