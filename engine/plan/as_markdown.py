"""A plan as Markdown, for a pull request or a job summary. No text of a template can break out of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.kernel.instant import format_instant
from engine.kernel.language import Language
from engine.model.plan import Change, Plan
from engine.plan.as_text import change_lines, local_time, summary_line
from engine.plan.going import going_of
from engine.plan.korean import in_korean
from engine.plan.view import View, view, visible


def plan_markdown(plan: Plan, timezone: str, language: Language = Language.EN) -> str:
    """Return the plan as GitHub-flavoured Markdown; times are also given in `timezone`."""
    if language is Language.KO:
        plan = in_korean(plan)
    return "\n".join(_lines(plan, view(language, timezone, plan.as_of))) + "\n"


def _lines(plan: Plan, to: View) -> Iterator[str]:
    yield f"### {to.name('pushform plan')} · `{plan.environment}`"
    yield ""
    yield f"**{summary_line(plan, to)}**"
    if plan.state_lost:
        yield f"\n> **{to.name('State lost.')}** {plan.state_lost}"
    if plan.valid_until:
        at, left = to.at(plan.valid_until), to.left(plan.valid_until)
        yield "\n" + to.say("Merge before **{at}** ({left}).", at=at, left=left)
    if plan.pending:
        yield ""
        yield f"| | {' | '.join(map(to.name, ('campaign', 'categories', 'people', 'send')))} |"
        yield "|---|---|---|--:|---|"
        yield from (_row(change, to) for change in plan.pending)
    for change in plan.pending:
        body = "\n".join(visible_lines(change_lines(change, to)))
        fence = "`" * max(3, longest_run(body) + 1)
        yield f"\n<details><summary>{change.campaign}</summary>\n"
        yield f"{fence}diff\n{body}\n{fence}\n</details>"
    as_of = format_instant(plan.as_of)
    yield "\n" + to.say("Digest `{digest}` · as of {as_of}", digest=plan.digest, as_of=as_of)


def _row(change: Change, to: View) -> str:
    going = going_of(change.facts, change.timing)
    people = f"{going.people:,}" if going else ""
    send = local_time(change.timing, to) if change.timing else ""
    categories = ", ".join(map(to.name, change.categories))
    return f"| {to.name(change.action)} | `{change.campaign}` | {categories} | {people} | {send} |"


def visible_lines(lines: Iterator[str]) -> Iterator[str]:
    """Yield lines with hidden characters made visible and message lines moved to the margin.

    A diff is coloured only where `+` and `-` stand in the first column.
    """
    for line in lines:
        shown = visible(line) if "\n" not in line else "\n".join(map(visible, line.split("\n")))
        match = re.match(r"^ {6}([+-] .*)$", shown)
        yield match[1] if match else shown


def longest_run(text: str) -> int:
    """Return the length of the longest run of backticks in `text`."""
    return max((len(run) for run in re.findall(r"`+", text)), default=0)
