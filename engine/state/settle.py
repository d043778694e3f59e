"""Settling: what became of a claim, or of a target that never needed one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, insert, select, update

from engine.model.delivery import TERMINAL, TRANSITIONS, DeliveryState
from engine.model.deployment import Settlement, ShardLease
from engine.state.awaited import await_results
from engine.state.claims import INSERT, check_revisions, key_of, new_row
from engine.state.many import write_many
from engine.state.rows import dead_addresses, read_keys
from engine.state.tables import dead_address, delivery, microseconds, shard
from engine.state.transaction import Transaction

_ENDS = frozenset(DeliveryState) - {DeliveryState.CLAIMED}
_SETTLE = (
    update(delivery)
    .where(
        delivery.c.environment == bindparam("of_environment"),
        delivery.c.campaign == bindparam("of_campaign"),
        delivery.c.channel == bindparam("of_channel"),
        delivery.c.address_hash == bindparam("of_address"),
        delivery.c.state == bindparam("before"),
        delivery.c.attempt == bindparam("of_attempt"),
        delivery.c.fencing == bindparam("of_fencing"),
    )
    .values(
        state=bindparam("new_state"),
        reason=bindparam("new_reason"),
        settled_at=bindparam("new_settled_at"),
        retry_at=bindparam("new_retry_at"),
        provider_id=func.coalesce(bindparam("new_provider_id"), delivery.c.provider_id),
        retried_after_error=delivery.c.retried_after_error + bindparam("retried"),
    )
)


def settle(
    tx: Transaction, lease: ShardLease, settlements: Sequence[Settlement], now: datetime
) -> tuple[Settlement, ...]:
    """Write up to 1,000 settlements with different keys; return those that were not accepted.

    A claim is settled by whoever made it, also after the lease was lost: an answer that comes late
    is still the truth (it turns `unknown` into `sent` or `failed`). What needs no claim, and what
    takes a deferred delivery out, needs the shard's running fencing number. `attempt` is the row's:
    0 where there is none. Raises ValueError for what is no end of a claim, MismatchError for a new
    row of another revision than the snapshot's.
    """
    for settlement in settlements:
        _check(settlement)
    ordered = sorted(settlements, key=lambda s: key_of(s.claim))
    refused: tuple[Settlement, ...] = ()
    if not _settle_claims(tx, lease, ordered, now):
        refused = _settle_one_by_one(tx, lease, ordered, now)
    bury(tx, [s for s in ordered if s.dead_address and s not in refused], now)
    await_results(tx, lease.campaign, [s for s in ordered if s not in refused], now)
    return refused


def _check(settlement: Settlement) -> None:
    state = settlement.state
    if state not in _ENDS:
        raise ValueError(f"`{state}` is no end of a claim")
    if (state == DeliveryState.DEFERRED) != (settlement.retry_at is not None):
        raise ValueError("a deferred delivery, and only that, has a `retry_at`")
    if settlement.reason is None and state in (DeliveryState.SKIPPED, DeliveryState.FAILED):
        raise ValueError(f"a `{state}` delivery needs a reason")


def _settle_claims(
    tx: Transaction, lease: ShardLease, settlements: Sequence[Settlement], now: datetime
) -> bool:
    """Settle them as what they nearly always are, claims of this lease: all of them, or none."""
    after = TRANSITIONS[DeliveryState.CLAIMED]
    if any(s.attempt == 0 or s.state not in after for s in settlements):
        return False
    moves = [
        _move(tx, lease, settlement, DeliveryState.CLAIMED.value, lease.fencing, now)
        for settlement in settlements
    ]
    with tx.connection.begin_nested() as savepoint:
        if write_many(tx.connection, _SETTLE, moves) == len(moves):
            return True
        savepoint.rollback()
    return False


def _settle_one_by_one(
    tx: Transaction, lease: ShardLease, settlements: Sequence[Settlement], now: datetime
) -> tuple[Settlement, ...]:
    """Settle what may be settled, each by the state that its row is in; return the others."""
    known = read_keys(tx, lease.campaign, [key_of(s.claim) for s in settlements])
    current = _is_current(tx, lease)
    fresh: list[Settlement] = []
    moves: list[dict[str, Any]] = []
    refused: list[Settlement] = []
    for settlement in settlements:
        row = known.get(key_of(settlement.claim))
        if not _may_settle(row, settlement, lease, current=current):
            refused.append(settlement)
        elif row is None:
            fresh.append(settlement)
        else:
            moves.append(_move(tx, lease, settlement, row.state, row.fencing, now))
    if fresh:
        check_revisions(tx, lease.campaign, [settlement.claim for settlement in fresh])
        at = microseconds(now)
        rows = [new_row(tx, lease, s.claim) | _without_claim(s, at) for s in fresh]
        write_many(tx.connection, INSERT, rows)
    if write_many(tx.connection, _SETTLE, moves) != len(moves):
        raise RuntimeError("a delivery moved although the state was locked")
    return tuple(refused)


def _may_settle(
    row: Row[Any] | None, settlement: Settlement, lease: ShardLease, *, current: bool
) -> bool:
    before = None if row is None else DeliveryState(row.state)
    if settlement.state not in TRANSITIONS[before]:
        return False
    if settlement.attempt != (0 if row is None else row.attempt):
        return False
    if row is None or before is DeliveryState.DEFERRED:
        return current
    return before is not DeliveryState.CLAIMED or bool(row.fencing == lease.fencing)


def _is_current(tx: Transaction, lease: ShardLease) -> bool:
    query = select(shard.c.number).where(
        shard.c.environment == tx.environment,
        shard.c.campaign == lease.campaign,
        shard.c.number == lease.number,
        shard.c.fencing == lease.fencing,
        shard.c.holder == lease.holder,
    )
    return tx.connection.execute(query).first() is not None


def _without_claim(settlement: Settlement, at: int) -> dict[str, Any]:
    return {"state": settlement.state, "reason": settlement.reason, "settled_at": at}


def _move(
    tx: Transaction,
    lease: ShardLease,
    settlement: Settlement,
    before: str,
    fencing: int,
    now: datetime,
) -> dict[str, Any]:
    return {
        "of_environment": tx.environment,
        "of_campaign": lease.campaign,
        "of_channel": settlement.claim.channel,
        "of_address": settlement.claim.address_hash,
        "before": before,
        "of_attempt": settlement.attempt,
        "of_fencing": fencing,
        "new_state": settlement.state,
        "new_reason": settlement.reason,
        "new_settled_at": microseconds(now) if settlement.state in TERMINAL else None,
        "new_retry_at": microseconds(settlement.retry_at) if settlement.retry_at else None,
        "new_provider_id": settlement.provider_id,
        "retried": int(settlement.retried_after_error),
    }


def bury(tx: Transaction, settlements: Sequence[Settlement], now: datetime) -> None:
    """Remember addresses that will never work again."""
    dead = {s.claim.address_hash: s.reason for s in settlements}
    if not dead:
        return
    known = dead_addresses(tx, list(dead))
    rows = [
        {"environment": tx.environment, "address_hash": name, "reason": reason, "at": now}
        for name, reason in dead.items()
        if name not in known
    ]
    if rows:
        tx.connection.execute(insert(dead_address), rows)
