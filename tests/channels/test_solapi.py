"""SOLAPI over the wire: who is taken, who is refused and why, and what nobody knows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import orjson
import pytest

from engine.model.channel import Channel
from engine.model.channel_settings import SmsFormat
from engine.model.delivery import FailReason
from engine.model.outcome import (
    Accepted,
    AnsweredError,
    NotActed,
    Outcome,
    Refused,
    Silent,
)
from tests.channels.making import (
    NOW,
    a_message,
    an_envelope,
    an_outgoing,
    send_all,
)
from tests.channels.solapi_side import Open, alimtalk, solapi, text
from tests.servers.solapi import (
    OTHER_PROFILE,
    PROFILE,
    LoopbackSolapi,
)


def test_a_thousand_go_in_one_signed_request(
    solapi_server: LoopbackSolapi, open_solapi: Open
) -> None:
    outcomes = send_all(open_solapi(), [text(n) for n in range(1210)])
    sizes = [len(body["messages"]) for body in solapi_server.bodies]
    # Ten first: only then it is known that keys and sender are right.
    assert (sizes[0], sorted(sizes)) == (10, [10, 200, 1000])
    assert {type(outcome) for outcome in outcomes} == {Accepted}
    names = [one.provider_id for one in outcomes if isinstance(one, Accepted)]
    assert len(set(names)) == 1210
    assert re.fullmatch(r"G4V\d+/M4V\d+", str(names[0]))


def test_each_gets_the_text_that_is_theirs(
    solapi_server: LoopbackSolapi, open_solapi: Open
) -> None:
    names = ("민지", "서준", "하윤")
    batch = [
        text(n, envelope=an_envelope(Channel.SMS, message=a_message(Channel.SMS, body=f"{name}님")))
        for n, name in enumerate(names)
    ]
    send_all(open_solapi(), batch)
    sent = {message["to"]: message["text"] for message in solapi_server.bodies[0]["messages"]}
    assert sent == {f"010{n:08}": f"{name}님" for n, name in enumerate(names)}
    assert "민지님" in orjson.dumps(solapi_server.bodies[0]).decode()


def test_a_number_twice_is_refused_by_solapi_as_well(open_solapi: Open) -> None:
    same = replace(text(2), address=text(1).address)
    outcomes = send_all(open_solapi(), [text(1), same])
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Accepted", "Refused"]
    assert Refused(reason=FailReason.REFUSED, code="1026") in outcomes


def test_a_number_twice_without_our_names_leaves_both_in_doubt(
    solapi_server: LoopbackSolapi, open_solapi: Open
) -> None:
    solapi_server.faults = ["names"]
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

SETTINGS = {"1041": "profiles", "1042": "template_code", "1062": "senders"}
"""Those that say that something of ours is not registered: nobody fails for it."""


def test_every_documented_refusal(solapi_server: LoopbackSolapi, open_solapi: Open) -> None:
    solapi_server.statuses = {f"010{n:08}": code for n, (code, *_) in enumerate(REFUSALS)}
    outcomes = send_all(open_solapi(), [text(n) for n in range(len(REFUSALS) + 1)])
    assert outcomes[:-1] == [
        NotActed(code=code, systemic=True, setting=SETTINGS.get(code))
        if code in ("1020", "1030", "1064", *SETTINGS)
        else Refused(reason=reason, code=code, dead_address=dead, systemic=systemic)
        for code, reason, dead, systemic in REFUSALS
    ]
    assert isinstance(outcomes[-1], Accepted)


def test_a_server_error_of_one_message_says_that_it_was_not_taken(
    solapi_server: LoopbackSolapi, open_solapi: Open
) -> None:
    solapi_server.statuses = {"01000000001": "1024"}
    outcomes = send_all(open_solapi(), [text(1), text(2)])
    assert outcomes[0] == NotActed(code="1024")
    assert isinstance(outcomes[1], Accepted)


def test_answers_that_do_not_repeat_our_names(
    solapi_server: LoopbackSolapi, open_solapi: Open
) -> None:
    solapi_server.faults = ["names"]
    solapi_server.statuses = {"01000000002": "1061"}
    outcomes = send_all(open_solapi(), [text(1), text(2), text(3)])
    group = next(iter(solapi_server.taken.values()))["groupId"]
    assert outcomes == [
        Accepted(provider_id=group),
        Refused(reason=FailReason.REFUSED, code="1061"),
        Accepted(provider_id=group),
    ]


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (402, NotActed(code="SomethingElse", systemic=True)),
        (403, NotActed(code="SomethingElse", systemic=True)),
        (429, NotActed(code="TooMany", retry_after_s=3.0, opens_breaker=True)),
        (500, AnsweredError(code="SomethingElse")),
        (503, AnsweredError(code="SomethingElse")),
        ("garbage", AnsweredError(code="UNREADABLE")),
        ("silent", Silent(code="curl-28")),
        ("begun", Silent(code="curl-28")),
        ("refusedstream", NotActed(code="REFUSED_STREAM", retry_after_s=0.0)),
    ],
)
def test_what_befalls_a_request_befalls_all_in_it(
    solapi_server: LoopbackSolapi, open_solapi: Open, fault: str | int, outcome: Outcome
) -> None:
    solapi_server.faults = [fault]
    assert send_all(open_solapi(timeout=1), [text(1), text(2)]) == [outcome] * 2
    assert bool(solapi_server.taken) == (fault in ("garbage", "silent", "begun"))


def test_a_request_that_solapi_cannot_read_is_divided(
    solapi_server: LoopbackSolapi, open_solapi: Open
) -> None:
    solapi_server.odd = "01000000007"
    outcomes = send_all(open_solapi(), [text(n) for n in range(20)])
    assert [n for n, one in enumerate(outcomes) if not isinstance(one, Accepted)] == [7]
    assert outcomes[7] == Refused(reason=FailReason.BAD_MESSAGE, code="ValidationError")
    assert len(solapi_server.taken) == 19


@pytest.mark.parametrize("fault", [403, 503, "silent"])
def test_after_trouble_only_ten_are_risked(
    solapi_server: LoopbackSolapi, open_solapi: Open, fault: str | int
) -> None:
    provider = open_solapi(timeout=1)
    assert provider.free_slots() == 10
    send_all(provider, [text(1)])
    assert provider.free_slots() == 4000
    solapi_server.faults = [429, fault]
    send_all(provider, [text(2)])
    assert provider.free_slots() == 4000
    send_all(provider, [text(3), text(4)])
    assert provider.free_slots() == 10


def test_a_lone_message_that_solapi_cannot_read_stops_the_campaign(
    solapi_server: LoopbackSolapi, open_solapi: Open
) -> None:
    solapi_server.odd = "01000000007"
    assert send_all(open_solapi(), [text(7)]) == [
        Refused(reason=FailReason.BAD_MESSAGE, code="ValidationError", systemic=True)
    ]


def test_a_certificate_of_somebody_else_stops_before_a_word_is_said(
    solapi_server: LoopbackSolapi,
) -> None:
    with closing(solapi(Channel.SMS, solapi_server.base_url)) as provider:
        assert send_all(provider, [text(1)]) == [
            NotActed(code="curl-60", retry_after_s=5.0, opens_breaker=True)
        ]
    assert (solapi_server.bodies, solapi_server.taken) == ([], {})


def test_a_reset_leaves_all_in_doubt_and_repeats_nothing(
    solapi_server: LoopbackSolapi, open_solapi: Open
) -> None:
    solapi_server.faults = ["reset"]
    outcomes = send_all(open_solapi(), [text(1), text(2)])
    assert {type(outcome) for outcome in outcomes} == {Silent}
    assert len(solapi_server.bodies) == 1


@pytest.mark.parametrize(
    ("changes", "skew", "code"),
    [
        ({"api_key": "NOBODY"}, 0, "InvalidAPIKey"),
        ({"secret": "틀린 비밀"}, 0, "SignatureDoesNotMatch"),
        ({}, 16, "RequestTimeTooSkewed"),
    ],
)
def test_refused_credentials_stop_the_campaign(
    solapi_server: LoopbackSolapi,
    open_solapi: Open,
    changes: Mapping[str, str],
    skew: int,
    code: str,
) -> None:
    solapi_server.now = lambda: NOW + timedelta(minutes=skew)
    outcomes = send_all(open_solapi(**changes), [text(1)])
    assert outcomes == [NotActed(code=code, systemic=True)]


def test_a_signature_seen_before_is_tried_again_with_a_new_one(
    solapi_server: LoopbackSolapi, open_solapi: Open
) -> None:
    send_all(open_solapi(), [text(1)])
    again = open_solapi()
    assert send_all(again, [text(2)]) == [NotActed(code="DuplicatedSignature", retry_after_s=0.0)]
    assert isinstance(send_all(again, [text(2)])[0], Accepted)


def test_what_is_no_phone_never_leaves(solapi_server: LoopbackSolapi, open_solapi: Open) -> None:
    dead = Refused(reason=FailReason.BAD_ADDRESS, code="NOT_A_PHONE", dead_address=True)
    batch = [an_outgoing("민지", Channel.SMS), an_outgoing("+8210", Channel.SMS)]
    assert send_all(open_solapi(), [*batch, text(1)])[:2] == [dead, dead]
    assert [len(body["messages"]) for body in solapi_server.bodies] == [1]


def test_a_picture_that_was_not_uploaded_stops_the_campaign(open_solapi: Open) -> None:
    message = a_message(
        Channel.SMS, image="https://shop.example/없는.png", sms_format=SmsFormat.MMS
    )
    outgoing = text(1, envelope=an_envelope(Channel.SMS, message=message))
    assert send_all(open_solapi(), [outgoing]) == [
        Refused(reason=FailReason.BAD_MESSAGE, code="IMAGE_NOT_UPLOADED", systemic=True)
    ]


def test_alimtalk_by_profile(solapi_server: LoopbackSolapi, open_solapi: Open) -> None:
    provider = open_solapi(Channel.KAKAO)
    batch = [
        alimtalk(1),
        alimtalk(2, profile="둘째"),
        alimtalk(3, profile="없는"),
        alimtalk(4, template="KA01TP없는"),
    ]
    outcomes = send_all(provider, batch)
    assert [type(outcome) for outcome in outcomes[:2]] == [Accepted, Accepted]
    assert outcomes[3] == NotActed(code="1042", systemic=True, setting="template_code")
    options = [message["kakaoOptions"] for message in solapi_server.taken.values()]
    # On this machine a profile that is not written stands for itself: nothing was registered here.
    assert [option["pfId"] for option in options] == [PROFILE, OTHER_PROFILE]
    assert outcomes[2] == NotActed(code="1041", systemic=True, setting="profiles")
    assert all(option["disableSms"] for option in options)


def test_a_profile_that_is_not_written_is_refused_before_anything_is_sent() -> None:
    provider = solapi(Channel.KAKAO, "https://api.solapi.com")
    assert provider._solapi.refuse(alimtalk(1, profile="없는")) == NotActed(
        code="NO_PROFILE", systemic=True, setting="profiles"
    )
    assert provider._solapi.refuse(alimtalk(1)) is None
