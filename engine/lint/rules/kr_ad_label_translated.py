"""The label stays Korean in every language.

## What
No text of an advertisement to Korea starts with `(AD)`, `AD)`, `[AD]`, `(Advertisement)`,
`(広告)` …

## Why
시행령 별표 6 fixes the literal `(광고)`. A person in Korea who reads English or Japanese is
protected by the same article; the label is a sign for filters as much as a word.

## Fix
Delete the translated label. The composer puts `(광고)` in front for Korean residents and nothing
for others.

## 한국어
「(광고)」 표시는 어느 언어에서도 번역하지 않습니다. 한국으로 가는 광고가 `(AD)`, `(Advertisement)`,
`(広告)` 등으로 시작하면 알립니다. 시행령 별표 6이 「(광고)」라는 글자를 정하고 있고, 영어나 일본어로
읽는 사람도 한국에 있으면 같은 조항의 보호를 받습니다.
고치려면 번역한 표시를 지우세요. 한국 수신자에게만 「(광고)」가 자동으로 붙습니다.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Korean, Severity
from engine.law.label import LabelFault
from engine.lint.context import LintContext
from engine.lint.labels import excerpt, label_marks, what, what_ko
from engine.lint.rule import Bad, Cites, Good, Hit, RuleMeta, Setting

META = RuleMeta(
    id="kr-ad-label-translated",
    title="(광고) is not translated",
    severity=Severity.ERROR,
    rests_on=Cites("ad_label", "KR"),
    jurisdictions=frozenset({"KR"}),
    title_ko="(광고) 표시는 번역하지 않습니다",
)
EXAMPLES = (
    Good("template: {locales: {en: {title: '{{ name }}, 20% off today'}}}"),
    Bad(
        "template: {locales: {en: {title: '(Advertisement) 20% off, {{ name }}'}}}",
        ("template", "locales", "en", "title"),
        "`(Advertisement) 20% off",
    ),
    Bad(
        "template: {locales: {en: {body: '(AD) Everything must go'}}}",
        ("template", "locales", "en", "body"),
        "the body starts with a translated label",
    ),
    Bad(
        "campaign: {type: advertising}",
        ("template", "locales", "ko", "title"),
        "`(廣告) 오늘만 20%`",
        Setting(
            composed={
                "channel": "app",
                "title": "(廣告) 오늘만 20%",
                "body": "전 상품\n수신거부: 앱 > 설정 > 알림",
            }
        ),
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield the texts that are marked so."""
    for mark in context.once(label_marks).get(LabelFault.TRANSLATED, ()):
        yield mark.hit(
            f"the {what(mark)} starts with a translated label: `{excerpt(mark.text)}`",
            "delete it: `(광고)` is added for recipients in Korea, in every language",
            Korean(
                f"{what_ko(mark)}이 번역한 광고 표시로 시작합니다: `{excerpt(mark.text)}`",
                "지우세요. 한국 수신자에게는 어느 언어든 `(광고)`가 자동으로 붙습니다",
            ),
        )
