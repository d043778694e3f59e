"""SOLAPI over the wire: who is taken, who is refused and why, and what nobody knows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import orjson
import pytest
from solapi import SolapiMessageService
from solapi.error.MessageNotReceiveError import MessageNotReceivedError
from solapi.model import RequestMessage, SendRequestConfig
from solapi.model.message_type import MessageType

from engine.channels.opening import Opening
from engine.channels.options import Options
from engine.channels.solapi import SolapiProvider, SolapiVendor, open_provider
from engine.channels.solapi_auth import Signer
from engine.kernel.errors import CredentialsError, UnavailableError, UsageError
from engine.model.campaign import KakaoProduct, KakaoSettings, SmsFormat, SmsSettings
from engine.model.channel import Channel, EnvironmentVariable
from engine.model.delivery import FailReason
from engine.model.kakao import KakaoContent
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
from engine.model.vendor import (
    ProfileState,
    ProfileStatus,
    TemplateState,
    TemplateStatus,
    VendorFacts,
)
from tests.channels.making import (
    NOW,
    StillClock,
    a_message,
    an_envelope,
    an_outgoing,
    no_variable,
    provider_settings,
    send_all,
)
from tests.servers.solapi import (
    API_KEY,
    IMAGE,
    OTHER_PROFILE,
    PROFILE,
    SECRET,
    TEMPLATE,
    LoopbackSolapi,
)

PROFILES = {"main": {"pf_id": PROFILE}, "둘째": {"sender_key": OTHER_PROFILE}}
Open = Callable[..., SolapiProvider]


@pytest.fixture
def server() -> Iterator[LoopbackSolapi]:
    with LoopbackSolapi().running() as running:
        yield running


@pytest.fixture
def open_solapi(server: LoopbackSolapi) -> Iterator[Open]:
    opened: list[SolapiProvider] = []

    def open_one(channel: Channel = Channel.SMS, **changes: Any) -> SolapiProvider:
        provider = solapi(channel, server.base_url, ca_file=server.ca_file, **changes)
        opened.append(provider)
        return provider

    yield open_one
    for provider in opened:
        provider.close()


def solapi(channel: Channel, base_url: str, **changes: Any) -> SolapiProvider:
    written: dict[str, Any] = {
        "api_key": API_KEY,
        "secret": SECRET,
        "senders": ("1588-0000",),
        "profiles": PROFILES,
        "images": {"https://shop.example/송편.png": IMAGE},
        "timeout": 5,
        **changes,
    }
    given = {name: value for name, value in written.items() if value is not None}
    options = Options(provider_settings("solapi", base_url, **given), no_variable)
    salts = count()
    vendor = SolapiVendor(
        channel, options, base_url=base_url, new_salt=lambda: f"salt{next(salts):012}"
    )
    return SolapiProvider(vendor, options, StillClock())


def text(number: int, **changes: Any) -> Outgoing:
    return an_outgoing(f"+8210{number:08}", Channel.SMS, **changes)


def alimtalk(number: int, *, template: str = TEMPLATE, profile: str = "main") -> Outgoing:
    content = KakaoContent(variables={"이름": "민지", "상품": "송편"})
    envelope = Envelope(
        message=a_message(Channel.KAKAO, title=None, kakao=content),
        settings=KakaoSettings(
            product=KakaoProduct.ALIMTALK, template_code=template, profile=profile
        ),
        platform=an_envelope(Channel.KAKAO).platform,
        advertising=False,
        collapse_key="shipping",
        expires_at=None,
    )
    return an_outgoing(f"+8210{number:08}", Channel.KAKAO, envelope=envelope)


def test_a_thousand_go_in_one_signed_request(server: LoopbackSolapi, open_solapi: Open) -> None:
    outcomes = send_all(open_solapi(), [text(n) for n in range(1210)])
    sizes = [len(body["messages"]) for body in server.bodies]
    # Ten first: only then it is known that keys and sender are right.
    assert (sizes[0], sorted(sizes)) == (10, [10, 200, 1000])
    assert {type(outcome) for outcome in outcomes} == {Accepted}
    names = [one.provider_id for one in outcomes if isinstance(one, Accepted)]
    assert len(set(names)) == 1210
    assert re.fullmatch(r"G4V\d+/M4V\d+", str(names[0]))


def test_each_gets_the_text_that_is_theirs(server: LoopbackSolapi, open_solapi: Open) -> None:
    names = ("민지", "서준", "하윤")
    batch = [
        text(n, envelope=an_envelope(Channel.SMS, message=a_message(Channel.SMS, body=f"{name}님")))
        for n, name in enumerate(names)
    ]
    send_all(open_solapi(), batch)
    sent = {message["to"]: message["text"] for message in server.bodies[0]["messages"]}
    assert sent == {f"010{n:08}": f"{name}님" for n, name in enumerate(names)}
    assert "민지님" in orjson.dumps(server.bodies[0]).decode()


def test_a_number_twice_is_refused_by_solapi_as_well(open_solapi: Open) -> None:
    same = replace(text(2), address=text(1).address)
    outcomes = send_all(open_solapi(), [text(1), same])
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Accepted", "Refused"]
    assert Refused(reason=FailReason.REFUSED, code="1026") in outcomes


def test_a_number_twice_without_our_names_leaves_both_in_doubt(
    server: LoopbackSolapi, open_solapi: Open
) -> None:
    server.faults = ["names"]
    same = replace(text(2), address=text(1).address)
    outcomes = send_all(open_solapi(), [text(1), same])
    assert outcomes == [AnsweredError(code="NOT_NAMED")] * 2


REFUSALS: list[tuple[str, FailReason, bool, bool]] = [
    ("1010", FailReason.BAD_MESSAGE, False, False),
    ("1011", FailReason.BAD_MESSAGE, False, False),
    ("1013", FailReason.BAD_MESSAGE, False, True),
    ("1014", FailReason.BAD_MESSAGE, False, True),
    ("1020", FailReason.REFUSED, False, True),
    ("1021", FailReason.BAD_MESSAGE, False, True),
    ("1022", FailReason.BAD_MESSAGE, False, True),
    ("1023", FailReason.BAD_MESSAGE, False, True),
    ("1025", FailReason.BAD_MESSAGE, False, True),
    ("1026", FailReason.REFUSED, False, False),
    ("1027", FailReason.BAD_MESSAGE, False, True),
    ("1028", FailReason.BAD_MESSAGE, False, False),
    ("1029", FailReason.BAD_MESSAGE, False, False),
    ("1030", FailReason.REFUSED, False, True),
    ("1031", FailReason.TOO_LARGE, False, False),
    ("1032", FailReason.BAD_MESSAGE, False, False),
    ("1033", FailReason.BAD_MESSAGE, False, True),
    ("1034", FailReason.BAD_MESSAGE, False, True),
    ("1041", FailReason.BAD_MESSAGE, False, True),
    ("1042", FailReason.BAD_MESSAGE, False, True),
    ("1043", FailReason.BAD_MESSAGE, False, False),
    ("1044", FailReason.BAD_MESSAGE, False, True),
    ("1045", FailReason.BAD_MESSAGE, False, False),
    ("1046", FailReason.BAD_MESSAGE, False, True),
    ("1047", FailReason.BAD_MESSAGE, False, True),
    ("1048", FailReason.BAD_MESSAGE, False, False),
    ("1049", FailReason.BAD_MESSAGE, False, False),
    ("1050", FailReason.BAD_MESSAGE, False, True),
    ("1051", FailReason.BAD_MESSAGE, False, True),
    ("1052", FailReason.BAD_MESSAGE, False, True),
    ("1053", FailReason.BAD_MESSAGE, False, True),
    ("1058", FailReason.REFUSED, False, False),
    ("1060", FailReason.REFUSED, False, False),
    ("1061", FailReason.REFUSED, False, False),
    ("1062", FailReason.SENDER_MISMATCH, False, True),
    ("1064", FailReason.REFUSED, False, True),
    ("1999", FailReason.REFUSED, False, False),
]
"""Every documented code of a message that was not taken, and one that came later."""

LATE: list[tuple[str, FailReason, bool]] = [
    ("2011", FailReason.BAD_MESSAGE, False),
    ("2024", FailReason.REFUSED, False),
    *((code, FailReason.REFUSED, False) for code in ("2060", "2061", "2063", "2064", "2230")),
    ("2062", FailReason.SENDER_MISMATCH, False),
    ("2254", FailReason.REFUSED, False),
    ("3010", FailReason.BAD_ADDRESS, True),
    ("3011", FailReason.BAD_MESSAGE, False),
    ("3013", FailReason.SENDER_MISMATCH, False),
    *((code, FailReason.REFUSED, False) for code in ("3012", "3014", "3024", "3031")),
    ("3032", FailReason.BAD_ADDRESS, True),
    *((str(code), FailReason.REFUSED, False) for code in range(3040, 3049)),
    *((str(code), FailReason.REFUSED, False) for code in range(3050, 3059)),
    ("3059", FailReason.SENDER_MISMATCH, False),
    ("3060", FailReason.REFUSED, False),
    ("3101", FailReason.BAD_MESSAGE, False),
    ("3102", FailReason.UNREGISTERED, False),
    ("3103", FailReason.BAD_MESSAGE, False),
    ("3104", FailReason.UNREGISTERED, False),
    ("3105", FailReason.BAD_MESSAGE, False),
    ("3106", FailReason.BAD_MESSAGE, False),
    ("3107", FailReason.UNREGISTERED, False),
    ("3108", FailReason.REFUSED, False),
    ("3999", FailReason.REFUSED, False),
]
"""Every documented code of a message that was taken and failed later."""


def test_every_documented_refusal(server: LoopbackSolapi, open_solapi: Open) -> None:
    server.statuses = {f"010{n:08}": code for n, (code, *_) in enumerate(REFUSALS)}
    outcomes = send_all(open_solapi(), [text(n) for n in range(len(REFUSALS) + 1)])
    assert outcomes[:-1] == [
        Refused(reason=reason, code=code, dead_address=dead, systemic=systemic)
        for code, reason, dead, systemic in REFUSALS
    ]
    assert isinstance(outcomes[-1], Accepted)


def test_a_server_error_of_one_message_says_that_it_was_not_taken(
    server: LoopbackSolapi, open_solapi: Open
) -> None:
    server.statuses = {"01000000001": "1024"}
    outcomes = send_all(open_solapi(), [text(1), text(2)])
    assert outcomes[0] == NotActed(code="1024")
    assert isinstance(outcomes[1], Accepted)


def test_answers_that_do_not_repeat_our_names(server: LoopbackSolapi, open_solapi: Open) -> None:
    server.faults = ["names"]
    server.statuses = {"01000000002": "1061"}
    outcomes = send_all(open_solapi(), [text(1), text(2), text(3)])
    group = next(iter(server.taken.values()))["groupId"]
    assert outcomes == [
        Accepted(provider_id=group),
        Refused(reason=FailReason.REFUSED, code="1061"),
        Accepted(provider_id=group),
    ]


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (402, Refused(reason=FailReason.REFUSED, code="SomethingElse", systemic=True)),
        (403, Refused(reason=FailReason.REFUSED, code="SomethingElse", systemic=True)),
        (429, NotActed(code="TooMany", retry_after_s=3.0, opens_breaker=True)),
        (500, AnsweredError(code="SomethingElse")),
        (503, AnsweredError(code="SomethingElse")),
        ("garbage", AnsweredError(code="UNREADABLE")),
        ("silent", Silent(code="curl-28")),
        ("refusedstream", NotActed(code="REFUSED_STREAM", retry_after_s=0.0)),
    ],
)
def test_what_befalls_a_request_befalls_all_in_it(
    server: LoopbackSolapi, open_solapi: Open, fault: str | int, outcome: Outcome
) -> None:
    server.faults = [fault]
    assert send_all(open_solapi(timeout=1), [text(1), text(2)]) == [outcome] * 2
    assert bool(server.taken) == (fault in ("garbage", "silent"))


def test_a_request_that_solapi_cannot_read_is_divided(
    server: LoopbackSolapi, open_solapi: Open
) -> None:
    server.odd = "01000000007"
    outcomes = send_all(open_solapi(), [text(n) for n in range(20)])
    assert [n for n, one in enumerate(outcomes) if not isinstance(one, Accepted)] == [7]
    assert outcomes[7] == Refused(reason=FailReason.BAD_MESSAGE, code="ValidationError")
    assert len(server.taken) == 19


@pytest.mark.parametrize("fault", [403, 503, "silent"])
def test_after_trouble_only_ten_are_risked(
    server: LoopbackSolapi, open_solapi: Open, fault: str | int
) -> None:
    provider = open_solapi(timeout=1)
    assert provider.free_slots() == 10
    send_all(provider, [text(1)])
    assert provider.free_slots() == 4000
    server.faults = [429, fault]
    send_all(provider, [text(2)])
    assert provider.free_slots() == 4000
    send_all(provider, [text(3), text(4)])
    assert provider.free_slots() == 10


def test_a_lone_message_that_solapi_cannot_read_stops_the_campaign(
    server: LoopbackSolapi, open_solapi: Open
) -> None:
    server.odd = "01000000007"
    assert send_all(open_solapi(), [text(7)]) == [
        Refused(reason=FailReason.BAD_MESSAGE, code="ValidationError", systemic=True)
    ]


def test_a_reset_leaves_all_in_doubt_and_repeats_nothing(
    server: LoopbackSolapi, open_solapi: Open
) -> None:
    server.faults = ["reset"]
    outcomes = send_all(open_solapi(), [text(1), text(2)])
    assert {type(outcome) for outcome in outcomes} == {Silent}
    assert len(server.bodies) == 1


@pytest.mark.parametrize(
    ("changes", "skew", "code"),
    [
        ({"api_key": "NOBODY"}, 0, "InvalidAPIKey"),
        ({"secret": "틀린 비밀"}, 0, "SignatureDoesNotMatch"),
        ({}, 16, "RequestTimeTooSkewed"),
    ],
)
def test_refused_credentials_stop_the_campaign(
    server: LoopbackSolapi, open_solapi: Open, changes: Mapping[str, str], skew: int, code: str
) -> None:
    server.now = lambda: NOW + timedelta(minutes=skew)
    outcomes = send_all(open_solapi(**changes), [text(1)])
    assert outcomes == [Refused(reason=FailReason.REFUSED, code=code, systemic=True)]


def test_a_signature_seen_before_is_tried_again_with_a_new_one(
    server: LoopbackSolapi, open_solapi: Open
) -> None:
    send_all(open_solapi(), [text(1)])
    again = open_solapi()
    assert send_all(again, [text(2)]) == [NotActed(code="DuplicatedSignature", retry_after_s=0.0)]
    assert isinstance(send_all(again, [text(2)])[0], Accepted)


def test_what_is_no_phone_never_leaves(server: LoopbackSolapi, open_solapi: Open) -> None:
    dead = Refused(reason=FailReason.BAD_ADDRESS, code="NOT_A_PHONE", dead_address=True)
    batch = [an_outgoing("민지", Channel.SMS), an_outgoing("+8210", Channel.SMS)]
    assert send_all(open_solapi(), [*batch, text(1)])[:2] == [dead, dead]
    assert [len(body["messages"]) for body in server.bodies] == [1]


def test_a_picture_that_was_not_uploaded_stops_the_campaign(open_solapi: Open) -> None:
    message = a_message(
        Channel.SMS, image="https://shop.example/없는.png", sms_format=SmsFormat.MMS
    )
    outgoing = text(1, envelope=an_envelope(Channel.SMS, message=message))
    assert send_all(open_solapi(), [outgoing]) == [
        Refused(reason=FailReason.BAD_MESSAGE, code="IMAGE_NOT_UPLOADED", systemic=True)
    ]


def test_alimtalk_by_profile(server: LoopbackSolapi, open_solapi: Open) -> None:
    provider = open_solapi(Channel.KAKAO)
    batch = [
        alimtalk(1),
        alimtalk(2, profile="둘째"),
        alimtalk(3, profile="없는"),
        alimtalk(4, template="KA01TP없는"),
    ]
    outcomes = send_all(provider, batch)
    assert [type(outcome) for outcome in outcomes[:2]] == [Accepted, Accepted]
    assert outcomes[3] == Refused(reason=FailReason.BAD_MESSAGE, code="1042", systemic=True)
    options = [message["kakaoOptions"] for message in server.taken.values()]
    # On this machine a profile that is not written stands for itself: nothing was registered here.
    assert [option["pfId"] for option in options] == [PROFILE, OTHER_PROFILE]
    assert outcomes[2] == Refused(reason=FailReason.BAD_MESSAGE, code="1041", systemic=True)
    assert all(option["disableSms"] for option in options)


def test_a_profile_that_is_not_written_is_refused_before_anything_is_sent() -> None:
    provider = solapi(Channel.KAKAO, "https://api.solapi.com")
    assert provider._solapi.refuse(alimtalk(1, profile="없는")) == Refused(
        reason=FailReason.SENDER_MISMATCH, code="NO_PROFILE", systemic=True
    )
    assert provider._solapi.refuse(alimtalk(1)) is None


@pytest.mark.parametrize("missing", ["api_key", "secret"])
def test_a_missing_key_is_said_before_anything_is_claimed(missing: str) -> None:
    provider = solapi(Channel.SMS, "https://api.solapi.com", **{missing: None})
    provider.encode(an_envelope(Channel.SMS))
    with pytest.raises(CredentialsError, match=f"`solapi` has no `{missing}`"):
        provider.free_slots()


def test_a_key_with_a_line_break_still_works(server: LoopbackSolapi, open_solapi: Open) -> None:
    outcomes = send_all(open_solapi(api_key=f"{API_KEY}\n", secret=f"{SECRET}\n"), [text(1)])
    assert isinstance(outcomes[0], Accepted)


@pytest.mark.parametrize("key", ["열쇠", "KEY\r\nX-Evil: 1"])
def test_a_key_that_is_none_is_refused_without_repeating_it(open_solapi: Open, key: str) -> None:
    with pytest.raises(CredentialsError, match="has signs that no key of SOLAPI has") as refusal:
        open_solapi(api_key=key).free_slots()
    assert key not in f"{refusal.value.message}{refusal.value.hint}"


def test_nothing_is_read_before_it_is_needed() -> None:
    read: list[str] = []

    def resolve(variable: EnvironmentVariable) -> str:
        read.append(variable.name)
        return "value"

    settings = provider_settings(
        "solapi",
        api_key=EnvironmentVariable("SOLAPI_KEY"),
        secret=EnvironmentVariable("SOLAPI_SECRET"),
    )
    opening = Opening(
        channel=Channel.SMS,
        settings=settings,
        options=Options(settings, resolve),
        environment="production",
        sandbox=False,
        outbox=Path("outbox"),
        clock=StillClock(),
    )
    provider = open_provider(opening)
    provider.encode(an_envelope(Channel.SMS))
    assert read == []
    assert provider.account == "solapi:cd42404d52ad"
    assert read == ["SOLAPI_KEY", "SOLAPI_SECRET"]


def test_friendtalk_is_refused_with_the_reason(tmp_path: Path) -> None:
    settings = provider_settings("solapi", product="friendtalk")
    opening = Opening(
        channel=Channel.KAKAO,
        settings=settings,
        options=Options(settings, no_variable),
        environment="production",
        sandbox=False,
        outbox=tmp_path,
        clock=StillClock(),
    )
    with pytest.raises(UsageError, match="FriendTalk ended"):
        open_provider(opening)


def test_the_signature_is_the_documented_one() -> None:
    """Date and salt of the example in docs.solapi.com; the signature is OpenSSL's, with `secret`."""
    signer = Signer("NCSAYU7YDBXYORXC", "secret", lambda: "jqsba2jxjnrjor")
    header = signer.header(datetime(2019, 7, 1, 0, 41, 48, tzinfo=UTC))
    assert header == (
        "HMAC-SHA256 apiKey=NCSAYU7YDBXYORXC, date=2019-07-01T00:41:48Z, salt=jqsba2jxjnrjor,"
        " signature=4297539ca79c85dd83b60cbddae60942710223ddcafc4bf02275193a649057ce"
    )
    assert "secret" not in repr(signer)


# What SOLAPI says later


def awaited(outgoing: Outgoing, outcome: Outcome | None) -> Awaited:
    return Awaited(
        reference=outgoing.reference,
        provider_id=outcome.provider_id if isinstance(outcome, Accepted) else None,
        handed_over_at=NOW,
    )


def test_every_documented_report(server: LoopbackSolapi, open_solapi: Open) -> None:
    provider = open_solapi()
    assert isinstance(provider, LateResults)
    batch = [text(n) for n in range(len(LATE) + 3)]
    outcomes = send_all(provider, batch)
    codes = [code for code, *_ in LATE] + ["4000", "3000", "2000"]
    server.reports = {f"010{n:08}": code for n, code in enumerate(codes)}
    found = provider.look_up([awaited(*pair) for pair in zip(batch, outcomes, strict=True)])
    told = [found.get(one.reference) for one in batch]
    for (code, reason, dead), outcome in zip(LATE, told, strict=False):
        assert isinstance(outcome, Refused)
        assert (outcome.code, outcome.reason, outcome.dead_address) == (code, reason, dead)
    assert told[-3:] == [outcomes[-3], None, None]
    groups = {message["groupId"] for message in server.taken.values()}
    assert len(server.asked) == len(groups)


def test_lists_are_read_page_by_page(server: LoopbackSolapi, open_solapi: Open) -> None:
    provider = open_solapi()
    batch = [text(n) for n in range(25)]
    outcomes = send_all(provider, batch)
    server.page = 10
    server.reports = {f"010{n:08}": "4000" for n in range(25)}
    found = provider.look_up([awaited(*pair) for pair in zip(batch, outcomes, strict=True)])
    assert found == {one.reference: got for one, got in zip(batch, outcomes, strict=True)}
    assert len(server.asked) == 3


def test_after_silence_the_reference_finds_what_was_taken(
    server: LoopbackSolapi, open_solapi: Open
) -> None:
    provider = open_solapi(timeout=1)
    server.faults = ["silent"]
    batch = [text(1), text(2)]
    assert {type(outcome) for outcome in send_all(provider, batch)} == {Silent}
    server.reports = {"01000000001": "4000", "01000000002": "3104"}
    never = text(3)
    found = provider.look_up([awaited(one, None) for one in (*batch, never)])
    names = {row["to"]: f"{row['groupId']}/{number}" for number, row in server.taken.items()}
    assert found == {
        batch[0].reference: Accepted(provider_id=names["01000000001"]),
        batch[1].reference: Refused(reason=FailReason.UNREGISTERED, code="3104"),
    }
    assert len(server.asked) == 1


def test_far_apart_silences_are_asked_for_apart(server: LoopbackSolapi, open_solapi: Open) -> None:
    one, two = awaited(text(1), None), awaited(text(2), None)
    later = replace(two, handed_over_at=NOW + timedelta(days=1))
    assert open_solapi().look_up([one, later]) == {}
    assert len(server.asked) == 2


def test_callbacks_are_read_first(
    server: LoopbackSolapi, open_solapi: Open, tmp_path: Path
) -> None:
    batch = [text(1), text(2), text(3)]
    provider = open_solapi(results=str(tmp_path / "results.jsonl"))
    outcomes = send_all(provider, batch)
    group, message = str(getattr(outcomes[1], "provider_id", "")).split("/")
    events = [
        {
            "eventDataId": "1",
            "data": {
                "statusCode": "4000",
                "messageId": "M",
                "customFields": {"reference": batch[0].reference},
            },
            "retryCount": 0,
        },
        {"data": {"statusCode": "3032", "messageId": message, "groupId": group}},
    ]
    (tmp_path / "results.jsonl").write_bytes(orjson.dumps(events) + b"\n")
    wanted = [awaited(*pair) for pair in zip(batch[:2], outcomes[:2], strict=True)]
    assert provider.look_up(wanted) == {
        batch[0].reference: outcomes[0],
        batch[1].reference: Refused(reason=FailReason.BAD_ADDRESS, code="3032", dead_address=True),
    }
    assert server.asked == []


def test_a_vendor_that_does_not_answer_is_unavailable() -> None:
    provider = solapi(Channel.SMS, "https://127.0.0.1:1")
    with pytest.raises(UnavailableError, match="`solapi` could not be asked"):
        provider.look_up([awaited(text(1), None)])


def test_refused_credentials_are_said_when_asking(open_solapi: Open) -> None:
    with pytest.raises(CredentialsError, match="refused the credentials"):
        open_solapi(secret="틀린 비밀").describe()


def test_it_knows_the_numbers(open_solapi: Open) -> None:
    provider = open_solapi()
    assert isinstance(provider, Describing)
    assert provider.describe() == VendorFacts(senders=("0212345678", "15880000"))


def test_it_knows_profiles_and_templates(server: LoopbackSolapi, open_solapi: Open) -> None:
    server.templates |= {
        "검수중": ("INSPECTING", "#{이름}님"),
        "대기": ("PENDING", ""),
        "반려": ("REJECTED", "할인!"),
    }
    server.page = 2
    facts = open_solapi(Channel.KAKAO).describe()
    assert facts.profiles == {
        "main": ProfileState(status=ProfileStatus.ACTIVE),
        "둘째": ProfileState(status=ProfileStatus.DISCONNECTED),
    }
    assert facts.templates == {
        TEMPLATE: TemplateState(
            status=TemplateStatus.APPROVED,
            text="#{이름}님, 주문하신 #{상품}이 출발했습니다.",
        ),
        "검수중": TemplateState(status=TemplateStatus.PENDING, text="#{이름}님"),
        "대기": TemplateState(status=TemplateStatus.PENDING),
        "반려": TemplateState(status=TemplateStatus.REJECTED, text="할인!"),
    }
    assert facts.senders is None


# SOLAPI's own SDK against the same server


@pytest.fixture
def sdk(server: LoopbackSolapi, monkeypatch: pytest.MonkeyPatch) -> SolapiMessageService:
    monkeypatch.setenv("SSL_CERT_FILE", server.ca_file)
    server.now = lambda: datetime.now(UTC)
    service = SolapiMessageService(API_KEY, SECRET)
    service.base_url = server.base_url
    return service


def test_the_server_that_takes_ours_takes_the_sdks(
    server: LoopbackSolapi, sdk: SolapiMessageService, open_solapi: Open
) -> None:
    message = RequestMessage(
        from_="1588-0000",
        to="010-0000-0001",
        text="송편을 30% 할인",
        subject="추석 특가",
        type=MessageType.LMS,
        auto_type_detect=False,
        custom_fields={"reference": text(1).reference},
    )
    answer = sdk.send([message], SendRequestConfig(show_message_list=True))
    assert answer.group_info.count.registered_success == 1
    server.now = lambda: NOW
    ours = a_message(Channel.SMS, title="추석 특가", body="송편을 30% 할인")
    envelope = replace(an_envelope(Channel.SMS, message=ours), settings=SmsSettings())
    send_all(open_solapi(), [text(1, envelope=envelope)])
    theirs, own = server.bodies
    assert own == {name: value for name, value in theirs.items() if name != "agent"}


def test_the_sdk_reads_our_servers_refusals(
    server: LoopbackSolapi, sdk: SolapiMessageService
) -> None:
    server.statuses = {"01000000001": "1061"}
    message = RequestMessage(
        from_="15880000",
        to="01000000001",
        text="송편",
        type=MessageType.SMS,
        auto_type_detect=False,
    )
    with pytest.raises(MessageNotReceivedError):
        sdk.send([message])
