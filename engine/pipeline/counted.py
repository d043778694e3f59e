"""Rules that count people, judged again by a plan's own counts: lint only knows what files expect."""

from __future__ import annotations

from collections.abc import Sequence
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


def judge_counted(
    planned: Plan, found: Sequence[Finding], context: LintContext, deployment: Deployment
) -> tuple[Finding, ...]:
    """Return `found` with what the daily limits of Kakao profiles come to by real audiences.

    A campaign that the plan counted counts with its KakaoTalk messages, one that is deployed and
    untouched with the people of its last apply.
    """
    if not has_quota(context.workspace, context.vendor):
        return tuple(found)
    sizes = {**_deployed(context, deployment), **context.sizes, **_planned(planned)}
    rule = kakao_daily_max
    hits = rule.judge(rule.gather(context, sizes))
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
        change.campaign: change.facts.deliveries.get(Channel.KAKAO, 0)
        for change in planned.pending
        if change.facts is not None
    }


def _deployed(context: LintContext, deployment: Deployment) -> dict[str, int]:
    """Return the people of deployed campaigns on KakaoTalk that are still to be sent."""
    found = {}
    for campaign, _ in context.once(kakao_campaigns):
        status, _ = deployment.statuses.get(campaign.id, (None, ""))
        if status is None or status in TERMINAL_STATUSES:
            continue
        deployed = deployment.find(campaign.id)
        if deployed is not None and deployed.users is not None:
            found[campaign.id] = deployed.users
    return found
