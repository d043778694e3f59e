"""The label stands there once.

## What
A composed message carries `(광고)` in one place: not twice in a text, not in the title and the
body.

## Why
Nothing forbids a second label, but it costs six bytes of ninety in a text message and looks like
a mistake, because it is one: somebody typed what is added anyway (cs.kakao.com: Kakao adds it as
well).

## Fix
Delete the label from the texts. A hand-typed label at the very start is recognised and not
doubled.

## 한국어
완성된 메시지에 「(광고)」는 한 번만 나와야 합니다. 한 글에 두 번, 또는 제목과 본문에 한 번씩 있으면
알립니다. 법이 금지하지는 않지만 자동으로 붙는 표시를 손으로 또 적은 실수이고, 90바이트인 문자에서
6바이트를 더 씁니다.
고치려면 글에서 표시를 지우세요. 맨 앞에 손으로 적은 표시는 알아보고 겹쳐 붙이지 않습니다.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Korean, Severity
from engine.law.label import LabelFault
from engine.lint.context import LintContext
from engine.lint.labels import excerpt, label_marks
from engine.lint.rule import Bad, Cites, Good, Hit, RuleMeta

META = RuleMeta(
    id="kr-ad-label-duplicate",
    title="(광고) stands there once",
    severity=Severity.WARNING,
    rests_on=Cites("ad_label", "KR"),
    jurisdictions=frozenset({"KR"}),
    title_ko="(광고) 표시는 한 번만 합니다",
)
EXAMPLES = (
    Good("template: {locales: {ko: {title: '(광고) 추석 특가', body: '(광고) 전 상품'}}}"),
    Bad(
        "template: {locales: {ko: {title: '(광고)(광고) 추석 특가'}}}",
        ("template", "locales", "ko", "title"),
        "more than once",
    ),
    Bad(
        "template: {redefine: {sms: {ko: {body: '(광고) 최대 50% (광고)'}}}}",
        ("template", "redefine", "sms", "ko", "body"),
        "more than once",
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield the texts that are marked so."""
    for mark in context.once(label_marks).get(LabelFault.DUPLICATE, ()):
        yield mark.hit(
            f"`(광고)` stands there more than once: `{excerpt(mark.text)}`",
            "type it nowhere: it is added for you",
            Korean(
                f"(광고) 표시가 두 번 이상 있습니다: `{excerpt(mark.text)}`",
                "직접 적지 마세요. 자동으로 붙습니다",
            ),
        )
