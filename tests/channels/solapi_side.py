"""A SOLAPI on loopback, a provider that sends to it, and what is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from engine.channels.options import Options
from engine.channels.solapi import SolapiProvider
from engine.channels.solapi_vendor import SolapiVendor
from engine.model.channel import Channel
from engine.model.channel_settings import KakaoProduct, KakaoSettings
from engine.model.kakao import KakaoContent
from engine.model.message import Envelope
from engine.model.outcome import (
    Accepted,
    Awaited,
    Outcome,
    Outgoing,
)
from tests.channels.making import (
    NOW,
    StillClock,
    a_message,
    an_envelope,
    an_outgoing,
    no_variable,
    provider_settings,
)
from tests.servers.solapi import (
    API_KEY,
    IMAGE,
    OTHER_PROFILE,
    PROFILE,
    SECRET,
    TEMPLATE,
    LoopbackSolapi,
)

PROFILES = {"main": {"pf_id": PROFILE}, "둘째": {"sender_key": OTHER_PROFILE}}
Open = Callable[..., SolapiProvider]


@pytest.fixture
def solapi_server() -> Iterator[LoopbackSolapi]:
    with LoopbackSolapi().running() as running:
        yield running


@pytest.fixture
def open_solapi(solapi_server: LoopbackSolapi) -> Iterator[Open]:
    opened: list[SolapiProvider] = []

    def open_one(channel: Channel = Channel.SMS, **changes: Any) -> SolapiProvider:
        provider = solapi(channel, solapi_server.base_url, ca_file=solapi_server.ca_file, **changes)
        opened.append(provider)
        return provider

    yield open_one
    for provider in opened:
        provider.close()


def solapi(
    channel: Channel, base_url: str, *, folder: Path | None = None, **changes: Any
) -> SolapiProvider:
    written: dict[str, Any] = {
        "api_key": API_KEY,
        "secret": SECRET,
        "senders": ("1588-0000",),
        "profiles": PROFILES,
        "images": {"https://shop.example/송편.png": IMAGE},
        "timeout": 5,
        **changes,
    }
    given = {name: value for name, value in written.items() if value is not None}
    options = Options(provider_settings("solapi", base_url, **given), no_variable)
    salts = count()
    vendor = SolapiVendor(
        channel, options, base_url=base_url, new_salt=lambda: f"salt{next(salts):012}"
    )
    return SolapiProvider(vendor, options, StillClock(), folder=folder or Path())


def text(number: int, **changes: Any) -> Outgoing:
    return an_outgoing(f"+8210{number:08}", Channel.SMS, **changes)


def alimtalk(number: int, *, template: str = TEMPLATE, profile: str = "main") -> Outgoing:
    content = KakaoContent(variables={"이름": "민지", "상품": "송편"})
    envelope = Envelope(
        message=a_message(Channel.KAKAO, title=None, kakao=content),
        settings=KakaoSettings(
            product=KakaoProduct.ALIMTALK, template_code=template, profile=profile
        ),
        platform=an_envelope(Channel.KAKAO).platform,
        advertising=False,
        collapse_key="shipping",
        expires_at=None,
    )
    return an_outgoing(f"+8210{number:08}", Channel.KAKAO, envelope=envelope)


def awaited(outgoing: Outgoing, outcome: Outcome | None) -> Awaited:
    return Awaited(
        reference=outgoing.reference,
        provider_id=outcome.provider_id if isinstance(outcome, Accepted) else None,
        handed_over_at=NOW,
    )
