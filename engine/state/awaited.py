"""Deliveries of which the vendor has the last word, and has not said it yet.

They are kept apart from the deliveries: a campaign of millions whose results are all known has no
row here, so nobody looks through it again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, exists, func, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite

from engine.law.finish import REPORTED_LATER
from engine.model.delivery import DeliveryState
from engine.model.deployment import LedgerRow, Settlement
from engine.state.many import among
from engine.state.rows import COLUMNS, ledger_row
from engine.state.tables import awaited, campaign, delivery
from engine.state.transaction import ROWS, Transaction

SOONEST, LATEST = timedelta(seconds=5), timedelta(minutes=30)
"""The least and the longest time between two looks at one delivery. Ours."""

SHARE = 8
"""A delivery is looked at again when it has grown older by an eighth of its age. Ours."""


def await_results(
    tx: Transaction, campaign_id: str, settlements: Sequence[Settlement], now: datetime
) -> None:
    """Remember settlements that are not the last word, and forget those that are."""
    waiting = [s for s in settlements if s.awaits_result]
    if waiting:
        of = {s.claim.address_hash for s in waiting}
        for channel in {s.claim.channel for s in waiting}:
            _remember(
                tx,
                and_(
                    _deliveries(tx, campaign_id, channel),
                    among(delivery.c.address_hash, of),
                    delivery.c.state.in_((DeliveryState.SENT, DeliveryState.UNKNOWN)),
                ),
                now,
            )
    last = [s for s in settlements if s.state == DeliveryState.FAILED]
    forget(tx, campaign_id, [s for s in last if s.claim.channel in REPORTED_LATER])


def await_abandoned(tx: Transaction, abandoned: ColumnElement[bool], now: datetime) -> None:
    """Remember claims that nobody will settle any more, where the vendor may know of them.

    `abandoned` chooses rows of `delivery`; they are `unknown` in the same transaction.
    """
    _remember(tx, and_(abandoned, delivery.c.channel.in_(REPORTED_LATER)), now)


def awaiting(tx: Transaction) -> tuple[tuple[str, str], ...]:
    """Return (campaign, channel) wherever something is awaited, sorted."""
    found: list[tuple[str, str]] = []
    for channel in REPORTED_LATER:
        mine = exists().where(
            awaited.c.environment == campaign.c.environment,
            awaited.c.campaign == campaign.c.id,
            awaited.c.channel == channel,
        )
        query = select(campaign.c.id).where(campaign.c.environment == tx.environment, mine)
        found += [(id_, channel.value) for id_ in tx.connection.execute(query).scalars()]
    return tuple(sorted(found))


def count_awaited(tx: Transaction, campaign_id: str) -> int:
    """Return of how many deliveries of the campaign the last word is awaited."""
    query = select(func.count()).where(
        awaited.c.environment == tx.environment, awaited.c.campaign == campaign_id
    )
    return int(tx.connection.execute(query).scalar_one())


def still_awaited(
    tx: Transaction, campaign_id: str, channel: str, hashes: Sequence[str]
) -> frozenset[str]:
    """Return those of the address hashes whose last word is awaited."""
    found: set[str] = set()
    for start in range(0, len(hashes), ROWS):
        some = among(awaited.c.address_hash, hashes[start : start + ROWS])
        query = select(awaited.c.address_hash).where(_of(tx, campaign_id, channel), some)
        found.update(tx.connection.execute(query).scalars())
    return frozenset(found)


def take_awaited(
    tx: Transaction, campaign_id: str, channel: str, now: datetime, limit: int
) -> tuple[LedgerRow, ...]:
    """Return deliveries that should be looked up by `now`, and put off the next look at them.

    It is put off before anybody asks the vendor: two processes seldom ask for the same, and one
    that dies costs a delay, never an answer.
    """
    query = (
        select(awaited.c.address_hash, awaited.c.handed_over_at)
        .where(_of(tx, campaign_id, channel), awaited.c.look_at <= now)
        .order_by(awaited.c.look_at)
        .limit(min(limit, ROWS))
    )
    due = {row.address_hash: row.handed_over_at for row in tx.connection.execute(query)}
    by_instant: dict[datetime, list[str]] = {}
    for name, since in due.items():
        by_instant.setdefault(now + _until_next(now - since), []).append(name)
    for instant, names in by_instant.items():
        some = and_(_of(tx, campaign_id, channel), among(awaited.c.address_hash, names))
        tx.connection.execute(update(awaited).where(some).values(look_at=instant))
    rows = select(*COLUMNS).where(
        _deliveries(tx, campaign_id, channel), among(delivery.c.address_hash, due)
    )
    found = (ledger_row(row) for row in tx.connection.execute(rows).mappings())
    return tuple(sorted(found, key=lambda row: row.address_hash))


def stop_awaiting(tx: Transaction, campaign_id: str, channel: str, handed_over_by: datetime) -> int:
    """Forget what was handed over by that instant; return how many deliveries that were."""
    old = and_(_of(tx, campaign_id, channel), awaited.c.handed_over_at <= handed_over_by)
    return tx.connection.execute(delete(awaited).where(old)).rowcount


def forget(tx: Transaction, campaign_id: str, settlements: Sequence[Settlement]) -> None:
    """Await these no longer: their last word is known."""
    for channel in {s.claim.channel for s in settlements}:
        names = {s.claim.address_hash for s in settlements if s.claim.channel == channel}
        some = and_(_of(tx, campaign_id, channel), among(awaited.c.address_hash, names))
        tx.connection.execute(delete(awaited).where(some))


def _of(tx: Transaction, campaign_id: str, channel: str) -> ColumnElement[bool]:
    return and_(
        awaited.c.environment == tx.environment,
        awaited.c.campaign == campaign_id,
        awaited.c.channel == channel,
    )


def _deliveries(tx: Transaction, campaign_id: str, channel: str) -> ColumnElement[bool]:
    return and_(
        delivery.c.environment == tx.environment,
        delivery.c.campaign == campaign_id,
        delivery.c.channel == channel,
    )


def _until_next(age: timedelta) -> timedelta:
    # Whole seconds: deliveries of one second are put off together, by one statement.
    return min(LATEST, max(SOONEST, timedelta(seconds=int(age.total_seconds() / SHARE))))


def _remember(tx: Transaction, some: ColumnElement[bool], now: datetime) -> None:
    names = ("environment", "campaign", "channel", "address_hash", "handed_over_at", "look_at")
    rows = select(
        delivery.c.environment,
        delivery.c.campaign,
        delivery.c.channel,
        delivery.c.address_hash,
        delivery.c.claimed_at,
        literal(now + SOONEST, awaited.c.look_at.type),
    ).where(some)
    dialect = sqlite if tx.connection.dialect.name == "sqlite" else postgresql
    tx.connection.execute(
        dialect.insert(awaited).from_select(list(names), rows).on_conflict_do_nothing()
    )
