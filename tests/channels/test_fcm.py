"""Every way in which FCM can answer, or not, and what becomes of the delivery."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable

import pytest

from engine.channels.fcm import FcmProvider
from engine.kernel.errors import CredentialsError, UsageError
from engine.model.delivery import FailReason
from engine.model.message import Address
from engine.model.outcome import (
    Accepted,
    AnsweredError,
    NotActed,
    Outcome,
    Outgoing,
    Refused,
    Silent,
)
from tests.channels.discovery import request_validator
from tests.channels.making import (
    StillClock,
    a_message,
    an_envelope,
    an_outgoing,
    send_all,
    some_options,
)
from tests.servers.fcm import LoopbackFcm

Open = Callable[..., FcmProvider]


def refused(
    reason: FailReason, code: str, *, dead: bool = False, systemic: bool = False
) -> Refused:
    return Refused(reason=reason, code=code, dead_address=dead, systemic=systemic)


def breaker(code: str, seconds: float) -> NotActed:
    return NotActed(code=code, retry_after_s=seconds, opens_breaker=True)


OUTCOMES: dict[str, Outcome] = {
    "unregistered": refused(FailReason.UNREGISTERED, "UNREGISTERED", dead=True),
    "badtoken": refused(FailReason.BAD_ADDRESS, "INVALID_ARGUMENT", dead=True),
    "vaguetoken": refused(FailReason.BAD_ADDRESS, "INVALID_ARGUMENT"),
    "badpayload": refused(FailReason.BAD_MESSAGE, "INVALID_ARGUMENT", systemic=True),
    "mismatch": refused(FailReason.SENDER_MISMATCH, "SENDER_ID_MISMATCH", dead=True),
    "denied": NotActed(code="PERMISSION_DENIED", systemic=True),
    "notfound": NotActed(code="NOT_FOUND", systemic=True, setting="project"),
    "thirdparty": NotActed(code="THIRD_PARTY_AUTH_ERROR", systemic=True),
    "unauthenticated": NotActed(code="UNAUTHENTICATED", systemic=True),
    "moved": NotActed(code="HTTP_302", systemic=True, setting="base_url"),
    "teapot": refused(FailReason.REFUSED, "HTTP_418", systemic=True),
    "quota": breaker("QUOTA_EXCEEDED", 7.0),
    "quotabare": breaker("QUOTA_EXCEEDED", 60.0),
    "internal": AnsweredError(code="INTERNAL"),
    "gateway": AnsweredError(code="HTTP_502"),
    "unavailable": AnsweredError(code="UNAVAILABLE", retry_after_s=11.0),
    "deadline": AnsweredError(code="HTTP_504"),
    "silent": Silent(code="curl-28"),
    "endless": Silent(code="curl-28"),
    "huge": Silent(code="curl-63"),
    "rststream": Silent(code="curl-92"),
    "refused": NotActed(code="REFUSED_STREAM", retry_after_s=0.0),
    "goaway": NotActed(code="REFUSED_STREAM", retry_after_s=0.0),
}


@pytest.mark.parametrize("word", OUTCOMES)
def test_each_answer_has_one_outcome(word: str, server: LoopbackFcm, open_fcm: Open) -> None:
    provider = open_fcm()
    assert send_all(provider, [an_outgoing(f"{word}-1")]) == [OUTCOMES[word]]
    assert [request.address for request in server.received] == [f"{word}-1"]


def test_an_accepted_message_has_the_vendors_name(server: LoopbackFcm, open_fcm: Open) -> None:
    outcomes = send_all(open_fcm(), [an_outgoing("ok-1"), an_outgoing("slow-1")])
    names = [outcome.provider_id for outcome in outcomes if isinstance(outcome, Accepted)]
    assert names == ["projects/sample-shop/messages/1", "projects/sample-shop/messages/slow"]
    assert server.accepted == Counter({"ok-1": 1, "slow-1": 1})
    request = server.received[0]
    assert request.headers[":path"] == "/v1/projects/sample-shop/messages:send"
    assert request.headers["content-type"] == "application/json"
    assert "authorization" not in request.headers


@pytest.mark.parametrize("word", ["reset", "close", "garbage"])
def test_a_connection_that_dies_under_a_request_is_silence_and_never_a_second_request(
    word: str, server: LoopbackFcm, open_fcm: Open
) -> None:
    provider = open_fcm()
    # On a connection that worked before, libcurl on its own would send the request again.
    for address in ("ok-1", f"{word}-1"):
        (outcome,) = send_all(provider, [an_outgoing(address)])
    assert isinstance(outcome, Silent)
    assert Counter(request.address for request in server.received)[f"{word}-1"] == 1


def test_a_retry_date_is_counted_from_the_answers_own_clock(open_fcm: Open) -> None:
    # The server's clock is today's, ours stands in 2026-09: without `Date` it is ours that counts.
    (outcome,) = send_all(open_fcm(), [an_outgoing("quotadate-1")])
    assert isinstance(outcome, NotActed)
    assert outcome.opens_breaker
    assert outcome.retry_after_s is not None


def test_when_others_of_the_campaign_went_through_a_vague_refusal_is_the_addresss_fault(
    open_fcm: Open,
) -> None:
    provider = open_fcm()
    send_all(provider, [an_outgoing("ok-1")])
    vague, odd, other = send_all(
        provider,
        [
            an_outgoing("vaguetoken-1"),
            an_outgoing("teapot-1"),
            an_outgoing("vaguetoken-2", campaign="another"),
        ],
    )
    assert vague == refused(FailReason.BAD_ADDRESS, "INVALID_ARGUMENT", dead=True)
    assert odd == refused(FailReason.REFUSED, "HTTP_418")
    assert other == refused(FailReason.BAD_ADDRESS, "INVALID_ARGUMENT")


def test_what_cannot_be_sent_is_refused_without_a_request(
    server: LoopbackFcm, open_fcm: Open
) -> None:
    huge = an_envelope(message=a_message(body="가" * 1400))
    batch = [an_outgoing("ok-1", envelope=huge), an_outgoing("01012345678", kind="phone")]
    assert send_all(open_fcm(), batch) == [
        refused(FailReason.TOO_LARGE, "PAYLOAD_BYTES"),
        refused(FailReason.BAD_ADDRESS, "ADDRESS_KIND"),
    ]
    assert server.received == []


@pytest.mark.parametrize("key", ["from", "gcm", "google.c.a.e", "googlex", "message_type", "gcm.n"])
def test_a_key_that_fcm_keeps_for_itself_stops_the_campaign_before_it_begins(
    key: str, server: LoopbackFcm, open_fcm: Open
) -> None:
    envelope = an_envelope(message=a_message(data={"campaign": "c", key: "x"}))
    assert send_all(open_fcm(), [an_outgoing("ok-1", envelope=envelope)]) == [
        refused(FailReason.BAD_MESSAGE, "DATA_KEY", systemic=True)
    ]
    assert server.received == []


def test_nobody_listening_is_surely_not_acted_and_opens_the_breaker() -> None:
    provider = FcmProvider(
        some_options(project="p"), StillClock(), base_url="http://127.0.0.1:9", sandbox=True
    )
    assert send_all(provider, [an_outgoing("ok-1")]) == [breaker("curl-7", 5.0)]
    provider.close()


def test_a_certificate_that_nobody_signed_gets_no_request(server: LoopbackFcm) -> None:
    provider = FcmProvider(some_options(project="p"), StillClock(), base_url=server.base_url)
    assert send_all(provider, [an_outgoing("ok-1")]) == [breaker("curl-60", 5.0)]
    assert server.received == []
    provider.close()


def test_every_request_of_a_mixed_batch_is_valid_for_google(
    server: LoopbackFcm, open_fcm: Open
) -> None:
    batch = [an_outgoing(f"{word}-1") for word in ("ok", "unregistered", "unavailable")]
    batch.append(an_outgoing("ok-fid", kind="fcm_fid"))
    send_all(open_fcm(), batch)
    validator = request_validator()
    for request in server.received:
        assert list(validator.iter_errors(json.loads(request.body))) == []
    assert len(server.received) == 4


def test_what_is_previewed_is_what_is_sent(server: LoopbackFcm, open_fcm: Open) -> None:
    provider = open_fcm()
    envelope = an_envelope()
    send_all(provider, [an_outgoing("ok-1", envelope=envelope)])
    wire = server.received[0].message
    del wire["token"], wire["android"]["ttl"], wire["webpush"]["headers"]["TTL"]
    assert json.dumps(wire) == json.dumps(provider.encode(envelope)["message"])


def test_encoding_reads_no_secret_and_opens_nothing() -> None:
    # `no_variable` would raise if the credentials were looked at.
    provider = FcmProvider(some_options(), StillClock())
    assert "message" in provider.encode(an_envelope())


def test_without_credentials_nothing_goes_to_google() -> None:
    provider = FcmProvider(some_options(project="sample-shop"), StillClock())
    with pytest.raises(CredentialsError) as caught:
        provider.free_slots()
    assert caught.value.message == "`fcm` has no `credentials`"


def test_without_a_project_there_is_no_address_to_send_to(server: LoopbackFcm) -> None:
    provider = FcmProvider(some_options(), StillClock(), base_url=server.base_url)
    with pytest.raises(UsageError) as caught:
        _ = provider.account
    assert caught.value.message == "`pushform.yaml:channels.app.project` is missing"


def test_closing_waits_for_answers_and_names_the_rest(server: LoopbackFcm, open_fcm: Open) -> None:
    server.delay_s = 0.2
    provider = open_fcm()
    batch = [an_outgoing("ok-1"), an_outgoing("silent-1")]
    assert provider.free_slots() >= 2
    provider.submit(batch)
    settled = {one.outgoing.address.value: one.outcome for one in provider.close()}
    assert isinstance(settled["ok-1"], Accepted)
    assert settled["silent-1"] == Silent(code="curl-28")


def test_at_goaway_nobody_is_lost_and_nobody_gets_it_twice() -> None:
    with LoopbackFcm(goaway_after=150, delay_s=0.005) as server:
        provider = FcmProvider(
            some_options(project="p", ca_file=server.ca_file),
            StillClock(),
            base_url=server.base_url,
            rate_per_s=1500,
        )
        waiting = [an_outgoing(f"ok-{number}") for number in range(5000)]
        outcomes: Counter[str] = Counter()
        open_ones = 0
        while waiting or open_ones:
            now, waiting = waiting[: provider.free_slots()], waiting[provider.free_slots() :]
            provider.submit(now)
            open_ones += len(now)
            for settled in provider.poll(1.0):
                open_ones -= 1
                outcomes[type(settled.outcome).__name__] += 1
                if isinstance(settled.outcome, NotActed):
                    waiting.append(again(settled.outgoing))
        provider.close()
    assert set(outcomes) == {"Accepted", "NotActed"}
    assert outcomes["Accepted"] == 5000
    assert len(server.accepted) == 5000
    assert set(server.accepted.values()) == {1}
    assert len(server.connections) > 30


def again(outgoing: Outgoing) -> Outgoing:
    address = Address(kind=outgoing.address.kind, value=outgoing.address.value)
    return Outgoing(
        key=outgoing.key,
        attempt=outgoing.attempt + 1,
        envelope=outgoing.envelope,
        address=address,
    )
