"""A loopback push service: RFC 8030 over TLS and HTTP/2, which does what the endpoint's word says.

`https://any.host/send/gone-1` gets what `gone` stands for, and words of `LoopbackFcm` that misbehave
below HTTP (`silent`, `reset`, `goaway`, …) do so here as well.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.servers.fcm import LoopbackFcm, Received
from tests.servers.http2 import Exchange

ERRORS: dict[str, tuple[int, bytes, dict[str, str]]] = {
    "gone": (410, b'{"code":410,"errno":106,"error":"Gone"}', {}),
    "expired": (410, b"push subscription has unsubscribed or expired.\n", {}),
    "notfound": (404, b'{"reason":"Unregistered"}', {}),
    "toolarge": (413, b'{"code":413,"errno":104,"error":"Payload Too Large"}', {}),
    "bad": (400, b'{"code":400,"errno":110,"error":"Bad Request"}', {}),
    "unauthorized": (401, b'{"code":401,"errno":109,"error":"Unauthorized"}', {}),
    "mismatch": (
        403,
        b"the VAPID credentials do not correspond to the credentials of the subscription\n",
        {},
    ),
    "badjwt": (403, b'{"reason":"BadJwtToken"}', {}),
    "moved": (307, b"", {"location": "https://127.0.0.1:1/elsewhere"}),
    "quota": (429, b'{"reason":"TooManyRequests"}', {"retry-after": "7"}),
    "quotabare": (429, b"", {}),
    "internal": (500, b'{"code":500,"errno":999,"error":"Internal"}', {}),
    "gateway": (502, b"<html>Bad Gateway</html>", {}),
    "unavailable": (503, b"", {"retry-after": "11"}),
    "deadline": (504, b"", {}),
    "timeout": (408, b"", {}),
}
"""Answers as Mozilla (autopush, "Error Codes"), Apple and Chrome's service write them."""


@dataclass(frozen=True, slots=True)
class Delivered(Received):
    """One request to an endpoint; its body is still encrypted."""

    @property
    def message(self) -> dict[str, Any]:
        raise AssertionError("a push service cannot read the message")

    @property
    def address(self) -> str:
        return self.headers[":path"].rsplit("/", 1)[1]


@dataclass(slots=True)
class LoopbackPushService(LoopbackFcm):
    """A server on 127.0.0.1. `good_authorization` decides by `Authorization` who gets 403."""

    good_authorization: Callable[[str], bool] = lambda _: True
    locations: list[str] = field(default_factory=list)

    def _record(self, exchange: Exchange) -> Received:
        number = self.connections.index(exchange.connection)
        return Delivered(number, exchange.stream, exchange.headers, bytes(exchange.body))

    def _answer(self, exchange: Exchange, record: Received) -> None:
        self._in_flight[record.number] -= 1
        address = record.address
        word = address.split("-", 1)[0]
        self._seen[address] += 1
        if not self.good_authorization(exchange.headers.get("authorization", "")):
            word = "mismatch"
        if word in ERRORS:
            status, body, headers = ERRORS[word]
            exchange.respond(status, headers, body)
        elif word in ("ok200", "ok202"):
            self.accepted[address] += 1
            exchange.respond(int(word[2:]), {}, b"")
        else:
            misdeed = getattr(self, f"_do_{word}", self._do_ok)
            misdeed(exchange, address)

    def _do_ok(self, exchange: Exchange, address: str) -> None:
        self.accepted[address] += 1
        location = f"https://push.example.com/m/{sum(self.accepted.values())}"
        self.locations.append(location)
        exchange.respond(201, {"location": location}, b"")
