"""Turn moves into a plan: counts of people, texts, guards, digests, and until when it all holds."""

from __future__ import annotations

from collections.abc import Sequence

from engine.kernel.digest import digest
from engine.kernel.finding import Finding, Severity
from engine.model.deployment import TERMINAL_STATUSES
from engine.model.plan import Action, Change, Guard, Plan
from engine.plan import guards
from engine.plan.change import change_of
from engine.plan.diff import Diff
from engine.plan.surroundings import Surroundings
from engine.plan.timing import earliest


def make_plan(moves: Diff, findings: Sequence[Finding], around: Surroundings) -> Plan:
    """Return the plan for `moves`; `findings` are the linter's, judged at the same instant."""
    every = (*findings, *moves.findings)
    changes = tuple(change_of(move, around) for move in moves.moves)
    general = _general_guards(moves, around)
    pending = [change for change in changes if change.action is not Action.NONE]
    return Plan(
        environment=around.workspace.environment,
        as_of=around.as_of,
        digest=plan_digest(around.workspace.environment, pending),
        valid_until=earliest(change.not_after for change in pending),
        applyable=_applyable(pending, general, every, around),
        changes=changes,
        guards=general,
        findings=every,
        offline=around.people is None,
        state=around.state,
        state_lost=around.state_lost,
        commit=around.commit,
    )


def plan_digest(environment: str, pending: Sequence[Change]) -> str:
    """Return the digest over an environment and the digests of its pending changes."""
    return digest(
        {"environment": environment, "changes": sorted(change.digest for change in pending)}
    )


def _applyable(
    pending: Sequence[Change],
    general: Sequence[Guard],
    findings: Sequence[Finding],
    around: Surroundings,
) -> bool:
    touched = {change.campaign for change in pending}
    wrong = any(
        finding.severity is Severity.ERROR
        and (finding.campaign is None or finding.campaign in touched)
        for finding in findings
    )
    stopped = any(not guard.passed for guard in (*general, *(g for c in pending for g in c.guards)))
    return not (wrong or stopped or around.state_lost or around.people is None)


def _general_guards(moves: Diff, around: Surroundings) -> tuple[Guard, ...]:
    safety = around.workspace.safety
    live = [id_ for id_, (status, _) in around.deployed.items() if status not in TERMINAL_STATUSES]
    cancelled = [move for move in moves.moves if move.action is Action.CANCEL]
    deleted = [move for move in cancelled if (move.reason or "").endswith("was deleted")]
    line = around.sources.locate(safety.origin).line
    found = (
        guards.guard_vanished(
            around.loaded, live if around.loaded else tuple(around.deployed), len(deleted)
        ),
        guards.guard_cancelled(
            len(cancelled),
            safety,
            [move.desired.campaign for move in moves.moves if move.desired],
            around.as_of,
        ),
    )
    return tuple(guards.at_line(guard, safety.origin, line) for guard in found if guard)
