"""Text messages go out from a number that the vendor has registered.

## What
The `from` of a campaign (else the first of `channels.sms.senders`) is among the numbers that the vendor
listed when `pushform doctor --save` last asked. With NHN, SOLAPI and SENS some number is written at
all. A `from` that is missing in `senders` of pushform.yaml is said once, by the reader (`reference`),
which reads such a campaign no further; this rule says what the reader cannot know.

## Why
전기통신사업법 제84조의2: a number is registered before it may send, and carriers refuse all others. A
number that was given back disappears at the vendor, not in pushform.yaml.

## Fix
Register the number with the vendor and ask again (`pushform doctor --save`), or use another.

## 한국어
캠페인의 `from`(없으면 `channels.sms.senders`의 첫 번호)은 `pushform doctor --save`가 마지막으로 물었을
때 업체에 등록되어 있던 번호여야 합니다. 전기통신사업법 제84조의2에 따라 미리 등록한 발신번호로만
문자를 보낼 수 있고, 해지한 번호는 업체에서만 사라집니다. NHN·SOLAPI·SENS에서는 번호가 하나는 적혀
있어야 합니다. pushform.yaml의 `senders`에 없는 `from`은 파일을 읽을 때 `reference`로 한 번만 알립니다.
고치려면 번호를 등록하고 `pushform doctor --save`로 다시 묻거나 다른 번호를 쓰세요.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Korean, Severity
from engine.kernel.origin import Origin
from engine.lint.context import LintContext
from engine.lint.josa import josa
from engine.lint.rule import Bad, Cites, Good, Hit, RuleMeta, Setting
from engine.lint.vendor import known_senders, written_senders
from engine.model.channel import Channel
from engine.model.channel_settings import SmsSettings
from engine.model.resolved import ResolvedCampaign

META = RuleMeta(
    id="sms-sender-registered",
    title="text messages go out from a number that the vendor has registered",
    severity=Severity.ERROR,
    rests_on=Cites("sms_sender_registered", "KR"),
    title_ko="문자는 등록한 발신번호로만 보냅니다",
)
_NUMBERED = frozenset({"nhn", "solapi", "sens"})
"""Providers that send nothing without a number."""
_GONE = Setting(vendor={"senders": ["0212345678"]})
EXAMPLES = (
    Good("campaign: {}", Setting(vendor={"senders": ["15880000", "0212345678"]})),
    Good("campaign: {channels: {sms: null}}", _GONE),
    Bad("campaign: {}", ("campaign", "channels", "sms", "from"), "no number `15880000`", _GONE),
    Bad(
        "campaign: {channels: {sms: {from: null}}}",
        ("workspace", "channels", "sms", "senders"),
        "no number `15880000` (production, 2026-09-19)",
        _GONE,
    ),
    Bad(
        "{campaign: {channels: {sms: {from: null}}}, workspace: {channels: {sms: {senders: null}},"
        " environments: {sandbox: {sandbox: true, channels: {sms: {provider: solapi,"
        " base_url: 'http://127.0.0.1:8'}}}}}}",
        ("campaign", "channels", "sms"),
        "names no number",
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield campaigns whose number the vendor does not have."""
    provider = context.workspace.channels.get(Channel.SMS)
    if provider is None:
        return
    known, written = tuple(known_senders(context)), written_senders(context)
    bare = not written and provider.provider in _NUMBERED
    if not known and not bare:
        return
    for campaign in context.live:
        settings = campaign.channels.get(Channel.SMS)
        if not isinstance(settings, SmsSettings):
            continue
        at = campaign.origin / "channels" / "sms"
        if settings.from_ is None and not written:
            if bare:
                yield _hit(
                    campaign,
                    at,
                    "it names no number to send from, and neither does pushform.yaml",
                    "보낼 발신번호가 캠페인에도 pushform.yaml에도 없습니다",
                )
            continue
        number = settings.from_ or _digits(written[0])
        for senders, told in known:
            if number not in senders:
                yield _hit(
                    campaign,
                    at / "from" if settings.from_ else provider.origin / "senders",
                    f"the vendor has no number `{number}` {told.words}",
                    f"업체에 발신번호 `{number}`{josa(number, '이/가')} 없습니다 {told.words}",
                )


def _digits(number: str) -> str:
    return number.replace("-", "").replace(" ", "")


def _hit(campaign: ResolvedCampaign, at: Origin, message: str, message_ko: str) -> Hit:
    return Hit(
        message=message,
        at=at,
        hint="register it with the vendor, or write a `from` that is registered",
        campaign=campaign.id,
        channel=Channel.SMS,
        korean=Korean(message_ko, "업체에 등록하거나 등록된 번호를 `from`에 쓰세요"),
    )
