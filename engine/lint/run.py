"""Runs rules, stamps what they report, lets comments answer it, and sorts what is left."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Protocol, cast

from engine.kernel.errors import PushformError
from engine.kernel.finding import Finding, Severity
from engine.kernel.place import sort_findings
from engine.kernel.source import SourceMap
from engine.lint.catalog import RULES
from engine.lint.context import LintContext
from engine.lint.due import law_day
from engine.lint.rule import Hit, Rule, RuleMeta
from engine.lint.suppress import answer_comments


class RuleCrashedError(PushformError):
    """A rule failed. A check of the law that did not run is no pass: exit 70."""

    def __init__(self, rule: str, error: Exception) -> None:
        super().__init__(
            f"the rule `{rule}` crashed: {type(error).__name__}: {error}",
            "this is a bug of pushform: please report it, with the file if you may",
        )


class _Clocked(Protocol):
    def passes_until(self, context: LintContext) -> Iterator[tuple[str, datetime]]: ...


def run_rules(context: LintContext, rules: Iterable[Rule] = RULES) -> tuple[Finding, ...]:
    """Return the findings of `rules`, sorted by place. Comments have been answered.

    The same mistake at the same place is reported once, however many campaigns share the text.
    Raises RuleCrashedError (exit 70), naming the rule.
    """
    rules = tuple(rules)
    return conclude(find(context, rules), context, rules)


def find(context: LintContext, rules: Iterable[Rule]) -> tuple[Finding, ...]:
    """Return the findings of `rules` as they are reported, before any comment is read."""
    return tuple(finding for rule in rules for finding in _run_rule(rule, context))


def conclude(
    found: Iterable[Finding], context: LintContext, rules: Iterable[Rule] = RULES
) -> tuple[Finding, ...]:
    """Return `found`, each mistake once, without what comments answer, sorted by place.

    The order of `found` does not matter: of two findings that say the same about the same place, an
    error stays before a warning, then the one of a campaign that is new or changed, then of the
    first. An error of a campaign that is history is a warning: nothing can be mended, so nothing is
    blocked.
    """
    once: dict[tuple[object, ...], Finding] = {}

    def turn(one: Finding) -> tuple[object, ...]:
        named = one.campaign is None or context.is_changed(one.campaign)
        return one.severity is not Severity.ERROR, not named, _rank(one)

    for finding in sorted((_told(one, context) for one in found), key=turn):
        once.setdefault((finding.rule, finding.at, finding.message), finding)
    metas = {rule.META.id: rule.META for rule in rules}
    answered = answer_comments(tuple(once.values()), metas, context)
    return in_order(answered, context.sources)


def _told(finding: Finding, context: LintContext) -> Finding:
    """Return `finding`, as a warning if it is an error of a campaign that is history."""
    campaign = finding.campaign
    if finding.severity is not Severity.ERROR or campaign is None or not context.is_over(campaign):
        return finding
    return replace(finding, severity=Severity.WARNING)


def in_order(findings: Iterable[Finding], sources: SourceMap) -> tuple[Finding, ...]:
    """Return `findings` sorted by place, in one order whatever order they come in."""
    return sort_findings(sorted(findings, key=_rank), sources)


def _rank(finding: Finding) -> tuple[str, ...]:
    particulars = (finding.campaign, finding.channel, finding.locale, finding.hint)
    return (finding.rule, finding.message, *(word or "" for word in particulars), str(finding.at))


def passing_until(context: LintContext, rules: Iterable[Rule] = RULES) -> Mapping[str, datetime]:
    """Return per campaign until when the clock rules that pass now will pass: a plan's end."""
    until: dict[str, datetime] = {}
    for rule in rules:
        if hasattr(rule, "passes_until"):
            for campaign, instant in cast("_Clocked", rule).passes_until(context):
                until[campaign] = min(instant, until.get(campaign, instant))
    return until


def _run_rule(rule: Rule, context: LintContext) -> Iterator[Finding]:
    return stamped(rule.check(context), rule.META, lambda campaign: law_day(context, campaign))


def stamped(
    hits: Iterator[Hit], meta: RuleMeta, day: Callable[[str | None], date]
) -> Iterator[Finding]:
    """Yield `hits` as findings of the rule `meta`. Raises RuleCrashedError if they fail to come.

    `day` tells of the campaign that a hit names (or of None) the day whose law the finding cites.
    """
    while True:
        try:
            hit = next(hits, None)
        except Exception as error:
            raise RuleCrashedError(meta.id, error) from error
        if hit is None:
            return
        yield stamp(hit, meta, day(hit.campaign))


def stamp(hit: Hit, meta: RuleMeta, on: date) -> Finding:
    """Return `hit` as a finding with the rule's id, severity and citation of that day."""
    severity: Severity = hit.severity if hit.severity is not None else meta.severity
    return Finding(
        rule=meta.id,
        severity=severity,
        message=hit.message,
        at=hit.at,
        hint=hit.hint,
        key=hit.key,
        campaign=hit.campaign,
        locale=hit.locale,
        channel=hit.channel,
        jurisdiction=hit.jurisdiction,
        citation=hit.citation or meta.citation(on),
        flips_at=hit.flips_at,
        korean=hit.korean,
    )
