"""Shards: a snapshot's parts, leased one by one, so that any number of workers share the work.

Taking a shard from a holder whose lease has ended settles what he left claimed as unknown, in the
same transaction: from then on nobody can mistake it for work to be done.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Row, and_, case, exists, select, update

from engine.kernel.errors import LockedError
from engine.model.delivery import DeliveryState
from engine.model.deployment import ShardLease, Status
from engine.state.awaited import await_abandoned
from engine.state.leases import FREE, is_held, not_held, taken_by
from engine.state.tables import campaign, delivery, shard
from engine.state.transaction import Transaction

ABANDONED = "lease_expired"
"""The reason of a delivery that became unknown because its claimant vanished."""


def lease_shard(
    tx: Transaction,
    campaign_id: str,
    holder: str,
    ttl_s: float,
    now: datetime,
    skip: Collection[int] = (),
) -> ShardLease | None:
    """Take a shard that is due at `now`, open, free and not among `skip`; None if there is none.

    An alternative shard is free only when every shard of an earlier step is done, of its wave and
    of those before.
    Those that were leased least often come first, so a shard that waits for a retry blocks nothing.
    """
    earlier = shard.alias("earlier")
    waiting_for = exists().where(
        earlier.c.environment == shard.c.environment,
        earlier.c.campaign == shard.c.campaign,
        _step(earlier) < _step(shard),
        earlier.c.done.is_(False),
        earlier.c.due_at <= shard.c.due_at,
    )
    sending = exists().where(
        campaign.c.environment == shard.c.environment,
        campaign.c.id == shard.c.campaign,
        campaign.c.status.in_((Status.SENDING, Status.CANCELLED)),
    )
    free = select(shard.c.number, shard.c.fencing).where(
        shard.c.environment == tx.environment,
        shard.c.campaign == campaign_id,
        shard.c.done.is_(False),
        shard.c.due_at <= now,
        not_held(shard, tx.steady),
        sending,
        shard.c.alternative.is_(False) | ~waiting_for,
    )
    if skip:
        free = free.where(shard.c.number.not_in(skip))
    order = (shard.c.fencing, shard.c.due_at, shard.c.number)
    row = tx.connection.execute(free.order_by(*order).limit(1)).one_or_none()
    if row is None:
        return None
    expire_shard(tx, campaign_id, row.number, row.fencing, now)
    fencing = row.fencing + 1
    values = taken_by(holder, ttl_s, tx.steady) | {"fencing": fencing}
    mine = _numbered(tx, campaign_id, row.number)
    tx.connection.execute(update(shard).where(mine).values(values))
    return ShardLease(campaign=campaign_id, number=row.number, holder=holder, fencing=fencing)


def _step(of: FromClause) -> ColumnElement[int]:
    # States of an earlier version have alternatives without a step: they come after the primaries.
    unnumbered = and_(of.c.alternative.is_(True), of.c.step == 0)
    return case((unnumbered, 1), else_=of.c.step)


def renew_shard(tx: Transaction, lease: ShardLease) -> None:
    """Let the lease run for its time to live from now. Raises LockedError if it was lost."""
    row = _check(tx, lease)
    values = taken_by(lease.holder, row.ttl, tx.steady)
    tx.connection.execute(
        update(shard).where(_numbered(tx, lease.campaign, lease.number)).values(values)
    )


def release_shard(tx: Transaction, lease: ShardLease, *, done: bool) -> None:
    """Give the shard back; `done` says that every one of its targets is settled.

    A lost lease is nothing to give back, but who lost it cannot call the shard done: LockedError.
    Raises ValueError if a delivery is pending in a shard that is called done.
    """
    if not done:
        mine = and_(
            _numbered(tx, lease.campaign, lease.number),
            shard.c.fencing == lease.fencing,
            shard.c.holder == lease.holder,
        )
        tx.connection.execute(update(shard).where(mine).values(FREE))
        return
    _check(tx, lease)
    pending = select(delivery.c.state).where(
        _in_shard(tx, lease.campaign, lease.number),
        delivery.c.state.in_((DeliveryState.CLAIMED, DeliveryState.DEFERRED)),
    )
    left = tx.connection.execute(pending.limit(1)).scalar()
    if left is not None:
        raise ValueError(
            f"shard {lease.number} of `{lease.campaign}` is not done: it has a `{left}` delivery"
        )
    tx.connection.execute(
        update(shard)
        .where(_numbered(tx, lease.campaign, lease.number))
        .values({**FREE, "done": True})
    )


def check_shard_lease(tx: Transaction, lease: ShardLease) -> None:
    """Raise LockedError unless `lease` is the shard's and still running.

    Stricter than `renew_shard`: once it has ended, others may call its claims unknown at any time.
    """
    row = _check(tx, lease)
    if not is_held(row, tx.steady):
        raise LockedError(
            f"the lease of shard {lease.number} of `{lease.campaign}` has ended",
            "renew it more often than it ends; nothing was claimed",
        )


def expire_claims(tx: Transaction, campaign_id: str, now: datetime) -> int:
    """Settle as unknown what ended leases left claimed; return how many deliveries that are."""
    mine = and_(
        shard.c.environment == tx.environment,
        shard.c.campaign == campaign_id,
        shard.c.fencing > 0,
        shard.c.done.is_(False),
    )
    shards = tx.connection.execute(select(shard).where(mine).order_by(shard.c.number)).all()
    return sum(
        expire_shard(tx, campaign_id, row.number, row.fencing - is_held(row, tx.steady), now)
        for row in shards
    )


def expire_shard(
    tx: Transaction, campaign_id: str, number: int, last_fencing: int, now: datetime
) -> int:
    """Settle as unknown what holders up to `last_fencing` left claimed in one shard."""
    abandoned = and_(
        _in_shard(tx, campaign_id, number),
        delivery.c.state == DeliveryState.CLAIMED,
        delivery.c.fencing <= last_fencing,
    )
    await_abandoned(tx, abandoned, now)
    values = {"state": DeliveryState.UNKNOWN, "reason": ABANDONED, "settled_at": now}
    return tx.connection.execute(update(delivery).where(abandoned).values(values)).rowcount


def _check(tx: Transaction, lease: ShardLease) -> Row[Any]:
    query = select(shard).where(_numbered(tx, lease.campaign, lease.number))
    row = tx.connection.execute(query).one_or_none()
    if row is None or row.fencing != lease.fencing or row.holder != lease.holder:
        by = f" to `{row.holder}`" if row is not None and row.holder is not None else ""
        raise LockedError(
            f"`{lease.holder}` has lost shard {lease.number} of `{lease.campaign}`{by}",
            "its worker stops here; what it had in flight is settled or becomes unknown",
        )
    return row


def _numbered(tx: Transaction, campaign_id: str, number: int) -> ColumnElement[bool]:
    return and_(
        shard.c.environment == tx.environment,
        shard.c.campaign == campaign_id,
        shard.c.number == number,
    )


def _in_shard(tx: Transaction, campaign_id: str, number: int) -> ColumnElement[bool]:
    return and_(
        delivery.c.environment == tx.environment,
        delivery.c.campaign == campaign_id,
        delivery.c.shard == number,
    )
