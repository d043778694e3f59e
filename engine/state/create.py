"""Making a new state file, and checking an old one before anybody reads it.

A new file is built beside its place and linked there when it is whole: a crash leaves either a
complete state or none, and an empty file at that place is always damage, never a beginning.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Connection, create_engine, insert, select, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.schema import CreateColumn

from engine.kernel.digest import keyed_hash
from engine.kernel.errors import MismatchError, UnavailableError, UnsupportedError
from engine.state import tables
from engine.state.guards import sqlite_triggers
from engine.state.transaction import Transaction

_EXPECTED = [
    ("delivery", "delivery", "10000000 10000000 1000000 500000 1"),
    ("delivery", "delivery_by_shard", "10000000 10000000 1000000 20000 10000 1"),
    ("delivery", "delivery_by_recipient", "10000000 10000000 1000000 2 1 1"),
    ("awaited", "awaited", "1000000 1000000 100000 50000 1"),
    ("awaited", "awaited_by_look", "1000000 1000000 100000 50000 50 1"),
]
"""What the planner shall think of a table that is still empty: how many rows share one environment,
one campaign, one shard, one person. Left to itself it takes campaigns for small and reads them whole."""


def create_file(path: Path) -> None:
    """Put an empty state at `path` (0600, new folders 0700), unless there is something already."""
    if os.path.lexists(path):
        return
    building = path.with_name(f".{path.name}.{secrets.token_hex(8)}.new")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(building, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        _build(building)
        with suppress(FileExistsError):  # another process was faster: its state is the one
            os.link(building, path)
        _flush_folder(path.parent)
    except (OSError, sqlite3.Error, DatabaseError) as error:
        why = getattr(error, "strerror", None) or getattr(error, "orig", None) or error
        raise UnavailableError(
            f"the state `{path}` cannot be created: {why}",
            "check that the folder is writable and the disk has room, or set another `state.url`",
        ) from error
    finally:
        with suppress(OSError):
            building.unlink(missing_ok=True)


def _build(path: Path) -> None:
    engine = create_engine(f"sqlite+pysqlite:///{path.absolute()}")
    try:
        raw = sqlite3.connect(path)
        raw.execute("PRAGMA journal_mode=WAL")
        raw.close()
        with engine.begin() as connection:
            tables.metadata.create_all(connection)
            for trigger in sqlite_triggers():
                connection.exec_driver_sql(trigger)
            connection.exec_driver_sql("ANALYZE")
            connection.exec_driver_sql("INSERT INTO sqlite_stat1 VALUES (?, ?, ?)", _EXPECTED)
            connection.execute(insert(tables.format_).values(version=tables.FORMAT))
    finally:
        engine.dispose()


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def check_format(connection: Connection, path: Path) -> None:
    """Raise UnsupportedError for a newer format, MismatchError for what is no state at all."""
    names = set(
        connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars()
    )
    version = (
        connection.execute(select(tables.format_.c.version)).scalar()
        if tables.format_.name in names
        else None
    )
    if version is None:
        raise MismatchError(
            f"`{path}` is not a state of pushform",
            "restore the state from a backup, or set another `state.url`",
        )
    if version > tables.FORMAT:
        raise UnsupportedError(
            f"the state `{path}` has format {version}; this version reads up to {tables.FORMAT}",
            "update pushform to the version that the other runs use",
        )


def lacks_something(connection: Connection) -> bool:
    """Tell whether an earlier version made this state, with fewer tables or columns."""
    return bool(_missing(connection))


def add_what_lacks(connection: Connection) -> None:
    """Give a state of an earlier version the tables and columns that it lacks.

    What is added is empty or holds its default, so the earlier version goes on reading the state.
    """
    tables.metadata.create_all(connection)
    for table, columns in _missing(connection).items():
        for name in columns:
            column = CreateColumn(tables.metadata.tables[table].c[name])
            text = column.compile(dialect=connection.dialect)
            connection.exec_driver_sql(f'ALTER TABLE "{table}" ADD COLUMN {text}')


def _missing(connection: Connection) -> dict[str, list[str]]:
    """Return the columns that are missing, by table; all of them where the table is."""
    found: dict[str, list[str]] = {}
    for name, table in tables.metadata.tables.items():
        rows = connection.exec_driver_sql(f'PRAGMA table_info("{name}")')
        there = {row[1] for row in rows}
        if lacking := [column.name for column in table.columns if column.name not in there]:
            found[name] = lacking
    return found


def check_key(transaction: Transaction, key: bytes, path: Path) -> bool:
    """Tell whether the state knows its environment. Raises MismatchError for another key."""
    table = tables.identity
    row = transaction.connection.execute(
        select(table.c.lineage, table.c.key_id, table.c.key_check).where(
            table.c.environment == transaction.environment
        )
    ).one_or_none()
    if row is None:
        return False
    if row.key_check != _check_value(key, row.lineage):
        raise MismatchError(
            f"the state `{path}` was written with another key "
            f"(its id is `{row.key_id}`, the given key's is `{key_id(key)}`)",
            "give the key that `state.key` or `.pushform/key` held when the state was made; "
            "without it nobody can tell who already got a message",
        )
    return True


def add_environment(transaction: Transaction, key: bytes, lineage: str) -> None:
    """Begin the state of one environment: its birth mark, serial 0, and the key it is bound to."""
    transaction.connection.execute(
        insert(tables.identity).values(
            environment=transaction.environment,
            lineage=lineage,
            serial=0,
            committed=0,
            key_id=key_id(key),
            key_check=_check_value(key, lineage),
            latest=None,
        )
    )


def raise_serial(transaction: Transaction, *, committed: bool = False) -> int:
    """Count one more change of the state and return its number."""
    table = tables.identity
    mine = table.c.environment == transaction.environment
    serial = transaction.connection.execute(
        update(table).where(mine).values(serial=table.c.serial + 1).returning(table.c.serial)
    ).scalar_one()
    if committed:
        transaction.connection.execute(update(table).where(mine).values(committed=serial))
    return int(serial)


def key_id(key: bytes) -> str:
    """Return 8 hex digits that name `key` to people without giving anything of it away."""
    return keyed_hash(key, "key id", "")[:8]


def _check_value(key: bytes, lineage: str) -> str:
    return keyed_hash(key, "key check", lineage)
