"""`pushform audience`: how many people an audience has, and how many can be reached."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path

import click

from engine.cli import options
from engine.cli.output import echo_json
from engine.kernel.document import document
from engine.kernel.errors import ExitCode, UsageError


@click.command("audience")
@click.argument("id_", metavar="ID")
@click.option(
    "--count", is_flag=True, help="Count people and who of them can be reached (default)."
)
@click.option("--sample", type=click.IntRange(1, 100), metavar="N", help="Ids, at a terminal only.")
@click.option("--explain", is_flag=True, help="Count every part of the condition, with its SQL.")
@options.formats("text", "json")
@options.workspace
def command(
    id_: str,
    count: bool,
    sample: int | None,
    explain: bool,
    format_: str,
    directory: Path,
    environment: str | None,
    as_of: str | None,
) -> int:
    """Evaluate the audience ID now. Reachable means: for an advertisement."""
    from engine.app.people import open_people_of
    from engine.app.session import open_session
    from engine.app.state import has_state, open_ledger
    from engine.audience.survey import survey
    from engine.cli.planning import NO_KEY
    from engine.model.audience import Everyone

    del count  # the default
    session = open_session(directory, environment, as_of)
    inlined = session.loaded.inlined.get(id_)
    if inlined is None and id_ != "everyone":
        known = ", ".join(sorted(session.loaded.inlined)) or "none"
        raise UsageError(f"there is no audience `{id_}`", f"there are: everyone, {known}")
    where = inlined.where if inlined else Everyone()
    attributes = inlined.attributes if inlined else {}
    now = session.opened_at
    with ExitStack() as stack:
        ledger, key = None, NO_KEY
        if has_state(session):
            ledger, _, key = stack.enter_context(open_ledger(session, create=False))
        people = open_people_of(session, key, ledger)
        if explain:
            click.echo(people.explain(where, attributes, now))
            return 0
        if sample is not None:
            if not sys.stdout.isatty():
                raise UsageError("--sample shows people, so it prints to a terminal only")
            click.echo("\n".join(people.sample(where, attributes, now, sample)))
            return 0
        facts = people.facts(survey(session.workspace, id_, where, attributes), now)
    reachable = {channel.value: n for channel, n in facts.reachable.items()}
    if format_ == "json":
        body = {"audience": id_, "users": facts.users, "reachable": reachable}
        name = session.workspace.environment
        echo_json(
            document(
                "audience-count", as_of=now, environment=name, exit_code=ExitCode.OK, body=body
            )
        )
        return 0
    click.echo(f"{id_}: {facts.users:,} people")
    for channel, n in reachable.items():
        click.echo(f"  {channel:<6} {n:,} reachable for an advertisement")
    return 0
