"""An advertisement starts early enough to be through by nine.

## What
An advertisement to Korean residents is due by 20:30, Korean time. From 21:00 on it is
`kr-night-window`'s; campaigns with `night: consented_only` pass.

## Why
Practice, not law: a queue, a retry or a phone without a network makes minutes of seconds, and
what has not started by 21:00 is not sent any more (it is skipped as `window`). The consoles that
this product replaces ask for 20:30.

## Fix
Start by 20:30. If few people are targeted and the pace is high, ignore it with a reason: `#
pushform: ignore[kr-night-cutoff] 200 people, done in a minute; until 2026-12-31`.

## 한국어
한국으로 가는 광고는 20:30까지 시작하는 편이 안전합니다. 발송과 전달이 늦어지면 21:00을 넘기고,
그때까지 시작하지 못한 발송은 건너뜁니다. 법이 아니라 관행이며(DFINERY 푸시 가이드), 이유를 적은
주석으로 무시할 수 있습니다.
고치려면 더 일찍 시작하세요.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time

from engine.kernel.finding import Korean, Severity
from engine.law.book import hours, provision
from engine.law.jurisdiction import KOREA
from engine.law.windows import AD_WINDOW
from engine.lint.context import LintContext
from engine.lint.due import SEOUL_ZONE, korean_ads_due
from engine.lint.rule import Bad, Cites, Good, Hit, RuleMeta

META = RuleMeta(
    id="kr-night-cutoff",
    title="an advertisement to Korea starts by 20:30",
    severity=Severity.WARNING,
    rests_on=Cites("ad_cutoff", "KR"),
    jurisdictions=frozenset({"KR"}),
    title_ko="한국으로 가는 광고는 20:30까지 시작합니다",
)
EXAMPLES = (
    Good("campaign: {schedule: {at: '2026-09-24 20:30'}}"),
    Bad(
        "campaign: {schedule: {at: '2026-09-24 20:31'}}",
        ("campaign", "schedule", "at"),
        "20:31",
    ),
    Bad(
        "campaign: {schedule: {at: '2026-09-24 20:30:01'}}",
        ("campaign", "schedule", "at"),
        "due at 20:30:01 in Korea",
    ),
    Bad(
        "campaign: {schedule: {at: '2026-09-24 20:59', timezone: recipient}}",
        ("campaign", "schedule", "at"),
        "20:59",
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield advertisements that are due between the cut-off and the night."""
    for due in korean_ads_due(context):
        if due.campaign.schedule.night_consented_only:
            continue
        day = due.korean.astimezone(SEOUL_ZONE).date()
        cutoff = time.fromisoformat(str(provision("ad_cutoff", KOREA, day).value))
        _, closes = hours(AD_WINDOW, KOREA, day)
        if cutoff < due.korean_time < closes:
            yield due.hit(
                f"an advertisement is due at {due.korean_clock} in Korea, with little time"
                f" left before {closes:%H:%M}; what has not started by then is skipped",
                f"start by {cutoff:%H:%M}",
                jurisdiction=KOREA,
                korean=Korean(
                    f"광고가 한국 시각 {due.korean_clock}에 시작합니다. {closes:%H:%M}까지 시간이"
                    " 얼마 없고, 그때까지 시작하지 못한 발송은 건너뜁니다",
                    f"{cutoff:%H:%M}까지 시작하세요",
                ),
            )
