"""Dead addresses: listed for their owner, skipped from then on, and nowhere else by name."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.app.people import open_people_of
from engine.app.session import open_session
from engine.app.state import open_ledger
from engine.kernel.digest import keyed_hash
from tests.end_to_end.small import Shop
from tests.end_to_end.test_loopback_fcm import shop_for
from tests.servers.fcm import LoopbackFcm


@pytest.fixture
def fcm() -> Iterator[LoopbackFcm]:
    with LoopbackFcm() as server:
        yield server


def test_dead_tokens_are_listed_for_their_owner_alone(tmp_path: Path, fcm: LoopbackFcm) -> None:
    shop = shop_for(tmp_path, fcm, ["unregistered-1", "ok-2", "badtoken-3", "ok-4"])

    result = shop.dispatch()

    path = tmp_path / ".pushform/hygiene/sandbox/sale.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert sorted((r["user_id"], r["device_id"], r["channel"], r["reason"]) for r in rows) == [
        ("u000000", "d000000", "app", "unregistered"),
        ("u000002", "d000002", "app", "bad_address"),
    ]
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    said = "2 addresses are dead and skipped from now on"
    assert f"sale: {said}; take them out of your tables: .pushform/hygiene" in result.err
    again = shop.run("report", "sale", as_of="2026-09-21T00:00:00Z")
    assert said in again.err
    checks = shop.run("doctor", "--format", "json").json()["checks"]
    (check,) = [one for one in checks if one["name"] == "hygiene"]
    assert check["message"] == "2 addresses are dead and skipped: .pushform/hygiene/sandbox/"
    assert "u00000" not in result.err + again.out + json.dumps(checks)


def test_a_new_token_of_the_same_device_is_a_new_address(tmp_path: Path, fcm: LoopbackFcm) -> None:
    shop = shop_for(tmp_path, fcm, ["unregistered-1", "unregistered-2"])
    shop.dispatch()
    shop.campaign, shop.at = "second", "2026-09-20 15:00"
    shop.device = lambda i: {"token": ("ok-new", "unregistered-2")[i]}
    shop.write_people()
    shop.write_campaign()
    shop.apply("2026-09-20T04:00:00Z")

    shop.dispatch("2026-09-20T06:00:00Z")

    books = shop.device_books()
    assert (books["sent"], books["skipped"]) == (1, {"dead_address": 1})
    assert fcm.accepted["ok-new"] == 1


def test_the_people_behind_hashes_are_found_as_long_as_the_source_has_them(tmp_path: Path) -> None:
    shop = Shop(root=tmp_path, people=5)
    shop.apply()
    session = open_session(tmp_path, None, "2026-09-20T00:00:00Z", _environ())
    with open_ledger(session, create=False) as (ledger, _, key):
        people = open_people_of(session, key, ledger)
        hashes = [
            keyed_hash(key, "recipient", name) for name in ("u000003", "떠난 사람", "u000000")
        ]

        assert people.owners(hashes) == {hashes[0]: "u000003", hashes[2]: "u000000"}
        assert people.owners([]) == {}


def _environ() -> dict[str, str]:
    import os

    return dict(os.environ)


def test_a_chain_of_alternatives_is_frozen_step_by_step(tmp_path: Path) -> None:
    """Nobody has a device here: KakaoTalk takes its turn, and text messages find nothing to do."""
    shop = Shop(
        root=tmp_path,
        people=6,
        channels='  app: {}\n  kakao: {product: brand}\n  sms: {from: "15880000"}\n',
        extra="alternative: {app: kakao, kakao: sms}\n",
        device=lambda i: {"token": f"ok-{i}"} if i < 2 else None,
        user=lambda i: {"kakao_ad": "no"} if i == 5 else {},
    )
    shop.apply()

    result = shop.dispatch()

    assert result.code == 0, result.err
    sent = [(line["channel"], line.get("platform")) for line in shop.outbox()]
    assert sorted(channel for channel, _ in sent) == ["app"] * 2 + ["kakao"] * 3
    lines = {line["channel"]: line for line in shop.report()["lines"]}  # type: ignore[attr-defined]
    assert lines["kakao"]["skipped"] == {"no_consent": 1}
    assert "sms" not in lines
