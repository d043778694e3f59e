"""`pushform run`: stay, and send whenever something falls due."""

from __future__ import annotations

from pathlib import Path

import click

from engine.cli import options


@click.command("run")
@click.option("--workers", type=click.IntRange(1, 64), default=1, help="Processes; one per core.")
@options.workspace
def command(workers: int, directory: Path, environment: str | None, as_of: str | None) -> int:
    """Dispatch until a signal comes; sleep until the next due instant in between."""
    from engine.app.session import open_session
    from engine.cli.sending import send

    session = open_session(directory, environment, as_of)
    return send(session, only=None, wait=None, workers=workers, before_claims=None, json=False)
