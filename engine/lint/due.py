"""When campaigns are due, as far as their files say."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from engine.kernel.finding import Korean, Severity
from engine.kernel.frozen import frozen
from engine.kernel.instant import LocalKind, find_zone, local_kind, resolve_local
from engine.kernel.origin import Origin
from engine.law.consent import korean_day
from engine.law.jurisdiction import KOREA, SEOUL
from engine.lint.context import LintContext
from engine.lint.rule import Hit
from engine.model.resolved import ResolvedCampaign

SEOUL_ZONE = ZoneInfo(SEOUL)


@frozen
class Due:
    """A campaign's due time.

    `at` is the instant (a recipient-local time is read in the workspace zone); `korean` the same
    for people in Korea: a recipient-local 21:30 is 21:30 in Seoul. `kind` says whether the
    wall-clock time exists once in its zone.
    """

    campaign: ResolvedCampaign
    at: datetime
    korean: datetime
    zone: ZoneInfo
    kind: LocalKind

    @property
    def origin(self) -> Origin:
        return self.campaign.origin / "schedule" / "at"

    @property
    def korean_time(self) -> time:
        """The wall clock in Korea at the first message."""
        return self.korean.astimezone(SEOUL_ZONE).time()

    @property
    def korean_clock(self) -> str:
        """The same as people write it: `20:30`, and `20:30:01` where it is not a whole minute."""
        at = self.korean_time
        return f"{at:%H:%M:%S}" if at.second else f"{at:%H:%M}"

    def hit(
        self,
        message: str,
        hint: str,
        *,
        jurisdiction: str | None = None,
        channel: str | None = None,
        flips_at: datetime | None = None,
        severity: Severity | None = None,
        korean: Korean | None = None,
    ) -> Hit:
        """Return a violation at `schedule.at`."""
        return Hit(
            message=message,
            at=self.origin,
            hint=hint,
            campaign=self.campaign.id,
            jurisdiction=jurisdiction,
            channel=channel,
            flips_at=flips_at,
            severity=severity,
            korean=korean,
        )


def due_times(context: LintContext) -> tuple[Due, ...]:
    """Return when every live campaign is due. One whose zone does not exist is left out."""
    return tuple(due for campaign in context.live if (due := due_of(campaign)) is not None)


def due_of(campaign: ResolvedCampaign) -> Due | None:
    """Return when `campaign` is due, or None if its zone does not exist."""
    schedule = campaign.schedule
    name = schedule.timezone
    if name is None or schedule.recipient_local:
        name = campaign.workspace_timezone
    zone = find_zone(name)
    if zone is None:
        return None
    if schedule.at.tzinfo is not None:
        at = schedule.at.astimezone(UTC)
        return Due(campaign=campaign, at=at, korean=at, zone=zone, kind=LocalKind.UNIQUE)
    at, kind = _resolve(schedule.at, name)
    korean = at
    if schedule.recipient_local:
        (korean, _), kind = _resolve(schedule.at, SEOUL), LocalKind.UNIQUE
    return Due(campaign=campaign, at=at, korean=korean, zone=zone, kind=kind)


def day_of_sending(campaign: ResolvedCampaign) -> date:
    """Return the day in Korea on which `campaign` is due: the law of that day is its law.

    It hangs on nothing but the files. Where the zone does not exist, the written day stands in.
    """
    due = due_of(campaign)
    return campaign.schedule.at.date() if due is None else korean_day(due.korean)


def law_day(context: LintContext, campaign: str | None) -> date:
    """Return the day whose law a finding about `campaign` cites; about none: today's, in Korea."""
    found = None if campaign is None else context.campaigns.get(campaign)
    return korean_day(context.as_of) if found is None else day_of_sending(found)


@lru_cache(maxsize=4096)
def _resolve(local: datetime, zone_name: str) -> tuple[datetime, LocalKind]:
    zone = ZoneInfo(zone_name)
    kind = local_kind(local, zone)
    if kind is LocalKind.UNIQUE:
        return local.replace(tzinfo=zone).astimezone(UTC), kind
    return resolve_local(local, zone), kind


def korean_ads_due(context: LintContext) -> tuple[Due, ...]:
    """Return the due times of advertisements that a Korean resident may get; found once."""
    return context.once(_korean_ads_due)


def _korean_ads_due(context: LintContext) -> tuple[Due, ...]:
    return tuple(
        due
        for due in context.once(due_times)
        if due.campaign.advertising and KOREA in context.jurisdictions[due.campaign.id]
    )


def clock(instant: datetime, zone: ZoneInfo) -> str:
    """Return `2026-09-24 21:30` as the clock of `zone` shows it."""
    return instant.astimezone(zone).strftime("%Y-%m-%d %H:%M")
