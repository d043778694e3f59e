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
        "`sale`",
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield one violation for the workspace, naming an advertisement that needs the list."""
    sources = context.workspace.sources
    if sources.suppression is not None or sources.suppression_none or not context.korean_ads:
        return
    first = context.korean_ads[0]
    yield Hit(
        message=f"there is no suppression list, and `{first.id}` is an advertisement",
        at=context.workspace.origin / "sources",
        key=True,
        hint="add `suppression: {path: …}`, or `suppression: none` while nobody could refuse yet",
        jurisdiction="KR",
    )
