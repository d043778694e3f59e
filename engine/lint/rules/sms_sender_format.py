"""A Korean sending number is one that can be called.

## What
Numbers under `channels.sms.senders` and every `from` in a Korean workspace: landlines with their area
code (`0212345678`), mobile numbers, `070` and `080`; 15xx, 16xx and 18xx with eight digits and no area
code; `030` and `050` with at most twelve. Numbers with `+` are another country's and pass.

## Why
Carriers refuse a number that cannot be (rules of registration, mallstore notice 68): `031-1588-7777` has
an area code before a number that has none.

## Fix
Write the number as it is registered: `15887777`.

## 한국어
한국 워크스페이스의 `channels.sms.senders`와 `from`은 실제로 걸 수 있는 번호여야 합니다. 유선 번호는
지역번호까지(`0212345678`), 휴대전화·070·080, 15xx·16xx·18xx 여덟 자리(지역번호 없음), 030·050은
열두 자리까지입니다. `031-1588-7777`처럼 대표번호 앞에 지역번호를 붙이면 통신사가 거절합니다.
고치려면 등록한 그대로 `15887777`처럼 쓰세요.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.kernel.finding import Korean, Severity
from engine.kernel.origin import Origin
from engine.law.jurisdiction import KOREA
from engine.lint.context import LintContext
from engine.lint.josa import josa
from engine.lint.rule import Bad, Good, Hit, RuleMeta, practice
from engine.lint.vendor import written_senders
from engine.model.channel import Channel
from engine.model.channel_settings import SmsSettings

META = RuleMeta(
    id="sms-sender-format",
    title="a Korean sending number is one that can be called",
    severity=Severity.ERROR,
    rests_on=practice(
        "kr-sender-numbers",
        "rules of registration of sending numbers (Korea)",
        title_ko="발신번호 사전등록 규칙(한국)",
    ),
    title_ko="발신번호는 걸 수 있는 번호여야 합니다",
)
_NUMBER = re.compile(
    r"0(?:2|3[1-3]|4[1-4]|5[1-5]|6[1-4])(?!1[568]\d{6}$)[1-9]\d{6,7}"
    r"|01[016-9]\d{7,8}|0[78]0\d{7,8}"
    r"|1[568]\d{6}"
    r"|0[35]0\d{7,9}",
    re.ASCII,
)
_FROM = (
    "{campaign: {channels: {sms: {from: '%s'}}}, workspace: {channels: {sms: {senders: ['%s']}}}}"
)
_PLACE = ("workspace", "channels", "sms", "senders", 0)
EXAMPLES = (
    Good(_FROM % ("02-1234-5678", "0212345678")),
    Good(_FROM % ("010-1234-5678", "01012345678")),
    Bad(_FROM % ("031-1588-7777", "03115887777"), _PLACE, "`03115887777` cannot be called"),
    Bad(_FROM % ("1111", "1111"), _PLACE, "`1111`"),
    Bad(
        "{campaign: {channels: {sms: {from: '1588-000'}}}, workspace: {channels: {sms:"
        " {senders: null}}}}",
        ("campaign", "channels", "sms", "from"),
        "`1588000`",
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield numbers that cannot be."""
    provider = context.workspace.channels.get(Channel.SMS)
    if provider is None or context.workspace.country != KOREA:
        return
    written = [number.replace("-", "").replace(" ", "") for number in written_senders(context)]
    for place, number in enumerate(written):
        if _is_wrong(number):
            yield _hit(number, provider.origin / "senders" / place, None)
    for campaign in context.live:
        settings = campaign.channels.get(Channel.SMS)
        if not isinstance(settings, SmsSettings) or settings.from_ is None:
            continue
        if settings.from_ not in written and _is_wrong(settings.from_):
            at = campaign.origin / "channels" / "sms" / "from"
            yield _hit(settings.from_, at, campaign.id)


def _is_wrong(number: str) -> bool:
    return not number.startswith("+") and _NUMBER.fullmatch(number) is None


def _hit(number: str, at: Origin, campaign: str | None) -> Hit:
    return Hit(
        message=f"`{number}` cannot be called: carriers refuse it as a sending number",
        at=at,
        hint="write it as it is registered, like `15887777` or `0212345678`",
        campaign=campaign,
        channel=Channel.SMS,
        korean=Korean(
            f"`{number}`{josa(number, '은/는')} 걸 수 없는 번호라 발신번호로 쓸 수 없습니다",
            "등록한 그대로 `15887777`이나 `0212345678`처럼 쓰세요",
        ),
    )
