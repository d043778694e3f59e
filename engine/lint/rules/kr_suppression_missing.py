"""Whoever refused is left out.

## What
A workspace with advertisements names its list of refusals: `sources.suppression`, or says
outright that there is none (`suppression: none`).

## Why
정보통신망법 제50조제2항: no advertisement to whoever refused or withdrew. The list outranks
consent, so it has to be read before every send.

## Fix
Add `suppression: {path: …}` under `sources` (columns `user_id` or `phone` or `token`, `channel`,
`since`). Write `suppression: none` only while nobody has been able to refuse yet.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Severity
from engine.lint.context import LintContext
from engine.lint.rule import Bad, Cites, Good, Hit, RuleMeta

META = RuleMeta(
    id="kr-suppression-missing",
    title="a workspace with advertisements has a suppression list",
    severity=Severity.ERROR,
    rests_on=Cites("ad_suppression", "KR"),
    jurisdictions=frozenset({"KR"}),
)
EXAMPLES = (
    Good("workspace: {sources: {suppression: none}}"),
    Bad(
        "workspace: {sources: {suppression: null}}",
        ("workspace", "sources"),
        "no suppression list",
    ),
    Bad(
        "{workspace: {sources: {suppression: null}}, campaign: {audience: everyone}}",
        ("workspace", "sources"),
        "advertisements go out",
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield one violation for the workspace, with the first advertisement that needs the list."""
    sources = context.workspace.sources
    if sources.suppression is not None or sources.suppression_none or not context.korean_ads:
        return
    yield Hit(
        message="there is no suppression list, and advertisements go out",
        at=context.workspace.origin / "sources",
        key=True,
        hint="add `suppression: {path: …}`, or `suppression: none` while nobody could refuse yet",
        campaign=context.korean_ads[0].id,
        jurisdiction="KR",
    )
