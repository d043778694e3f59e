"""`pushform copy`: start a campaign by copying one."""

from __future__ import annotations

from pathlib import Path

import click

from engine.cli import options
from engine.cli.output import note


@click.command("copy")
@click.argument("source", metavar="SRC")
@click.argument("target", metavar="DST")
@click.option("--only-unsent", is_flag=True, help="Leave out whom SRC reached, or may have.")
@click.option("--profile", help="The Kakao profile, where SRC's is not registered any more.")
@click.option("--from", "sender", metavar="NUMBER", help="The SMS number, likewise.")
@options.directory
@options.environment
def command(
    source: str,
    target: str,
    only_unsent: bool,
    profile: str | None,
    sender: str | None,
    directory: Path,
    environment: str | None,
) -> int:
    """Copy the campaign SRC to the new id DST: a draft without schedule, beside SRC's file.

    Acknowledgements, urgency and cancellation are not taken over; comments are.
    """
    from engine.app.session import open_session
    from engine.workspace.copy_campaign import copy_campaign

    session = open_session(directory, environment, None)
    copied = copy_campaign(
        session.loaded,
        session.root,
        source,
        target,
        only_unsent=only_unsent,
        profile=profile,
        sender=sender,
    )
    click.echo(copied.path)
    for warning in copied.warnings:
        note(f"warning: {warning}")
    note("next: write a `schedule`, then delete the line `draft: true` when it is ready")
    return 0
