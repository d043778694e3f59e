"""The phone's permission for notifications is no consent to advertisements.

## What
The column that `sources.users.consent` maps as `ad` of a channel on which advertisements go to Korea
is not the one that is mapped as `service`, and its name does not say that it holds the permission
of the system or the browser (`push_enabled`, `notification_permission`, 알림허용). A name that speaks of
advertisements or marketing as well (`push_ad_enabled`) passes.

## Why
KISA and the regulator, 앱 푸시 광고 안내서 (2015-12-22): allowing notifications is no explicit consent to
advertisements (정보통신망법 제50조제1항); the two are asked for apart.

## Fix
Ask for consent to advertisements in the app, keep the answer in a column of its own and map that. If
the column does hold such consents under an unlucky name, answer on the line: `# pushform:
ignore[kr-consent-os-permission] reason; until 2026-12-31`.

## 한국어
광고 수신동의로 연결한 열(`ad`)이 운영체제나 브라우저의 알림 허용 값(`push_enabled`, 알림허용 등)이면 안
됩니다. 방송통신위원회와 KISA의 앱 푸시 광고 안내서(2015-12-22)에 따르면 알림 허용은 광고에 대한
명시적인 동의가 아니며, 서비스 알림 동의와 광고 동의는 따로 받아야 합니다.
고치려면 앱에서 광고 수신동의를 따로 받아 별도 열에 두고 그 열을 연결하세요. 이름만 그럴 뿐 실제로는
광고 동의라면 그 줄에 이유를 적은 주석으로 답할 수 있습니다.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.kernel.finding import Korean, Severity
from engine.law.jurisdiction import KOREA
from engine.lint.context import LintContext
from engine.lint.opt_outs import channels_of_ads
from engine.lint.rule import Bad, Cites, Good, Hit, RuleMeta

META = RuleMeta(
    id="kr-consent-os-permission",
    title="a permission for notifications is no consent to advertisements",
    severity=Severity.ERROR,
    rests_on=Cites("os_permission_consent", "KR"),
    jurisdictions=frozenset({"KR"}),
    title_ko="알림 허용은 광고 수신동의가 아닙니다",
)
_CONSENT = "workspace: {sources: {users: {consent: {app: {ad: %s%s}}}}}"
EXAMPLES = (
    Good(_CONSENT % ("push_ad_enabled", ", service: push_enabled")),
    Bad(
        _CONSENT % ("push_enabled", ""),
        ("workspace", "sources", "users", "consent", "app", "ad"),
        "`push_enabled` holds a permission",
    ),
    Bad(
        _CONSENT % ("알림허용", ""),
        ("workspace", "sources", "users", "consent", "app", "ad"),
        "`알림허용` holds a permission",
    ),
    Bad(
        _CONSENT % ("app_ok", ", service: app_ok"),
        ("workspace", "sources", "users", "consent", "app", "ad"),
        "`app_ok` is also the consent to any message",
    ),
)
_PERMISSION = re.compile(
    r"(?:push|noti\w*|alarm|os)_?(?:enabled?|on|allow\w*|permi\w+|granted|status)$"
    r"|permission|opt_?in_status|알림\s?_?(?:허용|설정|권한|켜)|푸시\s?_?(?:허용|설정|권한)",
    re.IGNORECASE,
)
_ADVERTISES = re.compile(r"(?:^|_)ads?(?=_|$)|advert|market|promo|광고|마케팅|홍보", re.IGNORECASE)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield consent columns that hold a system's permission."""
    used = context.once(channels_of_ads)
    for channel, columns in context.workspace.sources.consent.items():
        column = columns.ad
        if channel not in used or not column:
            continue
        if column == columns.service:
            says = "is also the consent to any message"
            korean = f"`{column}` 열을 서비스 알림 동의와 광고 동의에 함께 쓰고 있습니다"
        elif _PERMISSION.search(column) and not _ADVERTISES.search(column):
            says = "holds a permission for notifications, by its name"
            korean = f"`{column}` 열은 이름으로 보아 알림 허용 값입니다"
        else:
            continue
        yield Hit(
            message=f"`{column}` {says}, not the consent to advertisements on {channel}",
            at=context.workspace.origin / "sources" / "users" / "consent" / channel.value / "ad",
            hint="map the column in which people agreed to advertisements",
            channel=channel,
            jurisdiction=KOREA,
            korean=Korean(korean, "광고 수신에 동의한 값을 담은 열을 연결하세요"),
        )
