"""A campaign says whether it advertises.

## What
Every campaign that is not a draft has `type: advertising` or `type: informational`.

## Why
Everything that the law asks hangs on it (정보통신망법 제50조): consent, label, opt-out, night.
Where it is not written the engine takes the safe side and treats the message as an advertisement,
which a receipt may not survive; so somebody has to decide.

## Fix
Write the type. If any part of the message promotes something, it is `advertising`. An
informational message also says on what basis it is sent (`basis: transaction`, …).

## 한국어
초안이 아닌 캠페인에는 `type: advertising`(광고) 또는 `type: informational`(정보성)이 있어야 합니다.
수신동의, 광고 표시, 수신거부, 야간 제한이 모두 이 값에 달려 있습니다(정보통신망법 제50조). 적혀 있지
않으면 안전하게 광고로 다루지만, 영수증 같은 메시지라면 보내지 못할 수 있으므로 사람이 정해야 합니다.
고치려면 유형을 적으세요. 홍보가 조금이라도 있으면 광고입니다. 정보성이면 근거(`basis: transaction`
등)도 적습니다.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Korean, Severity
from engine.lint.context import LintContext, is_live
from engine.lint.rule import Bad, Cites, Good, Hit, RuleMeta

META = RuleMeta(
    id="type-missing",
    title="a campaign says whether it advertises",
    severity=Severity.ERROR,
    rests_on=Cites("ad_consent", "KR"),
    title_ko="캠페인에는 광고인지 정보인지 적습니다",
)
EXAMPLES = (
    Good("campaign: {type: advertising}"),
    Good("campaign: {type: null, draft: true}"),
    Bad("campaign: {type: null}", ("campaign",), "`sale` has no type"),
    Bad(
        "campaign: {type: null, title: 주문 안내}",
        ("campaign",),
        "treated as an advertisement",
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield campaigns without a type."""
    for id_, campaign in sorted(context.written.items()):
        if campaign.type is None and is_live(campaign):
            yield Hit(
                message=f"`{id_}` has no type and is treated as an advertisement",
                at=campaign.origin,
                hint="write `type: advertising`, or `type: informational` with a `basis`",
                campaign=id_,
                korean=Korean(
                    f"`{id_}`에 유형이 없어 광고로 다룹니다",
                    "`type: advertising` 또는 `type: informational`과 `basis`를 적으세요",
                ),
            )
