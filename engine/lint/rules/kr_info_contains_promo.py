"""An informational message promotes nothing.

## What
No text of an informational campaign to Korea promotes, after filling in the samples. It does so by
words (할인, 세일, 특가, 쿠폰, 이벤트, 무료, 추천, 오늘만, 1+1, `30%↓`, `10% off`, 割引 and their
inflections), and by what a sentence does without them: a gain on a condition (가져오시면 5천 원을
드려요), a friendly order (만나 보세요, 지금 주문하면), a suggestion (치킨 어때요?), a price or a rate
that invites (99만 원부터, 최고 연 5%), something new (신간이 나왔어요), something left over (딱 1개
남았어요) or left in a basket (담아 두신 상품), a draw (추첨해 보내 드려요).

A word for a bargain alone is left alone where the sentence settles something (`할인 금액: 3,000원`,
혜택은 유지됩니다, 응모하신 이벤트, 사용하신 쿠폰을 돌려 드렸어요) and nothing in it pulls; so are
무료수신거부, 무료로 회수 in a recall, a warning of swindlers, and the nouns of a notice about terms,
bills or consent (약관 개정, 명세서, 수신동의 처리 결과) where the message opens with it or in its own
sentence: never `30% 할인 쿠폰` beside it. Characters that nobody sees hide no word. With
`basis: requested` the 재입고 or 신간 that people asked for is left alone. With `basis: public` what is
free for all (무료, 혜택, 모집) is no promotion. The expiry of points and coupons is for
`kr-points-basis-missing`, a notice about consent for `kr-recheck-notice-promo`.

Words cannot decide everything. How often the rule is right on texts that it was not made for is
measured in `tests/lint/corpus/README.md`.

## Why
Any promotional part makes the whole message an advertisement (KISA 불법스팸 방지 안내서; Kakao help
1073199206 「혼재된 경우」): then it needs consent, the label, a way out and the day.

## Fix
Take the words out and send them as an advertisement of their own, or write `type: advertising`. If
the words promote nothing here, answer on the line: `# pushform: ignore[kr-info-contains-promo]
reason; until 2026-12-31`.

## 한국어
한국으로 가는 정보성 메시지에는 홍보하는 말(할인·세일·특가·쿠폰·이벤트·무료·추천·오늘만·1+1 등과 그
활용형)이 들어가면 안 됩니다. 그런 낱말이 없어도 조건을 걸어 주는 이득(가져오시면 5천 원을 드려요), 권유
(만나 보세요, 치킨 어때요?), 가격·금리로 끄는 말(99만 원부터, 최고 연 5%), 새 상품, 얼마 남지 않았다는
말, 장바구니 알림, 추첨은 홍보입니다. 홍보가 조금이라도 섞이면 메시지 전체가 광고가 되어 수신동의, (광고)
표시, 수신거부, 야간 제한이 모두 적용됩니다. 「무료수신거부」, 「할인 금액: 3,000원」, 「혜택은
유지됩니다」, 「응모하신 이벤트」, 약관 개정·명세서·사칭 주의 안내에 나오는 낱말, 신청한 사람에게 보내는
재입고 알림은 홍보로 보지 않습니다. 다만 그런 안내라도 「30% 할인 쿠폰」처럼 수치를 내세운 말이 곁에 있으면
홍보입니다. 글자 사이에 보이지 않는 문자를 넣어도 같은 낱말로 봅니다.
고치려면 그 말을 빼서 따로 광고로 보내거나 `type: advertising`으로 바꾸세요. 홍보가 아니라면 그 줄에
이유를 적은 주석으로 답할 수 있습니다.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Korean, Severity
from engine.lint.context import LintContext
from engine.lint.every_text import Certainty, every_text
from engine.lint.lexicon import may_promote, promo_trigger, promotion_in
from engine.lint.rule import Bad, Cites, Good, Hit, RuleMeta
from engine.lint.said import JudgeWithin, is_korean, said_within
from engine.model.legal import Basis, Notice

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
    Good(
        _INFO
        % (
            "이용약관 개정 안내",
            "{{ name }}님, 12월 24일부터 쿠폰 중복 사용과 적립 기준이 바뀝니다",
        )
    ),
    Bad(
        _INFO % ("예약이 확정됐어요", "{{ name }}님, 예약하신 김에 겨울 시술도 상담받아 보세요"),
        ("template", "locales", "ko", "body"),
        "`상담받아 보세요` promotes",
    ),
    Bad(
        _INFO % ("검진 결과 안내", "{{ name }}님, 12월에 오시면 안경을 선물로 드려요"),
        ("template", "locales", "ko", "body"),
        "`오시면 안경을 선물로 드려요` promotes",
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
        if not one.may_say(promo_trigger()) or not is_korean(context, one):
            continue
        if one.certainty is Certainty.NEAR and not may_promote(one.words):
            continue
        for said in said_within(context, one, promo_trigger(), _judge(campaign.basis)):
            yield said.hit(
                f"`{said.words}` promotes, and `{campaign.id}` is informational",
                "send it as an advertisement of its own, or write `type: advertising`",
                Korean(
                    f"정보성 메시지 `{campaign.id}`에 홍보하는 말이 있습니다: `{said.words}`",
                    "그 말을 빼서 따로 광고로 보내거나 `type: advertising`으로 바꾸세요",
                ),
            )


def _judge(basis: Basis | None) -> JudgeWithin:
    return lambda words, whole: promotion_in(words, basis, whole)
