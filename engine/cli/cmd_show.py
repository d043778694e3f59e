"""`pushform show`: print a plan file, also one that has expired."""

from __future__ import annotations

import json
from pathlib import Path

import click

from engine.cli import options
from engine.cli.output import echo_json


@click.command("show")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@options.formats("text", "json")
def command(file: Path, format_: str) -> int:
    """Print the plan in FILE."""
    from engine.plan.plan_file import read_plan_file

    plan = read_plan_file(file)
    if format_ == "json":
        echo_json(plan.text)
        return 0
    click.echo(f"plan for {plan.environment}, made as of {plan.text['as_of']}")
    for change in plan.text["changes"]:
        people = change["observed"]["people"] or {}
        reach = f", {people['recipients']:,} people" if people else ""
        click.echo(
            f"  {change['action']:<10} {change['campaign']} "
            f"[{', '.join(change['categories'])}]{reach}"
        )
        click.echo(f"             {change['digest']}  until {change['not_after'] or 'any time'}")
    click.echo(f"digest       {plan.digest}")
    click.echo(f"valid until  {plan.text['valid_until'] or 'any time'}")
    click.echo(f"applyable    {json.dumps(plan.applyable)}")
    return 0
