"""SOLAPI on loopback under a whole campaign: the books say what the server took, and learn the rest."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from tests.end_to_end.small import DUE, Shop
from tests.servers.solapi import API_KEY, SECRET, SENDER, LoopbackSolapi

LATER = "2026-09-20T03:00:00Z"


@pytest.fixture
def solapi(monkeypatch: pytest.MonkeyPatch) -> Iterator[LoopbackSolapi]:
    monkeypatch.setenv("SOLAPI_KEY", API_KEY)
    monkeypatch.setenv("SOLAPI_SECRET", SECRET)
    with LoopbackSolapi(now=lambda: datetime.fromisoformat(DUE)).running() as server:
        yield server


def shop_for(root: Path, solapi: LoopbackSolapi, people: int) -> Shop:
    """Return an applied shop whose SMS go to `solapi`."""
    shop = Shop(root=root, people=people, channels="  sms: {}\n", schedule=", late: 3h")
    file = root / "pushform.yaml"
    keys = 'api_key: "${SOLAPI_KEY}", secret: "${SOLAPI_SECRET}"'
    door = f'base_url: "{solapi.base_url}", ca_file: "{solapi.ca_file}", timeout: 1'
    text = file.read_text("utf-8").replace(
        "sms: {provider: sandbox,", f"sms: {{provider: solapi, {keys}, {door},"
    )
    file.write_text(text, "utf-8")
    shop.apply()
    return shop


def test_everybody_gets_one_message_and_later_words_stand_in_the_books(
    tmp_path: Path, solapi: LoopbackSolapi
) -> None:
    numbers = [f"0100000{n:04}" for n in range(40)]
    solapi.statuses = {numbers[3]: "1061"}
    solapi.reports = {**dict.fromkeys(numbers, "4000"), numbers[5]: "3032"}
    shop = shop_for(tmp_path, solapi, 40)

    shop.dispatch()
    solapi.now = lambda: datetime.fromisoformat(LATER)
    shop.dispatch(LATER)

    messages = [message for body in solapi.bodies for message in body["messages"]]
    assert sorted(message["to"] for message in messages) == numbers
    assert len(solapi.bodies) < 5
    assert all(message["text"].startswith("(광고)") for message in messages)
    assert all(message["text"].endswith("무료수신거부 080-000-0000") for message in messages)
    books = shop.device_books()
    assert (books["sent"], books["failed"]) == (38, {"refused": 1, "bad_address": 1})
    assert len(solapi.taken) == 39


def test_silence_is_unknown_until_solapi_is_asked(tmp_path: Path, solapi: LoopbackSolapi) -> None:
    solapi.faults = ["silent"]
    shop = shop_for(tmp_path, solapi, 10)

    first = shop.dispatch()
    assert (first.code, "unknown 10" in first.out) == (8, True)

    solapi.reports = {f"0100000{n:04}": "4000" for n in range(9)}
    solapi.now = lambda: datetime.fromisoformat(LATER)
    shop.dispatch(LATER)

    books = shop.device_books()
    assert (books["sent"], books["unknown"], len(solapi.bodies)) == (9, 1, 1)


def test_refused_keys_halt_and_after_the_repair_everybody_has_it_once(
    tmp_path: Path, solapi: LoopbackSolapi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOLAPI_SECRET", "틀린 비밀")
    shop = shop_for(tmp_path, solapi, 500)

    told = shop.dispatch()

    assert told.code == 10
    assert "`solapi` refused the keys or the account (SignatureDoesNotMatch)" in told.err
    assert "`pushform resume sale` goes on" in told.err
    report = shop.report()
    assert (report["halted"], solapi.taken) == (True, {})
    assert "SignatureDoesNotMatch" in str(report["blocked"])
    books = shop.device_books()
    assert (books["failed"], books["pending"]) == ({}, 500)

    monkeypatch.setenv("SOLAPI_SECRET", SECRET)
    assert shop.run("resume", "sale").code == 0
    assert shop.dispatch("2026-09-20T02:05:00Z").code == 0

    taken = sorted(message["to"] for message in solapi.taken.values())
    assert taken == [f"0100000{n:04}" for n in range(500)]
    assert shop.device_books()["sent"] == 500


def test_a_sending_number_that_is_not_registered_costs_nobody_the_message(
    tmp_path: Path, solapi: LoopbackSolapi
) -> None:
    shop = shop_for(tmp_path, solapi, 300)
    file, right = tmp_path / "pushform.yaml", (tmp_path / "pushform.yaml").read_text("utf-8")
    assert SENDER in right
    file.write_text(right.replace(SENDER, "0212345678"), "utf-8")

    told = shop.dispatch()

    assert told.code == 10
    assert "`solapi` refused `senders` (1062)" in told.err
    books = shop.device_books()
    assert (books["failed"], books["pending"], solapi.taken) == ({}, 300, {})
    assert sum(len(body["messages"]) for body in solapi.bodies) <= 10

    file.write_text(right, "utf-8")
    assert shop.run("resume", "sale").code == 0
    assert shop.dispatch("2026-09-20T02:05:00Z").code == 0
    assert (shop.device_books()["sent"], len(solapi.taken)) == (300, 300)


def test_an_empty_account_is_no_refusal_of_those_who_were_first(
    tmp_path: Path, solapi: LoopbackSolapi
) -> None:
    numbers = [f"0100000{n:04}" for n in range(30)]
    solapi.statuses = dict.fromkeys(numbers, "1030")
    shop = shop_for(tmp_path, solapi, 30)

    assert shop.dispatch().code == 10
    assert shop.device_books()["pending"] == 30

    solapi.statuses = {}
    shop.run("resume", "sale")
    assert shop.dispatch("2026-09-20T02:05:00Z").code == 0
    assert (shop.device_books()["sent"], len(solapi.taken)) == (30, 30)
