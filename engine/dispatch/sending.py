"""What sending one campaign needs to know, rebuilt from what `apply` stored."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from engine.dispatch.flow import Flow
from engine.dispatch.hygiene import DeadAddress, HygieneFile
from engine.kernel.digest import Plain
from engine.kernel.errors import MismatchError
from engine.kernel.frozen import frozen
from engine.kernel.instant import end_of_day, find_zone, parse_duration
from engine.law.finish import REPORTED_LATER
from engine.message.compose import Composer
from engine.model.channel import Channel
from engine.model.channel_settings import KakaoSettings
from engine.model.deployment import Deployed
from engine.model.facts import Snapshot
from engine.model.ports import Clock, LateResults, Ledger, Pace, People, Provider
from engine.model.resolved import ResolvedCampaign
from engine.model.stored import content_digest, from_plain
from engine.model.workspace import PerUserCap


@frozen
class Limits:
    """The limits as they were applied; a later edit of pushform.yaml does not loosen them."""

    max_recipients: int
    max_audience_growth: float
    max_failed: float
    consent_max_age: timedelta
    per_user: PerUserCap | None


@frozen
class Sending:
    """One campaign that is being sent."""

    campaign: ResolvedCampaign
    deployed: Deployed
    revision: str
    limits: Limits
    composer: Composer
    snapshot: Snapshot
    directory: Path

    def kakao_product(self) -> str | None:
        settings = self.campaign.channels.get(Channel.KAKAO)
        return settings.product if isinstance(settings, KakaoSettings) else None


@dataclass(slots=True, kw_only=True)
class Tools:
    """The doors to the world, as `app` opened them; one object per process."""

    ledger: Ledger
    pace: Pace
    people: People
    clock: Clock
    open_provider: Callable[[Channel], Provider]
    rates_per_s: Mapping[Channel, float | None]
    stop_requested: Callable[[], bool]
    progress: Callable[[str, int], None]
    """Called with a campaign and how many of its targets were settled just now."""
    holder: str
    has_suppression: bool
    """Whether the workspace still names a suppression source."""
    is_dead: Callable[[str], bool]
    """Tells of a holder whether its process surely ended."""
    shard_ttl_s: float = 30.0
    """How long a shard's lease outlives the last sign of life of its worker."""
    start_ttl_s: float = 900.0
    """How long choosing an audience may take before somebody else may try."""
    providers: dict[Channel, Provider] = field(default_factory=dict)
    ramps: Mapping[Channel, timedelta] = field(default_factory=dict)
    """How long each channel's account takes to its full rate; missing: none."""
    hygiene_of: Callable[[str], Path | None] = lambda _: None
    """Where the dead addresses that a campaign met are listed, for the owner of the user table."""
    _late: dict[Channel, bool] = field(default_factory=dict)
    _hygiene: dict[str, HygieneFile] = field(default_factory=dict)
    _flow: Flow | None = None

    def close(self) -> None:
        """Close every provider that was opened."""
        for provider in self.providers.values():
            provider.close()
        self.providers.clear()

    def reports_later(self, channel: Channel) -> bool:
        """Tell whether the channel's vendor can be asked later what became of a message."""
        if channel not in self._late:
            self._late[channel] = channel in REPORTED_LATER and isinstance(
                self.provider(channel), LateResults
            )
        return self._late[channel]

    @property
    def flow(self) -> Flow:
        """How fast this process may use each account."""
        if self._flow is None:
            self._flow = Flow(pace=self.pace, monotonic=self.clock.monotonic, worker=self.holder)
        return self._flow

    def list_dead(self, campaign: str, dead: Sequence[DeadAddress]) -> None:
        """List addresses that a vendor called dead. Raises UnavailableError."""
        path = self.hygiene_of(campaign) if dead else None
        if path is not None:
            self._hygiene.setdefault(campaign, HygieneFile(path)).add(dead)

    def provider(self, channel: Channel) -> Provider:
        """Return the channel's provider, opened at its first use."""
        if channel not in self.providers:
            self.providers[channel] = self.open_provider(channel)
        return self.providers[channel]


def read_stored(deployed: Deployed) -> ResolvedCampaign:
    """Return the campaign that was applied. Raises MismatchError if a byte of it has changed since."""
    if content_digest(deployed.stored) != deployed.content_digest:
        raise MismatchError(
            f"the stored campaign `{deployed.id}` is not the one that was approved: "
            "its digest differs",
            "the state was damaged or edited: restore it from its backup, nothing was sent",
        )
    return from_plain(deployed.stored["campaign"])


def read_limits(stored: Plain) -> Limits:
    """Return the limits of a stored campaign."""
    limits = stored["limits"]
    cap = limits["per_user"]
    return Limits(
        max_recipients=limits["max_recipients"],
        max_audience_growth=limits["max_audience_growth"],
        max_failed=limits["max_failed"],
        consent_max_age=parse_duration(limits["consent_max_age"]),
        per_user=cap and PerUserCap(max=cap["max"], within=parse_duration(cap["within"])),
    )


def prepare(deployed: Deployed, snapshot: Snapshot, directory: Path) -> Sending:
    """Return everything that sending `deployed` needs."""
    campaign = read_stored(deployed)
    return Sending(
        campaign=campaign,
        deployed=deployed,
        revision=deployed.content_digest,
        limits=read_limits(deployed.stored),
        composer=Composer(campaign),
        snapshot=snapshot,
        directory=directory,
    )


def lead_waived(campaign: ResolvedCampaign, applied_at: datetime) -> bool:
    """Tell whether an urgency was in force when the campaign was applied (informational only)."""
    if campaign.urgent is None or campaign.advertising:
        return False
    zone = find_zone(campaign.workspace_timezone) or ZoneInfo("UTC")
    return applied_at < end_of_day(campaign.urgent.until, zone)
