"""A plan for people: the summary first, then every change with its time, texts, people and limits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from unicodedata import category

from engine.kernel.finding import Severity
from engine.kernel.instant import find_zone, format_instant
from engine.model.plan import Action, Change, Guard, Plan, Timing
from engine.plan.as_json import summary
from engine.plan.going import going_of
from engine.plan.guards import zones_named

_SYMBOL = {
    Action.CREATE: "+",
    Action.UPDATE: "~",
    Action.RESCHEDULE: "~",
    Action.CANCEL: "-",
    Action.NONE: " ",
}


def plan_text(plan: Plan, timezone: str) -> str:
    """Return the plan as a person at a terminal reads it; times are also given in `timezone`."""
    return "\n".join(_lines(plan, timezone)) + "\n"


def _lines(plan: Plan, timezone: str) -> Iterator[str]:
    state = f"state=#{plan.state.serial}" if plan.state else "no state yet"
    yield (
        f"pushform plan  environment={plan.environment}  as-of={format_instant(plan.as_of)}  "
        + ("offline" if plan.offline else state)
    )
    if plan.state_lost:
        yield f"\nSTATE LOST: {plan.state_lost}"
    for change in plan.pending:
        yield ""
        yield from change_lines(change, plan.as_of, timezone)
    failed = [guard for guard in plan.guards if not guard.passed]
    if failed:
        yield ""
        yield from (_guard_line(guard) for guard in failed)
    yield ""
    yield summary_line(plan)
    if plan.pending:
        yield f"Digest: {plan.digest}"
        if plan.valid_until:
            yield (
                f"Valid until {both(plan.valid_until, timezone)} "
                f"({until(plan.valid_until, plan.as_of)})"
            )
    errors = sum(finding.severity is Severity.ERROR for finding in plan.findings)
    if (plan.pending or plan.state_lost) and not plan.applyable:
        why = f"{errors} lint errors" if errors else "a guard refuses, see above"
        yield f"Not applyable: {plan.state_lost or why}"


def summary_line(plan: Plan) -> str:
    """Return `Plan: 2 to create, …` with every count, also of what does not change."""
    counts = summary(plan)
    return (
        f"Plan: {counts['create']} to create, {counts['update']} to update, "
        f"{counts['reschedule']} to reschedule, {counts['cancel']} to cancel, "
        f"{counts['none']} unchanged."
    )


def change_lines(change: Change, as_of: datetime, timezone: str) -> Iterator[str]:
    """Yield the lines of one change."""
    categories = ", ".join(change.categories)
    title = f"  {visible(change.title)}" if change.title else ""
    yield f"{_SYMBOL[change.action]} {change.campaign}{title}  {change.action} [{categories}]"
    if change.reason:
        yield f"    reason     {visible(change.reason)}"
    yield from _time_lines(change, as_of, timezone)
    yield from _people_lines(change)
    if change.differences:
        yield f"    differs    {', '.join(change.differences[:12])}" + (
            f" and {len(change.differences) - 12} more" if len(change.differences) > 12 else ""
        )
    if change.samples_equal is not None:
        yield f"    content    the source differs; equal on {change.samples_equal} samples"
    if change.stored is not None and change.texts:
        yield f"    tested     {change.tested_at or 'no: `pushform send-test` shows it to testers'}"
    for text in change.texts:
        where = f"{text.channel} {text.locale} {text.jurisdiction} {text.variant}"
        yield f"    message    {where}"
        yield from (f"      {visible(line)}" for line in text.lines)
    for one in change.ignored:
        yield f"    ignored    {one.rule}: {visible(one.reason)}; until {one.until}"
    for guard in change.guards:
        yield _guard_line(guard)
    yield f"    digest     {change.digest}"


def _time_lines(change: Change, as_of: datetime, timezone: str) -> Iterator[str]:
    timing = change.timing
    if timing:
        yield (
            f"    send       {timing.local} = {both(timing.due_at, timezone)} "
            f"({until(timing.due_at, as_of)})"
        )
        if timing.waves > 1 or timing.missed_waves:
            missed = f", {timing.missed_waves} too soon: skipped" if timing.missed_waves else ""
            yield f"    waves      {timing.waves}{missed}"
        yield from _finish_lines(timing, timezone)
        if timing.closed_deliveries:
            night = timing.no_night_consent
            yield (
                f"    closed     {timing.closed_deliveries:,} deliveries are outside their window "
                "then and would be skipped"
                + (f" ({night:,} have not agreed to the night)" if night else "")
            )
    if change.not_after:
        yield (
            f"    merge by   {both(change.not_after, timezone)} ({until(change.not_after, as_of)})"
        )


def _finish_lines(timing: Timing, timezone: str) -> Iterator[str]:
    """Yield the end of all, and the closing that leaves the least time if it is another part's."""
    part, closes = timing.tightest, timing.window_closes_at
    alone = part is None or (timing.waves == 1 and part.finish_at == timing.finish_at)
    end = f", the window closes {both(closes, timezone)}" if closes and alone else ""
    yield f"    finish     about {both(timing.finish_at, timezone)}{end}"
    if part is not None and closes is not None and not alone:
        zones = f" {zones_named(part.zones)}" if timing.waves > 1 else ""
        yield (
            f"    tightest   {part.channel}{zones}: from {both(part.due_at, timezone)}, "
            f"through about {both(part.finish_at, timezone)}, "
            f"the window closes {both(closes, timezone)}"
        )


def _people_lines(change: Change) -> Iterator[str]:
    facts, membership = change.facts, change.membership
    if facts is None:
        return
    moved = ""
    if membership and membership.before is not None:
        moved = (
            f" (before {membership.before:,}, +{membership.entering:,} entering, "
            f"-{membership.leaving:,} leaving)"
        )
    going = going_of(facts, change.timing)
    if going is None or not going.skipped:
        get = f"{facts.recipients:,} would get it"
    else:
        get = (
            f"at most {going.recipients:,} would get it then ({facts.recipients:,} at an open hour)"
        )
    yield f"    audience   {facts.users:,} people{moved}, {get}"
    for channel, reached in facts.reachable.items():
        lost = ", ".join(
            f"{reason} {n:,}" for reason, n in sorted(facts.lost.get(channel, {}).items()) if n
        )
        every = facts.deliveries.get(channel, 0)
        out = going.messages.get(channel, every) if going else every
        sent = f"{every:,} messages" if out == every else f"{out:,} of {every:,} messages go out"
        yield f"      {channel:<6}   {reached:,} people, {sent}" + (
            f"; lost: {lost}" if lost else ""
        )
    for channel, overdue in facts.overdue.items():
        yield (
            f"    ask again  {overdue:,} people agreed to {channel} over two years ago: they may be "
            "sent to, and must be asked (`pushform consent due`)"
        )
    if facts.locales:
        shares = ", ".join(f"{s.locale} {s.users:,} ({s.step})" for s in facts.locales)
        yield f"    locales    {shares}"
    if facts.held_out:
        yield f"    held out   {facts.held_out:,} people"
    for cost in change.costs:
        most = "at most " if cost.at_most else ""
        yield (
            f"    cost       {cost.channel}: {most}{cost.total:,} {cost.currency}"
            f" ({cost.messages:,} × {cost.price:,} for {cost.kind})"
        )


def _guard_line(guard: Guard) -> str:
    column = f":{guard.column}" if guard.column else ""
    place = f" ({guard.path}:{guard.line}{column})" if guard.path else ""
    verdict = "ok     " if guard.passed else "BLOCKED"
    hint = f"\n               {guard.hint}" if guard.hint else ""
    return f"    {verdict}    {guard.name}: {guard.message}{place}{hint}"


def both(instant: datetime, timezone: str) -> str:
    """Return `2026-09-24 10:00 KST (01:00Z)`-like text: local first, then UTC."""
    zone = find_zone(timezone)
    if zone is None:
        return format_instant(instant)
    local = instant.astimezone(zone)
    return f"{local:%Y-%m-%d %H:%M} {local.tzname()} ({format_instant(instant)})"


def until(instant: datetime, now: datetime) -> str:
    """Return `in 3 d 20 h`, `in 40 min` or `12 min ago`."""
    span = instant - now
    text = _span(abs(span))
    return f"in {text}" if span >= timedelta(0) else f"{text} ago"


def _span(span: timedelta) -> str:
    minutes = int(span.total_seconds()) // 60
    days, rest = divmod(minutes, 1440)
    hours, minutes = divmod(rest, 60)
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def visible(text: str) -> str:
    """Return `text` with characters that hide or turn others made visible (`<U+202E>`)."""
    return "".join(f"<U+{ord(char):04X}>" if _hides(char) else char for char in text)


_FILLERS = "\u115f\u1160\u3164\uffa0"
"""Hangul fillers: letters by their category, and nothing to see."""


def _hides(char: str) -> bool:
    return char in _FILLERS or category(char) in ("Cc", "Cf", "Zl", "Zp", "Cs", "Co", "Cn")
