"""`pushform cancel`: stop a campaign for good, also in the middle of a send."""

from __future__ import annotations

from pathlib import Path

import click

from engine.cli import options
from engine.cli.output import note
from engine.kernel.errors import UsageError


@click.command("cancel")
@click.argument("campaign")
@click.option("--reason", help="Why; it is kept and shown in the report.")
@options.directory
@options.environment
@options.as_of
def command(
    campaign: str, reason: str | None, directory: Path, environment: str | None, as_of: str | None
) -> int:
    """Cancel CAMPAIGN in ENV, or in every environment if none is named. It is final."""
    from engine.app.session import only_sandbox_sets_the_clock, open_session
    from engine.cli.environments import each_state
    from engine.model.deployment import TERMINAL_STATUSES, Status, StopOrder

    clock = open_session(directory, environment, as_of)
    if as_of is not None:
        only_sandbox_sets_the_clock(clock, "cancel")
    now = clock.opened_at
    done: list[str] = []
    with each_state(directory, environment) as states:
        for session, ledger in states:
            deployed = ledger.find_deployed(campaign)
            if deployed is None or deployed.status in TERMINAL_STATUSES:
                continue
            name = session.workspace.environment
            ledger.order_stop(StopOrder(scope=campaign, cancel=True, reason=reason, at=now))
            if deployed.snapshot is None:
                ledger.finish(campaign, Status.CANCELLED, reason, now)
                click.echo(f"{name}: {campaign} is cancelled; nothing had been sent")
            else:
                click.echo(
                    f"{name}: {campaign} stops now; the running dispatch, or the next, settles the rest"
                )
            done.append(name)
    if not done:
        raise UsageError(f"there is nothing to stop: no campaign `{campaign}` is ready or sending")
    note("a cancel is final: to send it after all, copy it to a new id")
    return 0
