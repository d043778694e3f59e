"""Everything that is due, campaign by campaign; then the next instant at which something is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from engine.dispatch.campaign import CampaignRun, Places, run_campaign
from engine.dispatch.results import look_up_all
from engine.dispatch.sending import Tools
from engine.dispatch.start import bury_the_dead
from engine.model.delivery import DeliveryState
from engine.model.deployment import TERMINAL_STATUSES, Deployed

LOOK_AGAIN = timedelta(seconds=30)
"""A waiting dispatcher looks this often whether something new was applied."""


def dispatch_due(tools: Tools, places: Places, only: str | None) -> tuple[CampaignRun, ...]:
    """Send all that is due now, the earliest first; one campaign's trouble stops no other.

    Where alternatives wait for a vendor's word, this stays until each is decided, and meanwhile
    sends what falls due.
    """
    runs: dict[str, CampaignRun] = {}
    while True:
        _run_once(tools, places, only, runs)
        waits = [run.resumes_at for run in runs.values() if run.resumes_at is not None]
        if any(run.interrupted for run in runs.values()) or not waits:
            break
        due = next_due_at(tools, tools.clock.now(), only)
        _sleep_until(tools, min([*waits, *([due] if due else [])]))
        if tools.stop_requested():
            break
    for run in runs.values():
        if run.resumes_at is not None:
            places.ended(run.campaign)
    _follow_up(tools, places, only)
    return tuple(runs.values())


def _run_once(tools: Tools, places: Places, only: str | None, runs: dict[str, CampaignRun]) -> None:
    """Run every due campaign that has not run yet, or whose time to be looked at again has come."""
    now = tools.clock.now()
    tools.ledger.advance_clock(now)
    bury_the_dead(tools.ledger, tools.is_dead)
    due = {campaign.id: campaign for campaign in find_due(tools, now, only)}
    for id_, before in list(runs.items()):
        if before.resumes_at is not None and id_ not in due:  # halted or ended by somebody else
            runs[id_] = replace(before, resumes_at=None)
    for deployed in due.values():
        earlier = runs.get(deployed.id)
        if earlier is not None and (earlier.resumes_at is None or earlier.resumes_at > now):
            continue
        runs[deployed.id] = run_campaign(tools, places, deployed, earlier)
        if runs[deployed.id].interrupted:
            return


def _follow_up(tools: Tools, places: Places, only: str | None) -> None:
    """Ask once for every result that is still awaited, also of campaigns that are over."""
    for campaign, news in look_up_all(tools, None if only is None else [only]).items():
        refused = sum(item.state == DeliveryState.FAILED for item in news.changed)
        if news.changed:
            places.ended(campaign)
            places.noted(
                f"{campaign}: the vendor reported {len(news.changed):,} results that change the "
                f"books, {refused:,} of them refusals"
            )
        if news.trouble:
            places.noted(f"{campaign}: {news.trouble}")


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
