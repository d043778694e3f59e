"""The limits that stop an apply. A limit is lifted only by an `acknowledge:` in the campaign's file."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from math import ceil

from engine.kernel.frozen import frozen
from engine.kernel.instant import find_zone, format_instant
from engine.kernel.origin import Origin
from engine.model.facts import AudienceFacts, outgrew
from engine.model.limit import Limit
from engine.model.plan import Guard, Timing
from engine.model.resolved import ResolvedCampaign, acknowledged
from engine.model.workspace import Safety

VANISHED_SHARE = 0.30
"""More of the deployed campaigns gone at once than this looks like a broken checkout, not a wish."""


@frozen
class Lift:
    """A guard's answer, and until when the acknowledgement it leans on is in force."""

    guard: Guard
    flips_at: datetime | None = None


def guard_recipients(
    campaign: ResolvedCampaign, facts: AudienceFacts, safety: Safety, now: datetime
) -> Lift:
    """Refuse more recipients than `safety.max_recipients`."""
    limit, until = _lifted(campaign, Limit.MAX_RECIPIENTS, safety.max_recipients, now)
    passed = facts.recipients <= limit
    message = f"{facts.recipients:,} recipients, limit {int(limit):,}"
    hint = None if passed else _hint(campaign, Limit.MAX_RECIPIENTS, facts.recipients)
    guard = Guard(name=Limit.MAX_RECIPIENTS, passed=passed, message=message, hint=hint)
    return Lift(guard=guard, flips_at=until if facts.recipients > safety.max_recipients else None)


def guard_growth(
    campaign: ResolvedCampaign,
    facts: AudienceFacts,
    users_before: int | None,
    safety: Safety,
    now: datetime,
) -> Lift | None:
    """Refuse an audience that grew by more than `safety.max_audience_growth` since the last apply."""
    if users_before is None:
        return None
    limit, until = _lifted(campaign, Limit.MAX_AUDIENCE_GROWTH, safety.max_audience_growth, now)
    growth = facts.users / users_before - 1 if users_before else float(facts.users > 0)
    passed = not outgrew(users_before, facts.users, limit)
    message = (
        f"audience {users_before:,} → {facts.users:,} people ({growth:+.1%}), limit +{limit:.0%}"
    )
    if facts.users == 1:
        message = f"audience {users_before:,} → 1 person ({growth:+.1%}), limit +{limit:.0%}"
    hint = None if passed else _hint(campaign, Limit.MAX_AUDIENCE_GROWTH, f"{ceil(growth * 100)}%")
    guard = Guard(name=Limit.MAX_AUDIENCE_GROWTH, passed=passed, message=message, hint=hint)
    needed = outgrew(users_before, facts.users, safety.max_audience_growth)
    return Lift(guard=guard, flips_at=until if needed else None)


def guard_expected_size(campaign: ResolvedCampaign, facts: AudienceFacts) -> Guard | None:
    """Refuse an audience that is smaller or larger than its author expects."""
    low, high = campaign.expect.minimum, campaign.expect.maximum
    if low is None and high is None:
        return None
    passed = (low is None or facts.users >= low) and (high is None or facts.users <= high)
    span = f"{'' if low is None else f'{low:,}'}…{'' if high is None else f'{high:,}'}"
    message = f"{facts.users:,} people in the audience, expected {span}"
    if facts.users == 1:
        message = f"1 person in the audience, expected {span}"
    return Guard(
        name="expect",
        passed=passed,
        message=message,
        hint=None if passed else "mend the conditions, or change `expect.size` in the audience",
    )


def guard_finish(campaign: ResolvedCampaign, timing: Timing) -> Guard | None:
    """Refuse an advertisement whose last message would be handed over after its window closed."""
    closes = timing.window_closes_at
    if not campaign.advertising or closes is None:
        return None
    finish = timing.tightest_finish_at or timing.finish_at
    passed = finish <= closes
    part = timing.tightest if timing.waves > 1 else None
    if part is None:
        message = (
            f"the last message goes out about {_local(finish, campaign)}, "
            f"the window closes {_local(closes, campaign)}"
        )
    else:
        message = (
            f"the wave of {zones_named(part.zones)} that begins {_local(part.due_at, campaign)} is "
            f"through about {_local(finish, campaign)}, its window closes {_local(closes, campaign)}"
        )
    hint = None if passed else "start earlier, raise `schedule.pace`, or split the audience"
    return Guard(name="finish", passed=passed, message=message, hint=hint)


def guard_night(campaign: ResolvedCampaign, timing: Timing) -> Guard | None:
    """Warn of information that reaches people in Korea at night: lawful (제50조 binds advertisements)."""
    if campaign.advertising or not timing.at_night:
        return None
    return Guard(
        name="night",
        passed=True,
        message=f"warning: {timing.at_night:,} messages reach Korea between 21:00 and 08:00",
    )


def guard_cancelled(
    cancelled: int, safety: Safety, campaigns: Iterable[ResolvedCampaign], now: datetime
) -> Guard | None:
    """Refuse more cancels in one plan than `safety.max_cancelled`.

    What is cancelled has no file to acknowledge in, so any of the other `campaigns` may.
    """
    if cancelled == 0:
        return None
    lifts = [acknowledged(campaign, Limit.MAX_CANCELLED, now) for campaign in campaigns]
    limit = max([safety.max_cancelled, *(int(lift[0]) for lift in lifts if lift)])
    passed = cancelled <= limit
    return Guard(
        name=Limit.MAX_CANCELLED,
        passed=passed,
        message=f"{cancelled} campaigns would be cancelled, limit {limit}",
        hint=None if passed else "cancel in smaller steps, or raise `safety.max_cancelled`",
    )


def guard_vanished(loaded: int, deployed: Collection[str], gone: int) -> Guard | None:
    """Refuse when no campaign was read, or when too many of the deployed ones are gone."""
    if not deployed or (loaded and gone == 0):
        return None
    if loaded == 0:
        message = f"no campaign was read, but {len(deployed)} are deployed"
    elif len(deployed) > 1 and gone / len(deployed) > VANISHED_SHARE:
        message = f"{gone} of {len(deployed)} deployed campaigns are gone from the files"
    else:
        return None
    return Guard(
        name="vanished",
        passed=False,
        message=message,
        hint="check the checkout; to stop campaigns, write `cancelled:` into their files",
    )


def guard_providers(
    campaign: ResolvedCampaign, unavailable: Mapping[str, str]
) -> tuple[Guard, ...]:
    """Refuse channels that have no provider in this environment; `unavailable` says why."""
    return tuple(
        Guard(
            name="provider",
            passed=False,
            message=f"channel `{channel}`: {unavailable[channel]}",
            hint="configure it under `channels:` in pushform.yaml, or leave the channel out",
        )
        for channel in campaign.channels
        if channel in unavailable
    )


def at_line(guard: Guard, origin: Origin, line: int) -> Guard:
    """Return `guard` with the place of the limit that it looks at."""
    return replace(guard, path=origin.file or None, line=line if origin.file else None)


def zones_named(zones: Sequence[str], most: int = 3) -> str:
    """Return `Asia/Seoul, Europe/London +4`: the first `most` of `zones` ('' is `?`)."""
    named = ", ".join(f"`{zone or '?'}`" for zone in zones[:most])
    return named + (f" +{len(zones) - most}" if len(zones) > most else "")


def _lifted(
    campaign: ResolvedCampaign, limit: Limit, value: float, now: datetime
) -> tuple[float, datetime | None]:
    lift = acknowledged(campaign, limit, now)
    return lift if lift and lift[0] > value else (value, None)


def _hint(campaign: ResolvedCampaign, limit: Limit, needed: object) -> str:
    day = campaign.schedule.at.date().isoformat()
    return (
        f"if this is meant, add to campaign `{campaign.id}`: "
        f'acknowledge: [{{limit: {limit}, up_to: {needed}, reason: …, until: "{day}"}}]'
    )


def _local(instant: datetime, campaign: ResolvedCampaign) -> str:
    zone = find_zone(campaign.workspace_timezone)
    if zone is None:
        return format_instant(instant)
    return instant.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
