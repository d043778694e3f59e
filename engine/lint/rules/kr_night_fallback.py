"""No alternative to an advertisement starts at night.

## What
The latest instant at which an alternative (`alternative: {kakao: sms}`) may go out, `fallback_after`
past the due time, still lies in the day: before 21:00, Korean time. Campaigns with `night:
consented_only` pass.

## Why
정보통신망법 제50조제3항 binds every message. Kakao may say after minutes that a message was refused;
the text that stands in for it would go out at night. The door does not let it: the person gets
nothing.

## Fix
Start earlier, shorten `fallback_after`, or drop the alternative.

## 한국어
대체 발송(`alternative: {kakao: sms}`)이 나갈 수 있는 가장 늦은 시각, 곧 예약 시각에
`fallback_after`를 더한 때도 한국 시각 21:00 전이어야 합니다(정보통신망법 제50조제3항). 밤에 걸린
대체 문자는 발송되지 않아 그 사람은 아무것도 받지 못합니다. `night: consented_only`인 캠페인은 보지
않습니다.
고치려면 더 일찍 시작하거나 `fallback_after`를 줄이거나 대체 발송을 빼세요.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Korean, Severity
from engine.kernel.instant import format_duration
from engine.law.finish import fallback_of
from engine.law.jurisdiction import KOREA
from engine.law.windows import Open, window_at
from engine.lint.context import LintContext
from engine.lint.due import SEOUL_ZONE, korean_ads_due
from engine.lint.rule import Bad, Cites, Good, Hit, RuleMeta

META = RuleMeta(
    id="kr-night-fallback",
    title="no alternative to an advertisement starts at night",
    severity=Severity.ERROR,
    rests_on=Cites("ad_window", "KR"),
    jurisdictions=frozenset({"KR"}),
    title_ko="광고의 대체 발송이 밤에 시작되지 않아야 합니다",
)
_KAKAO = (
    "{campaign: {channels: {app: null, kakao: {product: brand}},"
    " alternative: {kakao: sms}, schedule: {at: '2026-09-24 %s'}%s},"
    " template: {redefine: {kakao: {universal: true}}}}"
)
EXAMPLES = (
    Good(_KAKAO % ("20:29", "")),
    Bad(
        _KAKAO % ("20:30", ", fallback_after: 30m"),
        ("campaign", "alternative", "kakao"),
        "sms may stand in as late as 21:00",
    ),
    Bad(
        _KAKAO % ("18:00", ", fallback_after: 4h"),
        ("campaign", "alternative", "kakao"),
        "sms may stand in as late as 22:00",
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield alternatives that may go out after the window of their due time has closed."""
    for due in korean_ads_due(context):
        campaign = due.campaign
        if not campaign.alternative or campaign.schedule.night_consented_only:
            continue
        window = window_at(due.korean, advertising=True, brand=False, jurisdiction=KOREA, zone=None)
        if not isinstance(window, Open) or window.until is None:
            continue  # kr-night-window says so
        for first, second in campaign.alternative.items():
            latest = due.korean + fallback_of(campaign, second)
            if latest >= window.until:
                shown = f"{latest.astimezone(SEOUL_ZONE):%H:%M}"
                wait = format_duration(campaign.fallback_after)
                yield Hit(
                    message=f"{second} may stand in as late as {shown} in Korea, {wait} after the"
                    " due time, where the night has begun",
                    at=campaign.origin / "alternative" / first,
                    hint="start earlier, or shorten `fallback_after`",
                    campaign=campaign.id,
                    channel=second,
                    jurisdiction=KOREA,
                    korean=Korean(
                        f"대체 발송({second})이 한국 시각 {shown}에 나갈 수 있습니다"
                        f"(예약 {wait} 뒤). 밤에는 광고를 보낼 수 없습니다",
                        "더 일찍 시작하거나 `fallback_after`를 줄이세요",
                    ),
                )
