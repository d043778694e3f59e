"""The vendor's last word about a delivery that was settled long ago, without any lease.

A refusal turns `sent` and `unknown` into `failed`, a delivery turns `unknown` into `sent`. The
instant of the hand-over (`claimed_at`), the attempt and the vendor's name for it stay as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, update

from engine.model.delivery import DeliveryState
from engine.model.deployment import Settlement
from engine.state.awaited import forget
from engine.state.claims import key_of
from engine.state.many import write_many
from engine.state.rows import read_keys
from engine.state.settle import bury
from engine.state.tables import delivery, microseconds
from engine.state.transaction import Transaction

_LAST_WORD = (
    update(delivery)
    .where(
        delivery.c.environment == bindparam("of_environment"),
        delivery.c.campaign == bindparam("of_campaign"),
        delivery.c.channel == bindparam("of_channel"),
        delivery.c.address_hash == bindparam("of_address"),
        delivery.c.state == bindparam("before"),
        delivery.c.attempt == bindparam("of_attempt"),
    )
    .values(
        state=bindparam("new_state"),
        reason=bindparam("new_reason"),
        settled_at=func.coalesce(bindparam("new_settled_at"), delivery.c.settled_at),
        provider_id=func.coalesce(bindparam("new_provider_id"), delivery.c.provider_id),
    )
)

_MAY_FOLLOW = {
    DeliveryState.SENT: (DeliveryState.FAILED,),
    DeliveryState.UNKNOWN: (DeliveryState.SENT, DeliveryState.FAILED),
}


def settle_late(
    tx: Transaction, campaign_id: str, settlements: Sequence[Settlement], now: datetime
) -> tuple[Settlement, ...]:
    """Write up to 1,000 last words with different keys; return those that changed a delivery.

    A refusal is settled at `now`, when it was learned; what arrived keeps its instant. None of them
    is awaited any more, also where nothing changed. Raises ValueError for any other state.
    """
    for settlement in settlements:
        if settlement.state not in (DeliveryState.SENT, DeliveryState.FAILED):
            raise ValueError(f"`{settlement.state}` is no last word of a vendor")
    ordered = sorted(settlements, key=lambda s: key_of(s.claim))
    known = read_keys(tx, campaign_id, [key_of(s.claim) for s in ordered])
    changed: list[Settlement] = []
    moves: list[dict[str, Any]] = []
    for settlement in ordered:
        row = known.get(key_of(settlement.claim))
        if row is None or row.attempt != settlement.attempt:
            continue
        if settlement.state in _MAY_FOLLOW.get(DeliveryState(row.state), ()):
            changed.append(settlement)
            moves.append(_move(tx, campaign_id, settlement, row.state, now))
    if write_many(tx.connection, _LAST_WORD, moves) != len(moves):
        raise RuntimeError("a delivery moved although the state was locked")
    bury(tx, [s for s in changed if s.dead_address], now)
    forget(tx, campaign_id, ordered)
    return tuple(changed)


def _move(
    tx: Transaction, campaign_id: str, settlement: Settlement, before: str, now: datetime
) -> dict[str, Any]:
    refused = settlement.state == DeliveryState.FAILED
    return {
        "of_environment": tx.environment,
        "of_campaign": campaign_id,
        "of_channel": settlement.claim.channel,
        "of_address": settlement.claim.address_hash,
        "before": before,
        "of_attempt": settlement.attempt,
        "new_state": settlement.state,
        "new_reason": settlement.reason,
        "new_settled_at": microseconds(now) if refused else None,
        "new_provider_id": settlement.provider_id,
    }
