"""Many hand-overs without an answer: NHN's lists are read once for all of them, and not for long."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from engine.channels import nhn_times
from engine.channels.nhn_results import PAGE, look_up
from engine.channels.nhn_times import KEPT_S, TimeLists
from engine.model.outcome import Accepted, Awaited, Outcome
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


def ask_in_lots(lists: Lists, of_time: TimeLists) -> dict[str, object]:
    """Ask as the dispatcher does: 500 at a time, in the order of their hashes."""
    awaited = lists.awaited()
    found: dict[str, object] = {}
    for first in range(len(awaited) // 500):
        lot = awaited[first :: len(awaited) // 500]
        found.update(look_up("kakao", DOORS, lists, lot, of_time))
    return found


def test_the_work_does_not_grow_with_the_square() -> None:
    lists = Lists(40_000)
    of_time = TimeLists("kakao", lambda: 0.0)

    found = ask_in_lots(lists, of_time)

    assert len(found) == 40_000
    assert found[f"{1234:032}"] == Accepted(provider_id="brand-message/R1/234")
    assert sum(lists.asked.values()) <= 40 + len(lists.asked) + 1, "every message was listed once"


def test_nobody_hears_an_old_answer_for_long() -> None:
    lists, now = Lists(500), [0.0]
    lists.rows[7]["messageStatus"], lists.rows[7]["resultCode"] = "READY", ""
    of_time = TimeLists("kakao", lambda: now[0])
    assert len(ask_in_lots(lists, of_time)) == 499

    lists.rows[7]["messageStatus"], lists.rows[7]["resultCode"] = "COMPLETED", "1000"
    now[0] = KEPT_S + 1
    assert len(ask_in_lots(lists, of_time)) == 500


def test_no_more_is_remembered_than_memory_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nhn_times, "MOST_KEPT", 100)
    lists = Lists(500)
    of_time = TimeLists("kakao", lambda: 0.0)
    ask_in_lots(lists, of_time)
    before = lists.asked.total()
    assert len(ask_in_lots(lists, of_time)) == 500
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

    found = look_up("kakao", DOORS, lists, awaited, TimeLists("kakao", lambda: 0.0))

    assert len(found) == 100


def test_personal_messages_are_not_asked_for_one_by_one() -> None:
    """A Brand Message with a name in it is a request of its own: thousands of them are a few pages."""
    lists = Lists(2_000)
    for n, row in enumerate(lists.rows):
        row.update(requestId=f"R{n}", recipientSeq=1)
    lists.rows[5].update(messageStatus="READY", resultCode="")
    awaited, nameless = lists.awaited(answered=True), 1_000
    lists.rows[nameless]["recipientGroupingKey"] = ""
    of_time, found = TimeLists("kakao", lambda: 0.0), dict[str, Outcome]()

    for first in range(4):
        found.update(look_up("kakao", DOORS, lists, awaited[first::4], of_time))

    assert len(found) == 1_999
    assert found[f"{nameless:032}"] == Accepted(provider_id=f"brand-message/R{nameless}/1")
    assert lists.asked["by request"] == 1, "only whom no list of that time names"
    assert lists.asked.total() < 12
