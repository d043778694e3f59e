"""The books: counts over a campaign's deliveries, and who was reached. Never who is who."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, literal, select, true

from engine.model.audience import InCampaign, Reached
from engine.model.delivery import ConsentBasis, DeliveryState
from engine.model.deployment import LedgerCount, UserCount
from engine.state.tables import delivery
from engine.state.transaction import Transaction

_S = DeliveryState
_RANK: Mapping[DeliveryState, int] = {
    _S.SENT: 1,
    _S.UNKNOWN: 2,
    _S.CLAIMED: 3,
    _S.DEFERRED: 3,
    _S.HELD_OUT: 4,
    _S.FAILED: 5,
    _S.SKIPPED: 6,
}
"""The best of a person's deliveries speaks for the person: what was received beats what was not."""


def counts(tx: Transaction, campaign: str) -> Sequence[LedgerCount]:
    """Return how many deliveries share all dimensions, from channel to state and reason."""
    dimensions = tuple(
        delivery.c[name]
        for name in (
            "channel",
            "locale",
            "jurisdiction",
            "variant",
            "platform",
            "state",
            "reason",
        )
    )
    retried = func.sum(case((delivery.c.retried_after_error > 0, 1), else_=0))
    query = (
        select(*dimensions, func.count().label("rows"), retried.label("retried"))
        .where(_of(tx, campaign))
        .group_by(*dimensions)
        .order_by(*dimensions)
    )
    return tuple(LedgerCount(**row) for row in tx.connection.execute(query).mappings())


def user_counts(tx: Transaction, campaign: str) -> Sequence[UserCount]:
    """Return how many people ended in which state, for which reason: one state for each person.

    Of several deliveries with equal rank the one whose state and reason sort first counts.
    """
    # Rank, state and reason in one sortable text: the least of them is a person's best delivery.
    text = (
        _rank()
        + literal("|")
        + delivery.c.state
        + literal("|")
        + func.coalesce(delivery.c.reason, "")
    )
    best = (
        select(func.min(text).label("best")).where(_of(tx, campaign)).group_by(_person()).subquery()
    )
    query = select(best.c.best, func.count()).group_by(best.c.best).order_by(best.c.best)
    return tuple(_user_count(text, users) for text, users in tx.connection.execute(query))


def sent_between(tx: Transaction, campaign: str) -> tuple[datetime | None, datetime | None]:
    """Return when the first and the last message that was accepted was handed over."""
    query = select(func.min(delivery.c.claimed_at), func.max(delivery.c.claimed_at)).where(
        _of(tx, campaign), delivery.c.state == _S.SENT
    )
    first, last = tx.connection.execute(query).one()
    return first, last


def count_on_exception(tx: Transaction, campaign: str) -> int:
    """Return how many were sent for which a purchase stood in for the consent (제50조제1항제1호).

    The basis stands in the consent as it was read, which is canonical JSON.
    """
    written = f'"basis":"{ConsentBasis.EXCEPTION}"'
    query = select(func.count()).where(
        _of(tx, campaign),
        delivery.c.state == _S.SENT,
        delivery.c.consent.contains(written, autoescape=True),
    )
    return int(tx.connection.execute(query).scalar_one())


def reached(tx: Transaction, condition: InCampaign, at: datetime) -> Sequence[str]:
    """Return the recipient hashes for whom `condition` holds at `at`, sorted.

    A person's outcome is that of the best delivery, as in `user_counts`; deliveries after `at` do
    not exist yet. `within` looks at the instant of the outcome: (at − within, at]. `targeted` is
    anybody who has a row; targets that nobody has come to yet have none.
    """
    when = func.coalesce(delivery.c.settled_at, delivery.c.claimed_at)
    if condition.outcome is Reached.TARGETED:
        latest = func.max(when)
        holds: ColumnElement[bool] = true()
    else:
        state = _S(condition.outcome)
        latest = func.max(case((delivery.c.state == state, when)))
        holds = func.min(_rank()) == str(_RANK[state])
    query = (
        select(_person())
        .where(_of(tx, condition.campaign), when <= at)
        .group_by(_person())
        .having(holds)
        .order_by(_person())
    )
    if condition.within is not None:
        query = query.having(latest > at - condition.within)
    return tuple(tx.connection.execute(query).scalars())


def _of(tx: Transaction, campaign: str) -> ColumnElement[bool]:
    return and_(delivery.c.environment == tx.environment, delivery.c.campaign == campaign)


def _person() -> ColumnElement[str]:
    # Not the bare column: by its index SQLite would fetch every row of a campaign from another
    # place on the disk, where one pass in key order and a sort will do.
    return delivery.c.recipient_hash + literal("")


def _rank() -> ColumnElement[str]:
    return case(*((delivery.c.state == state, str(rank)) for state, rank in _RANK.items()))


def _user_count(best: str, users: int) -> UserCount:
    _, state, reason = best.split("|", 2)
    return UserCount(state=state, reason=reason or None, users=users)
