"""`pushform doctor`: look over everything that a send will need, before it needs it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.cli import options
from engine.cli.output import echo_json, note
from engine.kernel.document import document
from engine.kernel.errors import ExitCode, UnavailableError, worst

if TYPE_CHECKING:
    from engine.app.session import Session
    from engine.cli.check import Check
    from engine.kernel.digest import Plain
    from engine.model.vendor import VendorFacts


@click.command("doctor")
@options.formats("text", "json")
@click.option(
    "--save",
    is_flag=True,
    help="Write what the vendors say to reports/ENV/vendor.json, where lint reads it.",
)
@options.workspace
def command(
    format_: str, directory: Path, environment: str | None, as_of: str | None, *, save: bool
) -> int:
    """Check files, sources, consent, state, key and providers; exit with the worst of them."""
    from engine.app.session import open_session
    from engine.cli.examining import examine

    session = open_session(directory, environment, as_of)
    heard: list[VendorFacts] = []
    checks = examine(session, heard)
    code = worst(check.exit_code for check in checks)
    if format_ == "json":
        echo_json(_document(session, checks, code))
    else:
        _echo(checks)
    if save:
        _save(session, heard)
    return int(code)


def _document(session: Session, checks: Sequence[Check], code: ExitCode) -> Plain:
    return document(
        "doctor",
        as_of=session.opened_at,
        environment=session.workspace.environment,
        exit_code=code,
        body={
            "checks": [
                {
                    "name": check.name,
                    "ok": check.exit_code is ExitCode.OK,
                    "message": check.message,
                    "hint": check.hint,
                }
                for check in checks
            ]
        },
    )


def _echo(checks: Sequence[Check]) -> None:
    for check in checks:
        fine = "warn" if check.hint else "ok  "
        mark = fine if check.exit_code is ExitCode.OK else "FAIL"
        click.echo(f"{mark} {check.name:<12} {check.message}")
        if check.hint:
            click.echo(f"     {'':<12} {check.hint}")


def _save(session: Session, heard: Sequence[VendorFacts]) -> None:
    """Keep what vendors said. Raises UnavailableError where none of them said anything."""
    from engine.model.vendor import SavedFacts
    from engine.report.vendor import joined, write_vendor

    environment = session.workspace.environment
    if not heard:
        raise UnavailableError(
            f"no provider of `{environment}` could say in what state its account is",
            "name the environment that sends: `pushform doctor -e production --save`",
        )
    saved = SavedFacts(as_of=session.opened_at, facts=joined(heard))
    path = write_vendor(session.root, environment, saved)
    note(f"wrote {path.relative_to(session.root).as_posix()}; commit it, and lint knows")
