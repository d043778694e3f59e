"""A plan for people: the summary first, then every change with its time, texts, people and limits."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.kernel.finding import Severity
from engine.kernel.instant import format_instant
from engine.kernel.language import Language
from engine.kernel.speech import pad
from engine.model.plan import Action, Change, Guard, Plan, TextDiff, Timing
from engine.plan.as_json import summary
from engine.plan.guards import zones_named
from engine.plan.korean import in_korean
from engine.plan.people_text import people_lines
from engine.plan.view import View, view, visible

_SYMBOL = {
    Action.CREATE: "+",
    Action.UPDATE: "~",
    Action.RESCHEDULE: "~",
    Action.CANCEL: "-",
    Action.NONE: " ",
}
_MOST_DIFFERENCES = 12
_FIELD = re.compile(r"([+ -] )(title |body  |image |link  |button)( .*)", re.DOTALL)
"""A line of `engine.plan.texts` that begins a field of a message."""


def plan_text(plan: Plan, timezone: str, language: Language = Language.EN) -> str:
    """Return the plan as a person at a terminal reads it; times are also given in `timezone`."""
    if language is Language.KO:
        plan = in_korean(plan)
    return "\n".join(_lines(plan, view(language, timezone, plan.as_of))) + "\n"


def _lines(plan: Plan, to: View) -> Iterator[str]:
    state = to.say("state=#{serial}", serial=plan.state.serial) if plan.state else None
    yield to.say(
        "pushform plan  environment={environment}  as-of={as_of}  {state}",
        environment=plan.environment,
        as_of=format_instant(plan.as_of),
        state=to.name("offline") if plan.offline else state or to.name("no state yet"),
    )
    if plan.state_lost:
        yield "\n" + to.say("STATE LOST: {why}", why=plan.state_lost)
    for change in plan.pending:
        yield ""
        yield from change_lines(change, to)
    failed = [guard for guard in plan.guards if not guard.passed]
    if failed:
        yield ""
        yield from (_guard_line(guard, to) for guard in failed)
    yield ""
    yield summary_line(plan, to)
    if plan.pending:
        yield to.say("Digest: {digest}", digest=plan.digest)
        if plan.valid_until:
            at, left = to.at(plan.valid_until), to.left(plan.valid_until)
            yield to.say("Valid until {at} ({left})", at=at, left=left)
    if (plan.pending or plan.state_lost) and not plan.applyable:
        yield to.say("Not applyable: {why}", why=plan.state_lost or _obstacle(plan, to))


def _obstacle(plan: Plan, to: View) -> str:
    errors = sum(finding.severity is Severity.ERROR for finding in plan.findings)
    if errors:
        return to.say("{count} lint errors", count=errors)
    return to.name("a guard refuses, see above")


def summary_line(plan: Plan, to: View) -> str:
    """Return `Plan: 2 to create, …` with every count, also of what does not change."""
    return to.say(
        "Plan: {create} to create, {update} to update, {reschedule} to reschedule, "
        "{cancel} to cancel, {none} unchanged.",
        **summary(plan),
    )


def change_lines(change: Change, to: View) -> Iterator[str]:
    """Yield the lines of one change."""
    categories = ", ".join(map(to.name, change.categories))
    title = f"  {visible(change.title)}" if change.title else ""
    action = to.name(change.action)
    yield f"{_SYMBOL[change.action]} {change.campaign}{title}  {action} [{categories}]"
    if change.reason:
        yield to.row("reason", visible(change.reason))
    yield from _time_lines(change, to)
    yield from people_lines(change, to)
    yield from _content_lines(change, to)
    for one in change.ignored:
        reason = visible(one.reason)
        yield to.row(
            "ignored",
            to.say(
                "{rule}: {reason}; until {until}", rule=one.rule, reason=reason, until=one.until
            ),
        )
    for guard in change.guards:
        yield _guard_line(guard, to)
    yield to.row("digest", change.digest)


def _content_lines(change: Change, to: View) -> Iterator[str]:
    if change.differences:
        names, more = change.differences[:_MOST_DIFFERENCES], change.differences[_MOST_DIFFERENCES:]
        listed = ", ".join(names)
        if more:
            listed = to.say("{names} and {count} more", names=listed, count=len(more))
        yield to.row("differs", listed)
    if change.samples_equal is not None:
        count = change.samples_equal
        yield to.row("content", to.say("the source differs; equal on {count} samples", count=count))
    if change.stored is not None and change.texts:
        untested = to.name("no: `pushform send-test` shows it to testers")
        yield to.row("tested", change.tested_at or untested)
    for text in change.texts:
        yield from _text_lines(text, to)


def _text_lines(text: TextDiff, to: View) -> Iterator[str]:
    where = f"{to.name(text.channel)} {text.locale} {text.jurisdiction} {text.variant}"
    yield to.row("message", where)
    for line in text.lines:
        field = _FIELD.fullmatch(line)
        said = f"{field[1]}{pad(to.name(field[2].strip()), 6)}{field[3]}" if field else line
        yield f"      {visible(said)}"


def _time_lines(change: Change, to: View) -> Iterator[str]:
    timing = change.timing
    if timing:
        at, left = to.at(timing.due_at), to.left(timing.due_at)
        yield to.row("send", f"{local_time(timing, to)} = {at} ({left})")
        if timing.waves > 1 or timing.missed_waves:
            told = "{waves}, {missed} too soon: skipped" if timing.missed_waves else "{waves}"
            yield to.row("waves", to.say(told, waves=timing.waves, missed=timing.missed_waves))
        yield from _finish_lines(timing, to)
        if timing.closed_deliveries:
            yield to.row("closed", _closed(timing, to))
    if change.not_after:
        yield to.row("merge by", f"{to.at(change.not_after)} ({to.left(change.not_after)})")


def local_time(timing: Timing, to: View) -> str:
    """Return the due time as it was written, `recipient` in the reader's words."""
    at, local, _ = timing.local.partition(" recipient")
    return to.say("{at} recipient", at=at) if local else timing.local


def _finish_lines(timing: Timing, to: View) -> Iterator[str]:
    """Yield the end of all, and the closing that leaves the least time if it is another part's."""
    part, closing = timing.tightest, timing.window_closes_at
    finish, closes = to.at(timing.finish_at), to.at(closing) if closing else None
    if part is None or (timing.waves == 1 and part.finish_at == timing.finish_at):
        told = "about {at}, the window closes {closes}" if closes else "about {at}"
        yield to.row("finish", to.say(told, at=finish, closes=closes))
        return
    yield to.row("finish", to.say("about {at}", at=finish))
    where = to.name(part.channel)
    yield to.row(
        "tightest",
        to.say(
            "{where}: from {due}, through about {at}, the window closes {closes}",
            where=f"{where} {zones_named(part.zones)}" if timing.waves > 1 else where,
            due=to.at(part.due_at),
            at=to.at(part.finish_at),
            closes=closes,
        ),
    )


def _closed(timing: Timing, to: View) -> str:
    count, night = timing.closed_deliveries, timing.no_night_consent
    if not night:
        return to.say(
            "{count:,} deliveries are outside their window then and would be skipped", count=count
        )
    return to.say(
        "{count:,} deliveries are outside their window then and would be skipped ({night:,} have not "
        "agreed to the night)",
        count=count,
        night=night,
    )


def _guard_line(guard: Guard, to: View) -> str:
    column = f":{guard.column}" if guard.column else ""
    place = f" ({guard.path}:{guard.line}{column})" if guard.path else ""
    hint = f"\n               {guard.hint}" if guard.hint else ""
    verdict = "ok" if guard.passed else "BLOCKED"
    return to.row(verdict, f"{guard.name}: {guard.message}{place}{hint}")
