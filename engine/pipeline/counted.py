"""Rules that count people, judged again by a plan's own counts: lint only knows what files expect."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import replace

from engine.kernel.finding import Finding, Korean
from engine.lint.context import LintContext
from engine.lint.due import law_day
from engine.lint.rules import kakao_daily_max
from engine.lint.run import stamped
from engine.lint.vendor import has_quota, kakao_campaigns
from engine.model.channel import Channel
from engine.model.deployment import TERMINAL_STATUSES
from engine.model.plan import Action, Guard, Plan
from engine.pipeline.deployed import Deployment
from engine.plan.going import going_of


def judge_counted(
    planned: Plan, found: Sequence[Finding], context: LintContext, deployment: Deployment
) -> tuple[Finding, ...]:
    """Return `found` with what the daily limits of Kakao profiles come to by real audiences.

    A campaign that the plan counted counts with the KakaoTalk messages that go out at its hour, one
    that is deployed and untouched with those of its last apply. An apply of an earlier version kept
    only how many people there were: that is at most as many.
    """
    if not has_quota(context.workspace, context.vendor):
        return tuple(found)
    known = {**context.sizes, **_planned(planned)}
    deployed = _deployed(context, deployment, known)
    sizes = {**{id_: count for id_, (count, _) in deployed.items()}, **known}
    at_most = frozenset(id_ for id_, (_, bound) in deployed.items() if bound)
    rule = kakao_daily_max
    hits = rule.judge(rule.gather(context, sizes, at_most))
    others = (finding for finding in found if finding.rule != rule.META.id)
    return (*others, *stamped(hits, rule.META, lambda campaign: law_day(context, campaign)))


def with_counted(planned: Plan, answered: Sequence[Finding], context: LintContext) -> Plan:
    """Return `planned` with what `answered` has of such rules beside the limits of each change.

    Lint's warnings are not shown in a plan, and only the plan knows of these.
    """
    told: dict[str, list[Guard]] = {}
    for finding in answered:
        if finding.rule == kakao_daily_max.META.id and finding.campaign is not None:
            told.setdefault(finding.campaign, []).append(_warning(finding, context))
    changes = (
        replace(change, guards=(*change.guards, *told[change.campaign]))
        if change.campaign in told and change.action is not Action.NONE
        else change
        for change in planned.changes
    )
    return replace(planned, changes=tuple(changes)) if told else planned


def _warning(finding: Finding, context: LintContext) -> Guard:
    korean = finding.korean
    place = context.sources.locate(finding.at)
    return Guard(
        name=finding.rule,
        passed=True,
        message=f"warning: {finding.message}",
        hint=finding.hint,
        path=finding.at.file,
        line=place.line,
        column=place.column,
        korean=korean and Korean(f"경고: {korean.message}", korean.hint),
    )


def _planned(planned: Plan) -> dict[str, int]:
    return {
        change.campaign: going.messages.get(Channel.KAKAO, 0)
        for change in planned.pending
        if (going := going_of(change.facts, change.timing)) is not None
    }


def _deployed(
    context: LintContext, deployment: Deployment, known: Container[str]
) -> dict[str, tuple[int, bool]]:
    """Return the KakaoTalk messages of deployed campaigns that are still to be sent.

    The second says that there are at most so many: it is people, on whatever channels.
    """
    found = {}
    for campaign, _ in context.once(kakao_campaigns):
        status, _ = deployment.statuses.get(campaign.id, (None, ""))
        if status is None or status in TERMINAL_STATUSES or campaign.id in known:
            continue
        deployed = deployment.find(campaign.id)
        if deployed is None:
            continue
        messages = deployed.stored.get("observed", {}).get("messages")
        if messages is not None:
            found[campaign.id] = int(messages.get(Channel.KAKAO, 0)), False
        elif deployed.users is not None:
            found[campaign.id] = deployed.users, True
    return found
