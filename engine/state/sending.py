"""The two ends of a send: the snapshot is stored, once; the campaign gets its last status, once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, insert, literal, select, update

from engine.kernel.errors import MismatchError
from engine.model.deployment import TERMINAL_STATUSES, Status
from engine.model.facts import Snapshot
from engine.state.create import raise_serial
from engine.state.deployed import counts_to_text
from engine.state.leases import FREE
from engine.state.tables import campaign, revision, shard, snapshot
from engine.state.transaction import Transaction


def begin_sending(
    tx: Transaction, campaign_id: str, frozen: Snapshot, content_digest: str | None
) -> bool:
    """Store the campaign's snapshot and its shards; False if it has one.

    `content_digest` is of the content that the snapshot was made from (None: not checked). Raises
    MismatchError if another content was applied meanwhile, or if the campaign is over.
    """
    query = select(campaign.c.status, campaign.c.content_digest)
    row = tx.connection.execute(query.where(_named(tx, campaign_id))).one_or_none()
    if row is None:
        raise _not_deployed(campaign_id)
    stored = and_(snapshot.c.environment == tx.environment, snapshot.c.campaign == campaign_id)
    if tx.connection.execute(select(snapshot.c.campaign).where(stored)).first() is not None:
        return False
    if row.status in TERMINAL_STATUSES:
        raise MismatchError(
            f"campaign `{campaign_id}` is `{row.status}`: nothing of it is sent any more"
        )
    if content_digest is not None and row.content_digest != content_digest:
        raise MismatchError(
            f"campaign `{campaign_id}` was applied again while its audience was read",
            "nothing was sent; the next dispatch takes what is deployed now",
        )
    _store(tx, campaign_id, frozen)
    sending = update(campaign).where(_named(tx, campaign_id))
    tx.connection.execute(sending.values(status=Status.SENDING, reason=None))
    raise_serial(tx)
    return True


def finish(
    tx: Transaction, campaign_id: str, status: Status, reason: str | None, at: datetime
) -> None:
    """Give the campaign its last status. Raises MismatchError if the state does not know it.

    Raises ValueError if it would be completed or failed while shards are open: then somebody would
    neither get the message nor be counted.
    """
    if status not in TERMINAL_STATUSES:
        raise ValueError(f"`{status}` does not end a campaign")
    open_shards = count_open(tx, campaign_id)
    if open_shards and status is not Status.CANCELLED:
        raise ValueError(f"campaign `{campaign_id}` still has {open_shards} open shards")
    values: dict[str, Any] = {"status": status, "reason": reason, "ended_at": at}
    if status is Status.CANCELLED:
        values["cancelled_at"] = func.coalesce(
            campaign.c.cancelled_at, literal(at, campaign.c.cancelled_at.type)
        )
    ended = update(campaign).where(_named(tx, campaign_id)).values(values)
    if tx.connection.execute(ended).rowcount == 0:
        raise _not_deployed(campaign_id)
    raise_serial(tx)


def count_open(tx: Transaction, campaign_id: str, due_by: datetime | None = None) -> int:
    """Return how many shards of the campaign are not done, of all or of those due at `due_by`."""
    query = select(func.count()).where(
        shard.c.environment == tx.environment,
        shard.c.campaign == campaign_id,
        shard.c.done.is_(False),
    )
    if due_by is not None:
        query = query.where(shard.c.due_at <= due_by)
    return int(tx.connection.execute(query).scalar_one())


def _store(tx: Transaction, campaign_id: str, frozen: Snapshot) -> None:
    names = {"environment": tx.environment, "campaign": campaign_id}
    current = select(func.max(revision.c.number)).where(
        revision.c.environment == tx.environment, revision.c.campaign == campaign_id
    )
    tx.connection.execute(
        insert(snapshot).values(
            **names,
            revision=tx.connection.execute(current).scalar_one(),
            evaluated_at=frozen.evaluated_at,
            users=frozen.users,
            users_without_address=frozen.users_without_address,
            users_defaulted_zone=frozen.users_defaulted_zone,
            counts=counts_to_text(frozen.counts),
        )
    )
    rows = [
        {
            **names,
            **FREE,
            "fencing": 0,
            "number": file.number,
            "path": file.path,
            "rows": file.rows,
            "due_at": file.due_at,
            "digest": file.digest,
            "alternative": file.alternative,
            "step": file.step,
            "done": False,
        }
        for file in frozen.shards
    ]
    if rows:
        tx.connection.execute(insert(shard), rows)


def _named(tx: Transaction, campaign_id: str) -> ColumnElement[bool]:
    return and_(campaign.c.environment == tx.environment, campaign.c.id == campaign_id)


def _not_deployed(campaign_id: str) -> MismatchError:
    return MismatchError(
        f"campaign `{campaign_id}` is not in the state",
        "apply it first, or check that this is the state it was applied to",
    )
