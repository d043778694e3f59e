"""What can be proven later: every apply, the law it was judged by, and the deliveries of one instant."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from engine.kernel.digest import digest
from engine.kernel.errors import MismatchError
from engine.model.ports import Ledger
from engine.state import history
from engine.state.open import open_state
from tests.state.world import (
    KEY,
    NOON,
    Backend,
    HandClock,
    a_claim,
    a_deployed,
    a_snapshot,
    a_stored,
    apply,
    begin,
    settled,
)

LAW = {"kind": "law", "rules": [{"rule": "kr-ad-label-missing", "title": "광고 표시"}]}


def test_law_is_kept_once_under_its_digest(backend: Backend, ledger: Ledger) -> None:
    name = ledger.keep_law(LAW)

    assert name == digest(LAW)
    assert ledger.keep_law(dict(reversed(LAW.items()))) == name
    assert ledger.find_law(name) == LAW
    assert ledger.find_law("sha256:" + "0" * 64) is None
    assert backend.open("production")[0].find_law(name) == LAW, "law is the same everywhere"


def test_law_that_was_changed_is_not_taken_for_it(tmp_path: Path) -> None:
    ledger, _ = open_state(
        "sqlite:///s.db", "sandbox", KEY, HandClock(), create=True, root=tmp_path
    )
    name = ledger.keep_law(LAW)
    with sqlite3.connect(tmp_path / "s.db") as state:
        state.execute("UPDATE law SET stored = replace(stored, '광고', '알림')")
    state.close()

    with pytest.raises(MismatchError, match="was changed in the state"):
        ledger.find_law(name)
    ledger.close()


def test_a_state_of_an_earlier_version_gets_the_table(tmp_path: Path) -> None:
    open_state("sqlite:///s.db", "sandbox", KEY, HandClock(), create=True, root=tmp_path)[0].close()
    with sqlite3.connect(tmp_path / "s.db") as state:
        state.execute("DROP TABLE law")
    state.close()

    ledger, _ = open_state(
        "sqlite:///s.db", "sandbox", KEY, HandClock(), create=False, root=tmp_path
    )
    assert ledger.find_law(ledger.keep_law(LAW)) == LAW
    ledger.close()


def test_every_apply_is_remembered_and_which_one_was_sent(ledger: Ledger) -> None:
    assert ledger.revisions("chuseok-sale") == ()
    first, second = a_deployed(), a_deployed(stored=a_stored(text="송편을 40% 할인"))
    apply(ledger, first)
    apply(ledger, second)
    assert [revision.sent for revision in ledger.revisions("chuseok-sale")] == [False, False]
    ledger.begin_sending("chuseok-sale", a_snapshot())
    third = a_deployed(stored=a_stored(text="송편을 40% 할인", title="추석 특가 2"))
    apply(ledger, third, a_deployed("other"))

    found = ledger.revisions("chuseok-sale")

    assert [(r.number, r.sent, r.digest) for r in found] == [
        (1, False, first.digest),
        (2, True, second.digest),
        (3, False, third.digest),
    ]
    assert found[1].stored == second.stored
    assert (found[1].commit, found[1].approved_by) == ("c0ffee", "growth@shop.example")
    assert [r.serial for r in found] == sorted(r.serial for r in found)
    assert found[0].applied_at == NOON


def test_deliveries_come_in_the_order_of_their_key_as_of_one_instant(
    backend: Backend, ledger: Ledger, other: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "ROWS", 2)
    lease = begin(ledger)
    claims = [a_claim(name, channel=channel) for name in "다가나" for channel in ("sms", "app")]
    ledger.claim(lease, claims, NOON, None)
    begin(ledger, "other")

    reading = ledger.deliveries("chuseok-sale")
    seen = [next(reading)]
    other.settle(lease, [settled(claim, "sent") for claim in claims], NOON)
    seen.extend(reading)

    assert [len(some) for some in seen] == [2, 2, 2]
    rows = [row for some in seen for row in some]
    keys = [(row.channel, row.address_hash) for row in rows]
    assert keys == sorted((claim.channel, claim.address_hash) for claim in claims)
    assert {row.state for row in rows} == {"claimed"}, "what was settled meanwhile is not seen"
    again = [row.state for some in other.deliveries("chuseok-sale") for row in some]
    assert again == ["sent"] * 6
    assert list(backend.open("production")[0].deliveries("chuseok-sale")) == []
