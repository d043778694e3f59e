"""From ready to sending: the digest, the clock, the audience frozen once, the limits again."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from engine.dispatch.sending import Limits, Tools, read_limits, read_stored
from engine.kernel.errors import BlockedError, LockedError, MismatchError
from engine.kernel.instant import format_instant
from engine.model.deployment import Deployed, Lease, Status
from engine.model.facts import Snapshot, outgrew
from engine.model.limit import Limit
from engine.model.ports import Ledger
from engine.model.resolved import ResolvedCampaign, acknowledged

LEASE_TTL_S = 900.0
"""A snapshot of ten million people takes minutes; so long others wait for it."""


def bury_the_dead(ledger: Ledger, is_dead: Callable[[str], bool]) -> None:
    """Free what processes of this machine held that are no longer there: nobody waits for them.

    What they had claimed becomes unknown when its shard is leased again.
    """
    for holder in ledger.holders():
        if is_dead(holder):
            ledger.end_leases(holder)


def check_suppression(campaign: ResolvedCampaign, *, has_suppression: bool) -> None:
    """Raise MismatchError where an advertisement was approved with a list of refusals that is gone."""
    if campaign.advertising and campaign.suppression and not has_suppression:
        raise MismatchError(
            f"campaign `{campaign.id}` was approved with a suppression list, "
            "and pushform.yaml names none any more",
            "write `sources.suppression` again, or plan and apply the campaign without it",
        )


def missed(deployed: Deployed, campaign: ResolvedCampaign, now: datetime) -> bool:
    """Tell whether the first message would go out later than `late` after the due instant."""
    return deployed.snapshot is None and now > deployed.due_at + campaign.schedule.late


def settle_missed(tools: Tools, deployed: Deployed, now: datetime) -> None:
    """Close a campaign whose time passed before anybody was chosen."""
    reason = f"missed: it was due {format_instant(deployed.due_at)}"
    tools.ledger.finish(deployed.id, Status.FAILED, reason, now)


def take_snapshot(tools: Tools, deployed: Deployed, directory: Path) -> Snapshot:
    """Freeze the audience of a due campaign, once, and return it.

    Raises MismatchError where the stored campaign was damaged, BlockedError (the campaign stays
    ready) where the audience outgrew its limits, LockedError while another process is at it.
    """
    lease = _acquire(tools, deployed.id)
    try:
        fresh = tools.ledger.find_deployed(deployed.id)
        if fresh is not None and fresh.snapshot is not None:
            return fresh.snapshot
        campaign = read_stored(deployed)
        now = tools.clock.now()
        facts = tools.people.facts(campaign, now)
        _check_limits(
            campaign,
            read_limits(deployed.stored),
            users=facts.users,
            recipients=facts.recipients,
            users_before=deployed.users,
            now=now,
        )
        shutil.rmtree(directory, ignore_errors=True)
        snapshot = tools.people.snapshot(campaign, now, directory)
        tools.ledger.renew(lease)
        tools.ledger.begin_sending(deployed.id, snapshot, deployed.content_digest)
        return snapshot
    finally:
        tools.ledger.release(lease)


def _acquire(tools: Tools, campaign: str) -> Lease:
    """Take the lease; wait while another worker of this run chooses the audience."""
    until = tools.clock.monotonic() + LEASE_TTL_S
    while True:
        try:
            return tools.ledger.acquire(f"start:{campaign}", tools.holder, tools.start_ttl_s)
        except LockedError:
            if tools.clock.monotonic() > until or tools.stop_requested():
                raise
            tools.clock.sleep(0.2)


def _check_limits(
    campaign: ResolvedCampaign,
    limits: Limits,
    *,
    users: int,
    recipients: int,
    users_before: int | None,
    now: datetime,
) -> None:
    most = _lifted(campaign, Limit.MAX_RECIPIENTS, limits.max_recipients, now)
    if recipients > most:
        raise BlockedError(
            f"campaign `{campaign.id}` would reach {recipients:,} people, limit {int(most):,}",
            "apply it again with an `acknowledge:` for max_recipients, or narrow the audience",
        )
    growth = _lifted(campaign, Limit.MAX_AUDIENCE_GROWTH, limits.max_audience_growth, now)
    if users_before is not None and outgrew(users_before, users, growth):
        raise BlockedError(
            f"the audience of `{campaign.id}` grew from {users_before:,} to {users:,} people "
            f"since it was applied, limit +{growth:.0%}",
            "plan and apply it again, so that somebody sees the new number",
        )


def _lifted(campaign: ResolvedCampaign, limit: Limit, value: float, now: datetime) -> float:
    lift = acknowledged(campaign, limit, now)
    return max(value, lift[0]) if lift else value


def planned_end(snapshot: Snapshot, due_at: datetime, rate_per_s: float) -> datetime:
    """Return when a wave that is sent at `rate_per_s` would be through, without ramp and retries."""
    rows = sum(shard.rows for shard in snapshot.shards if shard.due_at == due_at)
    return due_at + timedelta(seconds=rows / rate_per_s)
