"""Many hand-overs without an answer: lists are read once for all of them, and not for long."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from engine.channels import solapi_results, time_lists
from engine.channels.nhn_results import PAGE, look_up
from engine.channels.time_lists import KEPT_S, TimeLists
from engine.kernel.instant import parse_instant
from engine.model.delivery import FailReason
from engine.model.outcome import Accepted, Awaited, Outcome, Refused
from tests.channels.making import NOW

DOORS = {"brand-message": "/brand"}


class Lists:
    """All messages of a send of `many`, the n-th handed over n / 40 seconds after NOW."""

    def __init__(self, many: int) -> None:
        self.asked: Counter[str] = Counter()
        self.rows: list[dict[str, Any]] = [
            {
                "recipientGroupingKey": f"{n:032}",
                "requestId": f"R{n // 1000}",
                "recipientSeq": n % 1000,
                "messageStatus": "COMPLETED",
                "resultCode": "1000",
            }
            for n in range(many)
        ]

    def at(self, n: int) -> datetime:
        return NOW + timedelta(seconds=n / 40)

    def __call__(self, door: str, query: Mapping[str, str]) -> Any:
        if "requestId" in query:
            self.asked["by request"] += 1
            rows = [row for row in self.rows if row["requestId"] == query["requestId"]]
            return {"messageSearchResultResponse": {"messages": rows}}
        self.asked[query["startRequestDate"]] += 1
        first, last = (_utc(query[name]) for name in ("startRequestDate", "endRequestDate"))
        within = [row for n, row in enumerate(self.rows) if first <= self.at(n) < last]
        skip = PAGE * (int(query["pageNum"]) - 1)
        return {"messageSearchResultResponse": {"messages": within[skip : skip + PAGE]}}

    def awaited(self, *, answered: bool = False) -> list[Awaited]:
        return [
            Awaited(
                reference=row["recipientGroupingKey"],
                provider_id=f"brand-message/{row['requestId']}/1" if answered else None,
                handed_over_at=self.at(n),
            )
            for n, row in enumerate(self.rows)
        ]


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+09:00")


def ask_in_lots(lists: Lists, times: TimeLists) -> dict[str, object]:
    """Ask as the dispatcher does: 500 at a time, in the order of their hashes."""
    awaited = lists.awaited()
    found: dict[str, object] = {}
    for first in range(len(awaited) // 500):
        lot = awaited[first :: len(awaited) // 500]
        found.update(look_up("kakao", DOORS, lists, lot, times))
    return found


def test_the_work_does_not_grow_with_the_square() -> None:
    lists = Lists(40_000)
    times = TimeLists(lambda: 0.0)

    found = ask_in_lots(lists, times)

    assert len(found) == 40_000
    assert found[f"{1234:032}"] == Accepted(provider_id="brand-message/R1/234")
    assert sum(lists.asked.values()) <= 40 + len(lists.asked) + 1, "every message was listed once"


def test_nobody_hears_an_old_answer_for_long() -> None:
    lists, now = Lists(500), [0.0]
    lists.rows[7]["messageStatus"], lists.rows[7]["resultCode"] = "READY", ""
    times = TimeLists(lambda: now[0])
    assert len(ask_in_lots(lists, times)) == 499

    lists.rows[7]["messageStatus"], lists.rows[7]["resultCode"] = "COMPLETED", "1000"
    now[0] = KEPT_S + 1
    assert len(ask_in_lots(lists, times)) == 500


def test_no_more_is_remembered_than_memory_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time_lists, "MOST_KEPT", 100)
    lists = Lists(500)
    times = TimeLists(lambda: 0.0)
    ask_in_lots(lists, times)
    before = lists.asked.total()
    assert len(ask_in_lots(lists, times)) == 500
    assert lists.asked.total() == 2 * before


def test_a_clock_that_differs_by_minutes_is_borne() -> None:
    lists = Lists(100)
    awaited = [
        Awaited(
            reference=one.reference,
            provider_id=None,
            handed_over_at=one.handed_over_at + timedelta(minutes=sign * 9),
        )
        for one, sign in zip(lists.awaited(), (1, -1) * 50, strict=True)
    ]

    found = look_up("kakao", DOORS, lists, awaited, TimeLists(lambda: 0.0))

    assert len(found) == 100


def test_personal_messages_are_not_asked_for_one_by_one() -> None:
    """A Brand Message with a name in it is a request of its own: thousands of them are a few pages."""
    lists = Lists(2_000)
    for n, row in enumerate(lists.rows):
        row.update(requestId=f"R{n}", recipientSeq=1)
    lists.rows[5].update(messageStatus="READY", resultCode="")
    awaited, nameless = lists.awaited(answered=True), 1_000
    lists.rows[nameless]["recipientGroupingKey"] = ""
    times, found = TimeLists(lambda: 0.0), dict[str, Outcome]()

    for first in range(4):
        found.update(look_up("kakao", DOORS, lists, awaited[first::4], times))

    assert len(found) == 1_999
    assert found[f"{nameless:032}"] == Accepted(provider_id=f"brand-message/R{nameless}/1")
    assert lists.asked["by request"] == 1, "only whom no list of that time names"
    assert lists.asked.total() < 12


class Solapi:
    """SOLAPI's list of `many` messages, 40 a second, whose answers were all lost."""

    def __init__(self, many: int) -> None:
        self.pages_read = 0
        self.created = [NOW + timedelta(seconds=n / 40) for n in range(many)]

    def __call__(self, path: str, query: Mapping[str, str]) -> Any:
        self.pages_read += 1
        since, until = (parse_instant(query[name]) for name in ("startDate", "endDate"))
        within = [n for n, instant in enumerate(self.created) if since <= instant <= until]
        first = int(query.get("startKey", 0))
        rows = {
            f"M{n}": {
                "groupId": "G",
                "messageId": f"M{n}",
                "statusCode": "3104" if n == 7 else "4000",
                "customFields": {"reference": f"{n:032}"},
            }
            for n in within[first : first + solapi_results.PAGE]
        }
        following = first + solapi_results.PAGE
        more = str(following) if following < len(within) else None
        return {"messageList": rows, "nextKey": more}

    def awaited(self) -> list[Awaited]:
        return [
            Awaited(reference=f"{n:032}", provider_id=None, handed_over_at=instant)
            for n, instant in enumerate(self.created)
        ]


@pytest.mark.parametrize("lots", [1, 8])
def test_solapi_lists_a_silence_once_however_many_ask(lots: int) -> None:
    solapi = Solapi(8_000)
    times, found = TimeLists(lambda: 0.0), dict[str, Outcome]()

    for first in range(lots):
        awaited = solapi.awaited()[first::lots]
        found.update(solapi_results.look_up(solapi, awaited, times))

    assert len(found) == 8_000
    assert found[f"{4321:032}"] == Accepted(provider_id="G/M4321")
    assert found[f"{7:032}"] == Refused(reason=FailReason.UNREGISTERED, code="3104")
    assert solapi.pages_read == 8_000 // solapi_results.PAGE
