"""What can be proven later: every apply, the law that it was judged by, and every delivery in order."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from sqlalchemy import insert, select

from engine.kernel.digest import Plain, canonical, digest_bytes
from engine.kernel.errors import MismatchError
from engine.model.deployment import LedgerRow, Revision
from engine.state.deployed import read_stored
from engine.state.rows import COLUMNS, ledger_row
from engine.state.tables import delivery, law, revision, snapshot
from engine.state.transaction import ROWS, Transaction


def keep_law(tx: Transaction, plain: Plain) -> str:
    """Write `plain` under its digest, unless it is there, and return that digest."""
    text = canonical(plain)
    name = digest_bytes(text)
    there = tx.connection.execute(select(law.c.digest).where(law.c.digest == name)).first()
    if there is None:
        tx.connection.execute(insert(law).values(digest=name, stored=text.decode()))
    return name


def find_law(tx: Transaction, name: str) -> Plain | None:
    """Return what was kept under `name`, or None. Raises MismatchError where it was changed since."""
    text = tx.connection.execute(select(law.c.stored).where(law.c.digest == name)).scalar()
    if text is None:
        return None
    if digest_bytes(text.encode()) != name:
        raise MismatchError(
            f"the law kept under `{name}` was changed in the state",
            "restore the state from a backup",
        )
    return json.loads(text)


def revisions(tx: Transaction, campaign: str) -> Sequence[Revision]:
    """Return every apply of `campaign`, oldest first."""
    frozen = select(snapshot.c.revision).where(
        snapshot.c.environment == tx.environment, snapshot.c.campaign == campaign
    )
    sent = tx.connection.execute(frozen).scalar()
    query = (
        select(revision)
        .where(revision.c.environment == tx.environment, revision.c.campaign == campaign)
        .order_by(revision.c.number)
    )
    return tuple(
        Revision(
            number=row.number,
            serial=row.serial,
            digest=row.digest,
            content_digest=row.content_digest,
            stored=read_stored(campaign, row.stored),
            applied_at=row.applied_at,
            commit=row.source_commit,
            approved_by=row.approved_by,
            sent=row.number == sent,
        )
        for row in tx.connection.execute(query)
    )


def deliveries(tx: Transaction, campaign: str) -> Iterator[Sequence[LedgerRow]]:
    """Read the deliveries in the order of their key, `ROWS` at a time; none is kept in memory."""
    query = (
        select(*COLUMNS)
        .where(delivery.c.environment == tx.environment, delivery.c.campaign == campaign)
        .order_by(delivery.c.channel, delivery.c.address_hash)
    )
    streamed = tx.connection.execution_options(yield_per=ROWS)
    for some in streamed.execute(query).mappings().partitions(ROWS):
        yield tuple(ledger_row(row) for row in some)
