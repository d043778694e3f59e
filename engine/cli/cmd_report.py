"""`pushform report`: rebuild a campaign's report from the ledger, write it, print it."""

from __future__ import annotations

from pathlib import Path

import click

from engine.cli import options
from engine.cli.output import echo_json, note
from engine.kernel.errors import ExitCode, UsageError


@click.command("report")
@click.argument("campaign")
@click.option(
    "--evidence",
    "pack",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="OUT.zip",
    help="Also write all that can be proven into one file; `pushform verify` checks it.",
)
@options.formats("text", "json", "markdown")
@options.workspace
def command(
    campaign: str,
    pack: Path | None,
    format_: str,
    directory: Path,
    environment: str | None,
    as_of: str | None,
) -> int:
    """Print the books of CAMPAIGN and write them below reports/."""
    from engine.app.session import open_session
    from engine.app.state import open_ledger
    from engine.pipeline.report import pack_evidence, report_campaign
    from engine.report.as_json import report_document
    from engine.report.as_markdown import report_markdown
    from engine.report.as_text import report_text
    from engine.report.evidence_words import PERSONAL, evidence_document, evidence_text

    session = open_session(directory, environment, as_of)
    workspace, now = session.workspace, session.opened_at
    with open_ledger(session, create=False) as (ledger, pace, key):
        if ledger.count_awaited(campaign):
            from engine.cli.sending import ask_vendors

            ask_vendors(session, ledger, pace, key, campaign)
        found = report_campaign(
            ledger,
            campaign,
            root=session.root,
            environment=workspace.environment,
            now=now,
            timezone=workspace.timezone,
        )
        if found is None:
            raise UsageError(
                f"campaign `{campaign}` is not deployed in `{workspace.environment}`",
                "`pushform status` lists what is",
            )
        built, folder = found
        proof = None if pack is None else pack_evidence(ledger, built, pack)
    match format_:
        case "json" if proof is not None:
            echo_json(evidence_document(proof, workspace.environment, now))
        case "json":
            echo_json(report_document(built, ExitCode.OK, now))
        case "markdown":
            click.echo(report_markdown(built, workspace.timezone), nl=False)
        case _:
            click.echo(report_text(built, workspace.timezone), nl=False)
    note(f"wrote {folder.relative_to(session.root)}")
    if proof is not None:
        if format_ != "json":
            click.echo(evidence_text(proof), nl=False)
        note(PERSONAL)
    if built.device.failed:
        from engine.cli.sending import note_dead

        note_dead(session, campaign)
    return 0
