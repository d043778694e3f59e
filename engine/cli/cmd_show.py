"""`pushform show`: print a plan file, also one that has expired."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

import click

from engine.cli import options
from engine.cli.output import echo_json
from engine.kernel.digest import Plain
from engine.kernel.errors import UsageError
from engine.kernel.speech import Speech, pad


@click.command("show")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@options.formats("text", "json")
@options.lang
@options.directory
def command(file: Path, format_: str, language: str, directory: Path) -> int:
    """Print the plan in FILE; times also in the zone of the workspace, where there is one."""
    from engine.cli.speaking import speech
    from engine.plan.plan_file import read_plan_file

    plan = read_plan_file(file)
    if format_ == "json":
        echo_json(plan.text)
        return 0
    spoken = speech(language)
    zone = _zone(directory)
    as_of = plan.text["as_of"]
    head = "plan for {environment}, made as of {as_of}"
    click.echo(spoken.say(head, environment=plan.environment, as_of=as_of))
    for change in plan.text["changes"]:
        click.echo(_change(change, spoken, zone))
    until = plan.text["valid_until"]
    valid = _at(until, zone) if until else spoken.name("any time")
    for label, value in (
        ("digest", plan.digest),
        ("valid until", valid),
        ("applyable", spoken.name(json.dumps(plan.applyable))),
    ):
        click.echo(f"{pad(spoken.name(label), 13)}{value}")
    return 0


def _zone(directory: Path) -> str:
    """Return the zone that the workspace names; '' where there is none: a plan file may travel."""
    from engine.app.session import find_root
    from engine.workspace.files import FolderTree
    from engine.workspace.named import named_text

    with suppress(UsageError):
        return named_text(FolderTree(find_root(directory)), "timezone") or ""
    return ""


def _at(instant: str, zone: str) -> str:
    """Return `2026-09-24 10:00 KST (2026-09-24T01:00:00Z)`, as a plan shows it."""
    from engine.kernel.instant import parse_instant
    from engine.plan.view import both

    return both(parse_instant(instant), zone)


def _change(change: Plain, spoken: Speech, zone: str) -> str:
    people = change["observed"]["people"] or {}
    reach = ""
    if people:
        # Plans of earlier versions did not count what goes out at its hour.
        going = people.get("going_recipients", people["recipients"])
        reach = spoken.say(", {count:,} people", count=going)
    categories = ", ".join(map(spoken.name, change["categories"]))
    not_after = change["not_after"]
    digest = change["digest"]
    until = spoken.say("{digest}  until any time", digest=digest)
    if not_after:
        until = spoken.say("{digest}  until {at}", digest=digest, at=_at(not_after, zone))
    action = pad(spoken.name(change["action"]), 10)
    return f"  {action} {change['campaign']} [{categories}]{reach}\n             {until}"
