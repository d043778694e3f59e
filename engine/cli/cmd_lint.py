"""`pushform lint`: shape and law, offline, without secrets and without people."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.cli import options
from engine.kernel.errors import ExitCode
from engine.kernel.finding import Finding, has_errors
from engine.kernel.language import Language

if TYPE_CHECKING:
    from engine.cli.linting import Linted


@click.command("lint")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--against", metavar="REF", help="Judge clock rules as new only for what differs.")
@options.formats("text", "json", "github", "sarif")
@options.lang
@options.workspace
def command(
    paths: tuple[Path, ...],
    against: str | None,
    format_: str,
    language: str,
    directory: Path,
    environment: str | None,
    as_of: str | None,
) -> int:
    """Check campaigns, audiences and templates; PATHs narrow what is shown, not what is read."""
    from engine.app.session import open_session
    from engine.cli.linting import lint_against, lint_files

    session = open_session(directory, environment, as_of)
    linted = lint_files(session) if against is None else lint_against(session, against)
    findings = linted.findings
    if paths:
        wanted = [_inside(session.root, path) for path in paths]
        findings = tuple(f for f in findings if any(_below(f.at.file, w) for w in wanted))
    code = ExitCode.FINDINGS if has_errors(findings) else ExitCode.OK
    click.echo(_shown(format_, linted, findings, code, session.opened_at, Language(language)))
    return int(code)


def _shown(
    format_: str,
    linted: Linted,
    findings: tuple[Finding, ...],
    code: ExitCode,
    now: datetime,
    language: Language,
) -> str:
    sources = linted.sources
    match format_:
        case "json":
            from engine.lint.as_json import findings_json

            name = linted.environment
            return findings_json(
                findings,
                sources,
                as_of=now,
                environment=name,
                exit_code=code,
                language=language,
            )
        case "sarif":
            from engine.lint.cards import rule_cards
            from engine.review.sarif import findings_sarif

            return findings_sarif(findings, sources, rule_cards(language), language)
        case "github":
            from engine.review.annotations import findings_github

            return findings_github(findings, sources, language)
        case _:
            from engine.lint.as_text import findings_text, not_evaluated_text

            text = findings_text(findings, sources, language)
            return f"{text}\n{not_evaluated_text(language)}"


def _inside(root: Path, path: Path) -> str:
    """Return `path` relative to the workspace. Raises a usage error for one that is not there."""
    if not path.exists():
        raise click.UsageError(f"there is no `{path}`")
    try:
        return path.resolve().relative_to(root).as_posix()
    except ValueError:
        raise click.UsageError(f"`{path}` is not in the workspace `{root}`") from None


def _below(file: str, wanted: str) -> bool:
    return wanted == "." or file == wanted or file.startswith(f"{wanted}/")
