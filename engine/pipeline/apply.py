"""Apply: a fresh plan × approvals → the state, and a trace in git."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from engine.apply.select import Selection, check_applyable, check_in_time, select_changes
from engine.apply.write import write_changes
from engine.model.plan import Applied, ApprovedChange, Plan
from engine.model.ports import Ledger
from engine.pipeline.report import report_campaign
from engine.report.files import write_identity


def apply_approved(
    fresh: Plan,
    approvals: Sequence[ApprovedChange],
    *,
    ledger: Ledger,
    root: Path,
    holder: str,
    is_dead: Callable[[str], bool],
    now: Callable[[], datetime],
    approved_by: str | None,
    timezone: str,
) -> tuple[Applied, Selection]:
    """Check approvals against the fresh plan, write them in one transaction, leave a trace in git.

    What is written bears the instant at which it is written, and is judged by that once more: a plan
    may take long, and the lead time counts from here.
    """
    if fresh.state is None:
        raise ValueError("an offline plan cannot be applied")
    if fresh.state_lost:
        check_applyable(fresh, ())
    selection = select_changes(fresh, approvals, lambda id_: _digest(ledger, id_))
    check_applyable(fresh, selection.approved)
    written_at = now()
    check_in_time(selection.approved, written_at)
    ledger.advance_clock(written_at)
    applied = write_changes(
        ledger,
        selection,
        expected=fresh.state,
        holder=holder,
        now=written_at,
        commit=fresh.commit,
        approved_by=approved_by,
        is_dead=is_dead,
        law=fresh.law,
    )
    write_identity(root, fresh.environment, ledger.identity())
    for change in applied.written:
        report_campaign(
            ledger,
            change.campaign,
            root=root,
            environment=fresh.environment,
            now=written_at,
            timezone=timezone,
        )
    return applied, selection


def _digest(ledger: Ledger, campaign: str) -> str | None:
    deployed = ledger.find_deployed(campaign)
    return deployed.digest if deployed else None
