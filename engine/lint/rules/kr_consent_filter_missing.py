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
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Severity
from engine.lint.context import LintContext
from engine.lint.rule import Bad, Cites, Good, Hit, RuleMeta

META = RuleMeta(
    id="kr-consent-filter-missing",
    title="a channel used for advertisements has a consent column",
    severity=Severity.ERROR,
    rests_on=Cites("ad_consent", "KR"),
    jurisdictions=frozenset({"KR"}),
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
            )
