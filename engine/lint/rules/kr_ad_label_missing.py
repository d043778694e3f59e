"""An advertisement to a Korean resident starts with 「(광고)」.

## What
The first text that is seen (the title of a push if there is one, else the body; the body of a
text message) must start with the five characters `(광고)`, in every language. The composer puts
them there; this rule looks at what it made, for every locale, variant and channel. Brand Messages
are left out: Kakao shows the label beside the profile's name.

## Why
정보통신망법 제50조제4항 with 시행령 별표 6: an advertisement is marked where it starts. Without
the mark it is a fine of up to 30,000,000 won (제76조제2항제8호), whatever the recipient agreed
to.

## Fix
Leave `ad_label: auto`, or write `(광고)` at the very start of the text yourself.

## 한국어
한국 수신자에게 가는 광고는 어느 언어든 가장 먼저 보이는 글(푸시는 제목이 있으면 제목, 없으면 본문,
문자는 본문)이 다섯 글자 「(광고)」로 시작해야 합니다. 정보통신망법 제50조제4항과 시행령 별표 6에 따른
것으로, 어기면 3천만 원 이하의 과태료입니다(제76조제2항제8호). 브랜드 메시지는 카카오가 프로필 옆에
표시하므로 보지 않습니다.
고치려면 `ad_label: auto`로 두거나 글 맨 앞에 직접 「(광고)」라고 쓰세요.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Korean, Severity
from engine.law.label import LabelFault
from engine.lint.context import LintContext
from engine.lint.labels import excerpt, label_marks, what, what_ko
from engine.lint.rule import Bad, Cites, Good, Hit, RuleMeta, Setting

META = RuleMeta(
    id="kr-ad-label-missing",
    title="an advertisement to Korea starts with (광고)",
    severity=Severity.ERROR,
    rests_on=Cites("ad_label", "KR"),
    jurisdictions=frozenset({"KR"}),
    title_ko="한국으로 가는 광고는 (광고)로 시작합니다",
)
EXAMPLES = (
    Good("campaign: {ad_label: auto}"),
    Good("template: {locales: {ko: {title: '(광고) 오늘만 20% 할인'}}}"),
    Bad(
        "campaign: {type: advertising}",
        ("template", "locales", "ko", "title"),
        "`오늘만 20% 할인`",
        Setting(composed={"channel": "app", "title": "오늘만 20% 할인", "body": "전 상품"}),
        also=("kr-ad-optout-missing",),
    ),
    Bad(
        "campaign: {type: advertising}",
        ("template", "redefine", "sms", "ko", "body"),
        "the body",
        Setting(
            composed={"channel": "sms", "body": "샘플샵 전 상품 20%↓ 무료수신거부 080-000-0000"}
        ),
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield the texts that are marked so."""
    for mark in context.once(label_marks).get(LabelFault.MISSING, ()):
        yield mark.hit(
            f"the {what(mark)} of an advertisement does not start with `(광고)`:"
            f" `{excerpt(mark.text)}`",
            "leave `ad_label: auto`, or start the text with `(광고)`",
            Korean(
                f"광고의 {what_ko(mark)}이 `(광고)`로 시작하지 않습니다: `{excerpt(mark.text)}`",
                "`ad_label: auto`로 두거나 글을 `(광고)`로 시작하세요",
            ),
        )
