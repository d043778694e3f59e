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
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Severity
from engine.law.label import LabelFault
from engine.lint.context import LintContext
from engine.lint.labels import excerpt, label_marks, what
from engine.lint.rule import Bad, Cites, Good, Hit, RuleMeta, Setting

META = RuleMeta(
    id="kr-ad-label-missing",
    title="an advertisement to Korea starts with (광고)",
    severity=Severity.ERROR,
    rests_on=Cites("ad_label", "KR"),
    jurisdictions=frozenset({"KR"}),
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
        )
