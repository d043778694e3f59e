"""NHN Cloud over the wire: what each answer, error and silence comes to, and what is asked later."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.channels.nhn import NhnProvider
from engine.channels.registry import open_provider
from engine.kernel.errors import CredentialsError, UnavailableError, UsageError
from engine.model.channel import Channel, EnvironmentVariable
from engine.model.channel_settings import KakaoProduct, KakaoSettings
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
from engine.model.vendor import ProfileState, ProfileStatus, TemplateState, TemplateStatus
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
from tests.servers.nhn import APP_KEY, SECRET, Nhn

KEYS = {"NHN_APP_KEY": APP_KEY, "NHN_SECRET": SECRET, "KAKAO_SENDER_KEY": "k" * 40}
PROFILES = {"main": {"sender_key": EnvironmentVariable("KAKAO_SENDER_KEY")}}

LATER = NOW + timedelta(hours=2)

Open = Callable[..., NhnProvider]


@pytest.fixture
def nhn() -> Nhn:
    return Nhn()


@pytest.fixture
def open_nhn(nhn: Nhn) -> Iterator[Open]:
    # HTTP/1.1: the loopback's HTTP/2 sends an answer in one frame, and a thousand results are too big.
    with opened_at(
        nhn.answer,
        "nhn",
        KEYS,
        protocols=("http/1.1",),
        app_key=EnvironmentVariable("NHN_APP_KEY"),
        secret=EnvironmentVariable("NHN_SECRET"),
        profiles=PROFILES,
    ) as open_one:
        yield open_one


def text(
    channel: Channel, body: str = "(광고) 송편 30% 할인\n무료수신거부 080-123-4567"
) -> Envelope:
    return an_envelope(channel, message=a_message(channel, body=body, title="추석 특가"))


def alimtalk(body: str = "민지님, 송편이 출발했어요") -> Envelope:
    return replace(
        an_envelope(Channel.KAKAO, message=a_message(Channel.KAKAO, body=body, title=None)),
        settings=KakaoSettings(product=KakaoProduct.ALIMTALK, template_code="ship-01"),
        advertising=False,
    )


def to(number: int, channel: Channel, envelope: Envelope | None = None) -> Outgoing:
    return an_outgoing(f"+8210{number:08}", channel, envelope=envelope or text(channel))


def dialled(number: int) -> str:
    return f"010{number:08}"


@pytest.mark.parametrize("channel", [Channel.KAKAO, Channel.SMS])
def test_one_text_to_many_is_one_request_per_thousand(
    open_nhn: Open, nhn: Nhn, channel: Channel
) -> None:
    outcomes = send_all(open_nhn(channel), [to(n, channel) for n in range(1210)])
    assert sorted(len(body["recipientList"]) for _, body in nhn.bodies) == [10, 200, 1000]
    assert nhn.problems == []
    assert len(nhn.accepted) == 1210
    product = "brand-message" if channel is Channel.KAKAO else "mms"
    named = outcomes[1011]
    assert isinstance(named, Accepted)
    assert str(named.provider_id).split("/")[::2] == [product, "2"]


@pytest.mark.parametrize("channel", [Channel.KAKAO, Channel.SMS])
def test_texts_that_differ_do_not_share_a_request(
    open_nhn: Open, nhn: Nhn, channel: Channel
) -> None:
    batch = [
        to(n, channel, text(channel, f"(광고) {name}님, 송편")) for n, name in enumerate("가나다")
    ]
    assert all(isinstance(one, Accepted) for one in send_all(open_nhn(channel), batch))
    assert len(nhn.bodies) == 3


def test_texts_of_alimtalk_share_a_request(open_nhn: Open, nhn: Nhn) -> None:
    batch = [to(n, Channel.KAKAO, alimtalk(f"{name}님, 송편")) for n, name in enumerate("가나다")]
    send_all(open_nhn(Channel.KAKAO), batch)
    ((door, body),) = nhn.bodies
    assert door == "raw-messages"
    assert [one["content"] for one in body["recipientList"]] == [
        "가님, 송편",
        "나님, 송편",
        "다님, 송편",
    ]
    assert (body["senderKey"], nhn.problems) == ("k" * 40, [])


def test_the_same_batch_has_the_same_idempotency_key(open_nhn: Open, nhn: Nhn) -> None:
    provider = open_nhn(Channel.SMS)
    send_all(provider, [to(1, Channel.SMS)])
    send_all(provider, [to(2, Channel.SMS)])
    first, second = (headers["x-nc-api-idempotency-key"] for headers in nhn.headers)
    assert first != second
    again = send_all(provider, [to(1, Channel.SMS)])
    assert nhn.headers[-1]["x-nc-api-idempotency-key"] == first
    # The first request was taken: whoever comes a second time must not hear that nothing was sent.
    assert again == [Silent(code="-1005")]
    assert nhn.accepted[dialled(1)] == 1


def test_each_recipient_has_its_own_outcome_although_http_says_200(
    open_nhn: Open, nhn: Nhn
) -> None:
    nhn.misdeeds = {dialled(2): "-5000", dialled(3): "-3301", dialled(4): "-9999"}
    outcomes = send_all(open_nhn(Channel.KAKAO), [to(n, Channel.KAKAO) for n in range(1, 6)])
    assert outcomes[1:4] == [
        Refused(reason=FailReason.BAD_ADDRESS, code="-5000", dead_address=True),
        Refused(reason=FailReason.REFUSED, code="-3301"),
        AnsweredError(code="-9999"),
    ]
    assert [type(outcomes[0]), type(outcomes[4])] == [Accepted, Accepted]


def test_results_without_our_reference_are_read_in_their_order(open_nhn: Open, nhn: Nhn) -> None:
    nhn.keyless_results = True
    nhn.misdeeds = {dialled(2): "-5000"}
    outcomes = send_all(open_nhn(Channel.KAKAO), [to(n, Channel.KAKAO) for n in (1, 2, 3)])
    assert [type(one) for one in outcomes] == [Accepted, Refused, Accepted]


def test_a_fault_in_what_all_share_is_systemic_only_if_nobody_got_through(
    open_nhn: Open, nhn: Nhn
) -> None:
    nhn.misdeeds = {dialled(1): "-3010", dialled(3): "-3010"}
    provider = open_nhn(Channel.KAKAO)
    mixed = send_all(provider, [to(1, Channel.KAKAO), to(2, Channel.KAKAO)])
    alone = send_all(provider, [to(3, Channel.KAKAO)])
    assert mixed[0] == Refused(reason=FailReason.BAD_MESSAGE, code="-3010")
    assert alone == [Refused(reason=FailReason.BAD_MESSAGE, code="-3010", systemic=True)]


def refused(reason: FailReason, code: int, **more: bool) -> Refused:
    return Refused(reason=reason, code=str(code), **more)


HEADERS = [
    *((Channel.KAKAO, code, "account") for code in (-1000, -1001, -1030, -4004, -4005, -4029)),
    *((Channel.KAKAO, code, "account") for code in (-9992,)),
    *((Channel.KAKAO, code, "profiles") for code in (-1006, -1014, -1024, -1027, -2017)),
    *((Channel.KAKAO, code, "template_code") for code in (-3003, -3005)),
    *((Channel.KAKAO, code, "unsubscribe_number") for code in (-3340, -3341)),
    *((Channel.KAKAO, code, "message") for code in (4, -2001, -2019, -3010, -3011, -3016)),
    *((Channel.KAKAO, code, "message") for code in (-3049, -3298, -3299, -3305, -8002)),
    *((Channel.KAKAO, code, "number") for code in (-4019, -5000)),
    *((Channel.KAKAO, code, "person") for code in (-1028, -3301)),
    *((Channel.KAKAO, code, "doubt") for code in (-7000, -9999)),
    *((Channel.KAKAO, code, "silent") for code in (-1005,)),
    *((Channel.KAKAO, code, "other") for code in (-9997, -12345)),
    *((Channel.SMS, code, "account") for code in (-1000, -1001, -1002, -1003, -1004)),
    *((Channel.SMS, code, "account") for code in (-6000, -6004)),
    *((Channel.SMS, code, "senders") for code in (-2312, -2313)),
    *((Channel.SMS, code, "message") for code in (4, -1006, -2004, -2014, -2016, -2023, -2116)),
    *((Channel.SMS, code, "message") for code in (-6003,)),
    *((Channel.SMS, code, "number") for code in (-2018, -2019)),
    *((Channel.SMS, code, "person") for code in (-6001,)),
    *((Channel.SMS, code, "doubt") for code in (-2009, -2010, -2021, -9999)),
    *((Channel.SMS, code, "other") for code in (-9996, -9998)),
]


@pytest.mark.parametrize(("channel", "code", "kind"), HEADERS)
def test_every_documented_code_has_its_outcome(
    open_nhn: Open, nhn: Nhn, channel: Channel, code: int, kind: str
) -> None:
    nhn.misdeeds = {dialled(1): f"header {code}"}
    expected: dict[str, Outcome] = {
        "account": NotActed(code=str(code), systemic=True),
        "message": refused(FailReason.BAD_MESSAGE, code, systemic=True),
        "number": refused(FailReason.BAD_ADDRESS, code, dead_address=True),
        "person": refused(FailReason.REFUSED, code),
        "doubt": AnsweredError(code=str(code)),
        "silent": Silent(code=str(code)),
        "other": refused(FailReason.REFUSED, code, systemic=True),
    }
    setting = NotActed(code=str(code), systemic=True, setting=kind)
    assert send_all(open_nhn(channel), [to(1, channel)]) == [expected.get(kind, setting)]


def test_a_number_that_is_not_ours_is_tried_on_ten_people_and_in_one_request(
    open_nhn: Open, nhn: Nhn
) -> None:
    nhn.misdeeds = {dialled(3): "header -2312"}
    provider = open_nhn(Channel.SMS)
    outcomes = send_all(provider, [to(n, Channel.SMS) for n in range(10)])
    assert outcomes == [NotActed(code="-2312", systemic=True, setting="senders")] * 10
    assert (len(nhn.bodies), provider.free_slots()) == (1, 10)


@pytest.mark.parametrize(("channel", "code"), [(Channel.SMS, -2019), (Channel.KAKAO, -4019)])
def test_one_odd_number_costs_nobody_else_the_message(
    open_nhn: Open, nhn: Nhn, channel: Channel, code: int
) -> None:
    nhn.misdeeds = {dialled(3): f"header {code}"}
    outcomes = send_all(open_nhn(channel), [to(n, channel) for n in range(8)])
    assert [n for n, one in enumerate(outcomes) if not isinstance(one, Accepted)] == [3]
    assert outcomes[3] == Refused(reason=FailReason.BAD_ADDRESS, code=str(code), dead_address=True)
    assert set(nhn.accepted.values()) == {1}


def test_wrong_keys_are_tried_on_ten_people_not_on_a_thousand(open_nhn: Open, nhn: Nhn) -> None:
    provider = open_nhn(Channel.SMS, secret="wrong")
    assert provider.free_slots() == 10
    outcomes = send_all(provider, [to(n, Channel.SMS) for n in range(10)])
    assert outcomes == [NotActed(code="-1001", systemic=True)] * 10
    assert provider.free_slots() == 10


@pytest.mark.parametrize(
    ("deed", "outcome"),
    [
        ("status 429", NotActed(code="HTTP_429", retry_after_s=3.0, opens_breaker=True)),
        ("status 500", AnsweredError(code="HTTP_500", retry_after_s=3.0)),
        ("status 503", AnsweredError(code="HTTP_503", retry_after_s=3.0)),
        ("status 401", NotActed(code="HTTP_401", systemic=True)),
        ("status 403", NotActed(code="HTTP_403", systemic=True)),
        ("status 400", Refused(reason=FailReason.BAD_MESSAGE, code="HTTP_400", systemic=True)),
        ("garbage", Silent(code="UNREADABLE_ANSWER")),
    ],
)
@pytest.mark.parametrize("channel", [Channel.KAKAO, Channel.SMS])
def test_what_befalls_the_request_befalls_all(
    open_nhn: Open, nhn: Nhn, channel: Channel, deed: str, outcome: Outcome
) -> None:
    nhn.misdeeds = {dialled(1): deed}
    assert send_all(open_nhn(channel), [to(1, channel), to(2, channel)]) == [outcome] * 2
    assert not nhn.accepted


@pytest.mark.parametrize("deed", ["reset", "resetbefore", "silent"])
@pytest.mark.parametrize("channel", [Channel.KAKAO, Channel.SMS])
def test_without_an_answer_nobody_says_sent_or_failed(
    open_nhn: Open, nhn: Nhn, channel: Channel, deed: str
) -> None:
    nhn.misdeeds = {dialled(1): deed}
    provider = open_nhn(channel, timeout=0.4)
    outcomes = send_all(provider, [to(1, channel), to(2, channel)])
    assert all(isinstance(one, Silent) for one in outcomes)
    assert sum(nhn.accepted.values()) == (0 if deed == "resetbefore" else 2)
    assert len(nhn.bodies) == 1, "sent again by itself"


def test_numbers_that_are_none_are_refused_without_asking(open_nhn: Open, nhn: Nhn) -> None:
    provider = open_nhn(Channel.SMS)
    batch = [
        an_outgoing("not-a-number", Channel.SMS),
        an_outgoing("+14155550100", Channel.SMS),
    ]
    assert send_all(provider, batch) == [
        Refused(reason=FailReason.BAD_ADDRESS, code="NOT_A_PHONE_NUMBER", dead_address=True),
        Refused(reason=FailReason.BAD_ADDRESS, code="MMS_ABROAD"),
    ]
    assert nhn.bodies == []


def await_all(batch: list[Outgoing], outcomes: list[Outcome]) -> list[Awaited]:
    return [
        Awaited(
            reference=one.reference,
            provider_id=outcome.provider_id if isinstance(outcome, Accepted) else None,
            handed_over_at=NOW,
        )
        for one, outcome in zip(batch, outcomes, strict=True)
    ]


KAKAO_RESULTS = [
    ({"messageStatus": "COMPLETED", "resultCode": "1000"}, "delivered"),
    ({"messageStatus": "COMPLETED", "resultCode": "MRC01"}, "delivered"),
    ({"messageStatus": "COMPLETED", "resultCode": None}, None),
    ({"messageStatus": "COMPLETED", "resultCode": "3005"}, None),
    ({"messageStatus": "COMPLETED", "resultCode": "4161"}, None),
    (
        {"messageStatus": "FAILED", "resultCode": "3018"},
        Refused(reason=FailReason.UNREGISTERED, code="3018"),
    ),
    (
        {"messageStatus": "FAILED", "resultCode": "3008"},
        Refused(reason=FailReason.BAD_ADDRESS, code="3008", dead_address=True),
    ),
    (
        {"messageStatus": "FAILED", "resultCode": "3016"},
        Refused(reason=FailReason.BAD_MESSAGE, code="3016"),
    ),
    (
        {"messageStatus": "FAILED", "resultCode": "3022"},
        Refused(reason=FailReason.REFUSED, code="3022"),
    ),
    (
        {"messageStatus": "FAILED", "resultCode": ""},
        Refused(reason=FailReason.REFUSED, code="FAILED"),
    ),
    ({"messageStatus": "CANCEL"}, Refused(reason=FailReason.REFUSED, code="CANCEL")),
]
SMS_RESULTS = [
    ({"msgStatus": "3", "resultCode": "1000"}, "delivered"),
    ({"msgStatus": "1", "resultCode": ""}, None),
    ({"msgStatus": "2", "resultCode": None}, None),
    ({"msgStatus": "7"}, None),
    (
        {"msgStatus": "0", "resultCode": "3001"},
        Refused(reason=FailReason.BAD_ADDRESS, code="3001", dead_address=True),
    ),
    (
        {"msgStatus": "0", "resultCode": "2003"},
        Refused(reason=FailReason.REFUSED, code="2003"),
    ),
    ({"msgStatus": "5"}, Refused(reason=FailReason.REFUSED, code="5")),
    ({"msgStatus": "6"}, Refused(reason=FailReason.REFUSED, code="6")),
]


@pytest.mark.parametrize(
    ("channel", "row", "expected"),
    [
        *((Channel.KAKAO, *each) for each in KAKAO_RESULTS),
        *((Channel.SMS, *each) for each in SMS_RESULTS),
    ],
)
def test_a_later_result_is_read_by_its_codes(
    open_nhn: Open, nhn: Nhn, channel: Channel, row: dict[str, Any], expected: Any
) -> None:
    provider = open_nhn(channel)
    batch = [to(1, channel)]
    outcomes = send_all(provider, batch)
    (name,) = {one.provider_id for one in outcomes if isinstance(one, Accepted)}
    ((taken,),) = nhn.rows.values()
    taken.update(row)
    if expected == "delivered":
        expected = Accepted(provider_id=name)
    found = provider.look_up(await_all(batch, outcomes))
    assert found == ({batch[0].reference: expected} if expected else {})


def test_a_request_is_asked_for_once_and_read_page_by_page(open_nhn: Open, nhn: Nhn) -> None:
    provider = open_nhn(Channel.SMS)
    assert isinstance(provider, LateResults)
    batch = [to(n, Channel.SMS) for n in range(1010)]
    outcomes = send_all(provider, batch)
    for row in nhn.rows["mms"]:
        row.update({"msgStatus": "3", "resultCode": "1000"})
    found = provider.look_up(await_all(batch, outcomes))
    assert len(found) == 1010
    assert len(nhn.asked) == 3, "ten first, then a thousand, whose page is full"
    assert "pageNum=2" in nhn.asked[2]


@pytest.mark.parametrize("channel", [Channel.KAKAO, Channel.SMS])
def test_after_silence_our_own_reference_finds_the_message(
    open_nhn: Open, nhn: Nhn, channel: Channel
) -> None:
    nhn.misdeeds = {dialled(1): "reset", dialled(9): "resetbefore"}
    provider = open_nhn(channel)
    lost, never = to(1, channel), to(9, channel, text(channel, "(광고) 다른 글"))
    outcomes = send_all(provider, [lost]) + send_all(provider, [never])
    assert [type(one) for one in outcomes] == [Silent, Silent]
    ((row,),) = nhn.rows.values()
    row.update(
        {"messageStatus": "COMPLETED", "resultCode": "1000"}
        if channel is Channel.KAKAO
        else {"msgStatus": "3"}
    )
    found = provider.look_up(await_all([lost, never], outcomes))
    product = "brand-message" if channel is Channel.KAKAO else "mms"
    assert found == {lost.reference: Accepted(provider_id=f"{product}/202609240001/1")}


@pytest.mark.parametrize("channel", [Channel.KAKAO, Channel.SMS])
def test_after_the_silence_of_a_whole_request_the_messages_of_that_time_are_listed(
    open_nhn: Open, nhn: Nhn, channel: Channel
) -> None:
    provider = open_nhn(channel)
    (first,) = send_all(provider, [to(0, channel)])
    assert isinstance(first, Accepted)
    nhn.misdeeds = {dialled(7): "reset"}
    batch = [to(n, channel) for n in range(1, 60)]
    outcomes = send_all(provider, batch)
    delivered = {"messageStatus": "COMPLETED", "resultCode": "1000", "msgStatus": "3"}
    for row in next(iter(nhn.rows.values()))[:-1]:
        row.update(delivered)
    awaited = await_all(batch, outcomes)
    silent = [one for one in awaited if one.provider_id is None]
    assert len(silent) > 20
    late = replace(awaited[0], reference="a" * 32, provider_id=None, handed_over_at=LATER)
    found = provider.look_up([*silent, late])
    assert set(found) == {one.reference for one in silent} - {awaited[-1].reference}
    assert len(nhn.asked) == 8, "two products, two times, and what lies around whom no list has"


def test_webhook_bodies_are_read_before_anybody_asks(
    open_nhn: Open, nhn: Nhn, tmp_path: Path
) -> None:
    results = tmp_path / "results.jsonl"
    provider = open_nhn(Channel.KAKAO, results=str(results))
    batch = [to(1, Channel.KAKAO), to(2, Channel.KAKAO)]
    outcomes = send_all(provider, batch)
    hooks = [
        {"requestId": "202609240001", "recipientSeq": 1, "resultCode": "1000"},
        {"recipientGroupingKey": batch[1].reference, "resultCode": "3019"},
    ]
    body = {"event": "MESSAGE_RESULT_UPDATE", "hooks": hooks}
    results.write_text(json.dumps(body) + '\n{"half a li', encoding="utf-8")
    assert provider.look_up(await_all(batch, outcomes)) == {
        batch[0].reference: outcomes[0],
        batch[1].reference: Refused(reason=FailReason.UNREGISTERED, code="3019"),
    }
    assert nhn.asked == []


def test_results_that_are_no_json_are_named_by_their_line(open_nhn: Open, tmp_path: Path) -> None:
    results = tmp_path / "results.jsonl"
    results.write_text('{"hooks": []}\nhello\n', encoding="utf-8")
    with pytest.raises(UnavailableError, match="line 2 of"):
        open_nhn(Channel.SMS, results=str(results)).look_up([])


@pytest.mark.parametrize(
    ("sender", "status"),
    [
        ({"status": "YSC03", "kakaoStatus": "A", "kakaoProfileStatus": "A"}, ProfileStatus.ACTIVE),
        ({"status": "YSC02"}, ProfileStatus.PENDING),
        ({"status": "YSC03", "kakaoStatus": "S", "kakaoProfileStatus": "A"}, ProfileStatus.BLOCKED),
        ({"status": "YSC03", "kakaoProfileStatus": "B"}, ProfileStatus.BLOCKED),
        ({"status": "YSC03", "kakaoProfileStatus": "A", "block": True}, ProfileStatus.BLOCKED),
        ({"status": "YSC03", "kakaoProfileStatus": "A", "dormant": True}, ProfileStatus.DORMANT),
        ({"status": "YSC03", "kakaoProfileStatus": "C"}, ProfileStatus.DISCONNECTED),
        ({"status": "YSC03", "kakaoProfileStatus": "D"}, ProfileStatus.DISCONNECTED),
        ({"status": "YSC03", "kakaoProfileStatus": "E"}, ProfileStatus.DISCONNECTED),
    ],
)
def test_a_profile_is_described_by_its_states(
    open_nhn: Open, nhn: Nhn, sender: dict[str, Any], status: ProfileStatus
) -> None:
    counts = {"alimtalk": {"dailyMaxCount": 1000, "sentCount": 12}}
    nhn.senders = {"k" * 40: {**sender, **counts}}
    nhn.templates = [
        {"templateCode": "ship-01", "templateContent": "#{이름}님, 출발했어요", "status": "TSC03"},
        {"templateCode": "ship-02", "templateContent": "…", "status": "TSC04"},
    ]
    provider = open_nhn(Channel.KAKAO)
    assert isinstance(provider, Describing)
    facts = provider.describe()
    assert facts.profiles == {"main": ProfileState(status=status, daily_max=1000, sent_today=12)}
    assert facts.templates["ship-01"] == TemplateState(
        status=TemplateStatus.APPROVED, text="#{이름}님, 출발했어요"
    )
    assert facts.templates["ship-02"].status is TemplateStatus.REJECTED


def test_a_profile_that_nhn_does_not_know_is_disconnected(open_nhn: Open) -> None:
    facts = open_nhn(Channel.KAKAO).describe()
    assert facts.profiles == {"main": ProfileState(status=ProfileStatus.DISCONNECTED)}


def test_sending_numbers_in_use_are_listed(open_nhn: Open, nhn: Nhn) -> None:
    nhn.numbers = [
        {"sendNo": "15880000", "useYn": "Y", "blockYn": "N"},
        {"sendNo": "0212345678", "useYn": "Y", "blockYn": "Y"},
        {"sendNo": "0311112222", "useYn": "N", "blockYn": "N"},
    ]
    assert open_nhn(Channel.SMS).describe().senders == ("15880000",)


def test_refused_keys_are_said_when_asking(open_nhn: Open) -> None:
    with pytest.raises(CredentialsError, match=r"`nhn` refused the keys \(-1001\)"):
        open_nhn(Channel.SMS, secret="wrong").describe()


def test_who_cannot_be_asked_is_unavailable() -> None:
    provider = open_provider(
        Channel.SMS,
        provider_settings("nhn", "http://127.0.0.1:1"),
        environment="sandbox",
        sandbox=True,
        outbox=Path(),
        resolve=lambda variable: variable.name,
        clock=StillClock(),
    )
    assert isinstance(provider, Describing)
    with pytest.raises(UnavailableError, match="`nhn` could not be asked: ConnectError"):
        provider.describe()


def open_abroad(**options: Any) -> Any:
    return open_provider(
        Channel.KAKAO,
        provider_settings("nhn", **options),
        environment="production",
        sandbox=False,
        outbox=Path(),
        resolve=lambda variable: KEYS[variable.name],
        clock=StillClock(),
    )


def test_missing_keys_are_named() -> None:
    with pytest.raises(CredentialsError, match="`nhn` has no `app_key`"):
        open_abroad().free_slots()
    with pytest.raises(CredentialsError, match="`nhn` has no `secret`"):
        open_abroad(app_key="a").free_slots()


def test_an_unknown_profile_is_named(open_nhn: Open) -> None:
    provider = open_nhn(Channel.KAKAO, profiles={})
    with pytest.raises(UsageError, match="has no profile `main`"):
        provider.submit([to(1, Channel.KAKAO)])


def test_an_080_number_is_checked(open_nhn: Open) -> None:
    with pytest.raises(UsageError, match="`02-123-4567`, not a free 080 number"):
        open_nhn(Channel.KAKAO, unsubscribe_number="02-123-4567").free_slots()


@pytest.mark.parametrize("option", ["friendtalk", "FRIEND_TALK", "친구톡"])
def test_friendtalk_is_refused_with_the_reason(option: str) -> None:
    with pytest.raises(UsageError, match="FriendTalk ended on 2025-12-31") as caught:
        open_abroad(product=option)
    assert "Brand Message replaces it" in str(caught.value.hint)


def test_an_account_is_named_without_its_key() -> None:
    account = open_abroad(app_key="the-app-key", secret="s").account
    assert account.startswith("nhn:kakao:")
    assert "the-app-key" not in account


def test_a_preview_needs_no_key() -> None:
    assert open_abroad().encode(text(Channel.KAKAO))["profile"] == "main"
