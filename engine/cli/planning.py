"""A fresh plan, as `plan` shows it and `apply` checks approvals against it."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace

from engine.app.people import open_people_of
from engine.app.providers import unavailable_channels
from engine.app.session import Session
from engine.app.state import has_state, open_ledger
from engine.cli.tested import digests_tested
from engine.dispatch.marked import message_digest
from engine.kernel.frozen import frozen
from engine.model.plan import Change, Plan
from engine.model.ports import Ledger
from engine.pipeline.deployed import from_reports, from_state
from engine.pipeline.plan import plan_changes
from engine.pipeline.wanted import changed_since, touched_since
from engine.plan.policies import hold_policies
from engine.workspace.read import read_at_revision

NO_KEY = bytes(32)
"""Counts need no secret: nobody was reached yet whom a hash could recognise."""


@frozen(kw_only=False)
class Fresh:
    """A plan, and the ledger it was made against (None: offline, or there is no state yet)."""

    plan: Plan
    ledger: Ledger | None


def fresh_plan(
    session: Session,
    stack: ExitStack,
    *,
    offline: bool = False,
    create: bool = False,
    against: str | None = None,
) -> Fresh:
    """Plan now. The ledger stays open until `stack` ends; `create` makes it where there is none.

    Raises UsageError where pushform.yaml has mistakes.
    """
    workspace = session.workspace
    now = session.opened_at
    ledger: Ledger | None = None
    people = None
    if offline:
        deployment = from_reports(session.root, workspace)
    else:
        if create or has_state(session):
            ledger, _, key = stack.enter_context(open_ledger(session, create=create))
        else:
            key = NO_KEY
        deployment = from_state(session.root, workspace, ledger)
        people = open_people_of(session, key, ledger)
    changed = touched = None
    if against is not None:
        before = read_at_revision(session.root, against, session.environment)
        changed = changed_since(session.loaded, before)
        touched = touched_since(session.loaded, before)
    plan = plan_changes(
        session.loaded,
        deployment,
        root=session.root,
        as_of=now,
        people=people,
        unavailable={} if offline else unavailable_channels(session),
        tracked=session.tracked,
        commit=session.commit,
        also_changed=changed,
        touched=touched,
    )
    held = hold_policies(_with_tests(plan, session), workspace.policies, session.loaded.sources)
    return Fresh(held, ledger)


def _with_tests(plan: Plan, session: Session) -> Plan:
    """Note for every change when its words last reached a tester."""
    changes = tuple(
        replace(change, tested_at=_tested_at(change, plan.environment, session))
        if change.stored is not None
        else change
        for change in plan.changes
    )
    return replace(plan, changes=changes)


def _tested_at(change: Change, environment: str, session: Session) -> str | None:
    tested = digests_tested(session.root, environment, change.campaign)
    return tested.get(message_digest(change.stored)) if tested else None
