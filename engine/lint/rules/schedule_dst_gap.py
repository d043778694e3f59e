"""A time exists.

## What
`schedule.at` exists in its zone: it is not in the hour that clocks skip when summer time begins.

## Why
In New York there is no 02:30 on 2027-03-14. Whatever the engine picked instead, it would not be
what the reviewer read.

## Fix
Choose a time before or after the gap.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Severity
from engine.kernel.instant import LocalKind
from engine.lint.context import LintContext
from engine.lint.due import clock, due_times
from engine.lint.rule import Bad, Good, Hit, RuleMeta, practice

META = RuleMeta(
    id="schedule-dst-gap",
    title="a time exists in its zone",
    severity=Severity.ERROR,
    rests_on=practice("tzdata-gap", "IANA tz database: clocks skip this time"),
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
            )
