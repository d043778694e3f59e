"""Every way in which a push service can answer, or not, and what becomes of the delivery."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from engine.channels.webpush import WebPushProvider
from engine.kernel.errors import CredentialsError, UsageError
from engine.model.channel import Channel
from engine.model.channel_settings import WebSettings
from engine.model.delivery import FailReason
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
    StillClock,
    a_message,
    an_envelope,
    an_outgoing,
    send_all,
    some_options,
)
from tests.channels.subscribing import Browser, a_provider
from tests.servers.webpush import LoopbackPushService

Open = Callable[..., WebPushProvider]
TRIAL = 2.0


@pytest.fixture
def service(push_service: LoopbackPushService) -> LoopbackPushService:
    return push_service


@pytest.fixture
def open_one(service: LoopbackPushService) -> Iterator[Open]:
    opened: list[WebPushProvider] = []

    def open_provider(clock: StillClock | None = None, **options: Any) -> WebPushProvider:
        provider = a_provider(service.base_url, clock, ca_file=service.ca_file, **options)
        opened.append(provider)
        return provider

    yield open_provider
    for provider in opened:
        provider.close()


def refused(
    reason: FailReason, code: str, *, dead: bool = False, systemic: bool = False
) -> Refused:
    return Refused(reason=reason, code=code, dead_address=dead, systemic=systemic)


OUTCOMES: dict[str, Outcome] = {
    "gone": refused(FailReason.UNREGISTERED, "ERRNO_106", dead=True),
    "expired": refused(FailReason.UNREGISTERED, "HTTP_410", dead=True),
    "notfound": refused(FailReason.UNREGISTERED, "Unregistered", dead=True),
    "toolarge": refused(FailReason.TOO_LARGE, "ERRNO_104"),
    "quota": NotActed(code="TooManyRequests", retry_after_s=7.0, opens_breaker=True),
    "quotabare": NotActed(code="HTTP_429", retry_after_s=60.0, opens_breaker=True),
    "internal": AnsweredError(code="ERRNO_999"),
    "gateway": AnsweredError(code="HTTP_502"),
    "unavailable": AnsweredError(code="HTTP_503", retry_after_s=11.0),
    "deadline": AnsweredError(code="HTTP_504"),
    "timeout": AnsweredError(code="HTTP_408"),
    "silent": Silent(code="curl-28"),
    "endless": Silent(code="curl-28"),
    "rststream": Silent(code="curl-92"),
    "refused": NotActed(code="REFUSED_STREAM", retry_after_s=0.0),
    "goaway": NotActed(code="REFUSED_STREAM", retry_after_s=0.0),
    "ok200": Accepted(),
    "ok202": Accepted(),
}
# While nothing went through these wait for a proof; see below for what they come to.
DOUBTS = {"bad": "ERRNO_110", "unauthorized": "ERRNO_109", "badjwt": "BadJwtToken"}
DOUBTS |= {"mismatch": "HTTP_403", "moved": "HTTP_307"}
OUTCOMES |= {word: NotActed(code=code, retry_after_s=TRIAL) for word, code in DOUBTS.items()}


@pytest.mark.parametrize("word", OUTCOMES)
def test_each_answer_has_one_outcome(
    word: str, service: LoopbackPushService, open_one: Open
) -> None:
    provider = open_one()
    assert send_all(provider, [Browser().outgoing(f"{word}-1")]) == [OUTCOMES[word]]
    assert [request.address for request in service.received] == [f"{word}-1"]


def test_a_browser_reads_what_was_previewed(service: LoopbackPushService, open_one: Open) -> None:
    browser, provider, envelope = Browser(), open_one(), an_envelope(Channel.WEB)
    (outcome,) = send_all(provider, [browser.outgoing("ok-1", envelope=envelope)])
    assert outcome == Accepted(provider_id="https://push.example.com/m/1")
    (request,) = service.received
    read = browser.read(request.body)
    assert json.dumps(read) == json.dumps(provider.encode(envelope)["message"])
    assert read["title"] == "(광고) 민지님, 추석 특가"
    headers = request.headers
    assert headers[":path"] == "/send/ok-1"
    assert (headers["ttl"], headers["urgency"], headers["topic"]) == (
        "39600",
        "normal",
        "chuseok-sale",
    )
    assert (headers["content-encoding"], headers["content-type"]) == (
        "aes128gcm",
        "application/octet-stream",
    )


def test_time_to_live_ends_with_the_window_and_is_never_nothing(
    service: LoopbackPushService, open_one: Open
) -> None:
    browser, provider = Browser(), open_one()
    ends = [None, NOW + timedelta(seconds=1.9), NOW + timedelta(days=90), NOW, NOW - timedelta(1)]
    outcomes = send_all(
        provider,
        [
            browser.outgoing(f"ok-{n}", envelope=an_envelope(Channel.WEB, expires_at=end))
            for n, end in enumerate(ends)
        ],
    )
    sent = {request.address: request.headers["ttl"] for request in service.received}
    assert sent == {"ok-0": "2419200", "ok-1": "1", "ok-2": "2419200"}
    over = NotActed(code="EXPIRED", retry_after_s=1.0)
    assert outcomes[3:] == [over, over]


@pytest.mark.parametrize("word", ["reset", "close", "garbage"])
def test_a_connection_that_dies_under_a_request_is_silence_and_never_a_second_request(
    word: str, service: LoopbackPushService, open_one: Open
) -> None:
    provider = open_one()
    for address in ("ok-1", f"{word}-1"):
        (outcome,) = send_all(provider, [Browser().outgoing(address)])
    assert isinstance(outcome, Silent)
    assert Counter(request.address for request in service.received)[f"{word}-1"] == 1


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("mismatch", refused(FailReason.SENDER_MISMATCH, "HTTP_403", dead=True)),
        ("unauthorized", refused(FailReason.SENDER_MISMATCH, "ERRNO_109", dead=True)),
        ("bad", refused(FailReason.BAD_ADDRESS, "ERRNO_110")),
        ("moved", refused(FailReason.REFUSED, "HTTP_307")),
    ],
)
def test_where_others_went_through_a_refusal_is_the_subscriptions_fault(
    word: str, expected: Outcome, open_one: Open
) -> None:
    provider, browser = open_one(), Browser()
    send_all(provider, [browser.outgoing("ok-1")])
    assert send_all(provider, [browser.outgoing(f"{word}-1")]) == [expected]


SPOILT = Refused(reason=FailReason.BAD_ADDRESS, code="KEYS", spoilt_address=True)


def test_a_key_that_nobody_takes_stops_the_campaign_after_a_few_trials(open_one: Open) -> None:
    provider, browser = open_one(), Browser()
    outcomes = [
        send_all(provider, [browser.outgoing(f"badjwt-{number}")])[0] for number in range(4)
    ]
    assert outcomes[:3] == [NotActed(code="BadJwtToken", retry_after_s=TRIAL)] * 3
    assert outcomes[3] == NotActed(code="BadJwtToken", systemic=True)


def test_a_key_that_stops_working_is_not_blamed_on_everybody(open_one: Open) -> None:
    provider, browser = open_one(), Browser()
    send_all(provider, [browser.outgoing("ok-1")])
    outcomes = send_all(provider, [browser.outgoing(f"mismatch-{number}") for number in range(12)])
    blamed = [each for each in outcomes if isinstance(each, Refused) and each.dead_address]
    ours = [each for each in outcomes if isinstance(each, NotActed) and each.systemic]
    assert (len(blamed), len(ours)) == (10, 2)


def test_a_stranger_who_refuses_everything_stops_nobody_else(open_one: Open) -> None:
    provider, browser = open_one(), Browser()
    stranger = Browser(service="https://push.stranger.example")
    outcomes: list[Outcome] = []
    for number in range(6):
        send_all(provider, [browser.outgoing(f"ok-{number}")])
        outcomes += send_all(provider, [stranger.outgoing(f"mismatch-{number}")])
    assert outcomes[3:] == [refused(FailReason.REFUSED, "HTTP_403")] * 3


def test_one_service_that_wants_rest_leaves_the_others_alone(
    service: LoopbackPushService, open_one: Open
) -> None:
    provider, browser = open_one(), Browser()
    busy = Browser(service="https://push.busy.example")
    send_all(provider, [browser.outgoing("ok-1")])
    (first,) = send_all(provider, [busy.outgoing("quota-1")])
    assert first == NotActed(code="TooManyRequests", retry_after_s=7.0)
    second, third, other = send_all(
        provider, [busy.outgoing("ok-2"), busy.outgoing("ok-3"), browser.outgoing("ok-4")]
    )
    assert isinstance(second, NotActed)
    assert isinstance(third, NotActed)
    assert (second.code, second.opens_breaker) == ("SERVICE_HELD", False)
    assert 6 < (second.retry_after_s or 0) < (third.retry_after_s or 0) < 7.1
    assert isinstance(other, Accepted)
    assert [request.address for request in service.received] == ["ok-1", "quota-1", "ok-4"]


def test_a_service_that_swallows_requests_is_left_alone(
    service: LoopbackPushService, open_one: Open
) -> None:
    provider, browser = open_one(timeout=0.3), Browser()
    silence = send_all(provider, [browser.outgoing(f"silent-{number}") for number in range(3)])
    assert silence == [Silent(code="curl-28")] * 3
    (held,) = send_all(provider, [browser.outgoing("ok-1")])
    assert isinstance(held, NotActed)
    assert held.code == "SERVICE_HELD"
    assert len(service.received) == 3


def test_what_cannot_be_sent_is_refused_without_a_request(
    service: LoopbackPushService, open_one: Open
) -> None:
    browser = Browser()
    huge = an_envelope(Channel.WEB, message=a_message(Channel.WEB, body="가" * 1300))
    short = {**browser.keys, "auth": "AAAA"}
    nowhere = {**browser.keys, "p256dh": "BA" + "A" * 85}
    batch = [
        browser.outgoing("ok-1", envelope=huge),
        an_outgoing("01012345678", Channel.WEB, kind="phone"),
        browser.outgoing("ok-2", endpoint="https://10.0.0.1/send/ok-2"),
        browser.outgoing("ok-3", keys=short),
        browser.outgoing("ok-4", keys=nowhere),
        browser.outgoing("ok-5", keys={"p256dh": "가나다", "auth": "가"}),
    ]
    assert send_all(open_one(), batch) == [
        refused(FailReason.TOO_LARGE, "PAYLOAD_BYTES"),
        refused(FailReason.BAD_ADDRESS, "ADDRESS_KIND"),
        refused(FailReason.BAD_ADDRESS, "ENDPOINT", dead=True),
        SPOILT,
        SPOILT,
        SPOILT,
    ]
    assert service.received == []


def test_one_record_holds_what_it_holds(service: LoopbackPushService, open_one: Open) -> None:
    provider, browser = open_one(), Browser()
    empty = an_envelope(Channel.WEB, message=a_message(Channel.WEB, body="", title=""))
    room = 3993 - len(
        json.dumps(
            provider.encode(empty)["message"], ensure_ascii=False, separators=(",", ":")
        ).encode()
    )
    bodies = ["가" * (room // 3) + "a" * (room % 3), "가" * (room // 3) + "a" * (room % 3 + 1)]
    fits, exceeds = send_all(
        provider,
        [
            browser.outgoing(
                f"ok-{n}",
                envelope=an_envelope(
                    Channel.WEB, message=a_message(Channel.WEB, body=body, title="")
                ),
            )
            for n, body in enumerate(bodies)
        ],
    )
    assert isinstance(fits, Accepted)
    assert exceeds == refused(FailReason.TOO_LARGE, "PAYLOAD_BYTES")
    (request,) = service.received
    assert len(request.body) == 4096
    assert browser.read(request.body)["body"] == bodies[0]


def test_urgency_and_topic_come_from_the_campaign(
    service: LoopbackPushService, open_one: Open
) -> None:
    envelope = an_envelope(
        Channel.WEB, settings=WebSettings(urgency="low", tag="주간 소식"), collapse_key="겨울세일"
    )
    browser = Browser()
    send_all(open_one(), [browser.outgoing("ok-1", envelope=envelope)])
    (request,) = service.received
    assert request.headers["urgency"] == "low"
    assert len(request.headers["topic"]) == 32
    assert request.headers["topic"].isascii()
    assert browser.read(request.body)["tag"] == "주간 소식"


def test_nobody_listening_is_surely_not_acted_and_opens_the_breaker() -> None:
    provider = a_provider("http://127.0.0.1:9")
    outcome = NotActed(code="curl-7", retry_after_s=5.0, opens_breaker=True)
    assert send_all(provider, [Browser().outgoing("ok-1")]) == [outcome]
    provider.close()


def test_a_certificate_that_nobody_signed_gets_no_request(service: LoopbackPushService) -> None:
    provider = a_provider(service.base_url)
    (outcome,) = send_all(provider, [Browser().outgoing("ok-1")])
    assert isinstance(outcome, NotActed)
    assert outcome.code == "curl-60"
    assert service.received == []
    provider.close()


def test_encoding_reads_no_secret_and_opens_nothing() -> None:
    provider = WebPushProvider(some_options(), StillClock())
    assert "message" in provider.encode(an_envelope(Channel.WEB))


def test_without_a_key_nothing_goes_to_a_push_service() -> None:
    provider = WebPushProvider(some_options(subject="mailto:a@shop.example"), StillClock())
    with pytest.raises(CredentialsError) as caught:
        provider.free_slots()
    assert caught.value.message == "`webpush` has no `private_key`"


def test_a_key_without_a_subject_is_not_enough() -> None:
    provider = a_provider(None, subject=None)
    with pytest.raises(UsageError) as caught:
        _ = provider.account
    assert caught.value.message == "`pushform.yaml:channels.app.subject` is missing"


def test_the_account_is_the_public_key_and_holds_no_secret() -> None:
    provider = a_provider(None)
    name = provider.account
    assert len(name) == len("webpush:") + 87
    assert name.startswith("webpush:B")
    provider.close()


def test_at_goaway_nobody_is_lost_and_nobody_gets_it_twice() -> None:
    with LoopbackPushService(goaway_after=100, delay_s=0.005) as service:
        provider = a_provider(service.base_url, ca_file=service.ca_file, timeout=5)
        browser = Browser()
        waiting = [browser.outgoing(f"ok-{number}") for number in range(1500)]
        outcomes: Counter[str] = Counter()
        under_way = 0
        while waiting or under_way:
            now, waiting = waiting[: provider.free_slots()], waiting[provider.free_slots() :]
            provider.submit(now)
            under_way += len(now)
            for settled in provider.poll(1.0):
                under_way -= 1
                outcomes[type(settled.outcome).__name__] += 1
                if isinstance(settled.outcome, NotActed):
                    waiting.append(again(settled.outgoing))
        provider.close()
    assert set(outcomes) <= {"Accepted", "NotActed"}
    assert outcomes["Accepted"] == 1500
    assert set(service.accepted.values()) == {1}
    assert len(service.connections) > 10


def again(outgoing: Outgoing) -> Outgoing:
    return Outgoing(
        key=outgoing.key,
        attempt=outgoing.attempt + 1,
        envelope=outgoing.envelope,
        address=outgoing.address,
    )
