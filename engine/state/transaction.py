"""One transaction on the state, and what every statement in it needs to know."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection

from engine.kernel.frozen import frozen

ROWS = 1_000
"""At most so many rows are written in one transaction, so that nobody waits long for his turn."""


@frozen(kw_only=False)
class Steady:
    """A reading of the steady clock: `at` in seconds, within the boot (or on the server) `boot`."""

    at: float
    boot: str


@frozen(kw_only=False)
class Transaction:
    """An open transaction for one environment. `steady` was read after the lock was taken."""

    connection: Connection
    environment: str
    steady: Steady
    clock_now: datetime
    """The business clock, read after the lock was taken as well."""


class Database(Protocol):
    """What a backend offers: transactions whose failures are `PushformError`s."""

    def read(self) -> AbstractContextManager[Transaction]:
        """Begin a transaction that sees one state of everything."""
        ...

    def write(self) -> AbstractContextManager[Transaction]:
        """Begin a transaction that no other writer runs beside."""
        ...

    def close(self) -> None:
        """Give up all connections."""
        ...
