"""A campaign that is only ever counted: how many people of an audience could be reached."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from engine.model.audience import Condition, DerivedAttribute, ExpectedSize
from engine.model.campaign import SendTo
from engine.model.channel import Channel
from engine.model.channel_settings import (
    AppSettings,
    ChannelSettings,
    KakaoSettings,
    SmsSettings,
    WebSettings,
)
from engine.model.experiment import Variant
from engine.model.legal import LabelPosition, MessageType
from engine.model.resolved import ResolvedCampaign
from engine.model.schedule import Schedule
from engine.model.template import Template
from engine.model.workspace import Workspace


def survey(
    workspace: Workspace,
    name: str,
    where: Condition,
    attributes: Mapping[str, DerivedAttribute],
) -> ResolvedCampaign:
    """Return an advertisement to `where` on every configured channel, that is only ever counted."""
    settings: dict[Channel, ChannelSettings] = {
        Channel.APP: AppSettings(),
        Channel.WEB: WebSettings(),
        Channel.KAKAO: KakaoSettings(),
        Channel.SMS: SmsSettings(),
    }
    return ResolvedCampaign(
        id=name,
        title=name,
        purpose=None,
        owner=None,
        kpi=(),
        copied_from=None,
        type=MessageType.ADVERTISING,
        basis=None,
        ad_label=LabelPosition.AUTO,
        urgent=None,
        sender=workspace.sender,
        consent=workspace.sources.consent,
        suppression=not workspace.sources.suppression_none,
        variants=(Variant(id="default", weight=1, template=Template(id=name)),),
        action={},
        channels={channel: settings[channel] for channel in workspace.channels},
        locale=workspace.locale,
        country=workspace.country,
        workspace_timezone=workspace.timezone,
        audience=where,
        exclude=(),
        attributes=attributes,
        expect=ExpectedSize(),
        holdout=0.0,
        winner=None,
        alternative={},
        send_to=SendTo.EVERY,
        acknowledge=(),
        on_unknown_resend=False,
        schedule=Schedule(at=datetime(2000, 1, 1)),  # noqa: DTZ001 - nothing is sent by it
    )
