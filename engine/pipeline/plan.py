"""Plan: wanted × deployed → changes, with what lint says of them and what an apply keeps of that."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from engine.kernel.digest import digest
from engine.kernel.finding import Finding
from engine.kernel.instant import format_instant
from engine.law.consent import korean_day
from engine.lint.catalog import RULES
from engine.lint.context import LintContext
from engine.lint.ignored import ignored_of
from engine.lint.record import law_in_force, outcomes
from engine.lint.run import conclude, find, passing_until
from engine.model.plan import Action, Change, Plan
from engine.model.ports import People
from engine.pipeline.counted import judge_counted, with_counted
from engine.pipeline.deployed import Deployment
from engine.pipeline.lint import context_of
from engine.pipeline.wanted import desired_campaigns, stopped_campaigns
from engine.plan.diff import Diff, diff
from engine.plan.going import going_of
from engine.plan.make import make_plan
from engine.plan.surroundings import Surroundings
from engine.plan.timing import days_of_law
from engine.workspace.read import Loaded


def plan_changes(
    loaded: Loaded,
    deployment: Deployment,
    *,
    root: Path,
    as_of: datetime,
    people: People | None,
    unavailable: Mapping[str, str],
    tracked: Callable[[str], bool],
    commit: str | None,
    also_changed: frozenset[str] | None = None,
    touched: frozenset[str] | None = None,
) -> Plan:
    """Lint and compare at one instant; count people only for what changes.

    `also_changed` are campaigns that differ from another revision: clock rules judge them as new.
    `touched` are those whose own files do (None: nobody compared).
    """
    if loaded.workspace is None:
        raise ValueError("a workspace that could not be read has no plan")
    # A state that is lost looks empty: planning against it would create everything again.
    moves = Diff(moves=(), findings=()) if deployment.lost else _compare(loaded, deployment)
    changed = moves.changed | (also_changed or frozenset())
    context = context_of(
        loaded,
        loaded.workspace,
        root,
        as_of,
        changed,
        tracked,
        touched=_touched(moves, deployment, touched),
        started=deployment.begun,
    )
    found = find(context, RULES)
    answered = conclude(found, context)
    planned = make_plan(
        moves,
        (*loaded.findings, *answered),
        Surroundings(
            workspace=loaded.workspace,
            sources=loaded.sources,
            as_of=as_of,
            deployed=deployment.statuses,
            loaded=len(loaded.campaigns),
            people=people,
            state=deployment.identity,
            state_lost=deployment.lost,
            commit=commit,
            unavailable=unavailable,
            passing_until=passing_until(context) if moves.changed else {},
        ),
    )
    if not planned.pending:
        return planned
    counted = judge_counted(planned, found, context, deployment)
    if counted != found:
        found, answered = counted, conclude(counted, context)
        planned = replace(planned, findings=(*loaded.findings, *answered, *moves.findings))
    planned = with_counted(planned, answered, context)
    return _with_law(planned, context, found, answered)


def _touched(moves: Diff, deployment: Deployment, touched: frozenset[str] | None) -> frozenset[str]:
    """Return the campaigns that no report makes history: what the state knows is no report."""
    if touched is None:
        return moves.changed
    return (moves.changed - deployment.started) | (touched - deployment.begun)


def _compare(loaded: Loaded, deployment: Deployment) -> Diff:
    """Return which campaigns would change; no people are counted yet."""
    return diff(
        desired_campaigns(loaded),
        stopped=stopped_campaigns(loaded),
        known=frozenset(loaded.campaigns),
        deployed=deployment.statuses,
        find_deployed=deployment.find,
    )


def _with_law(
    planned: Plan, context: LintContext, found: Sequence[Finding], answered: Sequence[Finding]
) -> Plan:
    """Return the plan with what an apply keeps of the lint and of the counts. None of it is digested."""
    law = law_in_force(*days_of_law(planned))
    judged = {"as_of": format_instant(planned.as_of), "book": digest(law)}
    came_to = outcomes(
        {
            change.campaign: context.jurisdictions.get(change.campaign, ())
            for change in planned.pending
        },
        found,
        answered,
    )

    ignored = ignored_of(came_to, found, context)

    def keep(change: Change) -> Change:
        if change.stored is None or change.action is Action.NONE:
            return change
        day = {"on": korean_day(change.timing.due_at).isoformat()} if change.timing else {}
        kept = {**judged, **day, **came_to[change.campaign]}
        going = going_of(change.facts, change.timing)
        messages = {"messages": dict(going.messages)} if going else {}
        observed = {**change.stored["observed"], **messages, "law": kept}
        stored = {**change.stored, "observed": observed}
        return replace(change, stored=stored, ignored=ignored.get(change.campaign, ()))

    return replace(planned, law=law, changes=tuple(keep(change) for change in planned.changes))
