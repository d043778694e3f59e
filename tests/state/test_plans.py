"""The statements that run a thousand times find their rows by an index, also in an empty state."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from engine.model.audience import InCampaign
from engine.model.workspace import PerUserCap
from engine.state import books, claims, rows, shards
from engine.state.create import create_file
from engine.state.sqlite import SqliteDatabase
from engine.state.transaction import Transaction
from tests.state.world import NOON, HandClock

CAP = PerUserCap(max=2, within=timedelta(days=1))
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
    assert all(plan.endswith(expected) for plan in found), found
