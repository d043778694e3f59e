"""Somebody has looked at the law of every country that gets advertisements.

## What
Every country that the audience of an advertisement names has a table in the law book, or belongs to
one that has (the European Union).

## Why
Without a table nobody knows its hours, its label, its register of refusals. The door then keeps to
our practice, 08:00–21:00 of the recipient's clock, and asks for consent; whether that is enough,
nobody checked.

## Fix
Leave the country out. Or have its law looked at and say so where the country is named:
`# pushform: ignore[jurisdiction-unknown] who looked, and what they found; until …`.

## 한국어
광고 대상 나라는 모두 법규 표가 있어야 합니다(유럽 연합 회원국은 EU 표를 씁니다). 표가 없으면 허용
시각도 표시 의무도 알 수 없고, 발송 때는 관행인 현지 08:00–21:00만 지킵니다.
고치려면 그 나라를 빼거나, 법을 확인한 뒤 나라가 적힌 줄에 `# pushform: ignore[jurisdiction-unknown]
확인한 사람과 내용; until …`을 적으세요.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Korean, Severity
from engine.law.book import has_profile
from engine.law.jurisdiction import find_country
from engine.lint.abroad import abroad
from engine.lint.context import LintContext
from engine.lint.rule import Bad, Good, Hit, RuleMeta, practice

META = RuleMeta(
    id="jurisdiction-unknown",
    title="somebody has looked at the law of every country that gets advertisements",
    severity=Severity.ERROR,
    rests_on=practice(
        "own-known-law",
        "no advertisement goes where nobody knows the law",
        title_ko="아무도 법을 모르는 나라에는 광고를 보내지 않습니다",
    ),
    title_ko="광고를 보내는 나라의 법은 확인되어 있어야 합니다",
)
_APP = "channels: {sms: null}, schedule: {at: '2026-09-24 10:00', timezone: recipient}}"
EXAMPLES = (
    Good("campaign: {audience: {attribute: country, eq: JP}, " + _APP),
    Good("campaign: {audience: {attribute: country, eq: NL}, " + _APP),
    Good(
        "campaign: {type: informational, basis: transaction,"
        " audience: {attribute: country, eq: VN}, channels: {sms: null},"
        " message: {template: sale}}\n"
        "template: {locales: {ko: {title: '{{ name }}님, 주문 접수', body: 주문을 받았습니다},"
        " en: {title: '{{ name }}, thank you', body: We have your order}}}"
    ),
    Bad(
        "campaign: {audience: {attribute: country, eq: VN}, " + _APP,
        ("campaign", "audience"),
        "nobody has looked at the law of VN",
    ),
    Bad(
        "campaign: {audience: {all: [{attribute: country, in: [KR, VN]}]}, " + _APP,
        ("campaign", "audience", "all", 0),
        "nobody has looked at the law of VN",
    ),
    Bad(
        "campaign: {audience: {attribute: country, eq: XX}, " + _APP,
        ("campaign", "audience"),
        "`XX` is no country",
        also=("foreign-window",),
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield countries without a table, each once for each place that names it."""
    for one in context.once(abroad):
        if has_profile(one.country):
            continue
        if find_country(one.country) is None:
            message, korean = (
                f"`{one.country}` is no country",
                f"나라 코드가 아닙니다: `{one.country}`",
            )
            hint, hint_ko = (
                "write its ISO 3166 code, such as `KR`",
                "`KR` 같은 ISO 3166 코드를 적으세요",
            )
        else:
            message = f"nobody has looked at the law of {one.country} on advertisements"
            korean = f"{one.country}의 광고 법규가 확인되지 않았습니다"
            hint = "leave it out of the audience, or have it looked at and answer with a comment"
            hint_ko = "대상에서 빼거나, 확인한 뒤 이유를 적은 주석을 다세요"
        yield Hit(
            message=message,
            at=one.at,
            hint=hint,
            campaign=one.campaign.id,
            jurisdiction=one.country,
            korean=Korean(korean, hint_ko),
        )
