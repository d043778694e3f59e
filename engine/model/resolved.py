"""Campaigns as resolved: every name replaced by the thing it names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, timedelta

from engine.kernel.frozen import frozen
from engine.kernel.instant import end_of_day, find_zone
from engine.kernel.origin import NOWHERE, Origin
from engine.model.audience import Condition, DerivedAttribute, ExpectedSize
from engine.model.campaign import Campaign, SendTo
from engine.model.chain import FALLBACK_AFTER
from engine.model.channel import Channel
from engine.model.channel_settings import ChannelSettings
from engine.model.experiment import Kpi, Variant, WinnerRule
from engine.model.legal import Basis, LabelPosition, MessageType, Notice, TransactionException
from engine.model.limit import Acknowledgement, Limit
from engine.model.link import ActionLink
from engine.model.schedule import Schedule, Urgency
from engine.model.workspace import ConsentColumns, Sender


@frozen
class ResolvedCampaign:
    """Everything a dispatch needs to know, with no name left to look up.

    This is what `apply` stores and `dispatch` reads. `written` leads the linter back to the files and
    is not stored. `type` is advertising where nothing was written. `consent` holds the columns that
    mean consent, per channel; a channel that is missing has none mapped.
    """

    id: str
    title: str
    purpose: str | None
    owner: str | None
    kpi: tuple[Kpi, ...]
    copied_from: str | None
    type: MessageType
    basis: Basis | None
    ad_label: LabelPosition
    urgent: Urgency | None
    sender: Sender
    consent: Mapping[Channel, ConsentColumns]
    suppression: bool
    variants: tuple[Variant, ...]
    action: Mapping[Channel, tuple[ActionLink, ...]]
    channels: Mapping[Channel, ChannelSettings]
    locale: str
    """The end of every locale chain."""
    country: str
    """The country of a person for whom none is known."""
    workspace_timezone: str
    audience: Condition
    exclude: tuple[Condition, ...]
    attributes: Mapping[str, DerivedAttribute]
    expect: ExpectedSize
    holdout: float
    winner: WinnerRule | None
    alternative: Mapping[Channel, Channel]
    send_to: SendTo
    acknowledge: tuple[Acknowledgement, ...]
    on_unknown_resend: bool
    schedule: Schedule
    notice: Notice | None = None
    exception: TransactionException | None = None
    fallback_after: timedelta = FALLBACK_AFTER
    """How long an alternative waits for the vendor's last word about the first channel."""
    written: Campaign | None = field(default=None, compare=False, repr=False)
    audience_name: str | None = field(default=None, compare=False, repr=False)

    @property
    def advertising(self) -> bool:
        return self.type is MessageType.ADVERTISING

    @property
    def origin(self) -> Origin:
        return self.written.origin if self.written else NOWHERE

    def variant(self, id: str) -> Variant:  # noqa: A002 - the word of the file format
        """Return the variant `id`. Raises KeyError if there is none."""
        for variant in self.variants:
            if variant.id == id:
                return variant
        raise KeyError(id)


def acknowledged(
    campaign: ResolvedCampaign, limit: Limit, now: datetime
) -> tuple[float, datetime] | None:
    """Return how far `limit` is lifted at `now`, and until when; None where it is not.

    A day ends in the workspace's zone.
    """
    zone = find_zone(campaign.workspace_timezone)
    if zone is None:
        return None
    lifts = [
        (item.up_to, end_of_day(item.until, zone))
        for item in campaign.acknowledge
        if item.limit is limit and now < end_of_day(item.until, zone)
    ]
    return max(lifts, default=None)
