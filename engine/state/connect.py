"""Opening a state file: made if need be, checked, and handed out as the two ports."""

from __future__ import annotations

import secrets
from pathlib import Path

from engine.kernel.errors import MismatchError
from engine.model.ports import Clock, Ledger, Pace
from engine.state.create import (
    add_environment,
    add_what_lacks,
    check_format,
    check_key,
    create_file,
    lacks_something,
)
from engine.state.ledger import SqlLedger
from engine.state.pace import SqlPace
from engine.state.sqlite import SqliteDatabase


def connect(
    path: Path, environment: str, key: bytes, clock: Clock, boot: str, *, create: bool
) -> tuple[Ledger, Pace]:
    """Return the ledger and the pace of `environment` in the file `path`; see `open_state`."""
    if create:
        create_file(path)
    database = SqliteDatabase(path, environment, clock, boot)
    try:
        _check(database, path, key, create=create)
    except BaseException:
        database.close()
        raise
    pace = SqlPace(SqliteDatabase(path, environment, clock, boot, durable=False))
    return SqlLedger(database, pace.close), pace


def _check(database: SqliteDatabase, path: Path, key: bytes, *, create: bool) -> None:
    """Look at format and key, and begin the environment's state if it is asked for."""
    with database.read() as tx:
        check_format(tx.connection, path)
        old = lacks_something(tx.connection)
        known = check_key(tx, key, path)
        environment = tx.environment
    if old:
        with database.write() as tx:
            add_what_lacks(tx.connection)
    if known:
        return
    if not create:
        raise MismatchError(
            f"the state `{path}` knows no environment `{environment}`",
            "check `-e` and `state.url`; the first `apply` makes the environment's state",
        )
    with database.write() as tx:
        if not check_key(tx, key, path):
            add_environment(tx, key, secrets.token_hex(16))
