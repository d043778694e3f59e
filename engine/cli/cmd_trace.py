"""`pushform trace`: what one person got, or why not. It shows a person, so only at a terminal."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from engine.cli import options
from engine.kernel.errors import UsageError
from engine.kernel.instant import format_instant


@click.command("trace")
@click.argument("user", required=False)
@click.option("--phone", help="Find the person by phone number.")
@options.workspace
def command(
    user: str | None,
    phone: str | None,
    directory: Path,
    environment: str | None,
    as_of: str | None,
) -> int:
    """Tell what USER got in every campaign, with the consent as it was read then."""
    from engine.app import open_ledger, open_people_of, open_session
    from engine.kernel.digest import keyed_hash

    if (user is None) == (phone is None):
        raise click.UsageError("name a user, or a number with --phone")
    if not sys.stdout.isatty():
        raise UsageError(
            "trace shows a person, so it prints to a terminal only",
            "run it at a terminal; reports hold counts",
        )
    session = open_session(directory, environment, as_of)
    with open_ledger(session, create=False) as (ledger, _, key):
        people = [user] if user else open_people_of(session, key, ledger).find_by_phone(phone or "")
        if not people:
            raise UsageError(f"nobody in the users source has the number {phone}")
        for person in people:
            rows = ledger.trace(keyed_hash(key, "recipient", person))
            click.echo(f"{person}: {len(rows)} deliveries in `{session.workspace.environment}`")
            for row in rows:
                when = row.settled_at or row.claimed_at or row.retry_at
                click.echo(
                    f"  {format_instant(when) if when else '-':<28} {row.campaign:<24} "
                    f"{row.channel:<6} {row.state}{f' ({row.reason})' if row.reason else ''}"
                )
                click.echo(
                    f"      {row.locale or '-'} {row.jurisdiction} {row.variant} {row.platform}, "
                    f"attempt {row.attempt}; consent {_consent(row.consent)}"
                )
            if not rows:
                click.echo("  nothing: never in an audience, or no address when it was chosen")
    return 0


def _consent(text: str) -> str:
    reading = json.loads(text)
    return (
        f"ad={reading['ad']} night={reading['night']} service={reading['service']} "
        f"read {reading['read_at']}"
    )
