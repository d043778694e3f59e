"""One campaign's part of a dispatch: its shards one after the other, then its end."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from engine.dispatch.finish import cancel_order, finish_if_done
from engine.dispatch.results import look_up
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
from engine.dispatch.totals import Totals, judge, read_totals
from engine.dispatch.worker import ShardWorker, Stopped
from engine.kernel.errors import ExitCode, PushformError, worst
from engine.kernel.frozen import frozen
from engine.law.finish import fallback_of, slowest
from engine.model.deployment import Deployed, ShardLease, Status
from engine.model.facts import ShardFile, Snapshot

LONG_AFTER = datetime(9999, 1, 1, tzinfo=UTC)
"""Later than every wave: what a cancel settles does not wait for its time."""

LOOK_EVERY_S = 5.0
"""How often vendors are asked for their last word while an alternative waits for it. Ours."""

REST = 10
"""Looking through those who wait may take a tenth of the time between two looks. Ours."""

LONGEST_REST_S = 60.0
"""Nobody waits longer than this for a word that the vendor may have said long ago. Ours."""


@frozen
class CampaignRun:
    """How a campaign stands after one run. `resumes_at`: alternatives wait, and until when."""

    campaign: str
    status: Status
    totals: Totals
    exit_code: ExitCode
    message: str | None = None
    interrupted: bool = False
    resumes_at: datetime | None = None


@frozen
class Places:
    """Where a run keeps its shards, and whom it tells before the first claim.

    `noted` is told, in words, what is waited for and what vendors say of campaigns that are over.
    """

    shards_of: Callable[[str], Path]
    started: Callable[[str], None]
    ended: Callable[[str], None]
    waiting: Callable[[datetime | None], None]
    noted: Callable[[str], None] = field(default=lambda _: None)


@dataclass(slots=True)
class _Waiting:
    """Shards whose alternatives wait for a vendor's word, and by when each is looked at again."""

    by_shard: dict[int, datetime] = field(default_factory=dict)
    asked_at: float | None = None
    trouble: str | None = None


def run_campaign(
    tools: Tools, places: Places, deployed: Deployed, before: CampaignRun | None = None
) -> CampaignRun:
    """Send what is due of one campaign. `before` is its earlier run in the same dispatch."""
    tally, waiting = Tally(), _Waiting()
    began = tools.clock.monotonic()
    code, message, interrupted = ExitCode.OK, None, False
    try:
        _send(tools, places, deployed, tally, waiting, first=before is None)
        message = waiting.trouble or (before.message if before else None)
    except Stopped as stop:
        waiting.by_shard.clear()
        interrupted = stop.order is None
        message = (
            "stopped by a signal; the rest is sent by the next dispatch"
            if stop.order is None
            else f"halted: {stop.order.reason or 'by an operator'}"
        )
    except PushformError as error:
        waiting.by_shard.clear()
        code = error.exit_code
        message = error.message + (f" ({error.hint})" if error.hint else "")
    if before is None or not waiting.by_shard:
        places.ended(deployed.id)
    if before is None and waiting.by_shard:
        places.noted(
            f"{deployed.id}: alternatives wait for what vendors report of the first channel"
        )
    totals = read_totals(tools, deployed.id)
    limit = deployed.stored["limits"]["max_failed"]
    return CampaignRun(
        campaign=deployed.id,
        status=_status(tools, deployed),
        totals=totals,
        exit_code=worst((code, judge(totals, limit, tally))),
        message=message,
        interrupted=interrupted,
        resumes_at=_resumes_at(
            tools, waiting, 0.0 if before is None else tools.clock.monotonic() - began
        ),
    )


def _resumes_at(tools: Tools, waiting: _Waiting, took_s: float) -> datetime | None:
    """Return when the waiting shards are looked through again: the seldomer the longer it takes.

    `took_s` is how long the last look took; of a first run, which also sent, nothing is known of that.
    """
    if not waiting.by_shard:
        return None
    now = tools.clock.now()
    often = now + timedelta(seconds=min(max(LOOK_EVERY_S, REST * took_s), LONGEST_REST_S))
    decided = min(waiting.by_shard.values()) + timedelta(seconds=1)
    return max(now + timedelta(seconds=1), min(often, decided))


def _send(
    tools: Tools,
    places: Places,
    deployed: Deployed,
    tally: Tally,
    waiting: _Waiting,
    *,
    first: bool,
) -> None:
    directory = places.shards_of(deployed.id)
    if cancel_order(tools, deployed.id) is None:
        campaign = read_stored(deployed)
        check_suppression(campaign, has_suppression=tools.has_suppression)
        if missed(deployed, campaign, tools.clock.now()):
            settle_missed(tools, deployed, tools.clock.now())
            return
    snapshot = deployed.snapshot or take_snapshot(tools, deployed, directory)
    sending = prepare(deployed, snapshot, directory)
    if first:
        places.started(deployed.id)
    tools.ledger.expire_claims(deployed.id, tools.clock.now())
    _ask_vendors(tools, sending, tally, waiting)
    while (lease := _lease(tools, deployed.id, waiting.by_shard)) is not None:
        again = _send_shard(tools, sending, lease, tally)
        waiting.by_shard.pop(lease.number, None)
        if again is not None:
            waiting.by_shard[lease.number] = again
        _ask_vendors(tools, sending, tally, waiting)
    if not waiting.by_shard:
        finish_if_done(tools, deployed, snapshot, directory)


def _ask_vendors(tools: Tools, sending: Sending, tally: Tally, waiting: _Waiting) -> None:
    """Ask for results, every few seconds at most, of the channels that an alternative stands in for."""
    now = tools.clock.monotonic()
    campaign = sending.campaign
    if waiting.asked_at is not None and now - waiting.asked_at < LOOK_EVERY_S:
        return
    waiting.asked_at = now
    for channel in campaign.alternative:
        if fallback_of(campaign, campaign.alternative[channel]):
            news = look_up(tools, campaign.id, channel)
            waiting.trouble = news.trouble or waiting.trouble
            tally.add_late(news.changed)
            tally.judge(sending.limits.max_failed)


def _lease(tools: Tools, campaign: str, waiting: Collection[int]) -> ShardLease | None:
    """Take a due shard; wait for those that another worker holds, until it is done or gone."""
    until = tools.clock.monotonic() + tools.shard_ttl_s * 1.5
    while True:
        cancelled = cancel_order(tools, campaign) is not None
        now = LONG_AFTER if cancelled else tools.clock.now()
        skip = () if cancelled else tuple(waiting)
        lease = tools.ledger.lease_shard(campaign, tools.holder, tools.shard_ttl_s, now, skip)
        # With something to come back to there is no need to wait for what others hold.
        if lease is not None or skip or not tools.ledger.open_shards(campaign, due_by=now):
            return lease
        if tools.stop_requested():
            raise Stopped(None)
        if tools.clock.monotonic() > until:
            return None
        tools.clock.sleep(min(1.0, tools.shard_ttl_s / 4))
        bury_the_dead(tools.ledger, tools.is_dead)
        tools.ledger.expire_claims(campaign, tools.clock.now())


def _send_shard(tools: Tools, sending: Sending, lease: ShardLease, tally: Tally) -> datetime | None:
    """Work through a shard; return by when it must be looked at again, None where it is done."""
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
        again = worker.run()
        done = again is None
    finally:
        tools.ledger.release_shard(lease, done=done)
    return again


def _planned_end(tools: Tools, sending: Sending, shard: ShardFile) -> datetime:
    """Return until when the wave may run: its planned end once it has started, else its due time."""
    campaign = sending.campaign
    late = shard.due_at + campaign.schedule.late
    if tools.clock.now() > late and not _started(tools, sending, shard):
        return shard.due_at
    rate = slowest(
        campaign.schedule.pace_per_s,
        *(tools.rates_per_s.get(channel) for channel in campaign.channels),
    )
    end = planned_end(sending.snapshot, shard.due_at, rate)
    if not shard.alternative:
        return end
    return end + max(fallback_of(campaign, second) for second in campaign.alternative.values())


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
