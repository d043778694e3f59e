"""What `dispatch` and `run` share: the tools, progress, reports before and after."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import click

from engine.app.holders import is_dead, new_holder
from engine.app.people import open_people_of
from engine.app.providers import provider_opener
from engine.app.session import Session, only_sandbox_sets_the_clock
from engine.app.state import hygiene_file, open_ledger, shards_folder
from engine.cli.output import ProgressLine, echo_json, note
from engine.cli.processes import collect_signals, join_worker, signal_code, start_workers
from engine.dispatch.campaign import CampaignRun, Places
from engine.dispatch.hygiene import read_rows
from engine.dispatch.results import look_up_all
from engine.dispatch.run import dispatch_until
from engine.dispatch.sending import Tools
from engine.kernel.document import document
from engine.kernel.errors import ExitCode, MismatchError, UnavailableError, UsageError, worst
from engine.kernel.instant import format_instant
from engine.law.ramp import ramp_of
from engine.model.ports import Ledger, Pace
from engine.pipeline.deployed import from_state
from engine.pipeline.report import report_campaign
from engine.report.files import write_identity


def send(
    session: Session,
    *,
    only: str | None,
    wait: timedelta | None,
    workers: int,
    before_claims: str | None,
    json: bool,
) -> int:
    """Send what is due (and falls due within `wait`); return the exit code."""
    only_sandbox_sets_the_clock(session, "dispatch")
    workspace = session.workspace
    with open_ledger(session, create=False) as (ledger, pace, key), collect_signals() as signals:
        _refuse_lost_state(session, ledger)
        if only is not None:
            _check_campaign(ledger, only, workspace.environment)
        line = ProgressLine()
        tools = open_tools(
            session,
            ledger,
            pace,
            key,
            stop_requested=lambda: bool(signals),
            progress=line.settled,
        )
        others = start_workers(session, workers - 1, only, wait)
        try:
            runs = dispatch_until(tools, _places(session, ledger, line, before_claims), only, wait)
        finally:
            line.end()
            tools.close()
            codes = [join_worker(process, stop=bool(signals)) for process in others]
    for run in runs:
        note_dead(session, run.campaign)
    code = worst([*(run.exit_code for run in runs), *codes, *signal_code(signals)])
    _show(session, runs, code, json=json)
    return int(code)


def open_tools(
    session: Session,
    ledger: Ledger,
    pace: Pace,
    key: bytes,
    *,
    stop_requested: Callable[[], bool] = lambda: False,
    progress: Callable[[str, int], None] = lambda _, __: None,
) -> Tools:
    """Return what a dispatch works with; no provider is opened yet. The caller closes it."""
    workspace = session.workspace
    return Tools(
        ledger=ledger,
        pace=pace,
        people=open_people_of(session, key, ledger),
        clock=session.clock,
        open_provider=provider_opener(session),
        rates_per_s={c: s.rate_per_s for c, s in workspace.channels.items()},
        stop_requested=stop_requested,
        progress=progress,
        holder=new_holder(),
        has_suppression=workspace.sources.suppression is not None,
        is_dead=is_dead,
        ramps={channel: ramp_of(s) for channel, s in workspace.channels.items()},
        hygiene_of=lambda campaign: hygiene_file(session, campaign),
    )


def ask_vendors(session: Session, ledger: Ledger, pace: Pace, key: bytes, campaign: str) -> None:
    """Ask for the results of a campaign that are awaited, before its report is made.

    A vendor that cannot be asked is noted. With a clock that was set (outside a sandbox) nobody is
    asked: the answer would be of another time.
    """
    if session.set_clock and not session.workspace.sandbox:
        return
    if not ledger.count_awaited(campaign):
        return
    tools = open_tools(session, ledger, pace, key)
    try:
        for news in look_up_all(tools, [campaign]).values():
            if news.trouble:
                note(news.trouble)
    finally:
        tools.close()


def note_dead(session: Session, campaign: str) -> None:
    """Say how many addresses of a campaign are dead, and where its owner finds them."""
    path = hygiene_file(session, campaign)
    dead = len(read_rows(path))
    if dead:
        where = path.relative_to(session.root).as_posix()
        note(
            f"{campaign}: {dead:,} addresses are dead and skipped from now on; "
            f"take them out of your tables: {where}"
        )


def _check_campaign(ledger: Ledger, campaign: str, environment: str) -> None:
    """Raise UsageError for a campaign that is not deployed; say where one is halted."""
    if ledger.find_deployed(campaign) is None:
        raise UsageError(
            f"campaign `{campaign}` is not deployed in `{environment}`",
            "`pushform status` lists what is",
        )
    for order in ledger.stop_orders():
        if not order.cancel and order.scope in ("*", campaign):
            note(f"{campaign} is halted: {order.reason or 'by an operator'}")


def _refuse_lost_state(session: Session, ledger: Ledger) -> None:
    """Raise MismatchError (exit 5) where git remembers another or a later state than this one."""
    deployment = from_state(session.root, session.workspace, ledger)
    if deployment.lost:
        raise MismatchError(
            f"the state is lost: {deployment.lost}",
            "restore it from its backup; sending from another one could send twice",
        )


def _places(
    session: Session, ledger: Ledger, line: ProgressLine, before_claims: str | None
) -> Places:
    environment = session.workspace.environment

    def write(campaign: str) -> None:
        report_campaign(
            ledger,
            campaign,
            root=session.root,
            environment=environment,
            now=session.clock.now(),
            timezone=session.workspace.timezone,
        )
        write_identity(session.root, environment, ledger.identity())

    def started(campaign: str) -> None:
        write(campaign)
        if before_claims is not None:
            _run_before_claims(before_claims, session)
        deployed = ledger.find_deployed(campaign)
        if deployed is not None and deployed.snapshot is not None:
            line.targeted(campaign, deployed.snapshot.targets)

    def ended(campaign: str) -> None:
        line.end()
        write(campaign)

    def waiting(due: datetime | None) -> None:
        note(f"waiting; next due {format_instant(due) if due else 'nothing yet'}")

    return Places(
        shards_of=lambda campaign: shards_folder(session, campaign),
        started=started,
        ended=ended,
        waiting=waiting,
        noted=note,
    )


def _run_before_claims(command: str, session: Session) -> None:
    """Run what makes git remember that sending begins. Raises UnavailableError where it fails."""
    try:
        done = subprocess.run(shlex.split(command), cwd=session.root, check=False)  # noqa: S603
        code: int | str = done.returncode
    except (OSError, ValueError) as error:
        code = str(error)
    if code != 0:
        raise UnavailableError(
            f"`{command}` failed ({code}), so nothing was claimed",
            "the next dispatch tries again; without --before-claims reports are only written",
        )


def _show(session: Session, runs: Sequence[CampaignRun], code: ExitCode, *, json: bool) -> None:
    if json:
        echo_json(
            document(
                "dispatch",
                as_of=session.opened_at,
                environment=session.workspace.environment,
                exit_code=code,
                body={"campaigns": [_plain(run) for run in runs]},
            )
        )
        return
    if not runs:
        click.echo("nothing is due")
    for run in runs:
        totals = run.totals
        click.echo(
            f"{run.campaign}: {run.status}  sent {totals.sent:,}, "
            f"failed {totals.failed + totals.dead:,}, skipped {totals.skipped:,}, "
            f"unknown {totals.unknown:,}"
        )
        if run.message:
            note(f"  {run.message}")


def _plain(run: CampaignRun) -> dict[str, object]:
    return {
        "campaign": run.campaign,
        "status": run.status,
        "sent": run.totals.sent,
        "failed": run.totals.failed + run.totals.dead,
        "skipped": run.totals.skipped,
        "unknown": run.totals.unknown,
        "exit_code": int(run.exit_code),
        "message": run.message,
    }
