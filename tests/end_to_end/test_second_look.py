"""What is read again between the snapshot and the send: as the campaign needs it, and no less."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from engine.cli import sending
from tests.end_to_end.small import USERS, Shop

EXCEPTION = "exception: {ended_at: user.bought_on, direct: true, same_goods: true}\n"


def once_chosen(monkeypatch: pytest.MonkeyPatch, change: Callable[[], object]) -> None:
    """Make `change` happen after the snapshot and before the first shard."""
    places = sending._places

    def changed(*args: object) -> object:
        made = places(*args)  # type: ignore[arg-type]

        def started(campaign: str) -> None:
            made.started(campaign)
            change()

        return type(made)(
            shards_of=made.shards_of, started=started, ended=made.ended, waiting=made.waiting
        )

    monkeypatch.setattr(sending, "_places", changed)


def write_answers(shop: Shop, answers: Mapping[int, str]) -> None:
    """Write people who bought lately and answered as `answers` says, else nothing."""
    rows = [
        {**shop._user(i), "app_ad": answers.get(i, ""), "bought_on": "2026-09-01"}
        for i in range(shop.people)
    ]
    shop._table("users", (*USERS, "bought_on"), rows)


def test_an_answer_that_became_unreadable_ends_the_exception(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody who wrote something meanwhile was asked: their purchase stands in for nothing."""
    shop = Shop(root=tmp_path, people=5, extra=EXCEPTION)
    write_answers(shop, {})
    shop.apply()
    once_chosen(monkeypatch, lambda: write_answers(shop, {0: "아마도", 1: "O", 2: "no"}))

    assert shop.dispatch().code == 0

    books = shop.device_books()
    assert (books["sent"], books["skipped"]) == (2, {"no_consent": 3})


@pytest.mark.parametrize("refusals", ["user_id,phone\n,없음\n", "아이디\nu000003\n", None])
def test_an_unreadable_list_of_refusals_hides_no_change_from_a_notice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refusals: str | None
) -> None:
    shop = Shop(root=tmp_path, people=5, advertising=False)
    shop.apply()

    def change() -> None:
        shop.user = lambda i: {"push_on": "no" if i == 0 else "yes"}
        shop.device = lambda i: {"token": f"ok-{i:06d}", "enabled": "no" if i == 1 else "yes"}
        shop.write_people()
        path = tmp_path / "data" / "suppression.csv"
        path.write_text(refusals, "utf-8") if refusals else path.unlink()

    once_chosen(monkeypatch, change)

    assert shop.dispatch().code == 0

    books = shop.device_books()
    assert (books["sent"], books["skipped"]) == (3, {"service_off": 1, "disabled": 1})
