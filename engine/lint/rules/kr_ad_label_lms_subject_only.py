"""A long text message carries 「(광고)」 in its body.

## What
The body of an LMS or MMS starts with `(광고)`; a label in the subject alone does not count.

## Why
시행령 별표 6. Phones and filters show the body; a subject may be cut or left out (phps.kr FAQ
35210).

## Fix
Leave the label to the composer, or start the `body` with it.

## 한국어
장문 문자(LMS·MMS)는 제목이 아니라 본문이 「(광고)」로 시작해야 합니다. 제목에만 있는 표시는 인정되지
않습니다(시행령 별표 6, phps.kr FAQ 35210). 휴대전화와 스팸 차단기는 본문을 보여 주고 제목은 잘릴 수
있습니다.
고치려면 표시를 자동에 맡기거나 `body`를 「(광고)」로 시작하세요.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Korean, Severity
from engine.lint.context import LintContext
from engine.lint.labels import LMS_SUBJECT_ONLY, excerpt, label_marks
from engine.lint.rule import Bad, Cites, Good, Hit, RuleMeta, Setting

META = RuleMeta(
    id="kr-ad-label-lms-subject-only",
    title="a long text message has (광고) in its body",
    severity=Severity.ERROR,
    rests_on=Cites("ad_label", "KR"),
    jurisdictions=frozenset({"KR"}),
    title_ko="장문 문자는 본문에 (광고) 표시를 둡니다",
)
EXAMPLES = (
    Good("template: {redefine: {sms: {ko: {title: 추석 특가, body: '최대 50% 할인'}}}}"),
    Bad(
        "campaign: {type: advertising}",
        ("template", "redefine", "sms", "ko", "body"),
        "in the subject of a text message",
        Setting(
            composed={
                "channel": "sms",
                "title": "(광고) 세일",
                "body": "샘플샵 최대 50% 무료수신거부 080-000-0000",
            }
        ),
    ),
    Bad(
        "campaign: {ad_label: title}",
        ("template", "redefine", "sms", "ko", "body"),
        "`샘플샵 주말 특가 무료수신거부",
        Setting(
            composed={
                "channel": "sms",
                "title": "(광고)주말 특가",
                "body": "샘플샵 주말 특가 무료수신거부 080-000-0000",
            }
        ),
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield the texts that are marked so."""
    for mark in context.once(label_marks).get(LMS_SUBJECT_ONLY, ()):
        yield mark.hit(
            "`(광고)` stands in the subject of a text message and not in its body:"
            f" `{excerpt(mark.text)}`",
            "start the `body` with `(광고)`, or leave it to `ad_label: auto`",
            Korean(
                f"(광고) 표시가 문자의 제목에만 있고 본문에 없습니다: `{excerpt(mark.text)}`",
                "`body`를 `(광고)`로 시작하거나 `ad_label: auto`에 맡기세요",
            ),
        )
