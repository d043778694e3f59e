"""A campaign is not due in the past.

## What
A new or changed campaign is due after now. For a campaign that nobody touched it is a warning; it
says nothing once there is a report. A report of a sandbox counts for a lint or plan of that sandbox only.

## Why
Nothing is sent late in secret: a campaign whose time passed while the pull request waited is
refused, and a deployed one that could not start in time is `failed (missed)`.

## Fix
Choose a new `schedule.at`. To send an old campaign again, copy it under a new id.

## 한국어
새로 쓰거나 바꾼 캠페인은 지금보다 뒤에 예약해야 합니다. 손대지 않은 캠페인은 경고이고 보고서가
있으면 말하지 않습니다. 샌드박스의 보고서는 그 샌드박스에서만 칩니다.
늦게 몰래 보내는 일은 없습니다. 검토를 기다리다 시각이 지난 캠페인은 거절되고, 배포된
캠페인이 제때 시작하지 못하면 `failed (missed)`가 됩니다.
고치려면 새 시각을 적으세요. 지난 캠페인을 다시 보내려면 새 id로 복사하세요.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from engine.kernel.finding import Korean, Severity
from engine.lint.context import LintContext
from engine.lint.due import clock, due_times
from engine.lint.rule import Bad, Good, Hit, RuleMeta, Setting, practice

META = RuleMeta(
    id="schedule-past",
    title="a campaign is not due in the past",
    severity=Severity.ERROR,
    rests_on=practice(
        "own-no-late-send",
        "what missed its time is refused, never sent late",
        title_ko="때를 놓친 것은 거절하고 늦게 보내지 않습니다",
    ),
    title_ko="지난 시각에는 예약할 수 없습니다",
)
EXAMPLES = (
    Good("campaign: {}"),
    Good("campaign: {}", Setting(as_of="2026-10-01T00:00:00Z", changed=False, reported=True)),
    Bad(
        "campaign: {}",
        ("campaign", "schedule", "at"),
        "2026-09-24 10:00",
        Setting(as_of="2026-09-24T01:00:00Z"),
    ),
    Bad(
        "campaign: {schedule: {at: '2026-09-19 10:00'}}",
        ("campaign", "schedule", "at"),
        "in the past",
        Setting(changed=False),
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield campaigns whose time has come or passed and that have no report."""
    for due in context.once(due_times):
        id_ = due.campaign.id
        if due.at > context.as_of or id_ in context.reported:
            continue
        yield due.hit(
            f"`{id_}` was due at {clock(due.at, due.zone)}, which is in the past",
            "choose a new time, or copy the campaign under a new id",
            severity=Severity.ERROR if context.is_changed(id_) else Severity.WARNING,
            korean=Korean(
                f"`{id_}`의 예약 시각이 이미 지났습니다: {clock(due.at, due.zone)}",
                "새 시각을 적거나 새 id로 복사하세요",
            ),
        )


def passes_until(context: LintContext) -> Iterator[tuple[str, datetime]]:
    """Yield (campaign, instant) at which a campaign that is still ahead will be past."""
    for due in context.once(due_times):
        if due.at > context.as_of:
            yield due.campaign.id, due.at
