"""Channels, platforms, and what a provider is told about a workspace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from engine.kernel.frozen import frozen
from engine.kernel.origin import NOWHERE, Origin


class Channel(StrEnum):
    """A way to a person, in the order in which `send_to: preferred` falls through."""

    APP = "app"
    WEB = "web"
    KAKAO = "kakao"
    SMS = "sms"


class Platform(StrEnum):
    """What receives a delivery."""

    ANDROID = "android"
    IOS = "ios"
    WEB = "web"
    PHONE = "phone"


@frozen(kw_only=False)
class EnvironmentVariable:
    """`${NAME}`: read only when the part that needs it is opened."""

    name: str
    origin: Origin = field(default=NOWHERE, compare=False, repr=False)


Option = str | int | float | bool | None | EnvironmentVariable | tuple["Option", ...]
OptionMap = Mapping[str, "Option | OptionMap"]


@frozen
class ProviderSettings:
    """`channels.<channel>` of the workspace in one environment.

    `options` are the provider's own keys as written (credentials, profiles, senders …).
    """

    provider: str
    rate_per_s: float | None = None
    base_url: str | None = None
    options: OptionMap = field(default_factory=dict)
    origin: Origin = field(default=NOWHERE, compare=False, repr=False)
