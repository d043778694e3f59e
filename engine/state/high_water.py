"""The latest business instant that anybody worked at: time in a state only goes forward."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update

from engine.kernel.errors import ClockError
from engine.kernel.instant import format_instant
from engine.state.tables import identity
from engine.state.transaction import Transaction

_WAITED = timedelta(seconds=60)
"""Longer than anybody waits for the lock between reading his clock and being served."""


def advance_clock(tx: Transaction, now: datetime) -> None:
    """Remember `now`. Raises ClockError if somebody has worked at a later instant.

    Of two processes with one clock, one may read it first and be served last: it is not going back,
    and its clock, read again now that it is served, says so.
    """
    mine = identity.c.environment == tx.environment
    latest = tx.connection.execute(select(identity.c.latest).where(mine)).scalar_one()
    if latest is None or latest < now:
        tx.connection.execute(update(identity).where(mine).values(latest=now))
        return
    if latest > now and (latest - now > _WAITED or tx.clock_now < latest):
        raise ClockError(
            f"the clock says {format_instant(now)}, but this state has seen "
            f"{format_instant(latest)} already",
            "set the machine's clock right; with `--as-of`, give a later instant or begin a new "
            "sandbox state",
        )
