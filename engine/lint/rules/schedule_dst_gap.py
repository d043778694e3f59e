"""A time exists.

## What
`schedule.at` exists in its zone: it is not in the hour that clocks skip when summer time begins. With
`timezone: recipient` whoever's clock skips it is sent to at the first instant after the gap.

## Why
In New York there is no 02:30 on 2027-03-14. Whatever the engine picked instead, it would not be
what the reviewer read.

## Fix
Choose a time before or after the gap.

## 한국어
서머타임이 시작하는 날에는 없는 시각이 있습니다(예: 뉴욕 2027-03-14 02:30). 그런 시각으로는 예약할
수 없습니다. 받는 사람의 시각(`recipient`)이면 그 사람의 시계에 있는 첫 시각을 씁니다. 한국에는 없는
일입니다.
고치려면 바뀌기 전이나 후의 시각을 적으세요.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Korean, Severity
from engine.kernel.instant import LocalKind
from engine.lint.context import LintContext
from engine.lint.due import clock, due_times
from engine.lint.rule import Bad, Good, Hit, RuleMeta, practice

META = RuleMeta(
    id="schedule-dst-gap",
    title="a time exists in its zone",
    severity=Severity.ERROR,
    rests_on=practice(
        "tzdata-gap",
        "IANA tz database: clocks skip this time",
        title_ko="IANA tz 데이터베이스: 시계가 이 시각을 건너뜁니다",
    ),
    title_ko="예약 시각은 그 시간대에 있어야 합니다",
)
EXAMPLES = (
    Good("campaign: {schedule: {at: '2027-03-15 19:30', timezone: America/New_York}}"),
    Bad(
        "campaign: {schedule: {at: '2027-03-14 02:30', timezone: America/New_York}}",
        ("campaign", "schedule", "at"),
        "does not exist in `America/New_York`",
    ),
    Bad(
        "campaign: {schedule: {at: '2027-03-28 02:15', timezone: Europe/Paris}}",
        ("campaign", "schedule", "at"),
        "clocks go to 03:00",
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield local times that their zone skips."""
    for due in context.once(due_times):
        if due.kind is LocalKind.GAP:
            after = clock(due.at, due.zone)[-5:]
            yield due.hit(
                f"`{due.campaign.schedule.at:%Y-%m-%d %H:%M}` does not exist in `{due.zone.key}`:"
                f" clocks go to {after}",
                f"write {after} or a time before the change",
                korean=Korean(
                    f"`{due.campaign.schedule.at:%Y-%m-%d %H:%M}`: `{due.zone.key}`에 없는 시각입니다."
                    f" 시계가 {after}으로 넘어갑니다",
                    f"{after}이나 바뀌기 전의 시각을 적으세요",
                ),
            )
