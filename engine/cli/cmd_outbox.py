"""`pushform outbox`: what the sandbox would have sent."""

from __future__ import annotations

from dataclasses import asdict
from itertools import islice
from pathlib import Path

import click

from engine.cli import options
from engine.cli.output import echo_json
from engine.kernel.document import document
from engine.kernel.errors import ExitCode


@click.command("outbox")
@click.argument("campaign", required=False)
@click.option("--channel", type=click.Choice(["app", "web", "kakao", "sms"]))
@click.option("--limit", type=click.IntRange(1), default=10, show_default=True)
@options.formats("text", "json")
@options.workspace
def command(
    campaign: str | None,
    channel: str | None,
    limit: int,
    format_: str,
    directory: Path,
    environment: str | None,
    as_of: str | None,
) -> int:
    """Show messages of the sandbox's outbox, newest campaign last."""
    from engine.app.session import open_session
    from engine.channels.outbox import read_outbox

    session = open_session(directory, environment, as_of)
    folder = session.hidden("outbox", session.workspace.environment)
    everything = [
        entry
        for entry in read_outbox(folder)
        if (campaign is None or entry.campaign == campaign)
        and (channel is None or entry.channel == channel)
    ]
    shown = list(islice(everything, limit))
    if format_ == "json":
        echo_json(
            document(
                "outbox",
                as_of=session.opened_at,
                environment=session.workspace.environment,
                exit_code=ExitCode.OK,
                body={"total": len(everything), "messages": [asdict(entry) for entry in shown]},
            )
        )
        return 0
    for entry in shown:
        click.echo(
            f"{entry.at}  {entry.campaign}  {entry.channel}/{entry.platform}  {entry.locale}  "
            f"{entry.variant}  {entry.address}"
        )
        for text in (entry.title, entry.body):
            if text:
                click.echo("    " + text.replace("\n", "\n    "))
    click.echo(f"{len(shown)} of {len(everything)} messages in {folder.relative_to(session.root)}")
    return 0
