"""The statements that run a thousand times find their rows by an index, also in an empty state."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from engine.model.audience import InCampaign
from engine.model.workspace import PerUserCap
from engine.state import awaited, books, claims, late, rows, shards
from engine.state.create import create_file
from engine.state.sqlite import SqliteDatabase
from engine.state.transaction import Transaction
from tests.state.world import NOON, HandClock, a_claim, settled

CAP = PerUserCap(max=2, within=timedelta(days=1))
LAST_WORD = settled(a_claim(channel="sms"), "failed")
TAKEN = settled(a_claim(channel="sms"), "sent", awaits_result=True)
BY_KEY = "PRIMARY KEY (environment=? AND campaign=? AND channel=? AND address_hash=?)"
BY_SHARD = "INDEX delivery_by_shard (environment=? AND campaign=? AND shard=?)"
BY_PERSON = "INDEX delivery_by_recipient (environment=? AND campaign=? AND recipient_hash=?)"
BY_CAMPAIGN = "PRIMARY KEY (environment=? AND campaign=?)"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[SqliteDatabase]:
    create_file(tmp_path / "state.db")
    opened = SqliteDatabase(tmp_path / "state.db", "sandbox", HandClock(), "boot")
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        (lambda tx: rows.read_keys(tx, "sale", [("app", "a"), ("web", "b")]), BY_KEY),
        (lambda tx: rows.shard_rows(tx, "sale", 7), BY_SHARD),
        (lambda tx: shards.expire_shard(tx, "sale", 7, 1, NOON), BY_SHARD),
        (lambda tx: rows.recipient_rows(tx, "sale", ["민지"]), BY_PERSON),
        (lambda tx: rows.trace(tx, "민지"), BY_PERSON),
        (lambda tx: claims.find_full(tx, "sale", {"민지"}, NOON, CAP), BY_PERSON),
        (lambda tx: awaited.take_awaited(tx, "sale", "sms", NOON, 500), BY_KEY),
        (lambda tx: awaited.await_results(tx, "sale", [TAKEN], NOON), BY_KEY),
        (lambda tx: late.settle_late(tx, "sale", [LAST_WORD], NOON), BY_KEY),
        (lambda tx: books.counts(tx, "sale"), BY_CAMPAIGN),
        (lambda tx: books.user_counts(tx, "sale"), BY_CAMPAIGN),
        (lambda tx: books.reached(tx, InCampaign(campaign="sale"), NOON), BY_CAMPAIGN),
    ],
)
def test_a_statement_finds_its_rows(
    database: SqliteDatabase, run: Callable[[Transaction], object], expected: str
) -> None:
    with database.write() as tx:
        seen: list[tuple[str, tuple[object, ...]]] = []
        event.listen(tx.connection, "before_cursor_execute", lambda *a: seen.append((a[2], a[3])))
        run(tx)
        plans = [
            line[3]
            for statement, parameters in list(seen)
            for line in tx.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        ]
    found = [plan for plan in plans if " delivery " in plan]
    assert found
    # The index ends with the primary key, so a statement may narrow it further.
    assert all(expected.removesuffix(")") in plan for plan in found), found


def test_who_is_looked_up_is_found_by_the_instant_of_the_look(database: SqliteDatabase) -> None:
    with database.write() as tx:
        seen: list[tuple[str, tuple[object, ...]]] = []
        event.listen(tx.connection, "before_cursor_execute", lambda *a: seen.append((a[2], a[3])))
        awaited.take_awaited(tx, "sale", "sms", NOON, 500)
        statement, parameters = seen[0]
        plan = [
            line[3]
            for line in tx.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        ]
    assert len(plan) == 1, plan  # no sorting either
    assert (
        "INDEX awaited_by_look (environment=? AND campaign=? AND channel=? AND look_at<?)"
        in (plan[0])
    )
