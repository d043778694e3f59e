"""Nobody gets an advertisement without a clear yes, and a withdrawn one counts at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.cli import sending
from tests.end_to_end.small import USERS, Shop

ANSWERS = ("yes", "no", "", "maybe", "true", "y", "1", "false", "n", "0", "예", "  YES ")


def test_only_a_clear_yes_gets_an_advertisement(tmp_path: Path) -> None:
    shop = Shop(root=tmp_path, people=len(ANSWERS), user=lambda i: {"app_ad": ANSWERS[i]})
    shop.apply()

    assert shop.dispatch().code == 0
    books = shop.device_books()

    assert books["sent"] == 5
    assert books["skipped"] == {"no_consent": 4, "unknown_consent": 3}
    assert len(shop.outbox()) == 5


def test_an_informational_message_needs_no_consent_to_advertisements(tmp_path: Path) -> None:
    shop = Shop(
        root=tmp_path, people=3, advertising=False, user=lambda i: {"app_ad": ("no", "", "yes")[i]}
    )
    shop.apply()

    assert shop.dispatch().code == 0
    assert shop.device_books()["sent"] == 3


def test_suppression_and_a_switched_off_service_stop_an_advertisement(tmp_path: Path) -> None:
    shop = Shop(
        root=tmp_path,
        people=3,
        suppressed=["u000000"],
        user=lambda i: {"push_on": "no" if i == 1 else "yes"},
    )
    shop.apply()
    shop.dispatch()

    books = shop.device_books()
    assert books["sent"] == 1
    assert books["skipped"] == {"service_off": 1, "suppressed": 1}


def test_consent_withdrawn_between_snapshot_and_shard_gets_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = Shop(root=tmp_path, people=10)
    shop.apply()
    places = sending._places

    def withdraw_once_chosen(*args: object) -> object:
        made = places(*args)  # type: ignore[arg-type]

        def started(campaign: str) -> None:
            made.started(campaign)
            shop.user = lambda i: {"app_ad": "no" if i < 4 else "yes"}
            shop.write_people()

        return type(made)(
            shards_of=made.shards_of, started=started, ended=made.ended, waiting=made.waiting
        )

    monkeypatch.setattr(sending, "_places", withdraw_once_chosen)

    assert shop.dispatch().code == 0
    books = shop.device_books()
    assert books["sent"] == 6
    assert books["skipped"] == {"no_consent": 4}


def test_consent_that_was_given_after_the_snapshot_does_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = Shop(root=tmp_path, people=4, user=lambda i: {"app_ad": "no" if i < 2 else "yes"})
    shop.apply()
    places = sending._places

    def give_once_chosen(*args: object) -> object:
        made = places(*args)  # type: ignore[arg-type]

        def started(campaign: str) -> None:
            made.started(campaign)
            shop.user = lambda _: {"app_ad": "yes"}
            shop.write_people()

        return type(made)(
            shards_of=made.shards_of, started=started, ended=made.ended, waiting=made.waiting
        )

    monkeypatch.setattr(sending, "_places", give_once_chosen)

    shop.dispatch()
    assert shop.device_books()["sent"] == 2


def test_a_source_that_cannot_be_read_holds_advertisements(tmp_path: Path) -> None:
    shop = Shop(root=tmp_path, people=3)
    shop.apply()
    users = tmp_path / "data" / "users.csv"
    text = users.read_text("utf-8")
    users.unlink()

    held = shop.dispatch()

    assert held.code == 11, held.err
    assert "users" in held.err
    assert shop.outbox() == []
    users.write_text(text, "utf-8")
    assert shop.dispatch("2026-09-20T02:01:00Z").code == 0
    assert shop.device_books()["sent"] == 3


def test_the_door_closes_at_nine_to_the_second_in_the_recipients_zone(tmp_path: Path) -> None:
    shop = Shop(root=tmp_path, people=8, at="2026-09-20 19:00", schedule=", pace: 1/s, late: 3h")
    shop.apply()

    assert shop.dispatch("2026-09-20T11:59:56Z").code == 0  # 20:59:56 in Seoul

    books = shop.device_books()
    sent = int(str(books["sent"]))
    # One a second: how many depends on how long the machine takes to begin.
    assert 1 <= sent <= 5
    assert books["skipped"] == {"window": 8 - sent}
    assert all(str(line["at"]) < "2026-09-20T12:00:00" for line in shop.outbox())


def test_nine_in_the_evening_is_too_late_and_nothing_is_lost(tmp_path: Path) -> None:
    shop = Shop(root=tmp_path, people=2, at="2026-09-20 19:00", schedule=", late: 3h")
    shop.apply()

    shop.dispatch("2026-09-20T12:00:00Z")

    assert shop.device_books()["skipped"] == {"window": 2}
    assert shop.report()["status"] == "failed"
    assert shop.outbox() == []


def test_a_korean_in_new_york_is_judged_in_both_zones(tmp_path: Path) -> None:
    shop = Shop(
        root=tmp_path,
        people=2,
        user=lambda i: {"timezone": "America/New_York" if i == 0 else "Asia/Seoul"},
    )
    shop.apply()

    shop.dispatch()  # 11:00 in Seoul is 22:00 in New York

    books = shop.device_books()
    assert (books["sent"], books["skipped"]) == (1, {"window": 1})


REPEATED = (
    ({}, {}),
    ({}, {"app_ad": "no"}),
    ({"app_ad": "no"}, {}),
    ({}, {"app_ad": ""}, {}),
    ({}, {"push_on": "no"}),
    ({}, {"birth_date": "2015-03-01"}),
    ({}, {"app_ad": "거부", "name": "다른 이름"}, {}),
    ({}, {"name": "다른 이름"}),
    ({},),
)
"""What stands in users of each person: all rows but the last two people's say something else once."""


def test_the_least_of_what_somebody_said_twice_counts_in_the_plan_and_at_the_door(
    tmp_path: Path,
) -> None:
    shop = Shop(root=tmp_path, people=len(REPEATED))
    rows = [
        shop._user(i) | {"birth_date": "1990-01-01"} | more[place]
        for place in range(3)
        for i, more in enumerate(REPEATED)
        if place < len(more)
    ]
    shop._table("users", (*USERS, "birth_date"), rows)
    lost = {"no_consent": 3, "unknown_consent": 1, "service_off": 1, "minor": 1}

    planned = shop.run("plan", "--format", "json", as_of=shop.planned).json()
    people = planned["changes"][0]["observed"]["people"]
    assert (people["reachable"], people["lost"]["app"]) == ({"app": 3}, lost)

    shop.apply()
    assert shop.dispatch().code == 0
    books = shop.device_books()
    assert (books["sent"], books["skipped"]) == (3, lost)
    # The words are the first row's.
    assert not any("다른 이름" in str(line) for line in shop.outbox())


def test_a_no_in_a_row_that_came_meanwhile_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = Shop(root=tmp_path, people=3)
    shop.apply()
    places = sending._places

    def append_once_chosen(*args: object) -> object:
        made = places(*args)  # type: ignore[arg-type]

        def started(campaign: str) -> None:
            made.started(campaign)
            again = shop._user(1) | {"app_ad": "no"}
            shop._table("users", USERS, [*(shop._user(i) for i in range(3)), again])

        return type(made)(
            shards_of=made.shards_of, started=started, ended=made.ended, waiting=made.waiting
        )

    monkeypatch.setattr(sending, "_places", append_once_chosen)

    assert shop.dispatch().code == 0
    books = shop.device_books()
    assert (books["sent"], books["skipped"]) == (2, {"no_consent": 1})
