"""An advertisement does not break through a phone's quiet.

## What
`ios.interruption_level` of an advertisement is `active` or `passive`.

## Why
`time-sensitive` and `critical` sound through Focus and silence. Apple keeps them for what needs a
person at once, and lets people switch them off for an app that misuses them (Apple, "Human Interface
Guidelines: Managing notifications"; the page's words from memory). Critical alerts need Apple's
approval.

## Fix
Write `interruption_level: active`, or `passive` for what can wait.

## 한국어
광고의 `ios.interruption_level`은 `active`나 `passive`여야 합니다. `time-sensitive`와 `critical`은
집중 모드와 무음을 뚫고 울리므로 애플은 지금 바로 봐야 하는 알림에만 쓰게 하며, 잘못 쓰는 앱은
사람들이 이를 끌 수 있습니다 (애플 휴먼 인터페이스 가이드라인, 문구는 기억에 따름). 긴급
알림(`critical`)은 애플의 승인도 필요합니다. 고치려면 `interruption_level: active`, 급하지 않으면
`passive`로 쓰세요.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Citation, Confidence, Korean, Severity
from engine.lint.context import LintContext
from engine.lint.josa import josa
from engine.lint.rule import Bad, Good, Hit, RuleMeta
from engine.model.channel import Channel
from engine.model.channel_settings import AppSettings

META = RuleMeta(
    id="apns-level",
    title="an advertisement is neither time-sensitive nor critical",
    severity=Severity.ERROR,
    rests_on=Citation(
        id="apple-interruption-levels",
        title="Apple, Human Interface Guidelines: marketing is never time-sensitive or critical",
        title_ko="애플 휴먼 인터페이스 가이드라인: 마케팅은 time-sensitive나 critical이 아닙니다",
        confidence=Confidence.GUIDANCE,
    ),
    title_ko="광고는 time-sensitive나 critical로 보낼 수 없습니다",
)
_LEVEL = ("campaign", "channels", "app", "ios", "interruption_level")
EXAMPLES = (
    Good("campaign: {channels: {app: {ios: {interruption_level: passive}}}}"),
    Good(
        "{campaign: {type: informational, basis: safety,"
        " channels: {sms: null, app: {ios: {interruption_level: time-sensitive}}}},"
        " template: {variables: null, redefine: null,"
        " locales: {ko: {title: 보안 알림, body: 새 기기에서 로그인했습니다},"
        " en: {title: 'Security', body: 'A new device has signed in'}}}}"
    ),
    Bad(
        "campaign: {channels: {app: {ios: {interruption_level: time-sensitive}}}}",
        _LEVEL,
        "`time-sensitive`",
    ),
    Bad(
        "campaign: {channels: {app: {ios: {interruption_level: critical}}}}",
        _LEVEL,
        "`critical`",
    ),
)
_QUIET = frozenset({"active", "passive"})


def check(context: LintContext) -> Iterator[Hit]:
    """Yield advertisements that would sound through a phone's silence."""
    for campaign in context.live:
        settings = campaign.channels.get(Channel.APP)
        if not isinstance(settings, AppSettings) or settings.ios_interruption_level in _QUIET:
            continue
        if not campaign.advertising:
            continue
        level = settings.ios_interruption_level
        yield Hit(
            message=f"an advertisement is sent as `{level}`",
            at=campaign.origin / "channels" / "app" / "ios" / "interruption_level",
            hint="write `active`, or `passive` for what can wait",
            campaign=campaign.id,
            channel=Channel.APP,
            korean=Korean(
                f"광고를 `{level}`{josa(level, '으로/로')} 보냅니다",
                "`active`, 급하지 않으면 `passive`로 쓰세요",
            ),
        )
