"""`pushform dispatch`: send all that is due, then exit."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import click

from engine.cli import options
from engine.kernel.instant import parse_duration


@click.command("dispatch")
@click.argument("campaign", required=False)
@click.option("--wait", metavar="SPAN", help="Also send what falls due within e.g. 20m.")
@click.option("--workers", type=click.IntRange(1, 64), default=1, help="Processes; one per core.")
@click.option(
    "--before-claims",
    metavar="COMMAND",
    help="Run COMMAND once a campaign's `sending` report is written, before its first claim; "
    "if it fails, nothing is claimed.",
)
@options.formats("text", "json")
@options.workspace
def command(
    campaign: str | None,
    wait: str | None,
    workers: int,
    before_claims: str | None,
    format_: str,
    directory: Path,
    environment: str | None,
    as_of: str | None,
) -> int:
    """Send everything that is due, or only CAMPAIGN."""
    from engine.app.session import open_session
    from engine.cli.sending import send

    session = open_session(directory, environment, as_of)
    try:
        span = parse_duration(wait) if wait else timedelta(0)
    except ValueError as error:
        raise click.UsageError(f"--wait: {error}") from None
    return send(
        session,
        only=campaign,
        wait=span,
        workers=workers,
        before_claims=before_claims,
        json=format_ == "json",
    )
