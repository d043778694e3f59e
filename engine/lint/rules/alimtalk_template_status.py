"""An AlimTalk template is approved.

## What
The `template_code` of an AlimTalk is known to the vendor and approved: not pending, rejected or
dormant. What the vendor said when `pushform doctor --save` last asked counts, else
`channels.kakao.templates.….status` of pushform.yaml. Where neither says anything the rule is silent.

## Why
KakaoTalk carries approved templates only; one that nobody used for long goes dormant (SOLAPI
kakaoAlimtalkTemplate, NHN AlimTalk v2.3). Every message of another is refused.

## Fix
Wait for the approval, wake the template in the vendor's console, or correct the code; then ask again
with `pushform doctor --save`.

## 한국어
알림톡의 `template_code`는 업체에 있고 승인된 템플릿이어야 합니다. 검수 중이거나 반려·휴면 상태면
모든 메시지가 거절됩니다(SOLAPI, NHN 알림톡 v2.3). `pushform doctor --save`의 답을 보고, 없으면
pushform.yaml의 `templates.….status`를 봅니다. 둘 다 없으면 말하지 않습니다.
고치려면 승인을 기다리거나 휴면을 해제하거나 코드를 고친 뒤 `pushform doctor --save`로 다시 물으세요.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Korean, Severity
from engine.lint.context import LintContext
from engine.lint.rule import Bad, Good, Hit, RuleMeta, Setting, practice
from engine.lint.vendor import APPROVED, STATES_KO, alimtalks, kakao_at, template_states
from engine.model.channel import Channel

META = RuleMeta(
    id="alimtalk-template-status",
    title="an AlimTalk template is approved",
    severity=Severity.ERROR,
    rests_on=practice(
        "kakao-alimtalk-templates",
        "SOLAPI, NHN AlimTalk v2.3: states of a template",
        title_ko="SOLAPI, NHN 알림톡 v2.3: 템플릿의 상태",
    ),
    title_ko="알림톡 템플릿은 승인된 것이어야 합니다",
)
_ORDER = (
    "{campaign: {type: informational, basis: transaction, channels: {app: {}, sms: null,"
    " kakao: {product: alimtalk, template_code: order_01}}}, template: {locales:"
    " {ko: {title: '{{ name }}님', body: 주문을 받았습니다}, en: null},"
    " redefine: {sms: null, kakao: {universal: true}}}%s}"
)
_WRITTEN = ", workspace: {channels: {kakao: {templates: {order_01: {status: %s}}}}}"
_OTHER = {"templates": {"order_02": {"status": "approved", "text": None}}}
_PLACE = ("campaign", "channels", "kakao", "template_code")
EXAMPLES = (
    Good(_ORDER % (_WRITTEN % "approved")),
    Good(_ORDER % ""),
    Bad(_ORDER % (_WRITTEN % "rejected"), _PLACE, "`order_01` is rejected (pushform.yaml)"),
    Bad(_ORDER % "", _PLACE, "has no template `order_01` (production, ", Setting(vendor=_OTHER)),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield AlimTalks whose template cannot be sent."""
    for campaign, settings in alimtalks(context):
        code = settings.template_code
        for found, told in template_states(context, code) if code is not None else ():
            state = "missing" if found is None else found.status.value
            if state == APPROVED:
                continue
            said = f"the vendor has no template `{code}`"
            if found is not None:
                said = f"the template `{code}` is {state}"
            yield Hit(
                message=f"{said} {told.words}: nothing is sent",
                at=kakao_at(campaign, "template_code"),
                hint="use an approved template, and ask again with `pushform doctor --save`",
                campaign=campaign.id,
                channel=Channel.KAKAO,
                korean=Korean(
                    f"알림톡 템플릿 `{code}`의 상태가 「{STATES_KO[state]}」이라 발송되지 않습니다"
                    f" {told.words}",
                    "승인된 템플릿을 쓰고 `pushform doctor --save`로 다시 물으세요",
                ),
            )
