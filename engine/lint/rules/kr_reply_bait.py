"""An advertisement does not pretend to be something else.

## What
No text of an advertisement to Korea looks like an answer (`RE:`), a missed call (부재중 전화), a parcel
that came back (택배 반송), a bill, a fine, a payment (`[결제완료]`) or a prize that somebody won, after
filling in the samples. A name in capitals right behind the sign (`RE:NEW`) is no answer.

## Why
정보통신망법 제50조제5항: no deceiving of recipients to make them reply, no hiding of who sends and why.
It is a crime: up to one year or 10,000,000 won (제74조제1항제4호). Which words deceive is experience, so
this is a warning for people to weigh.

Statute forbids the deceit, the words are only its sign. So a comment may answer this rule, unlike others
that rest on statute: `# pushform: ignore[kr-reply-bait] reason; until 2026-12-31`. Plans show it.

## Fix
Say what it is: an offer, by name.

## 한국어
한국으로 가는 광고가 답장(`RE:`), 부재중 전화, 택배 반송, 미납·과태료 고지, 결제 완료, 당첨 통지처럼
보이면 안 됩니다. 정보통신망법 제50조제5항은 받는 사람을 속여 회신하게 하거나 신원과 목적을 숨기는 일을
금지하며, 1년 이하의 징역 또는 1천만 원 이하의 벌금에 해당합니다. 어떤 말이 속이는 말인지는 경험에
따른 것이므로 경고로 알립니다. 법령 규칙이지만 낱말만 보고 판단하므로, 속이는 글이 아니라면 이유와 기한을
적은 주석으로 답할 수 있고 계획에 그 이유가 보입니다.
고치려면 무엇을 권하는 광고인지 그대로 쓰세요.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Korean, Severity
from engine.lint.context import LintContext
from engine.lint.every_text import every_text
from engine.lint.lexicon import BAIT_TRIGGER, bait_in, bait_pattern
from engine.lint.rule import Bad, Cites, Good, Hit, RuleMeta
from engine.lint.said import is_korean, said_in

META = RuleMeta(
    id="kr-reply-bait",
    title="an advertisement does not pretend to be something else",
    severity=Severity.WARNING,
    rests_on=Cites("ad_deception", "KR"),
    jurisdictions=frozenset({"KR"}),
    title_ko="광고는 다른 것인 척하지 않습니다",
    by_words=True,
)
EXAMPLES = (
    Good("template: {locales: {ko: {body: '부재중이셔도 문 앞에 놓아 드리는 새벽 배송'}}}"),
    Good("template: {locales: {ko: {title: 'RE:NEW 리뉴 세럼, {{ name }}님'}}}"),
    Bad(
        "template: {locales: {ko: {title: '[부재중] {{ name }}님 확인하세요'}}}",
        ("template", "locales", "ko", "title"),
        "`[부재중` looks like",
    ),
    Bad(
        "template: {redefine: {sms: {ko: {body: '택배 반송 예정 {{ link }}'}}}}",
        ("template", "redefine", "sms", "ko", "body"),
        "`택배 반송` looks like",
    ),
    Bad(
        "template: {locales: {en: {title: 'RE: your question, {{ name }}'}}}",
        ("template", "locales", "en", "title"),
        "looks like",
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield the words of advertisements to Korea that pretend."""
    for one in context.once(every_text):
        if not one.campaign.advertising or not one.may_say(BAIT_TRIGGER):
            continue
        if not is_korean(context, one):
            continue
        for said in said_in(context, one, bait_pattern(), bait_in):
            words = said.words.removeprefix("(광고)").strip()
            yield said.hit(
                f"`{words}` looks like something else than an advertisement",
                "say what is offered; nobody may be tricked into opening or answering it",
                Korean(
                    f"광고가 아닌 것처럼 보이는 말이 있습니다: `{words}`",
                    "속여서 열거나 답하게 하지 말고 무엇을 권하는지 쓰세요",
                ),
            )
