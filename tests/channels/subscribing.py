"""A browser that subscribed, and deliveries to it."""

from __future__ import annotations

import base64
import json
import os
from dataclasses import dataclass, field
from typing import Any

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec

from engine.channels.vapid import public_key
from engine.channels.webpush import WebPushProvider
from engine.model.channel import Channel
from engine.model.message import Address, Envelope
from engine.model.outcome import Outgoing
from tests.channels.making import StillClock, an_envelope, an_outgoing, some_options

SUBJECT = "mailto:push@shop.example"


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@dataclass(slots=True)
class Browser:
    """Its key pair and its secret; `service` is the origin of its push service."""

    service: str = "https://push.example.com"
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    secret: bytes = field(default_factory=lambda: os.urandom(16))

    @property
    def keys(self) -> dict[str, str]:
        return {"p256dh": public_key(self.key), "auth": base64url(self.secret)}

    def read(self, body: bytes) -> dict[str, Any]:
        """Decrypt with `http_ece`, which shares no line with ours."""
        text = http_ece.decrypt(
            body, private_key=self.key, auth_secret=self.secret, version="aes128gcm"
        )
        return dict(json.loads(text))

    def outgoing(
        self,
        word: str,
        *,
        envelope: Envelope | None = None,
        keys: dict[str, str] | None = None,
        endpoint: str | None = None,
    ) -> Outgoing:
        """Return a delivery to the endpoint that ends with `word`."""
        address = endpoint or f"{self.service}/send/{word}"
        made = an_outgoing(address, Channel.WEB, envelope=envelope or an_envelope(Channel.WEB))
        return Outgoing(
            key=made.key,
            attempt=made.attempt,
            envelope=made.envelope,
            address=Address(kind="webpush", value=address, keys=keys or self.keys),
        )


def a_private_key() -> str:
    """Return a fresh VAPID key as web push tools print it: base64url of 32 bytes."""
    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return base64url(number.to_bytes(32, "big"))


def a_provider(
    base_url: str | None, clock: StillClock | None = None, **options: Any
) -> WebPushProvider:
    given = {"private_key": a_private_key(), "subject": SUBJECT, "timeout": 1, **options}
    return WebPushProvider(some_options(**given), clock or StillClock(), base_url=base_url)
