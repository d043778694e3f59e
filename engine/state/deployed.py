"""Reading what is deployed."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, select

from engine.kernel.digest import Plain, canonical
from engine.kernel.errors import MismatchError
from engine.model.channel import Channel
from engine.model.deployment import Deployed, StateIdentity, Status
from engine.model.facts import ShardFile, Snapshot, TargetCount
from engine.state.tables import campaign, identity, shard, snapshot
from engine.state.transaction import Transaction


def read_identity(tx: Transaction) -> StateIdentity:
    """Return the environment's birth mark and serial."""
    row = tx.connection.execute(
        select(identity.c.lineage, identity.c.serial).where(
            identity.c.environment == tx.environment
        )
    ).one()
    return StateIdentity(lineage=row.lineage, serial=row.serial)


def has_campaigns(tx: Transaction) -> bool:
    """Tell whether anything was ever deployed here."""
    query = select(campaign.c.id).where(campaign.c.environment == tx.environment).limit(1)
    return tx.connection.execute(query).first() is not None


def read_deployed(tx: Transaction, only: Sequence[str] | None = None) -> Mapping[str, Deployed]:
    """Return the campaigns by id, in the order of their ids; `only` those that are named."""
    query = select(campaign).where(campaign.c.environment == tx.environment)
    if only is not None:
        query = query.where(campaign.c.id.in_(only))
    rows = tx.connection.execute(query.order_by(campaign.c.id)).all()
    snapshots = _read_snapshots(tx, only)
    return {row.id: _deployed(row, snapshots.get(row.id)) for row in rows}


def read_digests(tx: Transaction) -> Mapping[str, tuple[Status, str]]:
    """Return (status, content digest) per campaign."""
    query = select(campaign.c.id, campaign.c.status, campaign.c.content_digest).where(
        campaign.c.environment == tx.environment
    )
    rows = tx.connection.execute(query.order_by(campaign.c.id))
    return {row.id: (Status(row.status), row.content_digest) for row in rows}


def counts_to_text(counts: Sequence[TargetCount]) -> str:
    """Return the target counts of a snapshot as canonical JSON: one list per line of the table."""
    return canonical(
        [[c.channel, c.locale, c.jurisdiction, c.variant, c.platform, c.targets] for c in counts]
    ).decode()


def _counts_from_text(text: str) -> tuple[TargetCount, ...]:
    return tuple(
        TargetCount(
            channel=Channel(channel),
            locale=locale,
            jurisdiction=jurisdiction,
            variant=variant,
            platform=platform,
            targets=targets,
        )
        for channel, locale, jurisdiction, variant, platform, targets in json.loads(text)
    )


def _read_snapshots(tx: Transaction, only: Sequence[str] | None) -> Mapping[str, Snapshot]:
    shards = select(shard).where(shard.c.environment == tx.environment)
    query = select(snapshot).where(snapshot.c.environment == tx.environment)
    if only is not None:
        shards = shards.where(shard.c.campaign.in_(only))
        query = query.where(snapshot.c.campaign.in_(only))
    files: dict[str, list[ShardFile]] = defaultdict(list)
    for row in tx.connection.execute(shards.order_by(shard.c.campaign, shard.c.number)):
        files[row.campaign].append(
            ShardFile(
                number=row.number,
                path=row.path,
                rows=row.rows,
                due_at=row.due_at,
                digest=row.digest,
                alternative=row.alternative,
                step=row.step,
            )
        )
    return {
        row.campaign: Snapshot(
            campaign=row.campaign,
            evaluated_at=row.evaluated_at,
            users=row.users,
            users_without_address=row.users_without_address,
            users_defaulted_zone=row.users_defaulted_zone,
            shards=tuple(files[row.campaign]),
            counts=_counts_from_text(row.counts),
        )
        for row in tx.connection.execute(query)
    }


def _deployed(row: Row[Any], frozen: Snapshot | None) -> Deployed:
    return Deployed(
        id=row.id,
        status=Status(row.status),
        reason=row.reason,
        digest=row.digest,
        content_digest=row.content_digest,
        stored=read_stored(row.id, row.stored),
        applied_at=row.applied_at,
        changed_at=row.changed_at,
        due_at=row.due_at,
        users=row.users,
        commit=row.source_commit,
        approved_by=row.approved_by,
        snapshot=frozen,
        cancelled_at=row.cancelled_at,
        ended_at=row.ended_at,
    )


def read_stored(id: str, text: str) -> Plain:  # noqa: A002 - the word of the file format
    """Return the stored campaign's plain form. Raises MismatchError if it is not JSON any more.

    Any other damage changes the digest, which the dispatcher computes again.
    """
    try:
        return json.loads(text)
    except ValueError as error:
        raise MismatchError(
            f"the stored campaign `{id}` is damaged: it is not readable JSON",
            "restore the state from a backup; nothing of this campaign is sent until then",
        ) from error
