"""`pushform verify`: prove an evidence pack, or name what was changed in it."""

from __future__ import annotations

import re
from pathlib import Path

import click

from engine.cli import options
from engine.cli.output import echo_json
from engine.kernel.errors import UsageError


@click.command("verify")
@click.argument("pack", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--digest", "expected", metavar="D", help="The digest that was printed when it was made."
)
@options.formats("text", "json")
def command(pack: Path, expected: str | None, format_: str) -> int:
    """Check the evidence PACK. Needs no workspace, no state and no network."""
    from engine.report.evidence_check import verify
    from engine.report.evidence_words import verdict_code, verdict_document, verdict_text

    if expected is not None and not re.fullmatch(r"sha256:[0-9a-f]{64}", expected):
        raise UsageError(
            f"`{expected}` is not a digest", "write `sha256:` and 64 hex digits, as it was printed"
        )
    verdict = verify(pack, expected)
    if format_ == "json":
        echo_json(verdict_document(verdict, pack.name, expected))
    else:
        click.echo(verdict_text(verdict, pack.name, expected), nl=False)
    return int(verdict_code(verdict))
