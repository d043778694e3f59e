"""A campaign is scheduled at least an hour ahead.

## What
A new or changed campaign is due at least one hour after now. For a campaign that nobody touched
it is a warning; it says nothing once there is a report. An informational campaign with `urgent:`
is exempt until the end of its day.

## Why
Review, approval and apply take time, and a last hour without changes is when mistakes are still
seen. The consoles that this product replaces ask for the same hour. What is applied later is
never sent: the door compares the due time with the last change (`skipped (missed)`).

## Fix
Choose a later `schedule.at`, counted from the merge and not from the commit. In an emergency, for
an informational message: `urgent: {reason: …, until: …}`.

## 한국어
새로 쓰거나 바꾼 캠페인은 지금부터 한 시간 뒤 이후로 예약해야 합니다. 손대지 않은 캠페인은 경고이고
보고서가 있으면 말하지 않습니다. `urgent:`가 있는 정보성 캠페인은 그날이 끝날 때까지 예외입니다.
검토·승인·적용에 시간이 걸리고, 늦게 적용된 것은 보내지 않습니다(`skipped (missed)`).
고치려면 커밋이 아니라 병합 시각부터 세어 더 늦은 시각을 적으세요. 급한 정보성 메시지라면 `urgent:
{reason: …, until: …}`를 쓰세요.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from engine.kernel.finding import Korean, Severity
from engine.kernel.instant import end_of_day, format_duration
from engine.law.lead import LEAD, last_apply
from engine.lint.context import LintContext
from engine.lint.due import Due, clock, due_times
from engine.lint.rule import Bad, Cites, Good, Hit, RuleMeta, Setting

META = RuleMeta(
    id="schedule-lead-time",
    title="a campaign is scheduled at least one hour ahead",
    severity=Severity.ERROR,
    rests_on=Cites("lead_time", "*"),
    title_ko="한 시간 전까지 예약해야 합니다",
)
EXAMPLES = (
    Good("campaign: {}", Setting(as_of="2026-09-24T00:00:00Z")),
    Good("campaign: {}", Setting(as_of="2026-09-24T00:30:00Z", changed=False, reported=True)),
    Bad(
        "campaign: {}",
        ("campaign", "schedule", "at"),
        "30m ahead",
        Setting(as_of="2026-09-24T00:30:00Z"),
    ),
    Bad(
        "campaign: {}",
        ("campaign", "schedule", "at"),
        "1s ahead",
        Setting(as_of="2026-09-24T00:59:59Z", changed=False),
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield campaigns that are due within the next hour. It flips when they are past."""
    for due in context.once(due_times):
        id_ = due.campaign.id
        ahead = due.at - context.as_of
        if not (due.at > context.as_of and ahead < LEAD) or id_ in context.reported:
            continue
        if _is_urgent(due, context.as_of):
            continue
        yield due.hit(
            f"`{id_}` is due at {clock(due.at, due.zone)}, only {format_duration(ahead)} ahead;"
            " it takes an hour",
            "choose a later time, counted from the merge",
            flips_at=due.at,
            severity=Severity.ERROR if context.is_changed(id_) else Severity.WARNING,
            korean=Korean(
                f"`{id_}`의 예약 시각 {clock(due.at, due.zone)}까지 {_in_korean(ahead)}밖에 남지"
                " 않았습니다. 한 시간이 필요합니다",
                "병합 시각부터 세어 더 늦은 시각을 적으세요",
            ),
        )


def passes_until(context: LintContext) -> Iterator[tuple[str, datetime]]:
    """Yield (campaign, instant) until when the check that passes now will pass.

    That is an hour before the due time, or where `urgent:` ends within that hour, its end.
    """
    for due in context.once(due_times):
        last = last_apply(due.at)
        if _is_urgent(due, max(last, context.as_of)):
            ends = _exempt_until(due)
            if ends is not None and ends < due.at:
                yield due.campaign.id, ends
        elif context.as_of <= last:
            yield due.campaign.id, last


def _is_urgent(due: Due, now: datetime) -> bool:
    ends = _exempt_until(due)
    return ends is not None and now < ends


def _exempt_until(due: Due) -> datetime | None:
    """Return until when `urgent:` lifts the lead of a campaign (that instant not included), if it does."""
    urgent = due.campaign.urgent
    if urgent is None or due.campaign.advertising:
        return None
    return end_of_day(urgent.until, due.zone)


def _in_korean(span: timedelta) -> str:
    """Return less than an hour as people say it: `30분`, `29분 30초`."""
    minutes, seconds = divmod(int(span.total_seconds()), 60)
    told = [f"{minutes}분"] if minutes else []
    return " ".join([*told, f"{seconds}초"] if seconds or not told else told)
