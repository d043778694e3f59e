"""`pushform doctor`: look over everything that a send will need, before it needs it."""

from __future__ import annotations

from pathlib import Path

import click

from engine.cli import options
from engine.cli.output import echo_json
from engine.kernel.document import document
from engine.kernel.errors import ExitCode, worst


@click.command("doctor")
@options.formats("text", "json")
@options.workspace
def command(format_: str, directory: Path, environment: str | None, as_of: str | None) -> int:
    """Check files, sources, consent, state, key and providers; exit with the worst of them."""
    from engine.app import open_session
    from engine.cli.examining import examine

    session = open_session(directory, environment, as_of)
    checks = examine(session)
    code = worst(check.exit_code for check in checks)
    if format_ == "json":
        echo_json(
            document(
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
        )
        return int(code)
    for check in checks:
        mark = "ok  " if check.exit_code is ExitCode.OK else "FAIL"
        click.echo(f"{mark} {check.name:<12} {check.message}")
        if check.hint:
            click.echo(f"     {'':<12} {check.hint}")
    return int(code)
