"""Claiming: the row is written, and on the disk, before anything is handed over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, insert, or_, select, update

from engine.kernel.errors import MismatchError
from engine.model.delivery import DeliveryState
from engine.model.deployment import Claim, ClaimAnswer, ShardLease, Status
from engine.model.workspace import PerUserCap
from engine.state.many import among, write_many
from engine.state.rows import read_keys
from engine.state.shards import check_shard_lease
from engine.state.tables import campaign, delivery, microseconds, revision, snapshot
from engine.state.transaction import Transaction

Key = tuple[str, str]

_COUNTED = (DeliveryState.CLAIMED, DeliveryState.SENT, DeliveryState.UNKNOWN)
"""A person was, or may have been, reached: this is what the cap counts."""

INSERT = insert(delivery)
_CLAIM_AGAIN = (
    update(delivery)
    .where(
        delivery.c.environment == bindparam("of_environment"),
        delivery.c.campaign == bindparam("of_campaign"),
        delivery.c.channel == bindparam("of_channel"),
        delivery.c.address_hash == bindparam("of_address"),
        delivery.c.state == DeliveryState.DEFERRED,
        delivery.c.attempt == bindparam("before"),
    )
    .values(
        state=DeliveryState.CLAIMED,
        attempt=delivery.c.attempt + 1,
        fencing=bindparam("new_fencing"),
        claimed_at=bindparam("now"),
        retry_at=None,
        reason=None,
    )
)


def claim(
    tx: Transaction,
    lease: ShardLease,
    claims: Sequence[Claim],
    now: datetime,
    cap: PerUserCap | None,
) -> tuple[ClaimAnswer, ...]:
    """Claim up to 1,000 deliveries with different keys; answer in the order of `claims`.

    A row is written if there was none, or moved if it is deferred and its `retry_at` has come.
    Raises LockedError if the lease has ended, MismatchError for another revision than the
    snapshot's.
    """
    check_shard_lease(tx, lease)
    check_revisions(tx, lease.campaign, claims)
    known = read_keys(tx, lease.campaign, [key_of(wish) for wish in claims])
    free = [wish for wish in claims if _is_free(known.get(key_of(wish)), now)]
    full = find_full(tx, lease.campaign, {wish.recipient_hash for wish in free}, now, cap)
    won = [wish for wish in free if wish.recipient_hash not in full]
    attempts = _write(tx, lease, won, known, now)
    capped = {key_of(wish) for wish in free if wish.recipient_hash in full}
    return tuple(
        ClaimAnswer(claim=wish, attempt=attempts.get(key), capped=key in capped)
        for wish, key in ((wish, key_of(wish)) for wish in claims)
    )


def check_revisions(tx: Transaction, campaign_id: str, claims: Sequence[Claim]) -> None:
    """Raise MismatchError unless every claim is of the revision that the snapshot was made for.

    A revision is named by its content digest or by its change's. Later revisions differ in metadata
    alone (`commit` sees to that), so they are as good.
    """
    frozen = select(snapshot.c.revision).where(
        snapshot.c.environment == tx.environment, snapshot.c.campaign == campaign_id
    )
    query = select(revision.c.digest, revision.c.content_digest).where(
        revision.c.environment == tx.environment,
        revision.c.campaign == campaign_id,
        revision.c.number >= frozen.scalar_subquery(),
    )
    allowed = {name for row in tx.connection.execute(query) for name in row}
    others = {wish.revision for wish in claims} - allowed
    if others:
        raise MismatchError(
            f"campaign `{campaign_id}` cannot be sent as revision `{min(others)}`: "
            "its snapshot was made for another one",
            "nothing was claimed; the next dispatch reads what is deployed",
        )


def key_of(wish: Claim) -> Key:
    """Return what is unique within the campaign."""
    return (wish.channel, wish.address_hash)


def new_row(tx: Transaction, lease: ShardLease, wish: Claim) -> dict[str, Any]:
    """Return the columns of a new row, as of one that was never claimed and has no state yet."""
    if wish.shard != lease.number:
        raise ValueError(f"a target of shard {wish.shard} under the lease of shard {lease.number}")
    return {
        "environment": tx.environment,
        "campaign": lease.campaign,
        "channel": wish.channel,
        "address_hash": wish.address_hash,
        "recipient_hash": wish.recipient_hash,
        "shard": wish.shard,
        "revision": wish.revision,
        "variant": wish.variant,
        "locale": wish.locale,
        "jurisdiction": wish.jurisdiction,
        "platform": wish.platform,
        "role": wish.role,
        "consent": wish.consent,
        "reason": None,
        "attempt": 0,
        "fencing": lease.fencing,
        "claimed_at": None,
        "settled_at": None,
        "retried_after_error": 0,
    }


def _is_free(row: Row[Any] | None, now: datetime) -> bool:
    return row is None or (row.state == DeliveryState.DEFERRED and row.retry_at <= now)


def _write(
    tx: Transaction,
    lease: ShardLease,
    won: Sequence[Claim],
    known: dict[Key, Row[Any]],
    now: datetime,
) -> dict[Key, int]:
    """Write the claims in key order and return their attempts."""
    at = microseconds(now)
    attempts: dict[Key, int] = {}
    fresh: list[dict[str, Any]] = []
    again: list[dict[str, Any]] = []
    for wish in sorted(won, key=key_of):
        key = key_of(wish)
        row = known.get(key)
        attempts[key] = 1 if row is None else row.attempt + 1
        if row is None:
            values = {"state": DeliveryState.CLAIMED.value, "attempt": 1, "claimed_at": at}
            fresh.append(new_row(tx, lease, wish) | values)
        else:
            again.append(
                {
                    "of_environment": tx.environment,
                    "of_campaign": lease.campaign,
                    "of_channel": wish.channel,
                    "of_address": wish.address_hash,
                    "before": row.attempt,
                    "new_fencing": lease.fencing,
                    "now": at,
                }
            )
    write_many(tx.connection, INSERT, fresh)
    if write_many(tx.connection, _CLAIM_AGAIN, again) != len(again):
        raise RuntimeError("a deferred delivery moved although the state was locked")
    return attempts


def find_full(
    tx: Transaction, campaign_id: str, people: set[str], now: datetime, cap: PerUserCap | None
) -> frozenset[str]:
    """Return who has had as many advertising campaigns as the cap allows, this one aside.

    Whom this campaign has reached within the period already may get it on another address as well.
    Nothing is recorded besides the deliveries themselves, so a claim that never went out (deferred,
    refused, skipped) stops counting in the moment in which it is settled.
    """
    if cap is None or not people:
        return frozenset()
    since = now - cap.within
    # Nothing was claimed for a campaign that ended before the period; a day covers what ends late.
    recent = select(campaign.c.id).where(
        campaign.c.environment == tx.environment,
        campaign.c.advertising.is_(True),
        campaign.c.status.not_in((Status.WAITING, Status.READY)),
        or_(campaign.c.ended_at.is_(None), campaign.c.ended_at > since - timedelta(days=1)),
    )
    campaigns = {*tx.connection.execute(recent).scalars(), campaign_id}
    query = (
        select(delivery.c.recipient_hash, delivery.c.campaign)
        .where(
            delivery.c.environment == tx.environment,
            among(delivery.c.campaign, campaigns),
            among(delivery.c.recipient_hash, people),
            delivery.c.state.in_(_COUNTED),
            delivery.c.claimed_at > since,
        )
        .distinct()
    )
    reached: dict[str, set[str]] = defaultdict(set)
    for person, by in tx.connection.execute(query):
        reached[person].add(by)
    return frozenset(
        person for person, by in reached.items() if campaign_id not in by and len(by) >= cap.max
    )
