"""The order of things: read → lint → plan → apply → dispatch → report. Nobody else knows it.

Every function takes what it works on and the ports it works through; `app` has opened those.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from engine.apply.select import Selection, check_applyable, check_in_time, select_changes
from engine.apply.write import write_changes
from engine.kernel.digest import digest
from engine.kernel.finding import Finding
from engine.kernel.instant import format_instant
from engine.law.consent import korean_day
from engine.lint.catalog import RULES
from engine.lint.context import LintContext, jurisdictions_of
from engine.lint.ignored import ignored_of
from engine.lint.record import law_in_force, outcomes
from engine.lint.run import conclude, find, passing_until, run_rules
from engine.message.compose import Composer
from engine.model.audience import Condition, DerivedAttribute, ExpectedSize
from engine.model.campaign import (
    AppSettings,
    ChannelSettings,
    KakaoSettings,
    LabelPosition,
    MessageType,
    ResolvedCampaign,
    Schedule,
    SendTo,
    SmsSettings,
    Variant,
    WebSettings,
)
from engine.model.channel import Channel
from engine.model.deployment import Deployed, StateIdentity, Status
from engine.model.plan import Action, Applied, ApprovedChange, Change, Plan
from engine.model.ports import Ledger, People
from engine.model.report import Progress, Report
from engine.model.template import Template
from engine.model.workspace import Workspace
from engine.plan.content import Desired, desire
from engine.plan.diff import Diff, diff
from engine.plan.make import Surroundings, make_plan
from engine.plan.timing import days_of_law
from engine.report.build import build_report
from engine.report.evidence import Evidence, write_evidence
from engine.report.files import (
    read_identity,
    read_statuses,
    reported_campaigns,
    write_identity,
    write_report,
)
from engine.report.progress import progress, waiting
from engine.report.vendor import read_vendors
from engine.workspace.read import Loaded, no_collection


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """What is deployed, as the state or (offline) the committed reports tell it."""

    statuses: Mapping[str, tuple[Status, str]]
    find: Callable[[str], Deployed | None]
    identity: StateIdentity | None
    lost: str | None


def lint(
    loaded: Loaded,
    *,
    root: Path,
    as_of: datetime,
    changed: frozenset[str] | None,
    tracked: Callable[[str], bool],
) -> tuple[Finding, ...]:
    """Return the reader's and the rules' findings, in the order of files and lines."""
    if loaded.workspace is None:
        return loaded.findings
    context = _context(loaded, loaded.workspace, root, as_of, changed, tracked)
    return (*loaded.findings, *run_rules(context))


def _context(
    loaded: Loaded,
    workspace: Workspace,
    root: Path,
    as_of: datetime,
    changed: frozenset[str] | None,
    tracked: Callable[[str], bool],
) -> LintContext:
    return LintContext(
        workspace=workspace,
        campaigns=loaded.resolved,
        written=loaded.campaigns,
        audiences=loaded.audiences,
        templates=loaded.templates,
        as_of=as_of,
        changed=changed,
        reported=reported_campaigns(root, workspace.environment),
        tracked=tracked,
        vendor=read_vendors(root, workspace.environments),
        sources=loaded.sources,
        comments=loaded.comments,
    )


def changed_since(now: Loaded, before: Loaded) -> frozenset[str]:
    """Return the campaigns that are new, or would do something else than `before`."""
    return frozenset(
        id_ for id_, campaign in now.resolved.items() if before.resolved.get(id_) != campaign
    )


def desired_campaigns(loaded: Loaded) -> dict[str, Desired]:
    """Return what the files want: campaigns that are neither drafts nor cancelled."""
    workspace = loaded.workspace
    if workspace is None:
        return {}
    stopped = stopped_campaigns(loaded)
    with no_collection():
        return {
            id_: desire(
                campaign,
                environment=workspace.environment,
                safety=workspace.safety,
                samples=[
                    composed
                    for composed, _ in Composer(campaign).sample_messages(
                        jurisdictions_of(campaign)
                    )
                ],
            )
            for id_, campaign in sorted(loaded.resolved.items())
            if id_ not in stopped
        }


def stopped_campaigns(loaded: Loaded) -> dict[str, str]:
    """Return the campaigns that are in the files but must not run, and why."""
    return {
        id_: "draft" if campaign.draft else str(campaign.cancelled)
        for id_, campaign in loaded.campaigns.items()
        if campaign.draft or campaign.cancelled is not None
    }


def from_state(root: Path, workspace: Workspace, ledger: Ledger | None) -> Deployment:
    """Return what the state holds (None: there is no state yet), and whether it was lost."""
    remembered = read_identity(root, workspace.environment)
    identity = ledger.identity() if ledger else None
    return Deployment(
        statuses=ledger.deployed_digests() if ledger else {},
        find=ledger.find_deployed if ledger else lambda _: None,
        identity=identity,
        lost=state_loss(remembered, identity),
    )


def from_reports(root: Path, workspace: Workspace) -> Deployment:
    """Return what the committed reports say is deployed (`--offline`)."""
    statuses = read_statuses(root, workspace.environment)
    return Deployment(statuses=statuses, find=lambda _: None, identity=None, lost=None)


def state_loss(remembered: StateIdentity | None, found: StateIdentity | None) -> str | None:
    """Say how the state differs from the one that git remembers, None where it does not."""
    if remembered is None:
        return None
    if found is None:
        return f"git remembers state {remembered.lineage[:8]} #{remembered.serial}, there is none"
    if found.lineage != remembered.lineage:
        return f"git remembers state {remembered.lineage[:8]}, this one is {found.lineage[:8]}"
    if found.serial < remembered.serial:
        return f"git remembers serial {remembered.serial}, this state is at {found.serial}"
    return None


def compare(loaded: Loaded, deployment: Deployment) -> Diff:
    """Return which campaigns would change; no people are counted yet."""
    return diff(
        desired_campaigns(loaded),
        stopped=stopped_campaigns(loaded),
        known=frozenset(loaded.campaigns),
        deployed=deployment.statuses,
        find_deployed=deployment.find,
    )


def plan(
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
) -> Plan:
    """Lint and compare at one instant; count people only for what changes.

    `also_changed` are campaigns that differ from another revision: clock rules judge them as new.
    """
    if loaded.workspace is None:
        raise ValueError("a workspace that could not be read has no plan")
    # A state that is lost looks empty: planning against it would create everything again.
    moves = Diff(moves=(), findings=()) if deployment.lost else compare(loaded, deployment)
    changed = moves.changed | (also_changed or frozenset())
    context = _context(loaded, loaded.workspace, root, as_of, changed, tracked)
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
    return _with_law(planned, context, found, answered) if planned.pending else planned


def _with_law(
    planned: Plan, context: LintContext, found: Sequence[Finding], answered: Sequence[Finding]
) -> Plan:
    """Return the plan with what an apply keeps of the lint. None of it is digested."""
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
        stored = {**change.stored, "observed": {**change.stored["observed"], "law": kept}}
        return replace(change, stored=stored, ignored=ignored.get(change.campaign, ()))

    return replace(planned, law=law, changes=tuple(keep(change) for change in planned.changes))


def apply(
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
        report(
            ledger,
            change.campaign,
            root=root,
            environment=fresh.environment,
            now=written_at,
            timezone=timezone,
        )
    return applied, selection


def report(
    ledger: Ledger, campaign: str, *, root: Path, environment: str, now: datetime, timezone: str
) -> tuple[Report, Path] | None:
    """Rebuild a campaign's report from the ledger and write it; None where it is not deployed."""
    deployed = ledger.find_deployed(campaign)
    if deployed is None:
        return None
    built = build_report(ledger, deployed, environment, now)
    return built, write_report(root, built, timezone)


def evidence(ledger: Ledger, built: Report, path: Path) -> Evidence:
    """Write the evidence pack of a campaign whose report was just `built` from the same ledger."""
    deployed = ledger.find_deployed(built.campaign)
    if deployed is None:
        raise ValueError(f"campaign `{built.campaign}` has a report and is not deployed")
    return write_evidence(ledger, deployed, built, path)


def status(loaded: Loaded | None, ledger: Ledger | None, now: datetime) -> tuple[Progress, ...]:
    """Return where every campaign is, deployed or not, by id."""
    deployed = ledger.deployed() if ledger else {}
    orders = ledger.stop_orders() if ledger else ()
    rows = [progress(campaign, orders, now) for campaign in deployed.values()]
    if loaded is not None:
        stopped = stopped_campaigns(loaded)
        rows.extend(
            waiting(id_, campaign.title or id_, stopped.get(id_, "not applied yet"))
            for id_, campaign in loaded.campaigns.items()
            if id_ not in deployed and campaign.cancelled is None
        )
    return tuple(sorted(rows, key=lambda row: row.campaign))


def survey(
    workspace: Workspace,
    name: str,
    where: Condition,
    attributes: Mapping[str, DerivedAttribute],
) -> ResolvedCampaign:
    """Return an advertisement to `where` on every configured channel, that is only ever counted."""
    settings: dict[Channel, ChannelSettings] = {
        Channel.APP: AppSettings(),
        Channel.WEB: WebSettings(),
        Channel.KAKAO: KakaoSettings(),
        Channel.SMS: SmsSettings(),
    }
    return ResolvedCampaign(
        id=name,
        title=name,
        purpose=None,
        owner=None,
        kpi=(),
        copied_from=None,
        type=MessageType.ADVERTISING,
        basis=None,
        ad_label=LabelPosition.AUTO,
        urgent=None,
        sender=workspace.sender,
        consent=workspace.sources.consent,
        suppression=not workspace.sources.suppression_none,
        variants=(Variant(id="default", weight=1, template=Template(id=name)),),
        action={},
        channels={channel: settings[channel] for channel in workspace.channels},
        locale=workspace.locale,
        country=workspace.country,
        workspace_timezone=workspace.timezone,
        audience=where,
        exclude=(),
        attributes=attributes,
        expect=ExpectedSize(),
        holdout=0.0,
        winner=None,
        alternative={},
        send_to=SendTo.EVERY,
        acknowledge=(),
        on_unknown_resend=False,
        schedule=Schedule(at=datetime(2000, 1, 1)),  # noqa: DTZ001 - nothing is sent by it
    )


def _digest(ledger: Ledger, campaign: str) -> str | None:
    deployed = ledger.find_deployed(campaign)
    return deployed.digest if deployed else None
