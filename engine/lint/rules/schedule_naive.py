"""A time has a zone.

## What
`schedule.at` has an offset, or `schedule.timezone` names an IANA zone or `recipient`.

## Why
`10:00` is nine hours apart in Seoul and on a CI machine, which runs in UTC. Vendors' fields for
the time have no zone either, so somebody has to say it, and the file is where a reviewer sees it.

## Fix
Write `timezone: Asia/Seoul` beside `at`, or `timezone: recipient` for everybody's own clock.

## 한국어
예약 시각에는 시간대가 있어야 합니다: `timezone: Asia/Seoul`, `timezone: recipient`, 또는 시각
자체의 오프셋(`2026-09-24 10:00+09:00`). 시간대가 없는 시각은 CI(UTC)와 사무실에서 다른 순간이
됩니다.
고치려면 `timezone:`을 더하세요.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Korean, Severity
from engine.lint.context import LintContext
from engine.lint.rule import Bad, Good, Hit, RuleMeta, practice

META = RuleMeta(
    id="schedule-naive",
    title="a time has a zone",
    severity=Severity.ERROR,
    rests_on=practice(
        "own-zones-are-written",
        "a wall-clock time means nothing without its zone",
        title_ko="시간대가 없는 시각은 뜻이 없습니다",
    ),
    title_ko="예약 시각에는 시간대가 있어야 합니다",
)
EXAMPLES = (
    Good("campaign: {schedule: {at: '2026-09-24 10:00', timezone: Asia/Seoul}}"),
    Good("campaign: {schedule: {at: '2026-09-24 10:00+09:00', timezone: null}}"),
    Bad(
        "campaign: {schedule: {timezone: null}}",
        ("campaign", "schedule", "at"),
        "`2026-09-24 10:00` has no zone",
    ),
    Bad(
        "campaign: {schedule: {at: '2026-09-25 11:30', timezone: null}}",
        ("campaign", "schedule", "at"),
        "`2026-09-25 11:30` has no zone",
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield schedules without a zone."""
    for campaign in context.live:
        schedule = campaign.schedule
        if schedule.timezone is not None or schedule.at.tzinfo is not None:
            continue
        yield Hit(
            message=f"`{schedule.at:%Y-%m-%d %H:%M}` has no zone",
            at=campaign.origin / "schedule" / "at",
            hint=f"add `timezone: {context.workspace.timezone}`, or `timezone: recipient`",
            campaign=campaign.id,
            korean=Korean(
                f"`{schedule.at:%Y-%m-%d %H:%M}`에 시간대가 없습니다",
                f"`timezone: {context.workspace.timezone}` 또는 `timezone: recipient`를 더하세요",
            ),
        )
