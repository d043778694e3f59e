"""An advertisement to Korea starts a minute after eight.

## What
An advertisement to Korean residents is not due between 08:00:00 and 08:00:59, Korean time. With
recipient-local time it is each person's own morning. (Before 08:00 see `kr-night-window`.)

## Why
정보통신망법 제50조제3항 forbids 「오후 9시부터 그 다음 날 오전 8시까지」, and 「까지」 can be read as
including 08:00:00. No decision is known; a minute costs nothing.

## Fix
`schedule: {at: "… 08:05"}`.

## 한국어
정보통신망법 제50조제3항의 「오전 8시까지」는 08:00:00을 포함한다고 읽을 수 있습니다. 한국
수신자에게 가는 광고는 08:00:00–08:00:59에 시작하지 않는 편이 안전합니다.
고치려면 `schedule: {at: "… 08:05"}`처럼 몇 분 뒤로 옮기세요.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time
from functools import lru_cache

from engine.kernel.finding import Korean, Severity
from engine.law.book import hours, provision
from engine.law.jurisdiction import KOREA
from engine.law.windows import AD_WINDOW
from engine.lint.context import LintContext
from engine.lint.due import SEOUL_ZONE, korean_ads_due
from engine.lint.rule import Bad, Cites, Good, Hit, RuleMeta

META = RuleMeta(
    id="kr-night-early",
    title="an advertisement to Korea starts a minute after eight",
    severity=Severity.WARNING,
    rests_on=Cites("ad_early", "KR"),
    jurisdictions=frozenset({"KR"}),
    title_ko="한국으로 가는 광고는 08:01부터 시작합니다",
)
EXAMPLES = (
    Good("campaign: {schedule: {at: '2026-09-24 08:01'}}"),
    Bad(
        "campaign: {schedule: {at: '2026-09-24 08:00'}}",
        ("campaign", "schedule", "at"),
        "08:00:00 in Korea",
    ),
    Bad(
        "campaign: {schedule: {at: '2026-09-24 08:00:59', timezone: recipient}}",
        ("campaign", "schedule", "at"),
        "08:00:59 in Korea",
    ),
    Bad(
        "campaign: {schedule: {at: '2026-09-23 19:00', timezone: America/New_York}}",
        ("campaign", "schedule", "at"),
        "08:00:00 in Korea",
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield advertisements that are due in the first minute of the day."""
    for due in korean_ads_due(context):
        local = due.korean.astimezone(SEOUL_ZONE)
        at = local.time()
        opens, safe = _first_minute(local.date())
        if opens <= at < safe and not due.campaign.schedule.night_consented_only:
            yield due.hit(
                f"an advertisement is due at {at:%H:%M:%S} in Korea, which the law's"
                " 「오전 8시까지」 may still mean",
                f"start at {safe:%H:%M} or a little later",
                jurisdiction=KOREA,
                korean=Korean(
                    f"한국 시각 {at:%H:%M:%S}에 시작합니다. 「오전 8시까지」에 포함된다고 볼 수 있습니다",
                    f"{safe:%H:%M} 이후로 옮기세요",
                ),
            )


@lru_cache(maxsize=4096)
def _first_minute(day: date) -> tuple[time, time]:
    """Return when the window opens on `day`, and from when on nobody can read the law otherwise."""
    opens, _ = hours(AD_WINDOW, KOREA, day)
    return opens, time.fromisoformat(str(provision("ad_early", KOREA, day).value))
