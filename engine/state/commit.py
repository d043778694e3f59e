"""What `apply` writes: campaigns, in one transaction, by one who still holds the lease."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import and_, func, insert, select, update

from engine.kernel.digest import canonical
from engine.kernel.errors import MismatchError
from engine.model.deployment import Deployed, Lease, StateIdentity, Status, StopOrder
from engine.model.stored import is_advertising, without_metadata
from engine.state.create import raise_serial
from engine.state.deployed import read_deployed
from engine.state.leases import check_lease
from engine.state.stops import is_cancelled, write_stop
from engine.state.tables import campaign, identity, revision
from engine.state.transaction import Transaction


def commit(
    tx: Transaction, lease: Lease, expected: StateIdentity, campaigns: Sequence[Deployed]
) -> StateIdentity:
    """Write `campaigns` and return the identity after it. See `Ledger.commit`."""
    check_lease(tx, lease)
    _check_identity(tx, expected)
    before = read_deployed(tx, [new.id for new in campaigns])
    for new in campaigns:
        _check_change(tx, before.get(new.id), new)
    serial = raise_serial(tx, committed=True)
    for new in campaigns:
        _write(tx, before.get(new.id), new, serial)
    return StateIdentity(lineage=expected.lineage, serial=serial)


def _check_identity(tx: Transaction, expected: StateIdentity) -> None:
    row = tx.connection.execute(
        select(identity.c.lineage, identity.c.serial, identity.c.committed).where(
            identity.c.environment == tx.environment
        )
    ).one()
    if row.lineage != expected.lineage:
        raise MismatchError(
            f"the state is another one than the plan was made for "
            f"(lineage `{row.lineage[:8]}`, expected `{expected.lineage[:8]}`)",
            "make a new plan against this state",
        )
    # A dispatch raises the serial too, but only an apply can contradict this one: what a dispatch
    # changes (snapshots) is looked at per campaign.
    if not row.committed <= expected.serial <= row.serial:
        raise MismatchError(
            f"the state has changed since the plan was made "
            f"(serial {row.serial}, expected {expected.serial})",
            "make a new plan: another apply came first, or the state is an older copy",
        )


def _check_change(tx: Transaction, old: Deployed | None, new: Deployed) -> None:
    if new.status is Status.CANCELLED:
        return
    if is_cancelled(tx, new.id):
        raise MismatchError(
            f"campaign `{new.id}` was cancelled by an operator, and that is final for its id",
            "copy the campaign to a file with a new id and change that one",
        )
    if old is None or old.snapshot is None:
        return
    if without_metadata(old.stored) != without_metadata(new.stored):
        raise MismatchError(
            f"campaign `{new.id}` has its snapshot (status `{old.status}`): "
            "only its metadata and kpi may change",
            "copy the campaign to a file with a new id and change that one",
        )


def _write(tx: Transaction, old: Deployed | None, new: Deployed, serial: int) -> None:
    values = {
        "digest": new.digest,
        "content_digest": new.content_digest,
        "stored": canonical(new.stored).decode(),
        "advertising": is_advertising(new.stored),
        "applied_at": new.applied_at,
        "source_commit": new.commit,
        "approved_by": new.approved_by,
    }
    # Once a snapshot exists, where a campaign stands is the dispatcher's to say; a cancel is not.
    if old is None or old.snapshot is None or new.status is Status.CANCELLED:
        values |= {
            "status": new.status,
            "reason": new.reason,
            "cancelled_at": new.cancelled_at,
            "ended_at": new.ended_at,
        }
    if old is None or old.snapshot is None:
        values |= {"changed_at": new.changed_at, "due_at": new.due_at, "users": new.users}
    if old is None:
        values |= {"environment": tx.environment, "id": new.id}
        tx.connection.execute(insert(campaign).values(values))
    else:
        mine = and_(campaign.c.environment == tx.environment, campaign.c.id == new.id)
        tx.connection.execute(update(campaign).where(mine).values(values))
    _remember(tx, new, serial)
    if new.status is Status.CANCELLED and old is not None and old.snapshot is not None:
        # Workers look at stop orders between two claims, not at the campaign.
        order = StopOrder(scope=new.id, cancel=True, reason=new.reason, at=new.applied_at)
        write_stop(tx, order)


def _remember(tx: Transaction, new: Deployed, serial: int) -> None:
    mine = and_(revision.c.environment == tx.environment, revision.c.campaign == new.id)
    last = tx.connection.execute(select(func.max(revision.c.number)).where(mine)).scalar()
    tx.connection.execute(
        insert(revision).values(
            environment=tx.environment,
            campaign=new.id,
            number=(last or 0) + 1,
            serial=serial,
            digest=new.digest,
            content_digest=new.content_digest,
            stored=canonical(new.stored).decode(),
            applied_at=new.applied_at,
            source_commit=new.commit,
            approved_by=new.approved_by,
        )
    )
