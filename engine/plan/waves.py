"""When the parts of an audience are due: one instant, or one per zone for recipient-local times."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from engine.kernel.frozen import frozen
from engine.kernel.instant import end_of_day, find_zone, resolve_local
from engine.law.lead import LEAD
from engine.model.legal import MessageType
from engine.model.resolved import ResolvedCampaign
from engine.model.schedule import Schedule


@frozen
class Waves:
    """The instants at which parts of an audience are due, and how many of them come too soon.

    `zones` are, per instant, the recipients' zones (with counts) that are due then.
    """

    instants: tuple[datetime, ...]
    missed: int
    zones: tuple[Mapping[str, int], ...]
    all_missed: bool = False
    """Every wave comes too soon. The first is named all the same, so that there is a time to show."""


def due_instant(schedule: Schedule, zone: ZoneInfo) -> datetime:
    """Return the UTC instant at which `schedule` is due for people in `zone`."""
    if schedule.at.tzinfo is not None:
        return schedule.at.astimezone(ZoneInfo("UTC"))
    return resolve_local(schedule.at, zone)


def schedule_zone(campaign: ResolvedCampaign) -> ZoneInfo:
    """Return the zone that `schedule.at` is written in (the workspace's for recipient-local)."""
    name = campaign.schedule.timezone
    if name in (None, "recipient"):
        name = campaign.workspace_timezone
    zone = find_zone(name or "")
    if zone is None:
        raise ValueError(f"`{name}` is not a zone")  # the linter refused it before
    return zone


def find_waves(campaign: ResolvedCampaign, zones: Mapping[str, int], now: datetime) -> Waves:
    """Return the waves of `campaign` for the recipients' `zones` ('' where unknown).

    A wave that is not a full lead after `now` is missed: its people get nothing.
    """
    own = schedule_zone(campaign)
    if not campaign.schedule.recipient_local:
        due = due_instant(campaign.schedule, own)
        return Waves(instants=(due,), missed=0, zones=(zones,))
    found: dict[datetime, dict[str, int]] = {}
    for name, count in (zones or {"": 0}).items():
        due = due_instant(campaign.schedule, find_zone(name) or own)
        found.setdefault(due, {})[name] = count
    lead = lead_of(campaign, now)
    in_time = tuple(sorted(instant for instant in found if instant >= now + lead))
    kept = in_time or (min(found),)
    return Waves(
        instants=kept,
        missed=len(found) - len(in_time),
        zones=tuple(found[instant] for instant in kept),
        all_missed=not in_time,
    )


def lead_of(campaign: ResolvedCampaign, now: datetime) -> timedelta:
    """Return the lead that `campaign` owes at `now`: none while an urgency is in force."""
    urgent = campaign.urgent
    if urgent is None or campaign.type is MessageType.ADVERTISING:
        return LEAD
    zone = find_zone(campaign.workspace_timezone) or ZoneInfo("UTC")
    return timedelta(0) if now < end_of_day(urgent.until, zone) else LEAD


def describe_schedule(campaign: ResolvedCampaign) -> str:
    """Return the due time as people write it."""
    schedule = campaign.schedule
    at = schedule.at.isoformat(sep=" ", timespec="minutes")
    if schedule.at.tzinfo is not None:
        return at
    return f"{at} {schedule.timezone or campaign.workspace_timezone}"
