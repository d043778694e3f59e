"""Advertisements have an Android channel of their own.

## What
A campaign on the app names `android.channel_id`, and no channel is used by advertisements and by
informational campaigns alike.

## Why
Since Android 8 people switch notifications off by channel. Without an id a push goes to the app's
default channel, if it has one. Whoever mutes the channel of advertisements mutes what else is in it:
receipts, security notices. (From experience; the app creates the channels.)

## Fix
Write `app: {android: {channel_id: marketing}}`, and another id in informational campaigns.

## 한국어
앱을 쓰는 캠페인에는 `android.channel_id`가 있어야 하고, 광고와 정보성 캠페인이 같은 채널을 함께
쓰면 안 됩니다. 안드로이드 8부터 사람들은 채널별로 알림을 끕니다. ID가 없으면 앱의 기본 채널로 가고,
광고 채널을 끈 사람은 그 안에 있는 영수증이나 보안 알림까지 못 받게 됩니다(경험에 따름. 채널은 앱이
만듭니다). 고치려면 `app: {android: {channel_id: marketing}}`처럼 쓰고 정보성 캠페인에는 다른 ID를
쓰세요.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.kernel.finding import Korean, Severity
from engine.lint.across import Seen, in_turn
from engine.lint.context import LintContext
from engine.lint.rule import Bad, Good, Hit, RuleMeta, practice
from engine.model.channel import Channel
from engine.model.channel_settings import AppSettings

META = RuleMeta(
    id="android-channel",
    title="advertisements have an Android channel of their own",
    severity=Severity.WARNING,
    rests_on=practice(
        "push-android-channel",
        "people mute by channel: advertisements have their own",
        title_ko="사람들은 채널 단위로 알림을 끕니다. 광고는 따로 둡니다",
    ),
    title_ko="광고는 따로 만든 안드로이드 채널로 보냅니다",
)
_ORDER = (
    "template: {variables: null, redefine: null, locales: {"
    "ko: {title: 주문 확인, body: 주문이 접수되었습니다}, en: {title: Your order, body: We have it}}}"
)
EXAMPLES = (
    Good("campaign: {channels: {app: {android: {channel_id: marketing}}}}"),
    Good(
        "{campaign: {type: informational, basis: transaction,"
        f" channels: {{sms: null, app: {{android: {{channel_id: orders}}}}}}}}, {_ORDER}}}"
    ),
    Bad(
        "campaign: {channels: {app: {android: null}}}",
        ("campaign", "channels", "app"),
        "no `android.channel_id`",
    ),
    Bad(
        "{campaign: {type: informational, basis: transaction,"
        f" channels: {{sms: null, app: {{android: null}}}}}}, {_ORDER}}}",
        ("campaign", "channels", "app"),
        "no `android.channel_id`",
    ),
    Bad(
        "{campaign: {channels: {app: {android: {channel_id: news}}}}, receipt: {kind: campaign,"
        " id: receipt, title: 영수증, type: informational, basis: transaction, audience: everyone,"
        " channels: {app: {android: {channel_id: news}}},"
        " message: {ko: {title: 영수증, body: 결제했습니다}, en: {title: Receipt, body: Paid}},"
        " schedule: {at: '2026-09-25 10:00', timezone: Asia/Seoul}}}",
        ("campaign", "channels", "app", "android", "channel_id"),
        "`receipt`",
    ),
)
_AD, _INFORMATIONAL = "ad", "informational"


def check(context: LintContext) -> Iterator[Hit]:
    """Yield campaigns without a channel, and advertisements that share one with something else."""
    yield from judge(gather(context))


def gather(context: LintContext) -> Iterator[Seen]:
    """Yield every campaign without a channel, and the first of each type on a channel."""
    first: set[tuple[str, bool]] = set()
    for campaign in context.live:
        settings = campaign.channels.get(Channel.APP)
        if not isinstance(settings, AppSettings):
            continue
        id_ = settings.android_channel_id
        if id_ is not None:
            if (id_, campaign.advertising) in first:
                continue
            first.add((id_, campaign.advertising))
        at = campaign.origin / "channels" / "app"
        yield Seen(
            META.id,
            id_ or "",
            campaign.id,
            at if id_ is None else at / "android" / "channel_id",
            word=_AD if campaign.advertising else _INFORMATIONAL,
        )


def judge(seen: Iterable[Seen]) -> Iterator[Hit]:
    """Yield what the notes come to; a shared channel is told once, at its first advertisement."""
    ads: dict[str, Seen] = {}
    others: dict[str, Seen] = {}
    for one in in_turn(seen):
        if one.key == "":
            yield _nameless(one)
        else:
            (ads if one.word == _AD else others).setdefault(str(one.key), one)
    for id_, ad in ads.items():
        if id_ in others:
            yield _shared(id_, ad, others[id_])


def _nameless(one: Seen) -> Hit:
    wanted = "marketing" if one.word == _AD else "service"
    return Hit(
        message="no `android.channel_id`: Android shows it in the app's default channel, if any",
        at=one.at,
        hint=f"write `app: {{android: {{channel_id: {wanted}}}}}`",
        campaign=one.campaign,
        channel=Channel.APP,
        korean=Korean(
            "`android.channel_id`가 없습니다. 안드로이드는 앱의 기본 채널이 있을 때만 그곳에 보여 줍니다",
            f"`app: {{android: {{channel_id: {wanted}}}}}`처럼 쓰세요",
        ),
    )


def _shared(id_: str, ad: Seen, other: Seen) -> Hit:
    return Hit(
        message=f"`{id_}` carries advertisements and informational messages (`{other.campaign}`)",
        at=ad.at,
        hint="give advertisements a channel of their own: whoever mutes them mutes the rest too",
        campaign=ad.campaign,
        channel=Channel.APP,
        korean=Korean(
            f"`{id_}` 채널로 광고와 정보성 메시지(`{other.campaign}`)가 함께 나갑니다",
            "광고 채널을 따로 두세요. 광고를 끄면 나머지도 꺼집니다",
        ),
    )
