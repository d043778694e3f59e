"""Envelopes, addresses and a clock that always fit; override what a test is about."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from engine.channels.options import Options
from engine.kernel.digest import digest
from engine.kernel.origin import Origin
from engine.model.channel import Channel, EnvironmentVariable, Platform, ProviderSettings
from engine.model.channel_settings import (
    AppSettings,
    KakaoSettings,
    SmsFormat,
    SmsSettings,
    WebSettings,
)
from engine.model.delivery import DeliveryKey
from engine.model.message import Address, Envelope, Message
from engine.model.outcome import Outcome, Outgoing
from engine.model.ports import Provider

NOW = datetime(2026, 9, 24, 1, 0, tzinfo=UTC)
WINDOW_END = datetime(2026, 9, 24, 12, 0, tzinfo=UTC)
_SETTINGS = {
    Channel.APP: AppSettings(android_channel_id="marketing"),
    Channel.WEB: WebSettings(),
    Channel.KAKAO: KakaoSettings(),
    Channel.SMS: SmsSettings(from_="15880000"),
}
_KINDS = {Channel.APP: "fcm_token", Channel.WEB: "webpush"}
# The browser of RFC 8291, section 5.
_WEB_KEYS = {
    "p256dh": (
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
    ),
    "auth": "BTBZMqHH6r4Tts7J_aSIgg",
}


@dataclass(slots=True)
class StillClock:
    """A business clock that stands at `at`; the steady clock is the real one."""

    at: datetime = NOW

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


def a_message(channel: Channel = Channel.APP, **changes: Any) -> Message:
    message = Message(
        channel=channel,
        locale="ko",
        jurisdiction="KR",
        variant="a",
        title="(광고) 민지님, 추석 특가",
        body="송편을 30% 할인 ※수신거부: 앱 > 설정 > 알림",
        image="https://shop.example/송편.png",
        link="https://shop.example/sale/chuseok",
        sms_format=SmsFormat.LMS if channel is Channel.SMS else None,
        data={"campaign": "chuseok-sale", "variant": "a"},
    )
    return replace(message, **changes)


def an_envelope(channel: Channel = Channel.APP, **changes: Any) -> Envelope:
    platform = {Channel.APP: Platform.ANDROID, Channel.WEB: Platform.WEB}
    envelope = Envelope(
        message=a_message(channel),
        settings=_SETTINGS[channel],
        platform=platform.get(channel, Platform.PHONE),
        advertising=True,
        collapse_key="chuseok-sale",
        expires_at=WINDOW_END,
    )
    return replace(envelope, **changes)


def an_outgoing(
    address: str,
    channel: Channel = Channel.APP,
    *,
    kind: str | None = None,
    campaign: str = "chuseok-sale",
    attempt: int = 1,
    envelope: Envelope | None = None,
) -> Outgoing:
    kind = kind or _KINDS.get(channel, "phone")
    keys = _WEB_KEYS if kind == "webpush" else {}
    if kind == "webpush" and "://" not in address:
        address = f"https://push.example.com/send/{address}"
    return Outgoing(
        key=DeliveryKey(campaign=campaign, channel=channel, address_hash=digest(address)[7:39]),
        attempt=attempt,
        envelope=envelope or an_envelope(channel),
        address=Address(kind=kind, value=address, keys=keys),
    )


def no_variable(variable: EnvironmentVariable) -> str:
    raise AssertionError(f"nobody should read ${variable.name}")


def provider_settings(
    provider: str, base_url: str | None = None, **options: Any
) -> ProviderSettings:
    origin = Origin("pushform.yaml", ("channels", "app"))
    return ProviderSettings(provider=provider, base_url=base_url, options=options, origin=origin)


def some_options(**options: Any) -> Options:
    return Options(provider_settings("fcm", **options), no_variable)


def send_all(
    provider: Provider, batch: Sequence[Outgoing], patience_s: float = 8.0
) -> list[Outcome]:
    """Hand over everything as slots become free; return the outcomes in the order of `batch`."""
    waiting, outcomes = list(batch), {}
    deadline = time.monotonic() + patience_s
    while len(outcomes) < len(batch):
        assert time.monotonic() < deadline, "the provider is silent about some deliveries"
        free = provider.free_slots()
        now, waiting = waiting[:free], waiting[free:]
        provider.submit(now)
        for settled in provider.poll(0.5):
            assert id(settled.outgoing) not in outcomes, "settled twice"
            outcomes[id(settled.outgoing)] = settled.outcome
    return [outcomes[id(outgoing)] for outgoing in batch]
