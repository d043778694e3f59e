"""An advertisement says how to refuse further ones.

## What
The composed text of an app push, a web push and a text message to Korea contains the opt-out text
of its channel (`sender.opt_out` of pushform.yaml), or Korean words for it (수신거부, 무료거부).
Brand Messages are left out: Kakao shows its own.

## Why
정보통신망법 제50조제4항제2호 and 시행령 제62조, 별표 6: an easy and free way to refuse stands
where the information ends. For push a path in the app's settings is customary, for text messages
an 080 number.

## Fix
Add the channel's text under `sender.opt_out` in pushform.yaml, at least in the workspace's
locale.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Severity
from engine.kernel.origin import Origin
from engine.law.jurisdiction import KOREA
from engine.lint.context import LintContext
from engine.lint.rule import Bad, Cites, Good, Hit, RuleMeta, Setting
from engine.lint.samples import korean_ad, samples, says_opt_out
from engine.model.channel import Channel

META = RuleMeta(
    id="kr-ad-optout-missing",
    title="an advertisement says how to refuse further ones",
    severity=Severity.ERROR,
    rests_on=Cites("ad_opt_out", "KR"),
    jurisdictions=frozenset({"KR"}),
)
EXAMPLES = (
    Good("workspace: {sender: {opt_out: {app: {ko: '수신거부: 앱 > 설정 > 알림'}}}}"),
    Bad(
        "workspace: {sender: {opt_out: {app: null}}}",
        ("workspace", "sender", "opt_out"),
        "no opt-out for app",
    ),
    Bad(
        "workspace: {sender: {opt_out: {sms: null}}}",
        ("workspace", "sender", "opt_out"),
        "no opt-out for sms",
    ),
    Bad(
        "campaign: {type: advertising}",
        ("template", "locales", "ko", "body"),
        "does not say how to refuse",
        Setting(composed={"channel": "app", "title": "(광고) 특가", "body": "전 상품 20%"}),
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield channels without an opt-out text, and composed texts that lost it."""
    silent: set[Channel] = set()
    for sample in context.once(samples):
        message = korean_ad(sample)
        if message is None or says_opt_out(sample, message):
            continue
        if not sample.campaign.sender.opt_out.get(message.channel):
            if message.channel not in silent:
                silent.add(message.channel)
                yield _unset(context.workspace.origin, message.channel)
            continue
        yield Hit(
            message=f"the {message.channel} text does not say how to refuse advertisements",
            at=sample.origin / "body",
            hint="end it with the text of `sender.opt_out`",
            campaign=sample.campaign.id,
            locale=message.locale,
            channel=message.channel,
            jurisdiction=KOREA,
        )


def _unset(workspace: Origin, channel: Channel) -> Hit:
    free = "무료수신거부 080-000-0000" if channel is Channel.SMS else "수신거부: 앱 > 설정 > 알림"
    return Hit(
        message=f"there is no opt-out for {channel}, and advertisements go out on it",
        at=workspace / "sender" / "opt_out",
        hint=f'add `{channel}: {{ko: "{free}"}}` under `sender.opt_out`',
        channel=channel,
        jurisdiction=KOREA,
    )
