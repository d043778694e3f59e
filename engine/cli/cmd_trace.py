"""`pushform trace`: what one person got, or why not. It shows a person, so only at a terminal."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.cli import options
from engine.kernel.errors import UsageError
from engine.kernel.instant import format_instant

if TYPE_CHECKING:
    from engine.kernel.digest import Plain
    from engine.model.deployment import LedgerRow
    from engine.model.ports import Ledger


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
    from engine.app.people import open_people_of
    from engine.app.session import open_session
    from engine.app.state import open_ledger
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
                stored = _stored(ledger, row)
                for line in told(row, stored):
                    click.echo(line)
            if not rows:
                click.echo("  nothing: never in an audience, or no address when it was chosen")
    return 0


def told(row: LedgerRow, stored: Plain) -> Iterator[str]:
    """Yield what became of one delivery: when, which text, on which word of the person, or why not.

    `stored` is the campaign that was sent, None where another one is deployed by now.
    """
    from engine.report.build import REASON_WORDS

    when = row.settled_at or row.claimed_at or row.retry_at
    yield (
        f"  {format_instant(when) if when else '-':<28} {row.campaign:<24} "
        f"{row.channel:<6} {row.state}{f' ({row.reason})' if row.reason else ''}"
    )
    if row.reason in REASON_WORDS:
        yield f"      because they {REASON_WORDS[row.reason]}"
    yield (
        f"      {row.locale or '-'} {row.jurisdiction} {row.variant} {row.platform}, "
        f"attempt {row.attempt}"
    )
    yield f"      content {row.revision}"
    for text in _texts(stored, row):
        yield f"      text    {text}"
    reading = json.loads(row.consent)
    yield (
        f"      consent ad={reading['ad']} night={reading['night']} "
        f"service={reading['service']} read {reading['read_at']}, "
        f"confirmed {reading.get('confirmed_at') or '-'}"
    )
    if row.state in _WENT_OUT:
        yield f"      basis   {_basis(reading, stored)}"


_PLACE = ("channel", "locale", "jurisdiction", "variant")
_WENT_OUT = ("sent", "unknown", "failed", "claimed")


def _basis(reading: Mapping[str, str], stored: Plain) -> str:
    if reading.get("basis") == "exception":
        return f"purchase that ended {reading['ended_on']} (제50조제1항제1호)"
    if stored is not None and stored["campaign"]["type"] == "informational":
        return f"informational: {stored['campaign'].get('basis') or 'no basis declared'}"
    return "consent" if reading["ad"] == "yes" else "none needed: not an advertisement"


def _texts(stored: Plain, row: LedgerRow) -> Iterator[str]:
    """Yield the text with its sample values in the person's place: their own are not kept."""
    for sample in (stored or {}).get("samples", ()):
        place = tuple(sample.get(name) for name in _PLACE)
        if place == (row.channel, row.locale, row.jurisdiction, row.variant):
            words = (sample.get("title"), sample.get("body"))
            yield " / ".join(" ".join(text.split()) for text in words if text)


def _stored(ledger: Ledger, row: LedgerRow) -> Plain:
    deployed = ledger.find_deployed(row.campaign)
    if deployed is None or deployed.content_digest != row.revision:
        return None
    return deployed.stored
