"""Turn moves into a plan: counts of people, texts, guards, digests, and until when it all holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from engine.kernel.digest import digest
from engine.kernel.finding import Finding, Severity
from engine.kernel.instant import end_of_day, find_zone
from engine.kernel.source import SourceMap
from engine.law.ramp import ramp_of
from engine.model.campaign import ResolvedCampaign
from engine.model.deployment import TERMINAL_STATUSES, StateIdentity, Status
from engine.model.facts import AudienceFacts, Membership
from engine.model.plan import Action, Category, Change, Guard, Plan
from engine.model.ports import People
from engine.model.stored import from_plain
from engine.model.workspace import Workspace
from engine.plan import guards
from engine.plan.content import change_digest
from engine.plan.cost import costs_of
from engine.plan.diff import Diff, Move
from engine.plan.extremes import guard_extremes
from engine.plan.texts import count_samples, diff_texts
from engine.plan.timing import earliest, estimate_timing, lead_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a plan looks at besides the moves. `people` and `state` are None with `--offline`."""

    workspace: Workspace
    sources: SourceMap
    as_of: datetime
    deployed: Mapping[str, tuple[Status, str]]
    loaded: int
    people: People | None
    state: StateIdentity | None
    state_lost: str | None
    commit: str | None
    unavailable: Mapping[str, str]
    """Channels without a usable provider in this environment, and why."""
    passing_until: Mapping[str, datetime]
    """Per campaign until when the clock rules that pass now will pass."""


def make_plan(moves: Diff, findings: Sequence[Finding], around: Surroundings) -> Plan:
    """Return the plan for `moves`; `findings` are the linter's, judged at the same instant."""
    every = (*findings, *moves.findings)
    changes = tuple(_change(move, around) for move in moves.moves)
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


def _change(move: Move, around: Surroundings) -> Change:
    if move.action is Action.NONE:
        return _unchanged(move, around)
    if move.action is Action.CANCEL:
        return _cancel(move, around)
    desired = move.desired
    if desired is None:
        raise AssertionError(move)
    campaign = desired.campaign
    before = around.deployed.get(move.campaign, (None, None))[1]
    change = Change(
        campaign=move.campaign,
        action=move.action,
        categories=move.categories,
        digest=change_digest(
            environment=around.workspace.environment,
            campaign=move.campaign,
            before=before,
            after=desired.content_digest,
            cancel=False,
        ),
        before=before,
        content_digest=desired.content_digest,
        stored=desired.stored,
        not_after=None,
        reason=move.reason,
        title=campaign.title,
        path=campaign.origin.file or None,
        differences=_differences(move),
        texts=diff_texts(move.deployed.stored if move.deployed else None, desired.stored),
        samples_equal=_samples_equal(move),
    )
    if move.categories == (Category.METADATA,):
        return change
    return _with_people(change, move, campaign, around)


def _with_people(
    change: Change, move: Move, campaign: ResolvedCampaign, around: Surroundings
) -> Change:
    facts, membership = _count(move, campaign, around)
    zones = facts.zones if facts else {}
    timing = estimate_timing(
        campaign,
        zones=zones,
        deliveries=facts.deliveries if facts else {},
        rates_per_s={
            channel: settings.rate_per_s for channel, settings in around.workspace.channels.items()
        },
        now=around.as_of,
        whereabouts=facts.whereabouts if facts else {},
        ramps={channel: ramp_of(one) for channel, one in around.workspace.channels.items()},
    )
    lifts = _campaign_guards(move, campaign, facts, around)
    finish = guards.guard_finish(campaign, timing)
    night = guards.guard_night(campaign, timing)
    found = (
        *(lift.guard for lift in lifts),
        *((finish,) if finish else ()),
        *((night,) if night else ()),
        *guards.guard_providers(campaign, around.unavailable),
        *_extremes(campaign, around),
    )
    lead = lead_of(campaign, around.as_of)
    old_due = move.deployed.due_at if move.deployed and not _ended(move) else None
    not_after = earliest(
        (
            timing.due_at - lead,
            old_due - lead if old_due else None,
            _urgency_ends(campaign, lead),
            around.passing_until.get(campaign.id),
            *(lift.flips_at for lift in lifts),
        )
    )
    return replace(
        change,
        not_after=not_after,
        timing=timing,
        facts=facts,
        membership=membership,
        costs=costs_of(
            campaign,
            facts.deliveries if facts else {},
            around.workspace.channels,
            change.stored["samples"],
        ),
        guards=found,
    )


def _campaign_guards(
    move: Move,
    campaign: ResolvedCampaign,
    facts: AudienceFacts | None,
    around: Surroundings,
) -> tuple[guards.Lift, ...]:
    if facts is None:
        return ()
    safety = around.workspace.safety
    line = around.sources.locate(safety.origin).line
    users_before = move.deployed.users if move.deployed else None
    lifts = [guards.guard_recipients(campaign, facts, safety, around.as_of)]
    growth = guards.guard_growth(campaign, facts, users_before, safety, around.as_of)
    if growth:
        lifts.append(growth)
    placed = [
        replace(lift, guard=guards.at_line(lift.guard, safety.origin, line)) for lift in lifts
    ]
    expected = guards.guard_expected_size(campaign, facts)
    return (*placed, *((guards.Lift(guard=expected),) if expected else ()))


def _count(
    move: Move, campaign: ResolvedCampaign, around: Surroundings
) -> tuple[AudienceFacts | None, Membership | None]:
    if around.people is None:
        return None, None
    facts = around.people.facts(campaign, around.as_of)
    before = from_plain(move.deployed.stored["campaign"]) if move.deployed else None
    return facts, around.people.membership(before, campaign, around.as_of)


def _extremes(campaign: ResolvedCampaign, around: Surroundings) -> tuple[Guard, ...]:
    if around.people is None:
        return ()
    return guard_extremes(campaign, around.people, around.as_of, around.sources)


def _unchanged(move: Move, around: Surroundings) -> Change:
    content = around.deployed.get(move.campaign, (None, None))[1]
    campaign = move.desired.campaign if move.desired else None
    return Change(
        campaign=move.campaign,
        action=Action.NONE,
        categories=(),
        digest=move.deployed.digest if move.deployed else content or digest(move.campaign),
        before=content,
        content_digest=content,
        stored=None,
        not_after=None,
        reason=move.reason,
        title=campaign.title if campaign else None,
        path=campaign.origin.file or None if campaign else None,
    )


def _cancel(move: Move, around: Surroundings) -> Change:
    deployed = move.deployed
    if deployed is None:
        raise AssertionError(move)
    return Change(
        campaign=move.campaign,
        action=Action.CANCEL,
        categories=move.categories,
        digest=change_digest(
            environment=around.workspace.environment,
            campaign=move.campaign,
            before=deployed.content_digest,
            after=None,
            cancel=True,
        ),
        before=deployed.content_digest,
        content_digest=None,
        stored=None,
        not_after=deployed.due_at if deployed.snapshot is None else None,
        reason=move.reason,
        title=deployed.stored["campaign"].get("title"),
    )


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


def _differences(move: Move) -> tuple[str, ...]:
    """Name the keys that differ, deepest first place only, by deepdiff; none for a new campaign."""
    if move.deployed is None or move.desired is None or move.action is Action.CREATE:
        return ()
    from deepdiff import DeepDiff

    before = {k: move.deployed.stored[k] for k in ("campaign", "limits")}
    after = {k: move.desired.stored[k] for k in ("campaign", "limits")}
    found = DeepDiff(before, after, verbose_level=0, view="tree")
    paths = {
        ".".join(str(key) for key in item.path(output_format="list")[1:])
        for items in found.values()
        for item in items
    }
    return tuple(sorted(paths))


def _samples_equal(move: Move) -> int | None:
    if move.deployed is None or move.desired is None or Category.CONTENT not in move.categories:
        return None
    if move.deployed.stored["samples"] != move.desired.stored["samples"]:
        return None
    return count_samples(move.desired.stored)


def _urgency_ends(campaign: ResolvedCampaign, lead: timedelta) -> datetime | None:
    if campaign.urgent is None or lead:
        return None
    zone = find_zone(campaign.workspace_timezone) or ZoneInfo("UTC")
    return end_of_day(campaign.urgent.until, zone)


def _ended(move: Move) -> bool:
    return move.deployed is not None and move.deployed.status in TERMINAL_STATUSES
