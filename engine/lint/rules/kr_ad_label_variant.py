"""The label is `(광고)`, not something like it.

## What
No text of an advertisement starts with a look-alike: `(광 고)`, `(광.고)`, `(광ㆍ고)`, `(광1고)`,
`[광고]`, `("광고")`, `<광고>`, `(대출광고)`, `(광고성 정보)`, `광고)`.

## Why
시행령 별표 6 forbids blanks, signs and letters inside the mark that hinder its filtering.
Operators refuse such messages. The mark that the composer adds does not heal the look-alike
behind it.

## Fix
Delete it, or write `(광고)`: U+0028 U+AD11 U+ACE0 U+0029.

## 한국어
「(광고)」 표시는 법이 정한 글자 그대로 써야 합니다. `(광 고)`, `(광ㆍ고)`, `[광고]`, `<광고>`,
`(대출광고)`, `(광고성 정보)`, `광고)` 같은 비슷한 표시로 시작하면 안 됩니다. 시행령 별표 6은 표시 안에
빈칸·기호·글자를 넣어 차단을 피하는 것을 금지하며 발송 업체도 이런 메시지를 거절합니다.
고치려면 지우거나 정확히 「(광고)」라고 쓰세요.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Korean, Severity
from engine.law.label import LabelFault
from engine.lint.context import LintContext
from engine.lint.labels import excerpt, label_marks, what, what_ko
from engine.lint.rule import Bad, Cites, Good, Hit, RuleMeta

META = RuleMeta(
    id="kr-ad-label-variant",
    title="(광고) is spelt as the law spells it",
    severity=Severity.ERROR,
    rests_on=Cites("ad_label", "KR"),
    jurisdictions=frozenset({"KR"}),
    title_ko="(광고) 표시는 정해진 글자 그대로 씁니다",
)
EXAMPLES = (
    Good("template: {locales: {ko: {title: '광고 없는 프리미엄 출시'}}}"),
    Bad(
        "template: {locales: {ko: {title: '(광 고) 추석 특가'}}}",
        ("template", "locales", "ko", "title"),
        "`(광 고) 추석 특가`",
    ),
    Bad(
        "template: {locales: {ko: {body: '[광고] 전 상품 20%'}}}",
        ("template", "locales", "ko", "body"),
        "the body starts with a look-alike",
    ),
    Bad(
        "template: {redefine: {sms: {ko: {body: '(대출광고) 최대 50%'}}}}",
        ("template", "redefine", "sms", "ko", "body"),
        "`(대출광고) 최대 50%`",
    ),
    Bad(
        "template: {locales: {ko: {title: '(광ㆍ고) 추석 특가'}}}",
        ("template", "locales", "ko", "title"),
        "`(광ㆍ고) 추석 특가`",
    ),
    Bad(
        "template: {locales: {ko: {body: '(광고성 정보) 전 상품 20%'}}}",
        ("template", "locales", "ko", "body"),
        "`(광고성 정보) 전 상품 20%`",
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield the texts that are marked so."""
    for mark in context.once(label_marks).get(LabelFault.VARIANT, ()):
        yield mark.hit(
            f"the {what(mark)} starts with a look-alike of `(광고)`: `{excerpt(mark.text)}`",
            "delete it (the label is added for you), or write exactly `(광고)`",
            Korean(
                f"{what_ko(mark)}이 `(광고)`와 비슷한 표시로 시작합니다: `{excerpt(mark.text)}`",
                "지우거나(자동으로 붙습니다) 정확히 `(광고)`라고 쓰세요",
            ),
        )
