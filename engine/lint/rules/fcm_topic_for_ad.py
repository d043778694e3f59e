"""Advertisements go to people, not to topics.

## What
No environment that sends for real has `topic`, `topics` or `condition` under `channels.app` while
advertisements to Korea go out on it. (`topic` of `provider: apns` is the app's bundle id, and fine.)

## Why
정보통신망법 제50조: an advertisement needs each recipient's consent (제1항), stops at each refusal
(제2항), and at night asks for a consent of its own (제3항). Whoever subscribed to a topic is known to
Firebase only: nothing of this can be checked for them. pushform sends to addresses, and never reads
these keys; they say that somebody means a topic to be used.

## Fix
Delete the key; make the people an audience.

## 한국어
실제로 발송하는 환경의 `channels.app`에는 한국으로 광고가 나가는 한 `topic`, `topics`, `condition`을 둘 수
없습니다 (`provider: apns`의 `topic`은 앱의 번들 ID이므로 괜찮습니다). 정보통신망법 제50조에 따라
광고는 수신자마다 동의가 있어야 하고(제1항), 거부하면 멈추어야 하며(제2항), 밤에는 별도 동의가
필요합니다(제3항). 토픽 구독자는 Firebase만 알기 때문에 이 가운데 아무것도 확인할 수 없습니다.
고치려면 이 키를 지우고 대상을 오디언스로 만드세요.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Korean, Severity
from engine.lint.context import LintContext
from engine.lint.josa import josa
from engine.lint.rule import Bad, Cites, Good, Hit, RuleMeta
from engine.lint.texts import used_channels
from engine.model.channel import Channel

META = RuleMeta(
    id="fcm-topic-for-ad",
    title="advertisements are not sent to topics",
    severity=Severity.ERROR,
    rests_on=Cites("ad_consent", "KR"),
    jurisdictions=frozenset({"KR"}),
    title_ko="광고는 토픽으로 보낼 수 없습니다",
)
_FCM = "provider: fcm, project: shop, credentials: '${FCM_CREDENTIALS}'"
_APNS = "provider: apns, key: '${APNS_KEY}', key_id: K1, team_id: T1, topic: com.shop.app"
EXAMPLES = (
    Good(f"workspace: {{channels: {{app: {{{_FCM}}}}}}}"),
    Good(f"workspace: {{channels: {{app: {{{_APNS}}}}}}}"),
    Bad(
        f"workspace: {{channels: {{app: {{{_FCM}, topic: all}}}}}}",
        ("workspace", "channels", "app", "topic"),
        "`topic`",
    ),
    Bad(
        f"workspace: {{channels: {{app: {{{_FCM},"
        " condition: \"'sale' in topics && 'kr' in topics\"}}}",
        ("workspace", "channels", "app", "condition"),
        "`condition`",
    ),
)
_KEYS = ("topic", "topics", "condition")


def check(context: LintContext) -> Iterator[Hit]:
    """Yield the options that name topics, where Koreans get advertisements on the app."""
    named = [
        (settings, key)
        for real in context.workspace.real.values()
        if (settings := real.channels.get(Channel.APP)) and settings.provider != "apns"
        for key in _KEYS
        if key in settings.options
    ]
    if not named or not any(Channel.APP in used_channels(ad) for ad in context.korean_ads):
        return
    for settings, key in named:
        yield Hit(
            message=f"`{key}` names people whose consent nobody can check",
            at=settings.origin / key,
            hint=f"delete `{key}`, and make the people an audience",
            channel=Channel.APP,
            jurisdiction="KR",
            korean=Korean(
                f"`{key}`{josa(key, '으로/로')} 정한 사람들은 수신 동의를 확인할 수 없습니다",
                f"`{key}`{josa(key, '을/를')} 지우고 대상을 오디언스로 만드세요",
            ),
        )
