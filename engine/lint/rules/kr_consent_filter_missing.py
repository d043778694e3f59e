"""An advertisement goes only where consent to it is known.

## What
For every channel that an advertisement uses, `sources.users.consent` maps the column that holds
the consent to advertisements on that channel.

## Why
정보통신망법 제50조제1항: explicit prior consent, per medium. A system's permission to show
notifications is not consent to advertisements (방송통신위원회·KISA, 2015-12-22). Without a column
nobody can be asked for it, so nobody would get the message. With a complete `exception:` those who
bought in the last six months would, so the column may be missing then.

## Fix
Map the column: `consent: {app: {ad: push_ad_agreed}}` under `sources.users`, or stop using the
channel.

## 한국어
광고를 보내는 채널마다 그 채널의 광고 수신동의를 담은 열을 `sources.users.consent`에 연결해야 합니다.
정보통신망법 제50조제1항은 매체별로 명시적인 사전 동의를 요구하며, 알림 허용은 광고 동의가 아닙니다. 열이
없으면 동의를 알 수 없어 아무에게도 보내지 않습니다. 요건을 갖춘 `exception:`이 있으면 6개월 안에 거래한
사람에게 보낼 수 있으므로 열이 없어도 됩니다.
고치려면 `consent: {app: {ad: push_ad_agreed}}`처럼 연결하거나 그 채널을 쓰지 마세요.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Korean, Severity
from engine.lint.context import LintContext
from engine.lint.rule import Bad, Cites, Good, Hit, RuleMeta

META = RuleMeta(
    id="kr-consent-filter-missing",
    title="a channel used for advertisements has a consent column",
    severity=Severity.ERROR,
    rests_on=Cites("ad_consent", "KR"),
    jurisdictions=frozenset({"KR"}),
    title_ko="광고하는 채널에는 수신동의 열이 있어야 합니다",
)
EXAMPLES = (
    Good("campaign: {type: advertising}"),
    Good(
        "{campaign: {type: informational, basis: transaction, channels: {sms: null}},"
        " workspace: {sources: {users: {consent: {app: null}}}}, template: {redefine: null,"
        " locales: {en: null, ko: {title: '{{ name }}님', body: 주문이 접수되었습니다}}}}"
    ),
    Good(
        "{campaign: {exception: {ended_at: user.bought_on, direct: true, same_goods: true}},"
        " workspace: {sources: {users: {consent: {app: null}}}}}"
    ),
    Bad(
        "{campaign: {exception: {ended_at: user.bought_on, direct: true}},"
        " workspace: {sources: {users: {consent: {app: null}}}}}",
        ("campaign", "channels", "app"),
        "consent to advertisements on app",
        also=("kr-transaction-exception",),
    ),
    Bad(
        "workspace: {sources: {users: {consent: {app: null}}}}",
        ("campaign", "channels", "app"),
        "consent to advertisements on app",
    ),
    Bad(
        "workspace: {sources: {users: {consent: {sms: {ad: null, service: sms_enabled}}}}}",
        ("campaign", "channels", "sms"),
        "consent to advertisements on sms",
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield the channels of advertisements for which no consent is mapped."""
    for campaign in context.korean_ads:
        exception = campaign.exception
        if exception is not None and exception.direct and exception.same_goods:
            continue
        for channel in (*campaign.channels, *sorted(set(campaign.alternative.values()))):
            columns = campaign.consent.get(channel)
            if columns is not None and columns.ad:
                continue
            used = channel in campaign.channels
            at = campaign.origin / ("channels" if used else "alternative")
            yield Hit(
                message=f"no column holds the consent to advertisements on {channel}",
                at=at / channel.value if used else at,
                key=used,
                hint=f"map it in pushform.yaml: `sources.users.consent: {{{channel}: {{ad: …}}}}`",
                campaign=campaign.id,
                channel=channel,
                jurisdiction="KR",
                korean=Korean(
                    f"{channel} 광고 수신동의를 담은 열이 없습니다",
                    f"pushform.yaml에 연결하세요: `sources.users.consent: {{{channel}: {{ad: …}}}}`",
                ),
            )
