"""One transaction under a lease: what the state holds after an apply."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from engine.apply.select import Selection
from engine.kernel.digest import Plain
from engine.kernel.errors import MismatchError
from engine.model.deployment import TERMINAL_STATUSES, Deployed, StateIdentity, Status, StopOrder
from engine.model.plan import Action, Applied, Category, Change
from engine.model.ports import Ledger

LEASE_NAME = "apply"
LEASE_TTL_S = 120.0


def write_changes(
    ledger: Ledger,
    selection: Selection,
    *,
    expected: StateIdentity,
    holder: str,
    now: datetime,
    commit: str | None,
    approved_by: str | None,
    is_dead: Callable[[str], bool],
    law: Plain = None,
) -> Applied:
    """Write the approved changes, or none of them. `law` is what they were judged by: it is kept.

    Raises LockedError while another apply holds the lease, MismatchError when the state is no longer
    the one that was planned against.
    """
    if not selection.approved:
        return Applied(written=(), left=selection.left, state=ledger.identity())
    for other in ledger.holders():
        if is_dead(other):
            ledger.end_leases(other)
    lease = ledger.acquire(LEASE_NAME, holder, LEASE_TTL_S)
    try:
        campaigns = [
            _deployed(ledger, change, now=now, commit=commit, approved_by=approved_by)
            for change in selection.approved
        ]
        running = [campaign for campaign in campaigns if _must_stop(campaign)]
        if law is not None:
            ledger.keep_law(law)
        identity = ledger.commit(lease, expected, campaigns)
        for campaign in running:
            ledger.order_stop(
                StopOrder(scope=campaign.id, cancel=True, reason=campaign.reason, at=now)
            )
    finally:
        ledger.release(lease)
    return Applied(written=selection.approved, left=selection.left, state=identity)


def _deployed(
    ledger: Ledger,
    change: Change,
    *,
    now: datetime,
    commit: str | None,
    approved_by: str | None,
) -> Deployed:
    there = ledger.find_deployed(change.campaign)
    if (there.content_digest if there else None) != change.before:
        raise MismatchError(
            f"campaign `{change.campaign}` was changed in the state while it was being applied",
            "plan again",
        )
    if change.action is Action.CANCEL:
        if there is None:
            raise AssertionError(change)
        return _cancelled(there, change, now, commit)
    if change.content_digest is None:
        raise AssertionError(change)
    if there is not None and change.categories == (Category.METADATA,):
        return replace(
            there,
            digest=change.digest,
            content_digest=change.content_digest,
            stored=change.stored,
            applied_at=now,
            commit=commit,
            approved_by=approved_by,
        )
    if change.timing is None:
        raise AssertionError(change)
    return Deployed(
        id=change.campaign,
        status=Status.READY,
        reason=None,
        digest=change.digest,
        content_digest=change.content_digest,
        stored=change.stored,
        applied_at=now,
        changed_at=now,
        due_at=change.timing.due_at,
        users=change.facts.users if change.facts else None,
        commit=commit,
        approved_by=approved_by,
    )


def _cancelled(there: Deployed, change: Change, now: datetime, commit: str | None) -> Deployed:
    """A campaign that is being sent keeps its status until the rest is settled."""
    started = there.snapshot is not None and there.status not in TERMINAL_STATUSES
    return replace(
        there,
        status=there.status if started else Status.CANCELLED,
        reason=change.reason,
        digest=change.digest,
        applied_at=now,
        cancelled_at=now,
        ended_at=None if started else now,
        commit=commit,
    )


def _must_stop(campaign: Deployed) -> bool:
    return campaign.cancelled_at is not None and campaign.status is Status.SENDING
