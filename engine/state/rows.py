"""Deliveries read from the ledger, by shard, by person, by address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, RowMapping, and_, select

from engine.model.deployment import LedgerRow
from engine.state.many import among
from engine.state.tables import dead_address, delivery, snapshot
from engine.state.transaction import ROWS, Transaction

COLUMNS = tuple(delivery.c[name] for name in LedgerRow.__dataclass_fields__)
"""What `ledger_row` wants, in its order."""


def shard_rows(tx: Transaction, campaign: str, shard: int) -> Mapping[tuple[str, str], LedgerRow]:
    """Return the deliveries of one shard by (channel, address hash)."""
    query = select(*COLUMNS).where(
        delivery.c.environment == tx.environment,
        delivery.c.campaign == campaign,
        delivery.c.shard == shard,
    )
    rows = (ledger_row(row) for row in tx.connection.execute(query).mappings())
    return {(row.channel, row.address_hash): row for row in rows}


def recipient_rows(
    tx: Transaction, campaign: str, recipients: Sequence[str]
) -> Sequence[LedgerRow]:
    """Return what these people got, or did not get, from one campaign."""
    mine = and_(delivery.c.environment == tx.environment, delivery.c.campaign == campaign)
    found: list[LedgerRow] = []
    for start in range(0, len(recipients), ROWS):
        some = among(delivery.c.recipient_hash, recipients[start : start + ROWS])
        query = select(*COLUMNS).where(mine, some)
        found += [ledger_row(row) for row in tx.connection.execute(query).mappings()]
    return tuple(sorted(found, key=lambda row: (row.recipient_hash, row.channel, row.address_hash)))


def trace(tx: Transaction, recipient_hash: str) -> Sequence[LedgerRow]:
    """Return everything about one person, oldest first."""
    sent = select(snapshot.c.campaign).where(snapshot.c.environment == tx.environment)
    query = select(*COLUMNS).where(
        delivery.c.environment == tx.environment,
        delivery.c.campaign.in_(sent),
        delivery.c.recipient_hash == recipient_hash,
    )
    rows = [ledger_row(row) for row in tx.connection.execute(query).mappings()]
    return tuple(sorted(rows, key=_when))


def dead_addresses(tx: Transaction, hashes: Sequence[str]) -> frozenset[str]:
    """Return which of `hashes` a vendor has called dead."""
    found: set[str] = set()
    for start in range(0, len(hashes), ROWS):
        query = select(dead_address.c.address_hash).where(
            dead_address.c.environment == tx.environment,
            among(dead_address.c.address_hash, hashes[start : start + ROWS]),
        )
        found.update(tx.connection.execute(query).scalars())
    return frozenset(found)


def read_keys(
    tx: Transaction, campaign: str, keys: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], Row[Any]]:
    """Return the columns that transitions look at, by (channel, address hash), of ≤ 1,000 keys."""
    by_channel: dict[str, list[str]] = {}
    for channel, address_hash in keys:
        by_channel.setdefault(channel, []).append(address_hash)
    columns = (
        delivery.c.address_hash,
        delivery.c.state,
        delivery.c.attempt,
        delivery.c.fencing,
        delivery.c.retry_at,
    )
    found: dict[tuple[str, str], Row[Any]] = {}
    for channel, hashes in by_channel.items():
        query = select(*columns).where(
            delivery.c.environment == tx.environment,
            delivery.c.campaign == campaign,
            delivery.c.channel == channel,
            among(delivery.c.address_hash, hashes),
        )
        rows: Iterable[Row[Any]] = tx.connection.execute(query)
        found.update({(channel, row.address_hash): row for row in rows})
    return found


def ledger_row(row: RowMapping) -> LedgerRow:
    """Return the model's form of a row that has exactly its columns."""
    return LedgerRow(**row)


def _when(row: LedgerRow) -> tuple[Any, ...]:
    at = row.claimed_at or row.settled_at
    return (at is None, at, row.campaign, row.channel, row.address_hash)
