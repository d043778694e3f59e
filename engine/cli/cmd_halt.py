"""`pushform halt`: stop sending, within seconds, until resumed."""

from __future__ import annotations

from pathlib import Path

import click

from engine.cli import options
from engine.cli.output import note
from engine.kernel.errors import UsageError


@click.command("halt")
@click.argument("campaign", required=False)
@click.option("--reason", help="Why; it is shown in every status.")
@options.directory
@options.environment
@options.as_of
def command(
    campaign: str | None,
    reason: str | None,
    directory: Path,
    environment: str | None,
    as_of: str | None,
) -> int:
    """Halt CAMPAIGN, or everything, in ENV, or in every environment if none is named."""
    from engine.app.session import only_sandbox_sets_the_clock, open_session
    from engine.cli.environments import each_state
    from engine.model.deployment import TERMINAL_STATUSES, StopOrder

    clock = open_session(directory, environment, as_of)
    if as_of is not None:
        only_sandbox_sets_the_clock(clock, "halt")
    now = clock.opened_at
    halted = 0
    with each_state(directory, environment) as states:
        for session, ledger in states:
            if campaign is not None:
                deployed = ledger.find_deployed(campaign)
                if deployed is None or deployed.status in TERMINAL_STATUSES:
                    continue
            order = StopOrder(scope=campaign or "*", cancel=False, reason=reason, at=now)
            ledger.order_stop(order)
            click.echo(f"{session.workspace.environment}: halted {campaign or 'everything'}")
            halted += 1
    if not halted:
        raise UsageError(f"there is nothing to stop: no campaign `{campaign}` is ready or sending")
    note("what is in flight is waited for; `pushform resume` sends exactly the rest")
    return 0
