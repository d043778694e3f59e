"""A campaign is not due in the past.

## What
A new or changed campaign is due after now. For a campaign that nobody touched it is a warning; it
says nothing once there is a report.

## Why
Nothing is sent late in secret: a campaign whose time passed while the pull request waited is
refused, and a deployed one that could not start in time is `failed (missed)`.

## Fix
Choose a new `schedule.at`. To send an old campaign again, copy it under a new id.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from engine.kernel.finding import Severity
from engine.lint.context import LintContext
from engine.lint.due import clock, due_times
from engine.lint.rule import Bad, Good, Hit, RuleMeta, Setting, practice

META = RuleMeta(
    id="schedule-past",
    title="a campaign is not due in the past",
    severity=Severity.ERROR,
    rests_on=practice("own-no-late-send", "what missed its time is refused, never sent late"),
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
        )


def passes_until(context: LintContext) -> Iterator[tuple[str, datetime]]:
    """Yield (campaign, instant) at which a campaign that is still ahead will be past."""
    for due in context.once(due_times):
        if due.at > context.as_of:
            yield due.campaign.id, due.at
