"""A send stays within the quota of its Firebase project.

## What
Where an environment that sends for real has `provider: fcm`: `rate` is at most 10,000/s, so is the
`pace` of a campaign where no `rate` bounds it, and a written `ramp` is at least 60s.

## Why
A Firebase project may send 600,000 messages a minute; above that FCM answers 429 to everybody, the
project's receipts included (firebase.google.com, throttling-and-quotas). Google asks for growth over
a minute or more: a jump is answered 429 as well (scale-fcm; the minute from memory).

## Fix
Lower it to `10000/s`; leave `ramp` out, or write `ramp: 60s`. A larger quota can be asked for: then
ignore this rule in a comment that says so.

## 한국어
실제로 발송하는 환경이 `provider: fcm`을 쓰면 `rate`는 10,000/s 이하여야 하고, `rate`가 없으면
캠페인의 `pace`도 그렇습니다. `ramp`를 적었다면 60초 이상이어야 합니다. Firebase 프로젝트의 기본
한도는 분당 600,000건이며, 넘으면 영수증 알림까지 모두 429로 거절됩니다. 갑자기 빨라져도 429가
돌아오므로 1분 이상에 걸쳐 늘리라고 합니다. 고치려면 `10000/s`로 낮추고 `ramp`를 지우거나 `ramp:
60s`로 쓰세요. 한도를 늘려 받았다면 그 사실을 적은 주석으로 이 규칙을 무시할 수 있습니다.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from engine.kernel.finding import Citation, Confidence, Korean, Severity
from engine.law.finish import RAMP
from engine.law.ramp import ramp_of
from engine.lint.context import LintContext
from engine.lint.rule import Bad, Good, Hit, RuleMeta
from engine.lint.texts import used_channels
from engine.model.channel import Channel, ProviderSettings

META = RuleMeta(
    id="rate-quota",
    title="a send stays within the quota of its Firebase project",
    severity=Severity.WARNING,
    rests_on=Citation(
        id="fcm-quota",
        title="Firebase Cloud Messaging, throttling and quotas: 600,000 messages a minute",
        title_ko="Firebase Cloud Messaging 한도: 분당 600,000건",
        confidence=Confidence.GUIDANCE,
    ),
    title_ko="발송 속도는 Firebase 프로젝트의 한도 안에 있어야 합니다",
)
_FCM = "provider: fcm, project: shop, credentials: '${FCM_CREDENTIALS}'"
EXAMPLES = (
    Good(f"workspace: {{channels: {{app: {{{_FCM}, rate: 10000/s, ramp: 2m}}}}}}"),
    Bad(
        f"workspace: {{channels: {{app: {{{_FCM}, rate: 20000/s}}}}}}",
        ("workspace", "channels", "app", "rate"),
        "20,000/s",
    ),
    Bad(
        f"workspace: {{channels: {{app: {{{_FCM}, rate: 8000/s, ramp: 5s}}}}}}",
        ("workspace", "channels", "app", "ramp"),
        "`5s`",
    ),
    Bad(
        f"{{workspace: {{channels: {{app: {{{_FCM}}}}}}},"
        " campaign: {schedule: {pace: 15000/s}}}",
        ("campaign", "schedule", "pace"),
        "15,000/s",
    ),
)
_QUOTA_PER_S = 10_000


def check(context: LintContext) -> Iterator[Hit]:
    """Yield rates and ramps beyond what FCM allows a project by default."""
    firebase = [
        settings
        for real in context.workspace.real.values()
        if (settings := real.channels.get(Channel.APP)) and settings.provider == "fcm"
    ]
    for settings in firebase:
        yield from _judge(settings)
    if all(settings.rate_per_s is not None for settings in firebase):
        return
    for campaign in context.live:
        pace = campaign.schedule.pace_per_s
        if pace is None or pace <= _QUOTA_PER_S or Channel.APP not in used_channels(campaign):
            continue
        yield Hit(
            message=f"the pace is {pace:,.0f}/s, above FCM's quota of {_QUOTA_PER_S:,}/s",
            at=campaign.origin / "schedule" / "pace",
            hint=f"write `pace: {_QUOTA_PER_S}/s`, or a `rate` for the channel",
            campaign=campaign.id,
            channel=Channel.APP,
            korean=Korean(
                f"발송 속도가 {pace:,.0f}/s로 FCM 한도 {_QUOTA_PER_S:,}/s를 넘습니다",
                f"`pace: {_QUOTA_PER_S}/s`로 쓰거나 채널에 `rate`를 적으세요",
            ),
        )


def _judge(settings: ProviderSettings) -> Iterator[Hit]:
    rate = settings.rate_per_s
    if rate is not None and rate > _QUOTA_PER_S:
        yield Hit(
            message=f"the rate is {rate:,.0f}/s, above FCM's quota of {_QUOTA_PER_S:,}/s",
            at=settings.origin / "rate",
            hint=f"write `rate: {_QUOTA_PER_S}/s`",
            channel=Channel.APP,
            korean=Korean(
                f"발송 속도가 {rate:,.0f}/s로 FCM 한도 {_QUOTA_PER_S:,}/s를 넘습니다",
                f"`rate: {_QUOTA_PER_S}/s`로 쓰세요",
            ),
        )
    written = settings.options.get("ramp")
    if written is not None and settings.base_url is None and _ramp(settings) < RAMP:
        yield Hit(
            message=f"the ramp is `{written}`: FCM refuses what grows faster than in a minute",
            at=settings.origin / "ramp",
            hint="delete it, or write `ramp: 60s`",
            channel=Channel.APP,
            korean=Korean(
                f"`ramp`가 `{written}`입니다. FCM은 1분보다 빠르게 늘어나는 발송을 거절합니다",
                "지우거나 `ramp: 60s`로 쓰세요",
            ),
        )


def _ramp(settings: ProviderSettings) -> timedelta:
    """Return the written ramp; what is no duration is refused elsewhere."""
    try:
        return ramp_of(settings)
    except ValueError:
        return RAMP
