"""A push with a title carries 「(광고)」 in the title.

## What
Where a push has a title, the label stands there and not only in the body.

## Why
시행령 별표 6 wants the mark where the information starts, and the title is read first. Whether
the body is enough has not been decided; consoles offer both places, so this is a warning.

## Fix
Write `ad_label: auto` (or `title`), or drop the title.

## 한국어
푸시에 제목이 있으면 「(광고)」 표시가 본문만이 아니라 제목에 있어야 합니다. 시행령 별표 6은 정보가
시작되는 부분에 표시하라고 하는데 제목이 먼저 읽히기 때문입니다. 본문 표시로 충분한지는 정해진 바가 없어
경고로 알립니다.
고치려면 `ad_label: auto`(또는 `title`)로 쓰거나 제목을 빼세요.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Korean, Severity
from engine.lint.context import LintContext
from engine.lint.labels import BODY_ONLY, excerpt, label_marks
from engine.lint.rule import Bad, Cites, Good, Hit, RuleMeta

META = RuleMeta(
    id="kr-ad-label-body-only",
    title="(광고) stands in the title if there is one",
    severity=Severity.WARNING,
    rests_on=Cites("ad_label", "KR"),
    jurisdictions=frozenset({"KR"}),
    title_ko="제목이 있으면 (광고) 표시는 제목에 둡니다",
)
EXAMPLES = (
    Good("campaign: {ad_label: auto}"),
    Good("campaign: {ad_label: title}"),
    Bad(
        "campaign: {ad_label: body}",
        ("template", "locales", "ko", "title"),
        "the title is read first",
    ),
    Bad(
        "{campaign: {ad_label: body}, template: {locales: {ko: {title: 주말 특가}}}}",
        ("template", "locales", "ko", "title"),
        "`주말 특가`",
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield the texts that are marked so."""
    for mark in context.once(label_marks).get(BODY_ONLY, ()):
        yield mark.hit(
            f"`(광고)` stands in the body, but the title is read first: `{excerpt(mark.text)}`",
            "write `ad_label: auto`",
            Korean(
                f"(광고) 표시가 본문에 있는데 제목이 먼저 읽힙니다: `{excerpt(mark.text)}`",
                "`ad_label: auto`로 쓰세요",
            ),
        )
