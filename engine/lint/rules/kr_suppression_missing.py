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

## 한국어
광고가 있는 워크스페이스는 수신거부 명단(`sources.suppression`)을 밝히거나 없다고 분명히
적어야(`suppression: none`) 합니다. 정보통신망법 제50조제2항에 따라 수신을 거부하거나 동의를 철회한
사람에게는 광고를 보낼 수 없고, 명단은 동의보다 앞서므로 보낼 때마다 읽습니다.
고치려면 `sources`에 `suppression: {path: …}`를 더하세요. 아직 아무도 거부할 수 없었을 때만 `none`이라고
적습니다.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Korean, Severity
from engine.lint.context import LintContext
from engine.lint.rule import Bad, Cites, Good, Hit, RuleMeta

META = RuleMeta(
    id="kr-suppression-missing",
    title="a workspace with advertisements has a suppression list",
    severity=Severity.ERROR,
    rests_on=Cites("ad_suppression", "KR"),
    jurisdictions=frozenset({"KR"}),
    title_ko="광고가 있으면 수신거부 명단이 있어야 합니다",
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
        korean=Korean(
            "수신거부 명단이 없는데 광고가 나갑니다",
            "`suppression: {path: …}`를 더하거나, 아직 거부한 사람이 있을 수 없으면 `suppression: none`",
        ),
    )
