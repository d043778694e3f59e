"""A hand-typed 「(광고)」 stands at the very start of its text.

## What
A text of an advertisement that contains `(광고)` must start with it: nothing before it, no emoji,
no brand name, no variable.

## Why
시행령 별표 6: the mark stands where the advertisement starts. Behind other text it does not warn.

## Fix
Delete the typed label (the composer adds it), or move it to the front.

## 한국어
손으로 적은 「(광고)」는 글의 맨 앞에 있어야 합니다. 앞에 다른 글이나 이모지, 상표, 변수가 오면 안 됩니다.
시행령 별표 6은 광고가 시작되는 부분에 표시하라고 합니다.
고치려면 적은 표시를 지우거나(자동으로 붙습니다) 맨 앞으로 옮기세요.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Korean, Severity
from engine.law.label import LabelFault
from engine.lint.context import LintContext
from engine.lint.labels import excerpt, label_marks, what, what_ko
from engine.lint.rule import Bad, Cites, Good, Hit, RuleMeta

META = RuleMeta(
    id="kr-ad-label-not-leading",
    title="(광고) stands at the very start",
    severity=Severity.ERROR,
    rests_on=Cites("ad_label", "KR"),
    jurisdictions=frozenset({"KR"}),
    title_ko="(광고) 표시는 글의 맨 앞에 둡니다",
)
EXAMPLES = (
    Good("template: {locales: {ko: {title: '(광고) 20% 할인'}}}"),
    Bad(
        "template: {locales: {ko: {title: '20% 할인 (광고)'}}}",
        ("template", "locales", "ko", "title"),
        "`20% 할인 (광고)`",
        also=("kr-ad-label-duplicate",),
    ),
    Bad(
        "template: {locales: {ko: {title: '🔥(광고) 세일'}}}",
        ("template", "locales", "ko", "title"),
        "not at the start of the title",
        also=("kr-ad-label-duplicate",),
    ),
    Bad(
        "template: {redefine: {sms: {ko: {body: '샘플샵 (광고) 최대 50%'}}}}",
        ("template", "redefine", "sms", "ko", "body"),
        "not at the start of the body",
        also=("kr-ad-label-duplicate",),
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield the texts that are marked so."""
    for mark in context.once(label_marks).get(LabelFault.NOT_LEADING, ()):
        yield mark.hit(
            f"`(광고)` is not at the start of the {what(mark)}: `{excerpt(mark.text)}`",
            "delete it (it is added for you), or move it to the very front",
            Korean(
                f"(광고) 표시가 {what_ko(mark)}의 맨 앞에 있지 않습니다: `{excerpt(mark.text)}`",
                "지우거나(자동으로 붙습니다) 맨 앞으로 옮기세요",
            ),
        )
