"""Who holds leases, and ending those of a holder that is known to be dead."""

from __future__ import annotations

from sqlalchemy import select, update

from engine.state.leases import FREE
from engine.state.tables import lease, shard
from engine.state.transaction import Transaction


def read_holders(tx: Transaction) -> tuple[str, ...]:
    """Return everybody who holds a lease or a shard, whether or not it is still running."""
    found: set[str] = set()
    for table in (lease, shard):
        query = select(table.c.holder).where(
            table.c.environment == tx.environment, table.c.holder.is_not(None)
        )
        found.update(tx.connection.execute(query).scalars())
    return tuple(sorted(found))


def end_leases(tx: Transaction, holder: str) -> int:
    """Free everything that `holder` has; return how much that was.

    Fencing numbers stay: should the holder be alive after all, nothing that it writes is accepted.
    """
    ended = 0
    for table in (lease, shard):
        theirs = (table.c.environment == tx.environment) & (table.c.holder == holder)
        ended += tx.connection.execute(update(table).where(theirs).values(FREE)).rowcount
    return ended
