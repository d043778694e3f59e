"""What SOLAPI says later, of messages and of itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import orjson
import pytest

from engine.kernel.errors import CredentialsError, UnavailableError
from engine.model.channel import Channel
from engine.model.delivery import FailReason
from engine.model.outcome import (
    Accepted,
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
    send_all,
)
from tests.channels.solapi_side import Open, awaited, solapi, text
from tests.servers.solapi import (
    TEMPLATE,
    LoopbackSolapi,
)

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


def test_every_documented_report(solapi_server: LoopbackSolapi, open_solapi: Open) -> None:
    provider = open_solapi()
    assert isinstance(provider, LateResults)
    batch = [text(n) for n in range(len(LATE) + 3)]
    outcomes = send_all(provider, batch)
    codes = [code for code, *_ in LATE] + ["4000", "3000", "2000"]
    solapi_server.reports = {f"010{n:08}": code for n, code in enumerate(codes)}
    found = provider.look_up([awaited(*pair) for pair in zip(batch, outcomes, strict=True)])
    told = [found.get(one.reference) for one in batch]
    for (code, reason, dead), outcome in zip(LATE, told, strict=False):
        assert isinstance(outcome, Refused)
        assert (outcome.code, outcome.reason, outcome.dead_address) == (code, reason, dead)
    assert told[-3:] == [outcomes[-3], None, None]
    groups = {message["groupId"] for message in solapi_server.taken.values()}
    assert len(solapi_server.asked) == len(groups)


def test_lists_are_read_page_by_page(solapi_server: LoopbackSolapi, open_solapi: Open) -> None:
    provider = open_solapi()
    batch = [text(n) for n in range(25)]
    outcomes = send_all(provider, batch)
    solapi_server.page = 10
    solapi_server.reports = {f"010{n:08}": "4000" for n in range(25)}
    found = provider.look_up([awaited(*pair) for pair in zip(batch, outcomes, strict=True)])
    assert found == {one.reference: got for one, got in zip(batch, outcomes, strict=True)}
    assert len(solapi_server.asked) == 3


def test_after_silence_the_reference_finds_what_was_taken(
    solapi_server: LoopbackSolapi, open_solapi: Open
) -> None:
    provider = open_solapi(timeout=1)
    solapi_server.faults = ["silent"]
    batch = [text(1), text(2)]
    assert {type(outcome) for outcome in send_all(provider, batch)} == {Silent}
    solapi_server.reports = {"01000000001": "4000", "01000000002": "3104"}
    never = text(3)
    found = provider.look_up([awaited(one, None) for one in (*batch, never)])
    names = {row["to"]: f"{row['groupId']}/{number}" for number, row in solapi_server.taken.items()}
    assert found == {
        batch[0].reference: Accepted(provider_id=names["01000000001"]),
        batch[1].reference: Refused(reason=FailReason.UNREGISTERED, code="3104"),
    }
    assert len(solapi_server.asked) == 1


def test_far_apart_silences_are_asked_for_apart(
    solapi_server: LoopbackSolapi, open_solapi: Open
) -> None:
    one, two = awaited(text(1), None), awaited(text(2), None)
    later = replace(two, handed_over_at=NOW + timedelta(days=1))
    assert open_solapi().look_up([one, later]) == {}
    assert len(solapi_server.asked) == 2


def test_callbacks_are_read_first(
    solapi_server: LoopbackSolapi, open_solapi: Open, tmp_path: Path
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
    assert solapi_server.asked == []


def test_callbacks_count_while_solapi_does_not_answer(tmp_path: Path) -> None:
    told = {"statusCode": "4000", "customFields": {"reference": text(1).reference}}
    (tmp_path / "results.jsonl").write_bytes(orjson.dumps([{"data": told}]) + b"\n")
    provider = solapi(Channel.SMS, "https://127.0.0.1:1", folder=tmp_path, results="results.jsonl")
    wanted = [awaited(text(1), Accepted(provider_id="G/M")), awaited(text(2), None)]
    assert provider.look_up(wanted) == {text(1).reference: Accepted(provider_id="G/M")}
    with pytest.raises(UnavailableError):
        provider.look_up(wanted[1:])


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


def test_it_knows_profiles_and_templates(solapi_server: LoopbackSolapi, open_solapi: Open) -> None:
    solapi_server.templates |= {
        "검수중": ("INSPECTING", "#{이름}님"),
        "대기": ("PENDING", ""),
        "반려": ("REJECTED", "할인!"),
    }
    solapi_server.page = 2
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
