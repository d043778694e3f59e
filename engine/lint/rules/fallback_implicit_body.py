"""A text message that stands in for KakaoTalk was written as one, and names its number.

## What
Where `alternative` lets text messages stand in, the template has a text under `redefine: {sms: …}` and not
`universal: true`, and `channels.sms` names `from` unless pushform.yaml has one number only.

## Why
A vendor's own fallback sends the Kakao text, with its links, from whatever number comes first (NHN
`isResend`). Ours never does so unasked; but a push text that is taken over whole says "탭하세요" to a phone
that has nothing to tap (a warning: `universal: true` was written on purpose), and a first number of
several is nobody's decision (an error).

## Fix
Write the words of the text message under `redefine: {sms: {ko: {body: …}}}`, and `from:`.

## 한국어
`alternative`로 문자가 대신하는 캠페인은 템플릿에 `redefine: {sms: …}`로 쓴 문자용 글이 있고(`universal:
true`가 아니라), pushform.yaml에 번호가 여럿이면 `channels.sms.from`을 적어야 합니다. 업체의 대체 발송은
카카오용 글을 아무 번호로나 보냅니다(NHN `isResend`). 푸시용 글을 그대로 문자로 보내면 누를 것이 없는
사람에게 「탭하세요」라고 하게 됩니다.
고치려면 `redefine: {sms: {ko: {body: …}}}`에 문자용 글을, 그리고 `from:`을 쓰세요.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Korean, Severity
from engine.kernel.origin import Origin
from engine.lint.context import LintContext
from engine.lint.rule import Bad, Good, Hit, RuleMeta, practice
from engine.lint.texts import used_templates
from engine.lint.vendor import written_senders
from engine.model.channel import Channel
from engine.model.channel_settings import SmsSettings
from engine.model.resolved import ResolvedCampaign

META = RuleMeta(
    id="fallback-implicit-body",
    title="a text message that stands in for KakaoTalk was written as one",
    severity=Severity.ERROR,
    rests_on=practice(
        "nhn-resend-body",
        "NHN AlimTalk v2.3, Brand Message v1.0: resendParameter",
        title_ko="NHN 알림톡 v2.3, 브랜드 메시지 v1.0: resendParameter",
    ),
    title_ko="대체 문자의 글과 발신번호는 직접 정해야 합니다",
)
_INSTEAD = (
    "{campaign: {channels: {kakao: {}, sms: {from: %s}}, alternative: {kakao: sms}},"
    " workspace: {channels: {sms: {senders: ['15880000', '0212345678']}}},"
    " template: {redefine: {kakao: {universal: true}, sms: %s}}}"
)
_OWN = "{ko: {body: 최대 반값}}"
EXAMPLES = (
    Good(_INSTEAD % ("'15880000'", _OWN)),
    Bad(
        _INSTEAD % ("'15880000'", "{ko: null, en: null, universal: true}"),
        ("template", "redefine", "sms", "universal"),
        "has no words of its own",
    ),
    Bad(_INSTEAD % ("null", _OWN), ("campaign", "channels", "sms"), "2 numbers"),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield alternatives that take over a text, or a number, that nobody chose for them."""
    numbers = len(written_senders(context))
    for campaign in context.live:
        # Only KakaoTalk has a vendor who would do it unasked.
        if campaign.alternative.get(Channel.KAKAO) is not Channel.SMS:
            continue
        settings = campaign.channels.get(Channel.SMS)
        if numbers > 1 and isinstance(settings, SmsSettings) and settings.from_ is None:
            yield _hit(
                campaign,
                campaign.origin / "channels" / "sms",
                f"text messages stand in for kakao, and which of {numbers} numbers they come from"
                " is not written",
                "write `from:`",
                f"카카오를 대신하는 문자를 번호 {numbers}개 가운데 어느 것으로 보낼지 적지 않았습니다",
                "`from:`을 쓰세요",
            )
        for template in used_templates(campaign):
            own = template.redefine.get(Channel.SMS)
            if own is not None and own.universal:
                yield _hit(
                    campaign,
                    own.origin / "universal",
                    "the text message that stands in for kakao has no words of its own",
                    "write them under `redefine: {sms: …}` and delete `universal`",
                    "카카오를 대신하는 문자에 문자용 글이 없습니다",
                    "`redefine: {sms: …}`에 쓰고 `universal`을 지우세요",
                    severity=Severity.WARNING,
                )


def _hit(
    campaign: ResolvedCampaign,
    at: Origin,
    message: str,
    hint: str,
    message_ko: str,
    hint_ko: str,
    severity: Severity | None = None,
) -> Hit:
    return Hit(
        message=message,
        at=at,
        hint=hint,
        campaign=campaign.id,
        channel=Channel.SMS,
        severity=severity,
        korean=Korean(message_ko, hint_ko),
    )
