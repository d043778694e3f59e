"""NAVER SENS over the wire: what each answer, error and silence comes to, and what is asked later."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.channels.registry import open_provider
from engine.channels.sens import SensProvider
from engine.kernel.errors import (
    ClockError,
    CredentialsError,
    ExitCode,
    UnavailableError,
    UsageError,
)
from engine.model.channel import Channel, EnvironmentVariable
from engine.model.channel_settings import KakaoProduct, KakaoSettings, SmsFormat
from engine.model.delivery import FailReason
from engine.model.kakao import Bubble
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
from engine.model.vendor import ProfileState, ProfileStatus, TemplateStatus, VendorFacts
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
from tests.servers.sens import ACCESS_KEY, SECRET_KEY, SERVICE, Sens

KEYS = {"SENS_ACCESS": ACCESS_KEY, "SENS_SECRET": SECRET_KEY}

Open = Callable[..., SensProvider]


@pytest.fixture
def sens() -> Sens:
    return Sens()


@pytest.fixture
def open_sens(sens: Sens) -> Iterator[Open]:
    with opened_at(
        sens.answer,
        "sens",
        KEYS,
        service_id=SERVICE,
        access_key=EnvironmentVariable("SENS_ACCESS"),
        secret_key=EnvironmentVariable("SENS_SECRET"),
        profiles={"main": {"channel_id": "@샘플샵"}},
    ) as open_one:
        yield open_one


def text(
    channel: Channel, body: str = "(광고) 송편 30% 할인\n무료수신거부 080-123-4567"
) -> Envelope:
    return an_envelope(
        channel, message=a_message(channel, body=body, title="추석 특가", image=None)
    )


def alimtalk(body: str) -> Envelope:
    return replace(
        text(Channel.KAKAO, body),
        settings=KakaoSettings(product=KakaoProduct.ALIMTALK, template_code="ship-01"),
        advertising=False,
    )


def to(number: int, channel: Channel, envelope: Envelope | None = None) -> Outgoing:
    return an_outgoing(f"+8210{number:08}", channel, envelope=envelope or text(channel))


def dialled(number: int) -> str:
    return f"010{number:08}"


@pytest.mark.parametrize("channel", [Channel.KAKAO, Channel.SMS])
def test_a_hundred_texts_of_their_own_share_a_request(
    open_sens: Open, sens: Sens, channel: Channel
) -> None:
    batch = [to(n, channel, text(channel, f"(광고) {n}번째 손님, 송편")) for n in range(160)]
    outcomes = send_all(open_sens(channel), batch)
    assert sorted(len(body["messages"]) for _, body in sens.bodies) == [10, 50, 100]
    assert sens.problems == []
    assert len(sens.accepted) == 160
    names = {outcome.provider_id for outcome in outcomes if isinstance(outcome, Accepted)}
    assert len(names) == 160
    assert not any(dialled(n) in str(names) for n in range(160)), "a phone number in a name"
    if channel is Channel.KAKAO:
        assert sens.bodies[0][1]["plusFriendId"] == "@샘플샵"
        assert outcomes[3] == Accepted(provider_id="brandmessage/RSLA-1/RSLA-1-m4")


def test_pictures_are_named_by_what_sens_calls_them(open_sens: Open, sens: Sens) -> None:
    here, there = "https://shop.example/송편.png", "5b19970c-c8ec"
    envelope = text(Channel.KAKAO, "송편")
    pictured = replace(envelope.message, image=here, title=None)
    envelope = replace(envelope, message=pictured, settings=KakaoSettings(bubble=Bubble.IMAGE))
    refusal = Refused(reason=FailReason.BAD_MESSAGE, code="IMAGE_NOT_UPLOADED", systemic=True)
    assert send_all(open_sens(Channel.KAKAO), [to(1, Channel.KAKAO, envelope)]) == [refusal]
    provider = open_sens(Channel.KAKAO, images={here: there})
    (outcome,) = send_all(provider, [to(1, Channel.KAKAO, envelope)])
    assert isinstance(outcome, Accepted)
    assert sens.bodies[0][1]["messages"][0]["image"]["imageId"] == there
    assert there in str(provider.encode(envelope))


def test_alimtalk_goes_through_its_own_door(open_sens: Open, sens: Sens) -> None:
    batch = [to(n, Channel.KAKAO, alimtalk(f"{name}님, 송편")) for n, name in enumerate("가나")]
    send_all(open_sens(Channel.KAKAO), batch)
    ((product, body),) = sens.bodies
    assert (product, body["templateCode"], sens.problems) == ("alimtalk", "ship-01", [])


def test_each_country_has_its_own_request_of_sms(open_sens: Open, sens: Sens) -> None:
    short = text(Channel.SMS)
    short = replace(short, message=replace(short.message, sms_format=SmsFormat.SMS))
    batch = [
        to(1, Channel.SMS, short),
        an_outgoing("+14155550100", Channel.SMS, envelope=short),
        an_outgoing("+14155550100", Channel.SMS),
        an_outgoing("none", Channel.SMS),
    ]
    outcomes = send_all(open_sens(Channel.SMS), batch)
    assert {body["countryCode"] for _, body in sens.bodies} == {"82", "1"}
    assert outcomes[2:] == [
        Refused(reason=FailReason.BAD_ADDRESS, code="LMS_ABROAD"),
        Refused(reason=FailReason.BAD_ADDRESS, code="NOT_A_PHONE_NUMBER", dead_address=True),
    ]


def test_each_kakao_message_has_its_own_outcome_although_http_says_202(
    open_sens: Open, sens: Sens
) -> None:
    sens.misdeeds = {dialled(2): "K102"}
    provider = open_sens(Channel.KAKAO)
    outcomes = send_all(provider, [to(n, Channel.KAKAO) for n in (1, 2, 3)])
    assert [type(one) for one in outcomes] == [Accepted, Refused, Accepted]
    assert outcomes[1] == Refused(reason=FailReason.REFUSED, code="K102")
    alone = send_all(provider, [to(2, Channel.KAKAO)])
    assert alone == [Refused(reason=FailReason.REFUSED, code="K102", systemic=True)]


def test_an_sms_request_can_fail_under_202(open_sens: Open, sens: Sens) -> None:
    sens.misdeeds = {dialled(1): "refused"}
    outcomes = send_all(open_sens(Channel.SMS), [to(1, Channel.SMS)])
    assert outcomes == [Refused(reason=FailReason.REFUSED, code="400", systemic=True)]


@pytest.mark.parametrize(
    ("deed", "outcome"),
    [
        ("status 429", NotActed(code="SOME_ERROR", retry_after_s=3.0, opens_breaker=True)),
        ("status 500", AnsweredError(code="SOME_ERROR", retry_after_s=3.0)),
        ("status 503", AnsweredError(code="SOME_ERROR", retry_after_s=3.0)),
        ("status 401", NotActed(code="SOME_ERROR", systemic=True)),
        ("status 403", NotActed(code="SOME_ERROR", systemic=True)),
        ("status 404", NotActed(code="SOME_ERROR", systemic=True, setting="service_id")),
        ("garbage", Silent(code="UNREADABLE_ANSWER")),
    ],
)
@pytest.mark.parametrize("channel", [Channel.KAKAO, Channel.SMS])
def test_what_befalls_the_request_befalls_all(
    open_sens: Open, sens: Sens, channel: Channel, deed: str, outcome: Outcome
) -> None:
    sens.misdeeds = {dialled(1): deed}
    assert send_all(open_sens(channel), [to(1, channel), to(2, channel)]) == [outcome] * 2
    assert not sens.accepted


@pytest.mark.parametrize("channel", [Channel.KAKAO, Channel.SMS])
def test_one_odd_message_costs_nobody_else_theirs(
    open_sens: Open, sens: Sens, channel: Channel
) -> None:
    sens.misdeeds = {dialled(3): "status 400"}
    provider = open_sens(channel)
    outcomes = send_all(provider, [to(n, channel) for n in range(8)])
    assert [n for n, one in enumerate(outcomes) if not isinstance(one, Accepted)] == [3]
    assert outcomes[3] == Refused(reason=FailReason.BAD_MESSAGE, code="SOME_ERROR")
    assert set(sens.accepted.values()) == {1}
    alone = send_all(provider, [to(3, channel)])
    assert alone == [Refused(reason=FailReason.BAD_MESSAGE, code="SOME_ERROR", systemic=True)]


@pytest.mark.parametrize("deed", ["reset", "resetbefore", "silent"])
@pytest.mark.parametrize("channel", [Channel.KAKAO, Channel.SMS])
def test_without_an_answer_nobody_says_sent_or_failed(
    open_sens: Open, sens: Sens, channel: Channel, deed: str
) -> None:
    sens.misdeeds = {dialled(1): deed}
    provider = open_sens(channel, timeout=0.4)
    outcomes = send_all(provider, [to(1, channel), to(2, channel)])
    assert all(isinstance(one, Silent) for one in outcomes)
    assert sum(sens.accepted.values()) == (0 if deed == "resetbefore" else 2)
    assert len(sens.bodies) == 1, "sent again by itself"


def test_a_wrong_secret_is_systemic(open_sens: Open, sens: Sens) -> None:
    outcomes = send_all(open_sens(Channel.SMS, secret_key="wrong"), [to(1, Channel.SMS)])
    assert outcomes == [NotActed(code="GATEWAY_200", systemic=True)]
    assert sens.bodies == []


@pytest.mark.parametrize(("minutes", "side"), [(7, "ahead of"), (-7, "behind")])
def test_a_wrong_clock_is_named_and_costs_nobody_the_message(
    open_sens: Open, sens: Sens, minutes: int, side: str
) -> None:
    provider = open_sens(Channel.SMS, StillClock(NOW + timedelta(minutes=minutes)))
    outcomes = send_all(provider, [to(1, Channel.SMS)])
    assert outcomes == [NotActed(code="CLOCK_SKEW", retry_after_s=1.0)]
    with pytest.raises(ClockError) as caught:
        provider.free_slots()
    assert caught.value.exit_code is ExitCode.CLOCK
    assert caught.value.message == (
        f"the clock of this machine is 7 min {side} the one of `sens`, which refuses what was"
        " signed then"
    )
    assert "timedatectl" in str(caught.value.hint)
    with pytest.raises(ClockError):
        open_sens(Channel.KAKAO, StillClock(NOW + timedelta(minutes=minutes))).describe()


def await_all(batch: list[Outgoing], outcomes: list[Outcome]) -> list[Awaited]:
    return [
        Awaited(
            reference=one.reference,
            provider_id=outcome.provider_id if isinstance(outcome, Accepted) else None,
            handed_over_at=NOW,
        )
        for one, outcome in zip(batch, outcomes, strict=True)
    ]


RESULTS = [
    (Channel.SMS, {"status": "COMPLETED", "statusCode": "0", "statusName": "success"}, "delivered"),
    (Channel.SMS, {"status": "PROCESSING"}, None),
    (Channel.SMS, {"status": "READY", "statusName": None}, None),
    (
        Channel.SMS,
        {"status": "COMPLETED", "statusCode": "3001", "statusName": "fail"},
        Refused(reason=FailReason.REFUSED, code="3001"),
    ),
    (Channel.KAKAO, {"messageStatusCode": "0000", "messageStatusName": "success"}, "delivered"),
    (Channel.KAKAO, {"messageStatusName": "processing"}, None),
    (Channel.KAKAO, {}, None),
    (
        Channel.KAKAO,
        {"messageStatusCode": "3019", "messageStatusName": "fail"},
        Refused(reason=FailReason.UNREGISTERED, code="3019"),
    ),
    (
        Channel.KAKAO,
        {"messageStatusCode": "3022", "messageStatusName": "fail"},
        Refused(reason=FailReason.REFUSED, code="3022"),
    ),
    (
        Channel.KAKAO,
        {"messageStatusCode": "B004", "messageStatusName": "fail"},
        Refused(reason=FailReason.REFUSED, code="B004"),
    ),
    (
        Channel.KAKAO,
        {"requestStatusCode": "A001", "requestStatusName": "fail"},
        Refused(reason=FailReason.REFUSED, code="A001"),
    ),
]


@pytest.mark.parametrize(("channel", "row", "expected"), RESULTS)
def test_a_later_result_is_read_by_its_codes(
    open_sens: Open, sens: Sens, channel: Channel, row: dict[str, Any], expected: Any
) -> None:
    provider = open_sens(channel)
    assert isinstance(provider, LateResults)
    batch = [to(1, channel)]
    outcomes = send_all(provider, batch)
    sens.rows[0].update(row)
    if expected == "delivered":
        expected = outcomes[0]
    found = provider.look_up(await_all(batch, outcomes))
    assert found == ({batch[0].reference: expected} if expected else {})


def test_a_request_is_read_page_by_page(open_sens: Open, sens: Sens) -> None:
    sens.page = 40
    provider = open_sens(Channel.SMS)
    batch = [to(n, Channel.SMS) for n in range(100)]
    outcomes = send_all(provider, batch)
    for row in sens.rows:
        row.update({"status": "COMPLETED", "statusName": "success"})
    assert len(provider.look_up(await_all(batch, outcomes))) == 100
    assert len(sens.asked) == 1 + 3, "ten first, then ninety on three pages"


def test_what_sens_does_not_know_and_what_had_no_answer_stay_open(
    open_sens: Open, sens: Sens
) -> None:
    sens.misdeeds = {dialled(1): "reset"}
    provider = open_sens(Channel.SMS)
    batch = [to(1, Channel.SMS)]
    silent = await_all(batch, send_all(provider, batch))
    strange = replace(silent[0], provider_id="sms/RSLA-404/0123456789abcdef")
    assert provider.look_up([silent[0], strange]) == {}
    assert len(sens.asked) == 1


def test_callbacks_are_read_before_anybody_asks(
    open_sens: Open, sens: Sens, tmp_path: Path
) -> None:
    results = tmp_path / "results.jsonl"
    provider = open_sens(Channel.KAKAO, results=str(results))
    batch = [to(1, Channel.KAKAO)]
    outcomes = send_all(provider, batch)
    row = {**sens.rows[0], "messageStatusCode": "0000", "messageStatusName": "success"}
    results.write_text(json.dumps([row]) + "\n", encoding="utf-8")
    assert provider.look_up(await_all(batch, outcomes)) == {batch[0].reference: outcomes[0]}
    assert sens.asked == []


@pytest.mark.parametrize(
    ("row", "status"),
    [
        ({"channelStatus": "ACTIVE"}, ProfileStatus.ACTIVE),
        ({"channelStatus": "BLOCKED"}, ProfileStatus.BLOCKED),
        ({"channelStatus": "ACTIVE", "isBlocked": True}, ProfileStatus.BLOCKED),
        ({"channelStatus": "ACTIVE", "isDormant": True}, ProfileStatus.DORMANT),
        ({"channelStatus": "DELETED"}, ProfileStatus.DISCONNECTED),
        ({"channelStatus": "PENDING_DELETE"}, ProfileStatus.DISCONNECTED),
        ({"channelStatus": "SOMETHING_NEW"}, ProfileStatus.PENDING),
    ],
)
def test_channels_and_templates_are_described(
    open_sens: Open, sens: Sens, row: dict[str, Any], status: ProfileStatus
) -> None:
    sens.channels = [{"channelId": "@샘플샵", **row}]
    shared = {"channelId": "@샘플샵", "content": "#{이름}님, 출발했어요"}
    sens.templates = [
        {**shared, "templateCode": "a", "templateInspectionStatus": "COMPLETE"},
        {**shared, "templateCode": "b", "templateInspectionStatus": "REJECT"},
        {**shared, "templateCode": "c", "templateInspectionStatus": "INSPECT"},
    ]
    provider = open_sens(Channel.KAKAO)
    assert isinstance(provider, Describing)
    facts = provider.describe()
    assert facts.profiles == {"main": ProfileState(status=status)}
    assert [facts.templates[code].status for code in "abc"] == [
        TemplateStatus.APPROVED,
        TemplateStatus.REJECTED,
        TemplateStatus.PENDING,
    ]
    assert facts.templates["a"].text == "#{이름}님, 출발했어요"


def test_a_channel_that_sens_does_not_know_is_disconnected(open_sens: Open) -> None:
    facts = open_sens(Channel.KAKAO).describe()
    assert facts.profiles == {"main": ProfileState(status=ProfileStatus.DISCONNECTED)}


def test_of_sms_nothing_is_known_and_only_the_keys_are_tried(open_sens: Open, sens: Sens) -> None:
    assert open_sens(Channel.SMS).describe() == VendorFacts()
    assert len(sens.asked) == 1
    assert sens.asked[0].endswith("/unsubscribes?pageSize=1&pageIndex=0")


@pytest.mark.parametrize("channel", [Channel.KAKAO, Channel.SMS])
def test_refused_keys_are_said_when_asking(open_sens: Open, channel: Channel) -> None:
    with pytest.raises(CredentialsError, match="`sens` refused the credentials"):
        open_sens(channel, secret_key="wrong").describe()


def open_abroad(base_url: str | None = None, **options: Any) -> Any:
    return open_provider(
        Channel.KAKAO,
        provider_settings("sens", base_url, **options),
        environment="production",
        sandbox=False,
        outbox=Path(),
        resolve=lambda variable: KEYS[variable.name],
        clock=StillClock(),
    )


@pytest.mark.parametrize("missing", ["service_id", "access_key", "secret_key"])
def test_a_missing_key_is_named(missing: str) -> None:
    keys = {name: "x" for name in ("service_id", "access_key", "secret_key") if name != missing}
    with pytest.raises(CredentialsError, match=f"`sens` has no `{missing}`"):
        open_abroad(**keys).free_slots()


def test_who_cannot_be_asked_is_unavailable() -> None:
    with pytest.raises(UnavailableError, match="`sens` could not be asked"):
        open_abroad("http://127.0.0.1:1").describe()


def test_friendtalk_is_refused_with_the_reason() -> None:
    with pytest.raises(UsageError, match="FriendTalk ended on 2025-12-31"):
        open_abroad(product="friendtalk")


def test_an_account_is_named_without_its_number() -> None:
    account = open_abroad(service_id="ncp:kkobizmsg:kr:123", access_key="a", secret_key="s").account
    assert account.startswith("sens:kakao:")
    assert "kkobizmsg" not in account


def test_a_preview_needs_no_key() -> None:
    assert open_abroad().encode(text(Channel.KAKAO))["profile"] == "main"
