"""The two-yearly question about consent promotes nothing.

## What
No text of an informational campaign with `notice: consent_recheck` to Korea holds words that promote
(할인, 쿠폰, 혜택, 이벤트 …; the same words as for `kr-info-contains-promo`), after filling in the samples.
무료 of the number by which people withdraw (`080-000-0000(무료)`) promotes nothing.
As `type: advertising` it may, with everything that an advertisement needs.

## Why
시행령 제62조의3제2항 says what the notice contains; `동의를 유지하면 쿠폰!` turns the notice itself into an
advertisement (정보통신망법 제50조), which those who would withdraw do not want.

## Fix
Take the words out, or send it as `type: advertising`.

## 한국어
2년마다 하는 수신동의 확인 통지(`notice: consent_recheck`)에 할인·쿠폰·혜택 같은 홍보하는 말이 있으면 안
됩니다. 「동의를 유지하면 쿠폰!」 같은 말이 들어가면 통지 자체가 광고가 됩니다(정보통신망법 제50조, 시행령
제62조의3제2항).
고치려면 그 말을 빼거나 `type: advertising`으로 보내세요.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Korean, Severity
from engine.lint.context import LintContext
from engine.lint.every_text import every_text
from engine.lint.lexicon import promo_pattern, promotion_in
from engine.lint.rule import Bad, Cites, Good, Hit, RuleMeta
from engine.lint.said import is_korean, said_in
from engine.model.legal import Notice

META = RuleMeta(
    id="kr-recheck-notice-promo",
    title="the two-yearly question promotes nothing",
    severity=Severity.ERROR,
    rests_on=Cites("consent_reconfirm_fields", "KR"),
    jurisdictions=frozenset({"KR"}),
    title_ko="수신동의 확인 통지에는 홍보가 없어야 합니다",
)
_NOTICE = (
    "{campaign: {type: informational, basis: contract, notice: consent_recheck,"
    " channels: {sms: null}}, template: {redefine: null, variables: {name: null, agreed: {type: date,"
    " from: user.ad_confirmed_at, sample: '2024-11-23'}}, locales: {en: null, ko: {title: '%s', body:"
    " '{{ agreed|date }}에 광고 수신에 동의하셨습니다. 앱 > 설정 > 알림에서 철회할 수 있습니다.%s'}}}}"
)
EXAMPLES = (
    Good(_NOTICE % ("광고 수신동의 확인", "")),
    Good(_NOTICE % ("광고 수신동의 확인", " 전화로는 080-777-1599(무료)입니다.")),
    Bad(
        _NOTICE % ("광고 수신동의 확인", " 동의를 유지하시면 쿠폰을 드려요!"),
        ("template", "locales", "ko", "body"),
        "`쿠폰` promotes",
    ),
    Bad(
        _NOTICE % ("특별 할인 소식, 계속 받으시겠어요", ""),
        ("template", "locales", "ko", "title"),
        "`할인` promotes",
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield the promoting words of two-yearly questions."""
    for one in context.once(every_text):
        if one.campaign.notice is not Notice.CONSENT_RECHECK or one.campaign.advertising:
            continue
        if is_korean(context, one):
            for said in said_in(context, one, promo_pattern(), promotion_in):
                yield said.hit(
                    f"`{said.words}` promotes, and the notice asks whether consent still stands",
                    "take it out, or send it as `type: advertising`",
                    Korean(
                        f"수신동의 확인 통지에 홍보하는 말이 있습니다: `{said.words}`",
                        "그 말을 빼거나 `type: advertising`으로 보내세요",
                    ),
                )
