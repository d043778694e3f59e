"""Campaigns and templates that are always valid; a test overrides the one thing it is about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.kernel.origin import Origin
from engine.model.channel import Channel
from engine.model.channel_settings import (
    AppSettings,
    ChannelSettings,
    KakaoSettings,
    SmsFormat,
    SmsSettings,
    WebSettings,
)
from engine.model.experiment import Variant
from engine.model.link import ActionLink
from engine.model.resolved import ResolvedCampaign
from engine.model.template import Redefinition, Template, Text, Variable, VariableType
from engine.model.workspace import Sender
from tests.resolved import an_advertisement

APP, WEB, KAKAO, SMS = Channel.APP, Channel.WEB, Channel.KAKAO, Channel.SMS
OPT_OUT = {
    APP: {"ko": "수신거부: 앱 > 설정 > 알림", "en": "Opt out: App > Settings"},
    WEB: {"ko": "수신거부: 마이페이지 > 알림 설정"},
    SMS: {"ko": "무료수신거부 080-000-0000"},
}
SENDER = Sender(name="샘플샵", contact="1588-0000", opt_out=OPT_OUT)


def a_variable(name: str = "name", **changes: Any) -> Variable:
    """A text variable read from the user's column of the same name."""
    given = {"type": VariableType.STRING, "source": f"user.{name}", "sample": "춘향", **changes}
    return Variable(name=name, **given)


def a_template(
    locales: Mapping[str, Text] | None = None,
    *variables: Variable,
    redefine: Mapping[Channel, Mapping[str, Text]] | None = None,
    universal: tuple[Channel, ...] = (),
) -> Template:
    """A template with one Korean text unless others are given."""
    origin = Origin("templates/t.yaml")
    redefinitions = {
        channel: Redefinition(locales=texts) for channel, texts in (redefine or {}).items()
    }
    redefinitions |= {channel: Redefinition(universal=True) for channel in universal}
    return Template(
        id="t",
        variables={variable.name: variable for variable in variables},
        locales={"ko": Text(title="추석 특가", body="오늘만 30% 할인")}
        if locales is None
        else locales,
        redefine=redefinitions,
        origin=origin,
    )


def settings(sms_from: str | None = "15880000") -> dict[Channel, ChannelSettings]:
    """Settings of all four channels."""
    return {
        APP: AppSettings(),
        WEB: WebSettings(),
        KAKAO: KakaoSettings(),
        SMS: SmsSettings(from_=sms_from, format=SmsFormat.AUTO),
    }


def a_campaign(template: Template | None = None, **changes: Any) -> ResolvedCampaign:
    """An advertisement on all four channels with one variant, `default`."""
    values = changes.pop("values", {})
    own = a_template() if template is None else template
    given: dict[str, Any] = {
        "sender": SENDER,
        "variants": (Variant(id="default", weight=1, template=own, values=values),),
        "action": {WEB: (ActionLink(url="https://shop.example/sale"),)},
        "channels": settings(),
        **changes,
    }
    return an_advertisement(own, **given)


def texts(**by_locale: tuple[str | None, str | None]) -> dict[str, Text]:
    """`texts(ko=("제목", "본문"))`."""
    return {
        locale: Text(title=title, body=body, origin=Origin("templates/t.yaml", ("locales", locale)))
        for locale, (title, body) in by_locale.items()
    }
