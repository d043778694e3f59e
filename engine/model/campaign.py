"""Campaigns as written: what one file of `campaigns/` says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import timedelta
from enum import StrEnum

from engine.kernel.frozen import frozen
from engine.kernel.origin import NOWHERE, Origin
from engine.model.audience import Condition
from engine.model.chain import FALLBACK_AFTER
from engine.model.channel import Channel
from engine.model.channel_settings import ChannelSettings
from engine.model.experiment import Experiment, Kpi
from engine.model.legal import Basis, LabelPosition, MessageType, Notice, TransactionException
from engine.model.limit import Acknowledgement
from engine.model.link import ActionLink
from engine.model.schedule import Schedule, Urgency
from engine.model.template import MessageUse


class SendTo(StrEnum):
    """Every possible channel of a person, or only the preferred one."""

    EVERY = "every"
    PREFERRED = "preferred"


@frozen
class Campaign:
    """A campaign file as written. None stands for a key that is not there."""

    id: str
    title: str | None = None
    purpose: str | None = None
    owner: str | None = None
    type: MessageType | None = None
    basis: Basis | None = None
    audience: str | Condition | None = None
    exclude: tuple[str | Condition, ...] = ()
    channels: Mapping[Channel, ChannelSettings] = field(default_factory=dict)
    alternative: Mapping[Channel, Channel] = field(default_factory=dict)
    fallback_after: timedelta = FALLBACK_AFTER
    send_to: SendTo = SendTo.EVERY
    message: MessageUse | None = None
    ad_label: LabelPosition = LabelPosition.AUTO
    action: Mapping[Channel, tuple[ActionLink, ...]] = field(default_factory=dict)
    schedule: Schedule | None = None
    experiment: Experiment = field(default_factory=Experiment)
    kpi: tuple[Kpi, ...] = ()
    acknowledge: tuple[Acknowledgement, ...] = ()
    on_unknown_resend: bool = False
    urgent: Urgency | None = None
    notice: Notice | None = None
    exception: TransactionException | None = None
    draft: bool = False
    cancelled: str | None = None
    copied_from: str | None = None
    origin: Origin = field(default=NOWHERE, compare=False, repr=False)
