"""An informational message promotes nothing.

## What
No text of an informational campaign to Korea holds words that promote: 할인, 세일, 특가, 쿠폰, 이벤트,
무료, 추천, 오늘만, 1+1, `30%↓`, `10% off`, 割引 and their inflections, after filling in the samples.
What only looks like one is left alone: 무료수신거부, `080-000-0000(무료)`, `배송비: 무료`,
`할인 금액: 3,000원`, 무료로 회수 in a recall, an entry to a draw that was received (이벤트 응모 접수),
points that were credited, coupons that were given back, and with `basis: requested` the 재입고 that
people asked for. The expiry of points and coupons is for `kr-points-basis-missing`, a notice about
consent for `kr-recheck-notice-promo`.

## Why
Any promotional part makes the whole message an advertisement (KISA 불법스팸 방지 안내서; Kakao help
1073199206 「혼재된 경우」): then it needs consent, the label, a way out and the day.

## Fix
Take the words out and send them as an advertisement of their own, or write `type: advertising`. If
the words promote nothing here, answer on the line: `# pushform: ignore[kr-info-contains-promo]
reason; until 2026-12-31`.

## 한국어
한국으로 가는 정보성 메시지에는 홍보하는 말(할인·세일·특가·쿠폰·이벤트·무료·추천·오늘만·1+1 등과 그
활용형)이 들어가면 안 됩니다. 홍보가 조금이라도 섞이면 메시지 전체가 광고가 되어 수신동의, (광고)
표시, 수신거부, 야간 제한이 모두 적용됩니다. 「무료수신거부」, 「배송비: 무료」, 「할인 금액: 3,000원」,
「무료로 회수」, 「이벤트 응모 접수」, 적립·반환 완료 안내, 신청한 사람에게 보내는 재입고 알림은 홍보로
보지 않습니다.
고치려면 그 말을 빼서 따로 광고로 보내거나 `type: advertising`으로 바꾸세요. 홍보가 아니라면 그 줄에
이유를 적은 주석으로 답할 수 있습니다.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from engine.kernel.finding import Korean, Severity
from engine.lint.context import LintContext
from engine.lint.every_text import Certainty, every_text
from engine.lint.lexicon import PROMO_TRIGGER, may_promote, promotion_in
from engine.lint.rule import Bad, Cites, Good, Hit, RuleMeta
from engine.lint.said import is_korean, said_in
from engine.model.legal import Notice

META = RuleMeta(
    id="kr-info-contains-promo",
    title="an informational message promotes nothing",
    severity=Severity.ERROR,
    rests_on=Cites("promo_words", "KR"),
    jurisdictions=frozenset({"KR"}),
    title_ko="정보성 메시지에는 홍보하는 말이 없어야 합니다",
)
_INFO = (
    "{campaign: {type: informational, basis: transaction, channels: {sms: null}},"
    " template: {redefine: null, locales: {en: null, ko: {title: '%s', body: '%s'}}}}"
)
EXAMPLES = (
    Good(
        _INFO
        % ("주문이 접수되었습니다", "{{ name }}님, 할인 금액: 3,000원, 배송비: 무료, 결제 29,000원")
    ),
    Good(_INFO % ("이벤트 응모가 접수되었습니다", "{{ name }}님, 당첨자는 12월 1일에 발표합니다")),
    Good(
        _INFO
        % ("자발적 리콜 안내", "{{ name }}님, 구매하신 전기요를 무료로 회수하고 전액 환불합니다")
    ),
    Bad(
        _INFO % ("주문이 접수되었습니다", "{{ name }}님, 다음 구매에 쓰실 10% 쿠폰도 받으세요"),
        ("template", "locales", "ko", "body"),
        "`10% 쿠폰` promotes",
    ),
    Bad(
        _INFO % ("배송 시작, 다음에도 무료 배송", "{{ name }}님께 가고 있어요"),
        ("template", "locales", "ko", "title"),
        "`무료` promotes",
    ),
    Bad(
        "{campaign: {type: informational, basis: transaction, channels: {sms: null}},"
        " template: {redefine: null, variables: {extra: {type: string, from: user.extra,"
        " sample: 오늘만 특가}}, locales: {en: null, ko: {title: '{{ name }}님 배송 안내',"
        " body: '{{ extra }}'}}}}",
        ("template", "locales", "ko", "body"),
        "`오늘만` promotes",
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield the promoting words of informational messages to Korea."""
    for one in context.once(every_text):
        campaign = one.campaign
        if campaign.advertising or campaign.notice is Notice.CONSENT_RECHECK:
            continue
        if not one.may_say(PROMO_TRIGGER) or not is_korean(context, one):
            continue
        if one.certainty is Certainty.NEAR and not may_promote(one.words):
            continue
        judge = partial(promotion_in, basis=campaign.basis, about=one.words)
        for said in said_in(context, one, PROMO_TRIGGER, judge):
            yield said.hit(
                f"`{said.words}` promotes, and `{campaign.id}` is informational",
                "send it as an advertisement of its own, or write `type: advertising`",
                Korean(
                    f"정보성 메시지 `{campaign.id}`에 홍보하는 말이 있습니다: `{said.words}`",
                    "그 말을 빼서 따로 광고로 보내거나 `type: advertising`으로 바꾸세요",
                ),
            )
