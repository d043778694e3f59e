"""The database itself refuses what the table of transitions does not have."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from engine.model.delivery import TRANSITIONS, DeliveryState
from engine.state.create import create_file

S = DeliveryState
ROW = {
    "environment": "sandbox",
    "campaign": "chuseok-sale",
    "channel": "app",
    "address_hash": "a",
    "recipient_hash": "민지",
    "shard": 0,
    "revision": "r",
    "variant": "a",
    "locale": "ko",
    "jurisdiction": "KR",
    "platform": "android",
    "role": "primary",
    "consent": "{}",
    "fencing": 1,
    "retried_after_error": 0,
}
FITTING = {
    S.CLAIMED: {"attempt": 1, "claimed_at": 1},
    S.DEFERRED: {"attempt": 1, "claimed_at": 1, "retry_at": 2},
    S.SENT: {"attempt": 1, "claimed_at": 1, "settled_at": 2},
    S.UNKNOWN: {"attempt": 1, "claimed_at": 1, "settled_at": 2},
    S.FAILED: {"attempt": 1, "claimed_at": 1, "settled_at": 2, "reason": "refused"},
    S.SKIPPED: {"attempt": 0, "settled_at": 2, "reason": "cap"},
    S.HELD_OUT: {"attempt": 0, "settled_at": 2},
}
NULLS = {"claimed_at": None, "settled_at": None, "retry_at": None, "reason": None}


@pytest.fixture
def database(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    create_file(tmp_path / "state.db")
    connection = sqlite3.connect(tmp_path / "state.db")
    connection.execute("PRAGMA synchronous=OFF")
    yield connection
    connection.close()


def _insert(database: sqlite3.Connection, state: str, **columns: object) -> None:
    row = ROW | NULLS | {"state": state} | columns
    names, marks = ", ".join(row), ", ".join("?" * len(row))
    database.execute(f"INSERT INTO delivery ({names}) VALUES ({marks})", [*row.values()])


def _unguarded(database: sqlite3.Connection, name: str, state: DeliveryState) -> None:
    """Put a row in `state` as if it had come there lawfully."""
    database.execute("DROP TRIGGER IF EXISTS delivery_begins")
    _insert(database, state, address_hash=name, **FITTING[state])


@pytest.mark.parametrize("state", list(S))
def test_a_delivery_begins_only_as_claimed_skipped_or_held_out(
    database: sqlite3.Connection, state: DeliveryState
) -> None:
    if state in TRANSITIONS[None]:
        _insert(database, state, **FITTING[state])
    else:
        with pytest.raises(sqlite3.IntegrityError, match="cannot begin in this state"):
            _insert(database, state, **FITTING[state])


def test_a_delivery_moves_only_along_the_table(database: sqlite3.Connection) -> None:
    for before, after in product(S, S):
        name = f"from {before} to {after}"
        _unguarded(database, name, before)
        attempt = 2 if after is S.CLAIMED else FITTING[before]["attempt"]
        columns = NULLS | FITTING[after] | {"state": after, "attempt": attempt}
        sets = ", ".join(f"{column} = ?" for column in columns)
        statement = f"UPDATE delivery SET {sets} WHERE address_hash = ?"
        if after in TRANSITIONS[before]:
            if after is S.SKIPPED:
                columns["claimed_at"] = 1
            assert database.execute(statement, [*columns.values(), name]).rowcount == 1
        else:
            with pytest.raises(sqlite3.IntegrityError, match=r"cannot move|only a claim"):
                database.execute(statement, [*columns.values(), name])


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM delivery",
        "UPDATE delivery SET attempt = 2",
        "UPDATE delivery SET campaign = 'another'",
        "UPDATE delivery SET address_hash = 'another'",
        "UPDATE delivery SET state = 'sent'",
        "UPDATE delivery SET state = 'deferred'",
        "UPDATE delivery SET state = 'failed', settled_at = 2",
        "UPDATE delivery SET state = 'posted', settled_at = 2",
        "UPDATE delivery SET settled_at = 2",
    ],
)
def test_a_stray_statement_changes_nothing(database: sqlite3.Connection, statement: str) -> None:
    _insert(database, "claimed", **FITTING[S.CLAIMED])
    with pytest.raises(sqlite3.IntegrityError):
        database.execute(statement)


@pytest.mark.parametrize(
    ("state", "wrong"),
    [
        ("claimed", {"claimed_at": None}),
        ("claimed", {"attempt": 0}),
        ("claimed", {"settled_at": 2}),
        ("claimed", {"retry_at": 2}),
        ("skipped", {"reason": None}),
        ("skipped", {"settled_at": None}),
        ("skipped", {"attempt": 1}),
        ("held_out", {"attempt": 1, "claimed_at": 1}),
        ("held_out", {"provider_id": "x"}),
        ("posted", {}),
    ],
)
def test_columns_fit_the_state(
    database: sqlite3.Connection, state: str, wrong: dict[str, object]
) -> None:
    database.execute("DROP TRIGGER delivery_begins")
    right = FITTING.get(S(state) if state in list(S) else S.CLAIMED, {})
    with pytest.raises(sqlite3.IntegrityError, match="CHECK constraint failed"):
        _insert(database, state, **(right | wrong))
