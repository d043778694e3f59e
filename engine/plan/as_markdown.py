"""A plan as Markdown, for a pull request or a job summary. No text of a template can break out of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.kernel.instant import format_instant
from engine.model.plan import Plan
from engine.plan.as_text import both, change_lines, summary_line, until, visible
from engine.plan.going import going_of


def plan_markdown(plan: Plan, timezone: str) -> str:
    """Return the plan as GitHub-flavoured Markdown; times are also given in `timezone`."""
    return "\n".join(_lines(plan, timezone)) + "\n"


def _lines(plan: Plan, timezone: str) -> Iterator[str]:
    yield f"### pushform plan · `{plan.environment}`"
    yield ""
    yield f"**{summary_line(plan)}**"
    if plan.state_lost:
        yield f"\n> **State lost.** {plan.state_lost}"
    if plan.valid_until:
        yield (
            f"\nMerge before **{both(plan.valid_until, timezone)}** "
            f"({until(plan.valid_until, plan.as_of)})."
        )
    if plan.pending:
        yield ""
        yield "| | campaign | categories | people | send |"
        yield "|---|---|---|--:|---|"
        for change in plan.pending:
            going = going_of(change.facts, change.timing)
            people = f"{'≤ ' if going.skipped else ''}{going.recipients:,}" if going else ""
            send = change.timing.local if change.timing else ""
            yield (
                f"| {change.action} | `{change.campaign}` | {', '.join(change.categories)} "
                f"| {people} | {send} |"
            )
    for change in plan.pending:
        body = "\n".join(visible_lines(change_lines(change, plan.as_of, timezone)))
        fence = "`" * max(3, longest_run(body) + 1)
        yield f"\n<details><summary>{change.campaign}</summary>\n"
        yield f"{fence}diff\n{body}\n{fence}\n</details>"
    yield f"\nDigest `{plan.digest}` · as of {format_instant(plan.as_of)}"


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
