"""Everything that is due, campaign by campaign; then the next instant at which something is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from engine.dispatch.finish import cancel_order, finish_if_done
from engine.dispatch.sending import Sending, Tools, prepare, read_stored
from engine.dispatch.start import (
    bury_the_dead,
    check_suppression,
    missed,
    planned_end,
    settle_missed,
    take_snapshot,
)
from engine.dispatch.tally import Tally
from engine.dispatch.worker import ShardWorker, Stopped
from engine.kernel.errors import ExitCode, PushformError, worst
from engine.law.finish import slowest
from engine.model.delivery import DeliveryState, FailReason
from engine.model.deployment import TERMINAL_STATUSES, Deployed, ShardLease, Status
from engine.model.facts import ShardFile, Snapshot

LOOK_AGAIN = timedelta(seconds=30)
"""A waiting dispatcher looks this often whether something new was applied."""

LONG_AFTER = datetime(9999, 1, 1, tzinfo=UTC)
"""Later than every wave: what a cancel settles does not wait for its time."""


DEAD = frozenset({FailReason.UNREGISTERED, FailReason.BAD_ADDRESS, FailReason.SENDER_MISMATCH})
"""Failures of an address, not of a send: they alone are no partial failure (design §5)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What the ledger holds of a campaign after a run, whoever settled it."""

    sent: int = 0
    failed: int = 0
    dead: int = 0
    skipped: int = 0
    unknown: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignRun:
    """How a campaign stands after one run."""

    campaign: str
    status: Status
    totals: Totals
    exit_code: ExitCode
    message: str | None = None
    interrupted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where a run keeps its shards, and whom it tells before the first claim."""

    shards_of: Callable[[str], Path]
    started: Callable[[str], None]
    ended: Callable[[str], None]
    waiting: Callable[[datetime | None], None]


def dispatch_due(tools: Tools, places: Places, only: str | None) -> tuple[CampaignRun, ...]:
    """Send all that is due now, the earliest first; one campaign's trouble stops no other."""
    now = tools.clock.now()
    tools.ledger.advance_clock(now)
    bury_the_dead(tools.ledger, tools.is_dead)
    runs: list[CampaignRun] = []
    for deployed in find_due(tools, now, only):
        run = _run_campaign(tools, places, deployed)
        runs.append(run)
        if run.interrupted:
            break
    return tuple(runs)


def dispatch_until(
    tools: Tools, places: Places, only: str | None, wait: timedelta | None
) -> tuple[CampaignRun, ...]:
    """Send what is due now and what falls due within `wait` (None: stay until a signal comes)."""
    ends = None if wait is None else tools.clock.now() + wait
    runs: list[CampaignRun] = []
    while True:
        runs.extend(dispatch_due(tools, places, only))
        if tools.stop_requested() or any(run.interrupted for run in runs):
            return tuple(runs)
        now = tools.clock.now()
        due = next_due_at(tools, now, only)
        if ends is not None and (due is None or due > ends):
            return tuple(runs)
        places.waiting(due)
        _sleep_until(tools, min(due or now + LOOK_AGAIN, now + LOOK_AGAIN))


def _sleep_until(tools: Tools, instant: datetime) -> None:
    while not tools.stop_requested():
        left = (instant - tools.clock.now()).total_seconds()
        if left <= 0:
            return
        tools.clock.sleep(min(left, 0.5))


def find_due(tools: Tools, now: datetime, only: str | None) -> Sequence[Deployed]:
    """Return the campaigns with something to send or to settle at `now`, the earliest first."""
    cancelled = {o.scope for o in tools.ledger.stop_orders() if o.cancel}
    halted = {o.scope for o in tools.ledger.stop_orders() if not o.cancel}
    due = [
        campaign
        for campaign in tools.ledger.deployed().values()
        if campaign.status not in TERMINAL_STATUSES
        and (only is None or campaign.id == only)
        and (campaign.id in cancelled or not halted & {"*", campaign.id})
        and (campaign.id in cancelled or _is_due(campaign, now))
    ]
    return sorted(due, key=lambda campaign: (campaign.due_at, campaign.id))


def next_due_at(tools: Tools, now: datetime, only: str | None) -> datetime | None:
    """Return the next instant after `now` at which something falls due, or None."""
    instants = [
        instant
        for campaign in tools.ledger.deployed().values()
        if campaign.status not in TERMINAL_STATUSES and (only is None or campaign.id == only)
        for instant in _instants(campaign)
        if instant > now
    ]
    return min(instants, default=None)


def _is_due(campaign: Deployed, now: datetime) -> bool:
    return any(instant <= now for instant in _instants(campaign))


def _instants(campaign: Deployed) -> list[datetime]:
    if campaign.snapshot is None:
        return [campaign.due_at]
    return [shard.due_at for shard in campaign.snapshot.shards] or [campaign.due_at]


def _run_campaign(tools: Tools, places: Places, deployed: Deployed) -> CampaignRun:
    tally = Tally()
    code, message, interrupted = ExitCode.OK, None, False
    try:
        _send(tools, places, deployed, tally)
    except Stopped as stop:
        interrupted = stop.order is None
        message = (
            "stopped by a signal; the rest is sent by the next dispatch"
            if stop.order is None
            else f"halted: {stop.order.reason or 'by an operator'}"
        )
    except PushformError as error:
        code = error.exit_code
        message = error.message + (f" ({error.hint})" if error.hint else "")
    places.ended(deployed.id)
    totals = read_totals(tools, deployed.id)
    limit = deployed.stored["limits"]["max_failed"]
    return CampaignRun(
        campaign=deployed.id,
        status=_status(tools, deployed),
        totals=totals,
        exit_code=worst((code, _judge(totals, limit, systemic=tally.systemic is not None))),
        message=message,
        interrupted=interrupted,
    )


def read_totals(tools: Tools, campaign: str) -> Totals:
    """Return what became of a campaign's deliveries so far."""
    found = dict.fromkeys(("sent", "failed", "dead", "skipped", "unknown"), 0)
    for count in tools.ledger.counts(campaign):
        match count.state:
            case DeliveryState.FAILED if count.reason in DEAD:
                found["dead"] += count.rows
            case DeliveryState.FAILED:
                found["failed"] += count.rows
            case DeliveryState.SKIPPED | DeliveryState.HELD_OUT:
                found["skipped"] += count.rows
            case DeliveryState.SENT:
                found["sent"] += count.rows
            case DeliveryState.UNKNOWN:
                found["unknown"] += count.rows
    return Totals(**found)


def _judge(totals: Totals, max_failed: float, *, systemic: bool) -> ExitCode:
    answered = totals.sent + totals.failed
    failing = answered > 0 and totals.failed / answered > max_failed
    return ExitCode.PARTIAL if totals.unknown or systemic or failing else ExitCode.OK


def _send(tools: Tools, places: Places, deployed: Deployed, tally: Tally) -> Status:
    directory = places.shards_of(deployed.id)
    if cancel_order(tools, deployed.id) is None:
        campaign = read_stored(deployed)
        check_suppression(campaign, has_suppression=tools.has_suppression)
        if missed(deployed, campaign, tools.clock.now()):
            settle_missed(tools, deployed, tools.clock.now())
            return Status.FAILED
    snapshot = deployed.snapshot or take_snapshot(tools, deployed, directory)
    sending = prepare(deployed, snapshot, directory)
    places.started(deployed.id)
    tools.ledger.expire_claims(deployed.id, tools.clock.now())
    while (lease := _lease(tools, deployed.id)) is not None:
        _send_shard(tools, sending, lease, tally)
    return finish_if_done(tools, deployed, snapshot, directory) or Status.SENDING


def _lease(tools: Tools, campaign: str) -> ShardLease | None:
    """Take a due shard; wait for those that another worker holds, until it is done or gone."""
    until = tools.clock.monotonic() + tools.shard_ttl_s * 1.5
    while True:
        cancelled = cancel_order(tools, campaign) is not None
        now = LONG_AFTER if cancelled else tools.clock.now()
        lease = tools.ledger.lease_shard(campaign, tools.holder, tools.shard_ttl_s, now)
        if lease is not None or not _open_now(tools, campaign, now):
            return lease
        if tools.stop_requested():
            raise Stopped(None)
        if tools.clock.monotonic() > until:
            return None
        tools.clock.sleep(min(1.0, tools.shard_ttl_s / 4))
        bury_the_dead(tools.ledger, tools.is_dead)
        tools.ledger.expire_claims(campaign, tools.clock.now())


def _open_now(tools: Tools, campaign: str, now: datetime) -> bool:
    """Tell whether shards are open that are due: somebody else's, since we got no lease."""
    return tools.ledger.open_shards(campaign, due_by=now) > 0


def _send_shard(tools: Tools, sending: Sending, lease: ShardLease, tally: Tally) -> None:
    shard = _shard(sending.snapshot, lease.number)
    worker = ShardWorker(
        tools,
        sending,
        lease,
        shard,
        planned_end=_planned_end(tools, sending, shard),
        tally=tally,
    )
    done = False
    try:
        worker.run()
        done = True
    finally:
        tools.ledger.release_shard(lease, done=done)


def _planned_end(tools: Tools, sending: Sending, shard: ShardFile) -> datetime:
    """Return until when the wave may run: its planned end once it has started, else its due time."""
    late = shard.due_at + sending.campaign.schedule.late
    if tools.clock.now() > late and not _started(tools, sending, shard):
        return shard.due_at
    rate = slowest(
        sending.campaign.schedule.pace_per_s,
        *(tools.rates_per_s.get(channel) for channel in sending.campaign.channels),
    )
    return planned_end(sending.snapshot, shard.due_at, rate)


def _started(tools: Tools, sending: Sending, shard: ShardFile) -> bool:
    """Tell whether anything of the shard's wave was ever claimed."""
    return any(
        row.attempt > 0
        for other in sending.snapshot.shards
        if other.due_at == shard.due_at
        for row in tools.ledger.shard_rows(sending.campaign.id, other.number).values()
    )


def _status(tools: Tools, deployed: Deployed) -> Status:
    fresh = tools.ledger.find_deployed(deployed.id)
    return fresh.status if fresh else deployed.status


def _shard(snapshot: Snapshot, number: int) -> ShardFile:
    return next(shard for shard in snapshot.shards if shard.number == number)
