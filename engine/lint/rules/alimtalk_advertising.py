"""AlimTalk carries no advertisement.

## What
A campaign that uses `product: alimtalk` is `type: informational`.

## Why
KakaoTalk approves AlimTalk templates for information only and blocks the sender's business number
when one advertises (tightened on 2026-04-01). Advertisements go out as Brand Messages.

## Fix
Write `product: brand` (with consent, by day), or make the message informational.

## 한국어
`product: alimtalk`를 쓰는 캠페인은 `type: informational`이어야 합니다. 카카오는 알림톡 템플릿을
정보성으로만 승인하고, 광고를 보내면 사업자번호 단위로 제재합니다(2026-04-01 강화). 광고는 브랜드
메시지로 보냅니다.
고치려면 `product: brand`로 바꾸거나(동의 필요, 낮에만) 정보성 메시지로 쓰세요.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Korean, Severity
from engine.lint.context import LintContext
from engine.lint.rule import Bad, Cites, Good, Hit, RuleMeta
from engine.model.channel import Channel
from engine.model.channel_settings import KakaoProduct, KakaoSettings

META = RuleMeta(
    id="alimtalk-advertising",
    title="AlimTalk carries no advertisement",
    severity=Severity.ERROR,
    rests_on=Cites("alimtalk_informational", "KR"),
    title_ko="알림톡으로는 광고를 보낼 수 없습니다",
)
_TEXT = "template: {redefine: {kakao: {universal: true}}}"
EXAMPLES = (
    Good(
        "{campaign: {type: informational, basis: transaction,"
        " channels: {app: null, kakao: {product: alimtalk, template_code: order_01}},"
        " alternative: {kakao: sms}}, template: {locales: {en: null},"
        " redefine: {sms: {en: null, ko: {body: '{{ name }}님, 주문이 접수되었습니다'}},"
        " kakao: {ko: {body: '{{ name }}님, 주문이 접수되었습니다'}}}}}"
    ),
    Bad(
        "{campaign: {channels: {kakao: {product: alimtalk, template_code: sale_01}}}, "
        + _TEXT
        + "}",
        ("campaign", "channels", "kakao", "product"),
        "AlimTalk carries informational messages only",
    ),
    Bad(
        "{campaign: {type: null, channels: {kakao: {product: alimtalk, template_code: x}}}, "
        + _TEXT
        + "}",
        ("campaign", "channels", "kakao", "product"),
        "`sale` is an advertisement",
        also=("type-missing",),
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield advertisements that use AlimTalk."""
    for campaign in context.live:
        settings = campaign.channels.get(Channel.KAKAO)
        if not campaign.advertising or not isinstance(settings, KakaoSettings):
            continue
        if settings.product is KakaoProduct.ALIMTALK:
            yield Hit(
                message="AlimTalk carries informational messages only, and"
                f" `{campaign.id}` is an advertisement",
                at=campaign.origin / "channels" / "kakao" / "product",
                hint="write `product: brand`, or make the message informational",
                campaign=campaign.id,
                channel=Channel.KAKAO,
                korean=Korean(
                    f"알림톡은 정보성 메시지만 보낼 수 있는데 `{campaign.id}` 캠페인은 광고입니다",
                    "`product: brand`로 바꾸거나 정보성 메시지로 쓰세요",
                ),
            )
