"""A loopback APNs: HTTP/2 over TLS, tokens verified, every reason that Apple documents.

The device token is the hexadecimal form of a word, such as `BadDeviceToken-1`, that says what to do.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from tests.servers.fcm import LoopbackFcm, Received
from tests.servers.http2 import Exchange

REASONS = {
    "BadCollapseId": 400,
    "BadDeviceToken": 400,
    "BadExpirationDate": 400,
    "BadMessageId": 400,
    "BadPriority": 400,
    "BadTopic": 400,
    "DeviceTokenNotForTopic": 400,
    "DuplicateHeaders": 400,
    "IdleTimeout": 400,
    "InvalidPushType": 400,
    "MissingDeviceToken": 400,
    "MissingTopic": 400,
    "PayloadEmpty": 400,
    "TopicDisallowed": 400,
    "BadCertificate": 403,
    "BadCertificateEnvironment": 403,
    "BadEnvironmentKeyIdInToken": 403,
    "ExpiredProviderToken": 403,
    "Forbidden": 403,
    "InvalidProviderToken": 403,
    "MissingProviderToken": 403,
    "UnrelatedKeyIdInToken": 403,
    "BadPath": 404,
    "MethodNotAllowed": 405,
    "ExpiredToken": 410,
    "Unregistered": 410,
    "PayloadTooLarge": 413,
    "TooManyProviderTokenUpdates": 429,
    "TooManyRequests": 429,
    "InternalServerError": 500,
    "ServiceUnavailable": 503,
    "Shutdown": 503,
}
"""Apple, "Handling notification responses from APNs": reason and status."""


def device_token(word: str) -> str:
    """Return the device token that makes the server do `word`."""
    return f"{word}-".encode().hex().ljust(64, "0")


@dataclass(frozen=True, slots=True)
class ApnsRequest(Received):
    """One complete request to `/3/device/<token>`."""

    @property
    def message(self) -> dict[str, Any]:
        return dict(json.loads(self.body))

    @property
    def address(self) -> str:
        return bytes.fromhex(self.headers[":path"].removeprefix("/3/device/")).decode().rstrip("\0")

    def claims(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return head and claims of the token."""
        head, claims, _ = self.headers["authorization"].removeprefix("bearer ").split(".")
        return json.loads(_decode(head)), json.loads(_decode(claims))


def _decode(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


@dataclass(slots=True)
class LoopbackApns(LoopbackFcm):
    """Verifies tokens with `public_key` where there is one; `clock` gives its own seconds."""

    public_key: ec.EllipticCurvePublicKey | None = None
    clock: Callable[[], float] = lambda: 0.0
    topic: str = "kr.example.shop"

    def _record(self, exchange: Exchange) -> ApnsRequest:
        number = self.connections.index(exchange.connection)
        return ApnsRequest(number, exchange.stream, exchange.headers, bytes(exchange.body))

    def _answer(self, exchange: Exchange, record: Received) -> None:
        assert isinstance(record, ApnsRequest)
        self._in_flight[record.number] -= 1
        word = record.address.split("-", 1)[0]
        self._seen[record.address] += 1
        reason = self._fault_of(record) or (word if word in REASONS else None)
        if reason is not None:
            self._refuse(exchange, reason)
        elif word == "TooManySlowly":
            exchange.respond(429, {"retry-after": "9"}, b'{"reason": "TooManyRequests"}')
        elif word == "Teapot":
            exchange.respond(418, {}, b"tea")
        else:
            getattr(self, f"_do_{word}", self._do_ok)(exchange, record.address)

    def _refuse(self, exchange: Exchange, reason: str) -> None:
        body: dict[str, Any] = {"reason": reason}
        if REASONS[reason] == 410:
            body["timestamp"] = 1790000000000
        headers = {"apns-id": exchange.headers.get("apns-id", "")}
        exchange.respond(REASONS[reason], headers, json.dumps(body).encode())

    def _do_ok(self, exchange: Exchange, address: str) -> None:
        self.accepted[address] += 1
        exchange.respond(200, {"apns-id": exchange.headers["apns-id"]}, b"")

    def _fault_of(self, record: ApnsRequest) -> str | None:
        """Return the reason for which Apple would refuse this request, whoever it is for."""
        headers = record.headers
        if headers.get("apns-topic") != self.topic:
            return "BadTopic" if "apns-topic" in headers else "MissingTopic"
        if headers.get("apns-push-type") != "alert":
            return "InvalidPushType"
        if headers.get("apns-priority") not in ("10", "5", "1"):
            return "BadPriority"
        if len(headers.get("apns-collapse-id", "")) > 64:
            return "BadCollapseId"
        if not headers.get("apns-expiration", "0").isdigit():
            return "BadExpirationDate"
        if len(record.body) > 4096:
            return "PayloadTooLarge"
        return self._token_fault(record) if self.public_key else None

    def _token_fault(self, record: ApnsRequest) -> str | None:
        assert self.public_key
        given = record.headers.get("authorization", "")
        if not given.startswith("bearer "):
            return "MissingProviderToken"
        signed, _, signature = given.removeprefix("bearer ").rpartition(".")
        raw = _decode(signature)
        numbers = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
        try:
            self.public_key.verify(
                encode_dss_signature(*numbers), signed.encode(), ec.ECDSA(hashes.SHA256())
            )
        except InvalidSignature:
            return "InvalidProviderToken"
        _, claims = record.claims()
        age = self.clock() - claims["iat"]
        return "ExpiredProviderToken" if not -60 <= age <= 3600 else None
