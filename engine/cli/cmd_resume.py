"""`pushform resume`: go on after a halt, with exactly what was not sent."""

from __future__ import annotations

from pathlib import Path

import click

from engine.cli import options
from engine.kernel.errors import UsageError


@click.command("resume")
@click.argument("campaign", required=False)
@options.directory
@options.environment
def command(campaign: str | None, directory: Path, environment: str | None) -> int:
    """Lift the halt of CAMPAIGN, or the halt of everything, in ENV (sandbox if none is named)."""
    from engine.app.session import open_session
    from engine.app.state import has_state, open_ledger

    session = open_session(directory, environment, None)
    name = session.workspace.environment
    if not has_state(session):
        raise UsageError(f"there is no state in `{name}`: nothing was ever applied")
    with open_ledger(session, create=False) as (ledger, _, _):
        lifted = ledger.lift_halt(campaign or "*")
        others = [order.scope for order in ledger.stop_orders() if not order.cancel]
    if not lifted:
        still = f"; halted are: {', '.join(others)}" if others else ""
        raise UsageError(f"`{campaign or 'everything'}` is not halted in `{name}`{still}")
    click.echo(f"{name}: resumed {campaign or 'everything'}; the next dispatch sends the rest")
    return 0
