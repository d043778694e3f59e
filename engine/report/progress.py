"""`pushform status`: where each campaign is, what it waits for, and what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from engine.kernel.instant import format_instant, parse_duration
from engine.model.deployment import TERMINAL_STATUSES, Deployed, Status, StopOrder
from engine.model.report import Progress

DEFAULT_LATE = "30m"


def progress(deployed: Deployed, orders: Sequence[StopOrder], now: datetime) -> Progress:
    """Return where a deployed campaign is at `now`."""
    mine = [order for order in orders if order.scope in ("*", deployed.id)]
    halt = next((order for order in mine if not order.cancel), None)
    halted = halt is not None and deployed.status not in TERMINAL_STATUSES
    due = next_due(deployed, now)
    blocked = None
    if halt is not None and halted:
        blocked = f"halted since {format_instant(halt.at)}" + (
            f": {halt.reason}" if halt.reason else ""
        )
    elif deployed.status is Status.READY and now > deployed.due_at + late_of(deployed):
        blocked = "its time has passed"
    return Progress(
        campaign=deployed.id,
        title=deployed.stored["campaign"].get("title", deployed.id),
        status=deployed.status,
        reason=deployed.reason,
        halted=halted,
        next_due_at=due,
        blocked=blocked,
        next_step=_next_step(
            deployed,
            halted=halted,
            everything=halt is not None and halt.scope == "*",
            blocked=blocked,
            now=now,
        ),
    )


def waiting(campaign: str, title: str, reason: str) -> Progress:
    """Return the progress of a campaign that the state does not know yet."""
    return Progress(
        campaign=campaign,
        title=title,
        status=Status.WAITING,
        reason=reason,
        halted=False,
        next_due_at=None,
        blocked=None,
        next_step=(
            "delete the line `draft: true` when it is complete"
            if reason == "draft"
            else "pushform plan, then pushform apply"
        ),
    )


def next_due(deployed: Deployed, now: datetime) -> datetime | None:
    """Return the next instant at which there is something to send, None when there is none."""
    if deployed.status in TERMINAL_STATUSES:
        return None
    if deployed.snapshot is None:
        return deployed.due_at
    later = [shard.due_at for shard in deployed.snapshot.shards if shard.due_at > now]
    return min(later, default=now)


def late_of(deployed: Deployed) -> timedelta:
    """Return how long after the due instant the first message may still go out."""
    return parse_duration(deployed.stored["campaign"]["schedule"].get("late", DEFAULT_LATE))


def _next_step(
    deployed: Deployed, *, halted: bool, everything: bool, blocked: str | None, now: datetime
) -> str | None:
    if deployed.status in TERMINAL_STATUSES:
        return f"pushform report {deployed.id}"
    if halted:
        return "pushform resume" if everything else f"pushform resume {deployed.id}"
    if blocked:
        return f"pushform dispatch {deployed.id} settles it as missed"
    if deployed.status is Status.READY and now < deployed.due_at:
        return f"pushform dispatch at {format_instant(deployed.due_at)}"
    return f"pushform dispatch {deployed.id}"
