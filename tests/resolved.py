"""A resolved campaign that is always valid: the one place that names every field of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from engine.model.audience import Everyone, ExpectedSize
from engine.model.campaign import SendTo
from engine.model.channel import Channel
from engine.model.channel_settings import AppSettings
from engine.model.experiment import Variant
from engine.model.legal import LabelPosition, MessageType
from engine.model.resolved import ResolvedCampaign
from engine.model.schedule import Schedule
from engine.model.template import Template
from engine.model.workspace import Sender


def an_advertisement(template: Template, **changes: Any) -> ResolvedCampaign:
    """Return an advertisement to everyone's app, in Korean, at ten o'clock; override what matters."""
    given: dict[str, Any] = {
        "id": "chuseok-sale",
        "title": "추석 특가",
        "purpose": None,
        "owner": None,
        "kpi": (),
        "copied_from": None,
        "type": MessageType.ADVERTISING,
        "basis": None,
        "ad_label": LabelPosition.AUTO,
        "urgent": None,
        "sender": Sender(name="샘플샵", contact="1588-0000"),
        "consent": {},
        "suppression": True,
        "variants": (Variant(id="default", weight=1, template=template),),
        "action": {},
        "channels": {Channel.APP: AppSettings()},
        "locale": "ko",
        "country": "KR",
        "workspace_timezone": "Asia/Seoul",
        "audience": Everyone(),
        "exclude": (),
        "attributes": {},
        "expect": ExpectedSize(),
        "holdout": 0.0,
        "winner": None,
        "alternative": {},
        "send_to": SendTo.EVERY,
        "acknowledge": (),
        "on_unknown_resend": False,
        "schedule": Schedule(at=datetime(2026, 9, 24, 10, 0)),
        **changes,
    }
    return ResolvedCampaign(**given)
