"""Turn one move into a change: its texts, people, times, costs, guards, and until when it holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from engine.kernel.digest import digest
from engine.kernel.instant import end_of_day, find_zone
from engine.law.ramp import ramp_of
from engine.model.deployment import TERMINAL_STATUSES
from engine.model.facts import AudienceFacts, Membership
from engine.model.plan import Action, Category, Change, Guard, Timing
from engine.model.resolved import ResolvedCampaign
from engine.model.stored import from_plain
from engine.plan import guards
from engine.plan.content import change_digest
from engine.plan.cost import costs_of
from engine.plan.diff import Move
from engine.plan.extremes import guard_extremes
from engine.plan.going import going_of
from engine.plan.surroundings import Surroundings
from engine.plan.texts import count_samples, diff_texts
from engine.plan.timing import earliest, estimate_timing
from engine.plan.waves import lead_of


def change_of(move: Move, around: Surroundings) -> Change:
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
        people=facts.people if facts else {},
        ramps={channel: ramp_of(one) for channel, one in around.workspace.channels.items()},
    )
    lifts = _campaign_guards(move, campaign, facts, around)
    clock = (guards.guard_finish(campaign, timing), guards.guard_night(campaign, timing))
    found = (
        *(lift.guard for lift in lifts),
        *(guard for guard in clock if guard),
        *guards.guard_providers(campaign, around.unavailable),
        *_extremes(campaign, around),
    )
    going = going_of(facts, timing)
    flips = (lift.flips_at for lift in lifts)
    return replace(
        change,
        not_after=earliest((*_deadlines(move, campaign, timing, around), *flips)),
        timing=timing,
        facts=facts,
        membership=membership,
        costs=costs_of(
            campaign,
            going.messages if going else {},
            around.workspace.channels,
            change.stored["samples"],
        ),
        guards=found,
    )


def _deadlines(
    move: Move, campaign: ResolvedCampaign, timing: Timing, around: Surroundings
) -> tuple[datetime | None, ...]:
    """Return until when the times of the change, of what it replaces and of its clock rules hold."""
    lead = lead_of(campaign, around.as_of)
    old_due = move.deployed.due_at if move.deployed and not _ended(move) else None
    return (
        timing.due_at - lead,
        old_due - lead if old_due else None,
        _urgency_ends(campaign, lead),
        around.passing_until.get(campaign.id),
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
