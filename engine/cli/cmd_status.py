"""`pushform status`: where every campaign is."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import click

from engine.cli import options
from engine.cli.output import echo_json
from engine.kernel.errors import ExitCode


@click.command("status")
@options.formats("text", "json")
@options.workspace
def command(format_: str, directory: Path, environment: str | None, as_of: str | None) -> int:
    """Tell the status of every campaign, what blocks it, and the next step."""
    from engine.app.session import open_session
    from engine.app.state import has_state, open_ledger
    from engine.pipeline.status import list_progress
    from engine.report.as_json import progress_document
    from engine.report.as_text import progress_text

    session = open_session(directory, environment, as_of)
    workspace, now = session.workspace, session.opened_at
    with ExitStack() as stack:
        ledger = None
        if has_state(session):
            ledger, _, _ = stack.enter_context(open_ledger(session, create=False))
        rows = list_progress(session.loaded, ledger, now)
    if format_ == "json":
        echo_json(progress_document(rows, workspace.environment, ExitCode.OK, now))
    else:
        click.echo(progress_text(rows, workspace.environment, workspace.timezone), nl=False)
    return 0
