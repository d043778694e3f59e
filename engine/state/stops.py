"""Halts and cancels: what every worker looks at between two claims."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import and_, delete, insert, select

from engine.model.deployment import StopOrder
from engine.state.tables import stop_order
from engine.state.transaction import Transaction


def write_stop(tx: Transaction, order: StopOrder) -> None:
    """Put `order` in force. A second halt replaces the first; the first cancel stays as it is."""
    mine = and_(
        stop_order.c.environment == tx.environment,
        stop_order.c.scope == order.scope,
        stop_order.c.cancel == order.cancel,
    )
    if not order.cancel:
        tx.connection.execute(delete(stop_order).where(mine))
    elif tx.connection.execute(select(stop_order.c.scope).where(mine)).first() is not None:
        return
    tx.connection.execute(
        insert(stop_order).values(
            environment=tx.environment,
            scope=order.scope,
            cancel=order.cancel,
            reason=order.reason,
            at=order.at,
        )
    )


def lift_halt(tx: Transaction, scope: str) -> bool:
    """End the halt of exactly `scope`; False if there is none. A cancel is never lifted."""
    lifted = tx.connection.execute(
        delete(stop_order).where(
            stop_order.c.environment == tx.environment,
            stop_order.c.scope == scope,
            stop_order.c.cancel.is_(False),
        )
    )
    return lifted.rowcount > 0


def read_stops(tx: Transaction) -> Sequence[StopOrder]:
    """Return the orders in force, oldest first."""
    query = select(stop_order).where(stop_order.c.environment == tx.environment)
    rows = tx.connection.execute(query.order_by(stop_order.c.at, stop_order.c.scope))
    return tuple(
        StopOrder(scope=row.scope, cancel=row.cancel, reason=row.reason, at=row.at) for row in rows
    )


def is_cancelled(tx: Transaction, campaign: str) -> bool:
    """Tell whether somebody cancelled `campaign` by order."""
    query = select(stop_order.c.scope).where(
        stop_order.c.environment == tx.environment,
        stop_order.c.scope == campaign,
        stop_order.c.cancel.is_(True),
    )
    return tx.connection.execute(query).first() is not None
