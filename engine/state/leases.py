"""Leases: rights to write that end by themselves, with a number that betrays a former holder.

They run on the steady clock of one boot. A lease from another boot has ended: the machine that its
holder ran on was restarted. Setting the wall clock changes nothing.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Row, Table, and_, insert, or_, select, update

from engine.kernel.errors import LockedError
from engine.model.deployment import Lease
from engine.state.tables import lease as leases
from engine.state.transaction import Steady, Transaction

FREE = {"holder": None, "ttl": 0.0, "taken": 0.0, "until": 0.0, "boot": ""}
"""The columns of a lease that nobody holds; `fencing` stays."""


def taken_by(holder: str, ttl_s: float, steady: Steady) -> dict[str, Any]:
    """Return the columns of a lease that `holder` has from now on for `ttl_s`."""
    until = steady.at + ttl_s
    return {
        "holder": holder,
        "ttl": ttl_s,
        "taken": steady.at,
        "until": until,
        "boot": steady.boot,
    }


def is_held(row: Row[Any], steady: Steady) -> bool:
    """Tell whether the lease in `row` is running."""
    return (
        row.holder is not None
        and row.boot == steady.boot
        and bool(row.taken <= steady.at < row.until)
    )


def not_held(table: Table, steady: Steady) -> ColumnElement[bool]:
    """Return `is_held`, negated, as a condition on `table`."""
    return or_(
        table.c.holder.is_(None),
        table.c.boot != steady.boot,
        table.c.taken > steady.at,
        table.c.until <= steady.at,
    )


def acquire(tx: Transaction, name: str, holder: str, ttl_s: float) -> Lease:
    """Take the lease `name`. Raises LockedError if it is running, whoever holds it."""
    mine = _named(tx, name)
    row = tx.connection.execute(select(leases).where(mine)).one_or_none()
    if row is not None and is_held(row, tx.steady):
        left = row.until - tx.steady.at
        raise LockedError(
            f"`{name}` is locked by `{row.holder}` for another {left:.0f} s",
            "wait for that run to end; if it has died, its lock ends by itself",
        )
    fencing = 1 if row is None else row.fencing + 1
    values = taken_by(holder, ttl_s, tx.steady) | {"fencing": fencing}
    if row is None:
        names = {"environment": tx.environment, "name": name}
        tx.connection.execute(insert(leases).values(names | values))
    else:
        tx.connection.execute(update(leases).where(mine).values(values))
    return Lease(name=name, holder=holder, fencing=fencing, ttl_s=ttl_s)


def renew(tx: Transaction, lease: Lease) -> None:
    """Let the lease run for its time to live from now. Raises LockedError if it was lost.

    One that ended while nobody else wanted it goes on: nothing can have been written meanwhile.
    """
    check_lease(tx, lease)
    values = taken_by(lease.holder, lease.ttl_s, tx.steady)
    tx.connection.execute(update(leases).where(_named(tx, lease.name)).values(values))


def release(tx: Transaction, lease: Lease) -> None:
    """End the lease, if it is still this one."""
    tx.connection.execute(
        update(leases).where(_named(tx, lease.name), leases.c.fencing == lease.fencing).values(FREE)
    )


def check_lease(tx: Transaction, lease: Lease) -> None:
    """Raise LockedError unless `lease` is the last one of its name that was given out."""
    row = tx.connection.execute(select(leases).where(_named(tx, lease.name))).one_or_none()
    if row is None or row.fencing != lease.fencing or row.holder != lease.holder:
        by = f" to `{row.holder}`" if row is not None and row.holder is not None else ""
        raise LockedError(
            f"`{lease.holder}` has lost the lock `{lease.name}`{by}",
            "nothing was written; run the command again",
        )


def _named(tx: Transaction, name: str) -> ColumnElement[bool]:
    return and_(leases.c.environment == tx.environment, leases.c.name == name)
