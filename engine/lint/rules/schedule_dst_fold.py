"""A time is there only once.

## What
`schedule.at` is not in the hour that clocks go through twice when summer time ends.

## Why
In New York 01:30 comes twice on 2027-11-07. The engine takes the earlier one, and only once; a
reviewer may have meant the other.

## Fix
Choose another time, or write the offset: `at: "2027-11-07 01:30-04:00"`.

## 한국어
서머타임이 끝나는 날에는 같은 시각이 두 번 옵니다. 그런 시각으로 예약하면 먼저 오는 쪽을 씁니다. 두
번 보내지는 않지만 쓴 사람의 뜻과 다를 수 있습니다. 한국에는 없는 일입니다.
고치려면 다른 시각을 고르거나 `2026-11-01 01:30-05:00`처럼 오프셋을 적으세요.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Korean, Severity
from engine.kernel.instant import LocalKind, format_instant
from engine.lint.context import LintContext
from engine.lint.due import due_times
from engine.lint.rule import Bad, Good, Hit, RuleMeta, practice

META = RuleMeta(
    id="schedule-dst-fold",
    title="a time is there only once in its zone",
    severity=Severity.WARNING,
    rests_on=practice(
        "tzdata-fold",
        "IANA tz database: clocks go through this time twice",
        title_ko="IANA tz 데이터베이스: 시계가 이 시각을 두 번 지납니다",
    ),
    title_ko="예약 시각은 그 시간대에 한 번만 있어야 합니다",
)
EXAMPLES = (
    Good("campaign: {schedule: {at: '2027-11-07 19:30', timezone: America/New_York}}"),
    Good("campaign: {schedule: {at: '2027-11-06 20:30-04:00', timezone: null}}"),
    Bad(
        "campaign: {schedule: {at: '2027-11-07 01:30', timezone: America/New_York}}",
        ("campaign", "schedule", "at"),
        "comes twice in `America/New_York`",
    ),
    Bad(
        "campaign: {schedule: {at: '2026-10-25 02:30', timezone: Europe/Paris}}",
        ("campaign", "schedule", "at"),
        "2026-10-25T00:30:00Z",
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield local times that their zone goes through twice."""
    for due in context.once(due_times):
        if due.kind is LocalKind.FOLD:
            yield due.hit(
                f"`{due.campaign.schedule.at:%Y-%m-%d %H:%M}` comes twice in `{due.zone.key}`;"
                f" the first is taken, {format_instant(due.at)}",
                "choose another time, or write the offset",
                korean=Korean(
                    f"`{due.campaign.schedule.at:%Y-%m-%d %H:%M}`: `{due.zone.key}`에 두 번 있습니다."
                    f" 먼저 오는 {format_instant(due.at)}에 보냅니다",
                    "다른 시각을 고르거나 오프셋을 적으세요",
                ),
            )
