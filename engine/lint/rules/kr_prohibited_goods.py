"""Nobody advertises what may not be sold.

## What
No text to Korea, whatever its `type`, offers gambling, illegal loans, cash for phone bills, drugs,
medicines without their prescription, bank accounts for sale, forged papers or prostitution, in the words
of those who do (먹튀 없는 바카라, 슬롯사이트, 사설 토토, 온라인 홀덤, 무직자 당일 대출, 소액결제 현금화,
비아그라 처방전 없이 …), also with dots between the letters
(바.카.라), after filling in the samples. 마약김밥, 바카라 크리스탈, 토토로, 회사채 and help against
addiction are no offers, nor are sentences of informational messages that warn (주의, 신고, 예방, 피해 …).

## Why
정보통신망법 제50조의8: no advertisement for goods and services whose sale the law forbids. It is a
crime: up to three years or 30,000,000 won (제72조). What offers them is an advertisement, also where the
file says `type: informational`.

The law forbids the goods, the words are only their sign. So a comment may answer this rule, unlike others
that rest on statute: `# pushform: ignore[kr-prohibited-goods] reason; until 2026-12-31`. Plans show it.

## Fix
Take it out. Where the product is lawful, name it so that nobody takes it for the other one.

## 한국어
한국으로 가는 메시지는 유형이 무엇이든 판매가 금지된 재화·서비스(불법 도박, 불법 대출, 소액결제 현금화,
마약, 처방 없는 전문의약품, 통장 매매, 서류 위조, 성매매 등)를 권하면 안 됩니다. 「바.카.라」처럼
글자 사이에 점을 넣어도 알아봅니다. 정보통신망법 제50조의8이 금지하며 3년 이하의 징역 또는 3천만 원
이하의 벌금에 해당합니다(제72조). 마약김밥, 바카라 크리스탈, 토토로, 회사채, 중독 예방 안내는
해당하지 않고, 정보성 메시지에서 주의·신고·예방을 알리는 문장도 보지 않습니다. 법령 규칙이지만 낱말만 보고
판단하므로, 적법한 상품이라면 이유와 기한을 적은 주석으로 답할 수 있고 계획에 그 이유가 보입니다.
고치려면 그 문구를 빼거나, 적법한 상품이라면 오해하지 않을 이름으로 바꾸세요.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.kernel.finding import Korean, Severity
from engine.lint.context import LintContext
from engine.lint.every_text import every_text
from engine.lint.lexicon import GOODS_TRIGGER, goods_in, goods_pattern
from engine.lint.promotion_contexts import sentence_at
from engine.lint.rule import Bad, Cites, Good, Hit, RuleMeta
from engine.lint.said import is_korean, said_in

META = RuleMeta(
    id="kr-prohibited-goods",
    title="nobody advertises what may not be sold",
    severity=Severity.ERROR,
    rests_on=Cites("prohibited_goods", "KR"),
    jurisdictions=frozenset({"KR"}),
    title_ko="판매가 금지된 것은 광고하지 않습니다",
    by_words=True,
)
_INFO = (
    "{campaign: {type: informational, basis: transaction, channels: {sms: null}},"
    " template: {redefine: null, locales: {en: null, ko: {title: '{{ name }}님께', body: '%s'}}}}"
)
EXAMPLES = (
    Good(
        "template: {locales: {ko: {title: '{{ name }}님, 마약김밥 특가', body: 바카라 크리스탈 잔 증정}}}"
    ),
    Bad(
        "template: {locales: {ko: {body: 먹튀없는 바카라}}}",
        ("template", "locales", "ko", "body"),
        "`먹튀` offers",
    ),
    Bad(
        "template: {redefine: {sms: {ko: {body: '무직자 당일 대출 {{ link }}'}}}}",
        ("template", "redefine", "sms", "ko", "body"),
        "`무직자 당일 대출` offers",
    ),
    Bad(
        "template: {locales: {ko: {body: '소액결제 현금화 최저 수수료'}}}",
        ("template", "locales", "ko", "body"),
        "`소액결제 현금화` offers",
    ),
    Bad(
        "template: {locales: {ko: {body: '슬롯사이트 무료 스핀'}}}",
        ("template", "locales", "ko", "body"),
        "`슬롯사이트` offers",
    ),
    Bad(
        "template: {locales: {ko: {body: '비아그라 처방전 없이 당일 배송'}}}",
        ("template", "locales", "ko", "body"),
        "`비아그라 처방전 없이` offers",
    ),
    Bad(
        "template: {redefine: {sms: {ko: {body: '바.카.라 실시간 입출금 {{ link }}'}}}}",
        ("template", "redefine", "sms", "ko", "body"),
        "`바.카.라` offers",
    ),
    Bad(
        "template: {variables: {name: {sample: 온라인 카지노}}}",
        ("template", "locales", "ko", "title"),
        "`온라인 카지노` offers",
    ),
    Good(_INFO % "불법 도박 문자가 늘고 있으니 주의하세요. 통장 매매는 범죄입니다"),
    Bad(
        _INFO % "온라인 카지노 입금이 확인되었습니다",
        ("template", "locales", "ko", "body"),
        "`온라인 카지노` offers",
    ),
)


_WARNS = re.compile(
    r"주의|조심|신고|예방|피해|차단|단속|처벌|적발|금지|근절|사칭|피싱|스미싱|속지|의심|중독|상담\s?(?:센터|전화)"
    r"|불법(?:이|입)|범죄|(?:않도록|마세요|마십시오|안\s?됩니다)"
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield the offers of forbidden goods in messages to Korea."""
    for one in context.once(every_text):
        if not one.may_say(GOODS_TRIGGER) or not is_korean(context, one):
            continue
        judge = goods_in if one.campaign.advertising else offered_in
        for said in said_in(context, one, goods_pattern(), judge):
            yield said.hit(
                f"`{said.words}` offers what may not be sold or advertised",
                "take it out, or name a lawful product so that nobody mistakes it",
                Korean(
                    f"판매·광고가 금지된 것을 권하는 말이 있습니다: `{said.words}`",
                    "빼거나, 적법한 상품이라면 오해하지 않을 이름으로 바꾸세요",
                ),
            )


def offered_in(text: str) -> str | None:
    """Return the words of an informational `text` that offer such goods, or None.

    Banks and the police name them to warn.
    """
    for found in goods_pattern().finditer(text):
        if not _WARNS.search(sentence_at(text, *found.span())):
            return found[0].strip()
    return None
