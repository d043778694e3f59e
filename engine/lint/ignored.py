"""What comments ignore of a campaign, and why: a plan shows it to whoever approves."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from engine.kernel.finding import Finding
from engine.lint.catalog import RULES
from engine.lint.context import LintContext
from engine.lint.ignore_comments import read_comments
from engine.lint.suppress import answering
from engine.lint.texts import used_templates
from engine.model.plan import Ignored


def ignored_of(
    campaigns: Collection[str], found: Iterable[Finding], context: LintContext
) -> Mapping[str, tuple[Ignored, ...]]:
    """Return, per campaign of `campaigns`, the rules that comments answer, with their reasons.

    `found` are the findings before comments were read. One that names no campaign counts for all
    that use its file: the workspace, the campaign's own, or a template of it.
    """
    holding = read_comments({rule.META.id: rule.META for rule in RULES}, context).holding
    if not holding:
        return {}
    files = {id_: _files(id_, context) for id_ in campaigns}
    ignored: dict[str, set[Ignored]] = {}
    for finding in found:
        comment = answering(finding, holding, context.sources, set())
        if comment is None:
            continue
        one = Ignored(rule=finding.rule, reason=comment.reason, until=comment.until)
        for id_ in campaigns if finding.campaign is None else (finding.campaign,):
            if finding.campaign is not None or finding.at.file in files[id_]:
                ignored.setdefault(id_, set()).add(one)
    return {
        id_: tuple(sorted(ones, key=lambda one: (one.rule, one.reason, one.until)))
        for id_, ones in ignored.items()
    }


def _files(id_: str, context: LintContext) -> frozenset[str]:
    campaign = context.campaigns.get(id_)
    if campaign is None:
        return frozenset()
    templates = (template.origin.file for template in used_templates(campaign))
    return frozenset((context.workspace.origin.file, campaign.origin.file, *templates))
