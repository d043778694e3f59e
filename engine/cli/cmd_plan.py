"""`pushform plan`: what would change, and who would get what."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import click

from engine.cli import options
from engine.cli.output import echo_findings, echo_json, note
from engine.kernel.errors import ExitCode, worst
from engine.kernel.finding import Severity
from engine.kernel.language import Language
from engine.model.plan import Plan


@click.command("plan")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the plan file.")
@click.option("--against", metavar="REF", help="Also judge clock rules against this revision.")
@click.option("--offline", is_flag=True, help="Committed reports stand in for state and people.")
@click.option("--detailed-exitcode", is_flag=True, help="Exit 3 when there are changes.")
@options.formats("text", "markdown", "json")
@options.lang
@options.workspace
def command(
    out: Path | None,
    against: str | None,
    offline: bool,
    detailed_exitcode: bool,
    format_: str,
    language: str,
    directory: Path,
    environment: str | None,
    as_of: str | None,
) -> int:
    """Compare the files with what is deployed; nothing is written but --out."""
    from engine.app.session import open_session
    from engine.cli.planning import fresh_plan
    from engine.cli.speaking import speech
    from engine.plan.as_json import plan_document
    from engine.plan.as_markdown import plan_markdown
    from engine.plan.as_text import plan_text
    from engine.plan.korean import in_korean
    from engine.plan.plan_file import write_plan_file

    session = open_session(directory, environment, as_of)
    with ExitStack() as stack:
        plan = fresh_plan(session, stack, offline=offline, against=against).plan
    code = plan_exit_code(plan, detailed=detailed_exitcode)
    document = plan_document(plan, code)
    zone, speaks = session.workspace.timezone, Language(language)
    # What is written and digested is one text for everybody; only what is shown is translated.
    errors = [f for f in in_korean(plan).findings if f.severity is Severity.ERROR]
    echo_findings(errors, session.loaded.sources, speaks)
    match format_:
        case "json":
            echo_json(document)
        case "markdown":
            click.echo(plan_markdown(plan, zone, speaks), nl=False)
        case _:
            click.echo(plan_text(plan, zone, speaks), nl=False)
    if out is not None:
        write_plan_file(out, document)
        note(speech(language).say("wrote {path}; next: pushform apply {path}", path=out))
    return int(code)


def plan_exit_code(plan: Plan, *, detailed: bool) -> ExitCode:
    """Return the code of a plan: lost state 5, a refusing guard 4, lint errors 1, changes 3 if asked."""
    codes = [ExitCode.OK]
    guards = (*plan.guards, *(guard for change in plan.pending for guard in change.guards))
    if plan.state_lost:
        codes.append(ExitCode.MISMATCH)
    if any(not guard.passed for guard in guards):
        codes.append(ExitCode.BLOCKED)
    if any(finding.severity is Severity.ERROR for finding in plan.findings):
        codes.append(ExitCode.FINDINGS)
    if detailed and plan.pending:
        codes.append(ExitCode.CHANGES)
    return worst(codes)
