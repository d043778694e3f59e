"""A campaign on the six-month exception: who gets it, on which basis, and what trace says of it."""

from __future__ import annotations

import io
import json
import sqlite3
import sys
from pathlib import Path

import pytest

from engine.cli.main import run
from tests.end_to_end.small import USERS, Shop

ROWS = (
    {"app_ad": "", "bought_on": "2026-09-01"},
    {"app_ad": "", "bought_on": "2026-03-20"},
    {"app_ad": "", "bought_on": "2026-03-19"},
    {"app_ad": "no", "bought_on": "2026-09-01"},
    {"app_ad": "yes", "bought_on": ""},
    {"app_ad": "", "bought_on": "", "country": "KR"},
    {"app_ad": "", "bought_on": "2026-09-01"},
)
EXCEPTION = "exception: {ended_at: user.bought_on, direct: true, same_goods: true}\n"


def a_shop(root: Path, extra: str = EXCEPTION) -> Shop:
    """Return a shop whose users have a day of purchase; the last of them is suppressed."""
    shop = Shop(root=root, people=7, extra=extra, user=lambda i: {}, suppressed=["u000006"])
    rows = [shop._user(i) | ROWS[i] for i in range(7)]
    shop._table("users", (*USERS, "bought_on"), rows)
    return shop


def ledger(shop: Shop) -> list[tuple[str, dict[str, object]]]:
    """Return (state, consent as read) of every delivery that was sent."""
    path = next((shop.root / ".pushform").glob("*.db"))
    with sqlite3.connect(path) as connection:
        rows = connection.execute("SELECT state, consent FROM delivery").fetchall()
    connection.close()
    return [(state, json.loads(consent)) for state, consent in rows]


def test_who_bought_lately_gets_it_without_having_been_asked(tmp_path: Path) -> None:
    shop = a_shop(tmp_path)
    planned = shop.run("plan", "--format", "json", as_of=shop.planned).json()
    people = planned["changes"][0]["observed"]["people"]
    assert people["reachable"] == {"app": 3}
    assert people["lost"]["app"] == {"no_consent": 1, "suppressed": 1, "unknown_consent": 2}

    shop.apply()
    assert shop.dispatch().code == 0
    books = shop.device_books()
    assert books["sent"] == 3
    assert books["skipped"] == {"no_consent": 1, "suppressed": 1, "unknown_consent": 2}

    bases = sorted(
        (str(consent["ad"]), str(consent.get("basis", "-")), str(consent.get("ended_on", "-")))
        for state, consent in ledger(shop)
        if state == "sent"
    )
    assert bases == [
        ("unknown", "exception", "2026-03-20"),
        ("unknown", "exception", "2026-09-01"),
        ("yes", "-", "-"),
    ]


WHEREABOUTS = (
    ({}, "KR", True),
    ({"phone": "010-1234-5678", "timezone": "Asia/Seoul"}, "KR", True),
    ({"country": "KR", "timezone": "Asia/Tokyo"}, "KR", True),
    # Who is abroad, or may be, is not sent to without a consent.
    ({"timezone": "America/New_York"}, "KR", False),
    ({"timezone": "Asia/Tokyo", "phone": "010-1234-5678"}, "KR", False),
    ({"phone": "+33 6 12 34 56 78"}, "FR", False),
    ({"phone": "+1 212 555 0100"}, "US", False),
    ({"phone": "+1 416 555 0100", "timezone": "America/Toronto"}, "CA", False),
    ({"country": "Japan"}, "KR", False),
    ({"country": "US", "phone": "+82 10-1234-5678"}, "KR", False),
)
"""What is known of somebody without an answer: whose law holds, and whether a purchase stands in."""


@pytest.mark.parametrize("told", [False, True])
def test_the_exception_is_for_people_in_korea_only(tmp_path: Path, told: bool) -> None:
    """Also where a text tells the day of the purchase, so that the snapshot has it for others."""
    shop = Shop(root=tmp_path, people=11, extra=EXCEPTION)
    blank = {"country": "", "timezone": "", "phone": "", "app_ad": "", "bought_on": "2026-09-01"}
    more = [row for row, _, _ in WHEREABOUTS]
    agreed = {"app_ad": "yes", "phone": "+81 90-1234-5678", "timezone": "Asia/Tokyo"}
    rows = [shop._user(i) | blank | row for i, row in enumerate([*more, agreed])]
    shop._table("users", (*USERS, "bought_on"), rows)
    if told:
        file = tmp_path / "templates" / "words.yaml"
        day = "  day: {type: string, from: user.bought_on, default: 언젠가, sample: 2026-09-01}\n"
        text = file.read_text("utf-8").replace("variables:\n", f"variables:\n{day}")
        file.write_text(text.replace("가을 상품", "{{ day }} 뒤의 가을 상품"), "utf-8")

    planned = shop.run("plan", "--format", "json", as_of=shop.planned).json()
    people = planned["changes"][0]["observed"]["people"]
    assert people["reachable"] == {"app": 4}
    assert people["lost"]["app"] == {"unknown_consent": 7}
    assert people["jurisdictions"] == {"CA": 1, "FR": 1, "JP": 1, "KR": 7, "US": 1}

    shop.apply()
    assert shop.dispatch().code == 0
    books = shop.device_books()
    assert (books["sent"], books["skipped"]) == (4, {"unknown_consent": 7})
    bases = sorted(str(read.get("basis", "-")) for state, read in ledger(shop) if state == "sent")
    assert bases == ["-", "exception", "exception", "exception"]
    assert shop.report()["on_exception"] == 3
    path = next((tmp_path / ".pushform").glob("*.db"))
    with sqlite3.connect(path) as connection:
        found = connection.execute("SELECT jurisdiction, state FROM delivery").fetchall()
    connection.close()
    wanted = [(law, "sent" if goes else "skipped") for _, law, goes in WHEREABOUTS]
    assert sorted(found) == sorted([*wanted, ("JP", "sent")])


def test_days_since_the_last_purchase_count_too(tmp_path: Path) -> None:
    shop = Shop(root=tmp_path, people=3, user=lambda i: {"app_ad": ""})
    (tmp_path / "audiences").mkdir()
    (tmp_path / "audiences" / "buyers.yaml").write_text(
        "kind: audience\nid: buyers\nwhere: {attribute: country, eq: KR}\n"
        "attributes:\n  ago: {event: purchase, days_since: true}\n",
        "utf-8",
    )
    shop._table(
        "events",
        ("event_id", "user_id", "name", "occurred_at", "properties"),
        [
            {"event_id": "1", "user_id": "u000000", "name": "purchase",
             "occurred_at": "2026-09-10T03:00:00Z", "properties": ""},
            {"event_id": "2", "user_id": "u000001", "name": "purchase",
             "occurred_at": "2026-01-10T03:00:00Z", "properties": ""},
        ],
    )  # fmt: skip
    file = tmp_path / "campaigns" / "sale.yaml"
    text = file.read_text("utf-8").replace("audience: everyone", "audience: buyers")
    file.write_text(
        f"{text}exception: {{ended_at: derived.ago, direct: true, same_goods: true}}\n", "utf-8"
    )
    shop.apply()
    shop.dispatch()
    books = shop.device_books()
    assert (books["sent"], books["skipped"]) == (1, {"unknown_consent": 2})


def test_a_column_that_nobody_has_is_said(tmp_path: Path) -> None:
    shop = Shop(root=tmp_path, people=2, extra=EXCEPTION)
    planned = shop.run("plan", as_of=shop.planned)
    assert planned.code == 11
    assert "has no column `bought_on`" in planned.err

    derived = Shop(
        root=tmp_path,
        people=2,
        extra="exception: {ended_at: derived.last_order, direct: true, same_goods: true}\n",
    )
    linted = derived.run("lint", as_of=derived.planned)
    assert linted.code == 1
    assert "no audience of this campaign derives `last_order`" in linted.out


def test_the_report_and_trace_say_on_which_basis(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = a_shop(tmp_path)
    shop.apply()
    shop.dispatch()
    report = shop.report()
    assert report["on_exception"] == 2
    assert (
        "2 deliveries were sent without a consent because of a purchase in the last six months "
        "(제50조제1항제1호)."
    ) in report["explanation"]  # type: ignore[operator]

    monkeypatch.setattr(sys, "stdout", terminal := Terminal())
    for person in ("u000000", "u000003", "u000004"):
        assert run(["trace", person, "-C", str(tmp_path)]) == 0
    bought, refused, agreed = terminal.getvalue().split("deliveries in")[1:]
    assert "app    sent" in bought
    assert f"content {report['content_digest']}" in bought
    assert "text    (광고) 민지님, 안녕하세요 / 가을" in bought
    assert "basis   purchase that ended 2026-09-01 (제50조제1항제1호)" in bought
    assert "skipped (no_consent)" in refused
    assert "because they had not agreed to advertisements on this channel" in refused
    assert "basis" not in refused
    assert "consent ad=yes night=no service=yes read 2026-09-20T02:00:0" in agreed
    assert "basis   consent" in agreed


def test_a_consent_alone_is_no_exception(tmp_path: Path) -> None:
    shop = Shop(root=tmp_path, people=2)
    shop.apply()
    shop.dispatch()
    assert "on_exception" not in shop.report()


class Terminal(io.StringIO):
    """A stdout that is one."""

    def isatty(self) -> bool:
        return True
