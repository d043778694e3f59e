"""SQLite as the state's backend: one file, many processes, every commit on the disk.

WAL lets readers and the one writer work side by side; `synchronous=FULL` because a claim that a
power cut takes back is a message sent twice; BEGIN IMMEDIATE because a transaction that reads first
and writes later would fail halfway instead of waiting.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, QueuePool, create_engine, event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DatabaseError

from engine.kernel.errors import LockedError, MismatchError, PushformError, UnavailableError
from engine.model.ports import Clock
from engine.state.transaction import Steady, Transaction

BUSY_S = 30.0
"""How long a transaction waits for another process's before it gives up."""

_BEGIN = "pushform_begin"


class SqliteDatabase:
    """One database file as one environment sees it."""

    def __init__(
        self, path: Path, environment: str, clock: Clock, boot: str, *, durable: bool = True
    ) -> None:
        """`durable` False is for what a power cut may take back (the pace): it saves the flush."""
        self._path = path
        self._environment = environment
        self._clock = clock
        self._boot = boot
        self._engine = _make_engine(path, durable=durable)

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        with self._begin("BEGIN") as transaction:
            yield transaction

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        with self._begin("BEGIN IMMEDIATE") as transaction:
            yield transaction

    def close(self) -> None:
        self._engine.dispose()

    @contextmanager
    def _begin(self, statement: str) -> Iterator[Transaction]:
        try:
            with (
                self._engine.connect().execution_options(**{_BEGIN: statement}) as connection,
                connection.begin(),
            ):
                steady = Steady(self._clock.monotonic(), self._boot)
                yield Transaction(connection, self._environment, steady, self._clock.now())
        except DatabaseError as error:
            known = explain(error, self._path)
            if known is None:
                raise
            raise known from error


def explain(error: DatabaseError, path: Path) -> PushformError | None:
    """Return what a failure of SQLite means to the user; None if it is our own mistake."""
    origin = error.orig
    name = getattr(origin, "sqlite_errorname", "") or ""
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return LockedError(
            f"the state `{path}` is locked by another process for more than {BUSY_S:.0f} s",
            "wait until the other run has ended, or look for one that hangs",
        )
    if name == "SQLITE_FULL":
        return UnavailableError(
            f"the disk under the state `{path}` is full", "make room and run the command again"
        )
    if name.startswith(("SQLITE_READONLY", "SQLITE_PERM", "SQLITE_CANTOPEN")):
        return UnavailableError(
            f"the state `{path}` cannot be written",
            "check who owns the file and its folder: both must be writable for you",
        )
    if name.startswith("SQLITE_IOERR"):
        return UnavailableError(
            f"the disk under the state `{path}` fails: {origin}",
            "nothing was written; check the disk before you send anything",
        )
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return MismatchError(
            f"the state `{path}` is not a readable database: {origin}",
            "restore it from a backup; do not delete it, or people get messages twice",
        )
    return None


def _make_engine(path: Path, *, durable: bool) -> Engine:
    # `mode=rw`: a file that vanished under us must not come back empty.
    uri = f"file:{quote(str(path.absolute()))}?mode=rw"

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(
            uri, uri=True, timeout=BUSY_S, isolation_level=None, check_same_thread=False
        )

    engine = create_engine("sqlite+pysqlite://", creator=connect, poolclass=QueuePool)
    synchronous = "FULL" if durable else "NORMAL"

    @event.listens_for(engine, "connect")
    def _configure(connection: sqlite3.Connection, _: object) -> None:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA synchronous={synchronous}")
        cursor.execute("PRAGMA foreign_keys=ON")
        # The index by person is written at random: keep it in memory (KiB), and copy its pages
        # back into the file only after many transactions have changed them (pages of 4 KiB).
        cursor.execute("PRAGMA cache_size=-65536")
        cursor.execute("PRAGMA wal_autocheckpoint=8192")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        options: dict[str, Any] = dict(connection.get_execution_options())
        connection.exec_driver_sql(options.get(_BEGIN, "BEGIN"))

    return engine
