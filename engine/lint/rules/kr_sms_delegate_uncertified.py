"""Bulk text advertisements are entrusted to a certified sender only.

## What
Where a text advertisement to Korea is due on or after 2026-10-01, `channels.sms` says `certified: true`:
the vendor holds the 전송자격인증. It is the environment's vendor that counts, so `pushform lint -e
production` tells; in a sandbox, which sends nothing, only an outright `certified: false` is reported.

## Why
정보통신망법 제50조의3제1항 (법률 제21500호, in force on 2026-10-01): bulk text advertisements may be
entrusted only to a business with 전송자격인증 under 전기통신사업법. A fine of up to 30,000,000 won
(제76조제2항제9호의3); who entrusts the sending answers for it.

## Fix
Ask the vendor for its certificate, keep it, and write `certified: true`; or change the vendor.

## 한국어
2026년 10월 1일부터 문자 광고의 대량 전송은 전송자격인증을 받은 사업자에게만 맡길 수 있습니다
(정보통신망법 제50조의3제1항, 법률 제21500호). 그날 이후 나가는 한국 문자 광고가 있으면 `channels.sms`에
`certified: true`가 있어야 합니다. 어기면 3천만 원 이하의 과태료이며 맡긴 쪽이 책임집니다.
`pushform lint -e production`으로 실제 업체를 확인하세요. 샌드박스에서는 `certified: false`라고 적은
경우만 알립니다.
고치려면 발송 업체의 인증서를 확인해 보관하고 `certified: true`라고 적거나 업체를 바꾸세요.
"""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from engine.kernel.finding import Korean, Severity
from engine.law.book import in_force
from engine.law.jurisdiction import KOREA, SEOUL
from engine.lint.context import LintContext
from engine.lint.due import korean_ads_due
from engine.lint.opt_outs import channels_of_ads
from engine.lint.rule import Bad, Cites, Good, Hit, RuleMeta
from engine.lint.texts import used_channels
from engine.model.channel import Channel

META = RuleMeta(
    id="kr-sms-delegate-uncertified",
    title="bulk text advertisements are entrusted to a certified sender",
    severity=Severity.ERROR,
    rests_on=Cites("sms_certified_sender", "KR", Channel.SMS),
    jurisdictions=frozenset({"KR"}),
    title_ko="대량 문자 광고는 전송자격인증을 받은 업체에 맡깁니다",
)
_VENDOR = (
    "{workspace: {channels: {sms: {provider: solapi, api_key: '${KEY}', secret: '${SECRET}'%s}}},"
    " campaign: {schedule: {at: '%s'}}}"
)
EXAMPLES = (
    Good(_VENDOR % (", certified: true", "2026-10-01 10:00")),
    Good(_VENDOR % ("", "2026-09-30 10:00")),
    Bad(
        _VENDOR % (", certified: false", "2026-10-01 10:00"),
        ("workspace", "channels", "sms", "certified"),
        "not said to hold",
    ),
    Bad(
        "{workspace: {channels: {sms: {certified: false}}}, campaign: {schedule: {at: '2026-10-12"
        " 14:00'}, channels: {app: null, kakao: {product: brand}, sms: {from: '15880000'}},"
        " alternative: {kakao: sms}}, template: {redefine: {kakao: {universal: true}}}}",
        ("workspace", "channels", "sms", "certified"),
        "not said to hold",
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield the vendor of text advertisements once, if nobody says that it is certified."""
    vendor = context.workspace.channels.get(Channel.SMS)
    if vendor is None or vendor.options.get("certified") is True:
        return
    declared = "certified" in vendor.options
    if Channel.SMS not in context.once(channels_of_ads):
        return
    if vendor.provider == "sandbox" and not declared:
        return
    for due in korean_ads_due(context):
        if Channel.SMS not in used_channels(due.campaign):
            continue
        day = due.at.astimezone(ZoneInfo(SEOUL)).date()
        if in_force("sms_certified_sender", KOREA, day, Channel.SMS) is None:
            continue
        yield Hit(
            message=f"the sms provider `{vendor.provider}` is not said to hold the 전송자격인증, and"
            " text advertisements go out by it",
            at=vendor.origin / "certified" if declared else vendor.origin,
            key=not declared,
            hint="see its certificate and write `certified: true`, or change the vendor",
            campaign=due.campaign.id,
            channel=Channel.SMS,
            jurisdiction=KOREA,
            korean=Korean(
                "전송자격인증을 받았다는 표시가 없는 업체에 문자 광고를 맡기고 있습니다:"
                f" `{vendor.provider}`",
                "인증서를 확인하고 `certified: true`라고 적거나 업체를 바꾸세요",
            ),
        )
        return
