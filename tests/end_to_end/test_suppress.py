"""Who refuses gets nothing more: by person, number or device, also while it is being sent."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from engine.cli import sending
from engine.kernel.instant import parse_instant
from engine.model.refusal import Refusal
from engine.workspace.refusals import RefusalFile
from tests.end_to_end.small import DUE, PLANNED, Shop
from tests.end_to_end.test_loopback_solapi import shop_for, solapi
from tests.servers.solapi import LoopbackSolapi

__all__ = ["solapi"]

HEADER = "user_id,phone,token,channel,since\n"


def a_shop(root: Path, **changes: object) -> Shop:
    """Return a shop whose suppression file has every column."""
    shop = Shop(root=root, **changes)  # type: ignore[arg-type]
    (root / "data" / "suppression.csv").write_text(HEADER, "utf-8")
    return shop


def suppress(shop: Shop, *words: str, at: str = PLANNED) -> str:
    result = shop.run("suppress", "add", *words, as_of=at)
    assert result.code == 0, result.err
    return result.out + result.err


@pytest.mark.parametrize(
    ("words", "row"),
    [
        (["u000002"], "u000002,,,all,2026-09-20T00:00:00Z\n"),
        (["u000002", "--channel", "app"], "u000002,,,app,2026-09-20T00:00:00Z\n"),
        (["--phone", "010-0000-0002"], ",+821000000002,,all,2026-09-20T00:00:00Z\n"),
        (["--token", "ok-000002"], ",,ok-000002,all,2026-09-20T00:00:00Z\n"),
    ],
)
def test_a_person_a_number_and_a_device_can_refuse(
    tmp_path: Path, words: list[str], row: str
) -> None:
    shop = a_shop(tmp_path, people=4)
    said = suppress(shop, *words)
    assert "data/suppression.csv: 1 row added" in said
    assert "within 10 min" in said
    assert "is it spelt right" not in said
    assert "nothing added" in suppress(shop, *words)
    assert (tmp_path / "data" / "suppression.csv").read_text("utf-8") == HEADER + row

    shop.apply()
    shop.dispatch()
    books = shop.device_books()
    assert (books["sent"], books["skipped"]) == (3, {"suppressed": 1})


def test_another_channel_is_not_refused_with_it(tmp_path: Path) -> None:
    shop = a_shop(tmp_path, people=3)
    suppress(shop, "u000001", "--channel", "sms")
    shop.apply()
    shop.dispatch()
    assert shop.device_books()["sent"] == 3


def do_once_chosen(monkeypatch: pytest.MonkeyPatch, act: Callable[[], None]) -> None:
    """Do something when people are chosen and nothing is sent yet."""
    places = sending._places

    def watched(*args: object) -> object:
        made = places(*args)  # type: ignore[arg-type]

        def started(campaign: str) -> None:
            made.started(campaign)
            act()

        return type(made)(
            shards_of=made.shards_of, started=started, ended=made.ended, waiting=made.waiting
        )

    monkeypatch.setattr(sending, "_places", watched)


def test_who_refuses_while_it_is_being_sent_gets_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = a_shop(tmp_path, people=10)
    shop.apply()

    def refuse() -> None:
        suppress(shop, "u000003", at=DUE)
        suppress(shop, "--phone", "+821000000004", at=DUE)
        suppress(shop, "--token", "ok-000005", at=DUE)

    do_once_chosen(monkeypatch, refuse)

    assert shop.dispatch().code == 0
    books = shop.device_books()
    assert (books["sent"], books["skipped"]) == (7, {"suppressed": 3})


def test_a_refusal_counts_within_the_age_of_a_reading_also_inside_a_shard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = a_shop(
        tmp_path,
        people=160,
        schedule=", pace: 40/s",
        safety="{max_recipients: 100000, consent_max_age: 1s}",
    )
    shop.apply()
    path = tmp_path / "data" / "suppression.csv"
    file = RefusalFile(path, "", {}, "Asia/Seoul", lambda text: text)
    refused = [
        Refusal(identifier="user_id", value=f"u{n:06d}", channel=None, since=parse_instant(PLANNED))
        for n in range(160)
    ]
    later = threading.Timer(1.0, lambda: file.add(refused))
    do_once_chosen(monkeypatch, later.start)

    assert shop.dispatch().code == 0
    later.join()
    books = shop.device_books()
    # 40 in the first second; then a reading may be a second old, and a claimed second's worth goes.
    sent = int(str(books["sent"]))
    assert 1 <= sent <= 140
    assert books["skipped"] == {"suppressed": 160 - sent}


def test_a_stranger_is_written_down_and_said(tmp_path: Path) -> None:
    shop = a_shop(tmp_path, people=2)
    assert "nobody in the sources has this user_id now" in suppress(shop, "u00001")
    assert "nobody in the sources has this phone now" in suppress(shop, "--phone", "010-9999-9999")
    assert "nobody in the sources has this token now" in suppress(shop, "--token", "ok")


def test_mistakes_are_exit_2_and_write_nothing(tmp_path: Path) -> None:
    shop = a_shop(tmp_path, people=1)
    for words, said in (
        ([], "name one: a user, --phone or --token"),
        (["u1", "--token", "t"], "name one: a user, --phone or --token"),
        (["--phone", "번호"], "`번호` is not a phone number"),
        ([" "], "the user_id is empty"),
        (["u1", "--reason", "전화"], "has no column `reason`"),
    ):
        result = shop.run("suppress", "add", *words, as_of=PLANNED)
        assert result.code == 2
        assert said in result.err
    production = shop.run("suppress", "add", "u1", "-e", "production", as_of=PLANNED)
    assert production.code == 2
    assert "`suppress add` takes --as-of only in a sandbox" in production.err
    assert (tmp_path / "data" / "suppression.csv").read_text("utf-8") == HEADER


def test_the_list_counts_and_names_nobody(tmp_path: Path) -> None:
    shop = a_shop(tmp_path, people=3)
    suppress(shop, "u000001")
    suppress(shop, "--phone", "010-0000-0002", "--channel", "sms")
    suppress(shop, "--token", "ok-000000", "--channel", "app", at=DUE)

    plain = shop.run("suppress", "list", "--format", "json", as_of=PLANNED).json()
    assert plain["rows"] == 3
    assert plain["channels"]["all"] == {"user_id": 1, "phone": 0, "token": 0, "later": 0}
    assert plain["channels"]["sms"]["phone"] == 1
    assert plain["channels"]["app"] == {"user_id": 0, "phone": 0, "token": 0, "later": 1}
    shown = shop.run("suppress", "list", as_of=PLANNED)
    assert shown.code == 0
    assert "data/suppression.csv: 3 rows" in shown.out
    assert not any(word in shown.out for word in ("u000001", "0002", "ok-0"))


def test_what_cannot_be_read_is_told_by_its_line_as_the_door_does(tmp_path: Path) -> None:
    shop = a_shop(tmp_path, people=3)
    rows = "u000001,,,all,\n\n,없음,,sms,\n ,,,,\n,1000000002.0,,,\n1.02E+11,,,,\n"
    (tmp_path / "data" / "suppression.csv").write_text(HEADER + rows, "utf-8")
    plain = shop.run("suppress", "list", "--format", "json", as_of=PLANNED).json()
    assert (plain["rows"], plain["unreadable"]) == (2, [4, 5, 7])
    shown = shop.run("suppress", "list", as_of=PLANNED)
    assert "data/suppression.csv: 2 rows" in shown.out
    assert "  3 unreadable (lines 4, 5, 7)" in shown.out
    held = shop.run("plan", as_of=PLANNED)
    assert held.code == 11
    assert "3 rows name nobody who can be found: lines 4, 5, 7" in held.err


def test_people_are_shown_at_a_terminal_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = a_shop(tmp_path, people=3)
    suppress(shop, "u000001")
    refused = shop.run("suppress", "list", "--people")
    assert refused.code == 2
    assert "to a terminal only" in refused.err
    assert "u000001" not in refused.out

    import io

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    from engine.cli.main import run

    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    assert run(["suppress", "list", "--people", "-C", str(tmp_path)]) == 0
    assert "user_id  u000001" in terminal.getvalue()


def test_calls_to_the_080_number_are_pulled_once(tmp_path: Path, solapi: LoopbackSolapi) -> None:
    shop = shop_for(tmp_path, solapi, 5)
    (tmp_path / "data" / "suppression.csv").write_text(HEADER, "utf-8")
    solapi.now = lambda: datetime.fromisoformat(PLANNED)
    solapi.opted_out = [
        {
            "handleKey": f"k{n}",
            "recipientNumber": f"0100000{n:04}",
            "senderNumber": "0800000000",
            "dateCreated": "2026-09-19T12:00:00.000Z",
        }
        for n in (1, 3)
    ]

    pulled = shop.run("suppress", "pull", as_of=PLANNED)
    assert pulled.code == 0, pulled.err
    assert pulled.out == "sms (solapi): 2 opted out there, 2 added to data/suppression.csv\n"
    assert (tmp_path / "data" / "suppression.csv").read_text("utf-8") == (
        HEADER
        + ",+821000000001,,sms,2026-09-19T12:00:00Z\n"
        + ",+821000000003,,sms,2026-09-19T12:00:00Z\n"
    )
    again = shop.run("suppress", "pull", "--channel", "sms", as_of=PLANNED)
    assert "2 opted out there, 0 added" in again.out
    later = shop.run("suppress", "pull", "--since", "2026-09-20", as_of=PLANNED)
    assert "0 opted out there" in later.out

    solapi.now = lambda: datetime.fromisoformat(DUE)
    shop.dispatch()
    books = shop.device_books()
    assert (books["sent"], books["skipped"]) == (3, {"suppressed": 2})


def test_nobody_to_ask_is_said(tmp_path: Path) -> None:
    shop = a_shop(tmp_path, people=1)
    every = shop.run("suppress", "pull")
    assert every.code == 2
    assert "no provider in `sandbox` lists opt-outs" in every.err
    one = shop.run("suppress", "pull", "--channel", "kakao")
    assert "the provider of `kakao` in `sandbox` lists no opt-outs" in one.err
    when = shop.run("suppress", "pull", "--since", "어제")
    assert when.code == 2
    assert "--since: `어제` is not a date" in when.err
