"""When a campaign is over, and how it ended."""

from __future__ import annotations

import shutil
from pathlib import Path

from engine.dispatch.sending import Tools
from engine.model.delivery import DeliveryState
from engine.model.deployment import Deployed, Status, StopOrder
from engine.model.facts import Snapshot


def finish_if_done(
    tools: Tools, deployed: Deployed, snapshot: Snapshot, directory: Path
) -> Status | None:
    """Close a campaign of which no shard is open, delete its shards, and return its last status."""
    if tools.ledger.open_shards(deployed.id):
        return None
    status, reason = _ending(tools, deployed, snapshot)
    tools.ledger.finish(deployed.id, status, reason, tools.clock.now())
    shutil.rmtree(directory, ignore_errors=True)
    return status


def cancel_order(tools: Tools, campaign: str) -> StopOrder | None:
    """Return the cancel that is in force for `campaign`, if any."""
    for order in tools.ledger.stop_orders():
        if order.cancel and order.scope == campaign:
            return order
    return None


def _ending(tools: Tools, deployed: Deployed, snapshot: Snapshot) -> tuple[Status, str | None]:
    order = cancel_order(tools, deployed.id)
    if order is not None:
        return Status.CANCELLED, order.reason
    reached = sum(
        count.rows
        for count in tools.ledger.counts(deployed.id)
        if count.state in (DeliveryState.SENT, DeliveryState.UNKNOWN)
    )
    if reached or snapshot.users == 0:
        return Status.COMPLETED, None
    reasons: dict[str, int] = {}
    for count in tools.ledger.counts(deployed.id):
        name = count.reason or count.state
        reasons[name] = reasons.get(name, 0) + count.rows
    most = max(reasons, key=lambda name: (reasons[name], name), default="no_address")
    return Status.FAILED, f"nothing was sent, mostly: {most}"
