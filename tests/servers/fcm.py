"""A loopback FCM: HTTP v1 over TLS and HTTP/2, which does what the address's prefix says.

Use it as a context manager; the thread that serves it ends with the block. Everything that was
*acted upon* stands in `accepted`, everything that arrived in `received`.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.servers.certificate import make_certificate
from tests.servers.http2 import INTERNAL_ERROR, REFUSED_STREAM, Connection, Exchange

_FCM_ERROR = "type.googleapis.com/google.firebase.fcm.v1.FcmError"
_BAD_REQUEST = "type.googleapis.com/google.rpc.BadRequest"
_JSON = {"content-type": "application/json; charset=UTF-8"}


@dataclass(frozen=True, slots=True)
class Received:
    """One complete request. `number` counts the connections of the server's life."""

    number: int
    stream: int
    headers: dict[str, str]
    body: bytes

    @property
    def message(self) -> dict[str, Any]:
        return dict(json.loads(self.body)["message"])

    @property
    def address(self) -> str:
        message = self.message
        return str(message.get("token") or message.get("fid"))


def error_body(code: int, status: str, *details: dict[str, Any]) -> bytes:
    """Return an error as Google's APIs write it."""
    error: dict[str, Any] = {"code": code, "message": "words that nobody reads", "status": status}
    if details:
        error["details"] = list(details)
    return json.dumps({"error": error}).encode()


def fcm_error(code: str) -> dict[str, Any]:
    """Return FCM's own detail."""
    return {"@type": _FCM_ERROR, "errorCode": code}


def violation(name: str) -> dict[str, Any]:
    """Return the detail that says which field is wrong."""
    return {"@type": _BAD_REQUEST, "fieldViolations": [{"field": name, "description": "no"}]}


_ERRORS: dict[str, tuple[int, bytes, dict[str, str]]] = {
    "unregistered": (404, error_body(404, "NOT_FOUND", fcm_error("UNREGISTERED")), {}),
    "notfound": (404, error_body(404, "NOT_FOUND"), {}),
    "badtoken": (
        400,
        error_body(
            400, "INVALID_ARGUMENT", fcm_error("INVALID_ARGUMENT"), violation("message.token")
        ),
        {},
    ),
    "vaguetoken": (400, error_body(400, "INVALID_ARGUMENT", fcm_error("INVALID_ARGUMENT")), {}),
    "badpayload": (
        400,
        error_body(400, "INVALID_ARGUMENT", violation("message.data[0].value")),
        {},
    ),
    "mismatch": (403, error_body(403, "PERMISSION_DENIED", fcm_error("SENDER_ID_MISMATCH")), {}),
    "denied": (403, error_body(403, "PERMISSION_DENIED"), {}),
    "thirdparty": (
        401,
        error_body(401, "UNAUTHENTICATED", fcm_error("THIRD_PARTY_AUTH_ERROR")),
        {},
    ),
    "unauthenticated": (401, error_body(401, "UNAUTHENTICATED"), {}),
    "quota": (
        429,
        error_body(429, "RESOURCE_EXHAUSTED", fcm_error("QUOTA_EXCEEDED")),
        {"retry-after": "7"},
    ),
    "quotabare": (429, error_body(429, "RESOURCE_EXHAUSTED", fcm_error("QUOTA_EXCEEDED")), {}),
    "internal": (500, error_body(500, "INTERNAL", fcm_error("INTERNAL")), {}),
    "gateway": (502, b"<html>Bad Gateway</html>", {}),
    "unavailable": (
        503,
        error_body(503, "UNAVAILABLE", fcm_error("UNAVAILABLE")),
        {"retry-after": "11"},
    ),
    "deadline": (504, b"", {}),
    "teapot": (418, b"{}", {}),
    "moved": (302, b"", {"location": "/elsewhere"}),
}


@dataclass(slots=True)
class LoopbackFcm:
    """A server on 127.0.0.1.

    `delay_s` holds every answer, `goaway_after` ends each connection after that many streams, the
    first `storm` requests are answered with 429 whatever they say,
    `token_status` and `token_life_s` are what its token endpoint (`/token`) gives.
    """

    delay_s: float = 0.0
    goaway_after: int | None = None
    max_streams: int = 100
    storm: int = 0
    token_status: int = 200
    token_life_s: int = 3600
    good_bearer: Callable[[str], bool] = lambda _: True
    received: list[Received] = field(default_factory=list)
    refused: list[Received] = field(default_factory=list)
    accepted: Counter[str] = field(default_factory=Counter)
    tokens_given: int = 0
    connections: list[Connection] = field(default_factory=list)
    peak_streams: int = 0
    _in_flight: Counter[int] = field(default_factory=Counter)
    _seen: Counter[str] = field(default_factory=Counter)
    _loop: asyncio.AbstractEventLoop | None = None
    _thread: threading.Thread | None = None
    _folder: tempfile.TemporaryDirectory[str] | None = None
    port: int = 0
    ca_file: str = ""

    @property
    def base_url(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory()
        certificate = make_certificate(Path(self._folder.name))
        self.ca_file = str(certificate.ca_file)
        self._loop = asyncio.new_event_loop()
        context = certificate.server_context(("h2", "http/1.1"))
        server = self._loop.run_until_complete(
            self._loop.create_server(self._connection, "127.0.0.1", 0, ssl=context, backlog=512)
        )
        self.port = server.sockets[0].getsockname()[1]
        self._thread = threading.Thread(target=self._serve, args=(server,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._loop
        assert self._thread
        assert self._folder
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=10)
        self._folder.cleanup()

    def _serve(self, server: asyncio.Server) -> None:
        assert self._loop
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()
        server.close()
        for connection in self.connections:
            connection.transport.abort()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()

    def call(self, action: Callable[[], None]) -> None:
        """Run `action` in the server's thread."""
        assert self._loop
        self._loop.call_soon_threadsafe(action)

    def _connection(self) -> Connection:
        return Connection(
            self._on_request,
            max_streams=self.max_streams,
            goaway_after=self.goaway_after,
            on_refused=lambda exchange: self.refused.append(self._record(exchange)),
            on_made=self.connections.append,
        )

    def _record(self, exchange: Exchange) -> Received:
        number = self.connections.index(exchange.connection)
        return Received(number, exchange.stream, exchange.headers, bytes(exchange.body))

    def _on_request(self, exchange: Exchange) -> None:
        if exchange.headers[":path"] == "/token":
            self._give_token(exchange)
            return
        record = self._record(exchange)
        self.received.append(record)
        self._in_flight[record.number] += 1
        self.peak_streams = max(self.peak_streams, self._in_flight[record.number])
        assert self._loop
        if self.delay_s:
            self._loop.call_later(self.delay_s, self._act, exchange, record)
        else:
            self._act(exchange, record)

    def _act(self, exchange: Exchange, record: Received) -> None:
        if exchange.connection.disowns(exchange.stream):
            # It arrived before the GOAWAY that disowned it: a server must keep its word.
            self._in_flight[record.number] -= 1
            self.refused.append(record)
            return
        self._answer(exchange, record)

    def _give_token(self, exchange: Exchange) -> None:
        self.tokens_given += 1
        given = {
            "access_token": f"token-{self.tokens_given}",
            "expires_in": self.token_life_s,
            "token_type": "Bearer",
        }
        body = given if self.token_status == 200 else {"error": "invalid_grant"}
        exchange.respond(self.token_status, _JSON, json.dumps(body).encode())

    def _answer(self, exchange: Exchange, record: Received) -> None:
        self._in_flight[record.number] -= 1
        if not self.good_bearer(exchange.headers.get("authorization", "")):
            exchange.respond(401, _JSON, error_body(401, "UNAUTHENTICATED"))
            return
        address = record.address
        word = address.split("-", 1)[0]
        self._seen[address] += 1
        if self.storm > 0:
            self.storm -= 1
            word = "quota"
        if word in _ERRORS:
            status, body, headers = _ERRORS[word]
            exchange.respond(status, {**_JSON, **headers}, body)
        elif word == "quotadate":
            at = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
            exchange.respond(429, {**_JSON, "retry-after": at}, b"{}")
        else:
            misdeed = getattr(self, f"_do_{word}", self._do_ok)
            misdeed(exchange, address)

    def _do_ok(self, exchange: Exchange, address: str) -> None:
        self.accepted[address] += 1
        name = f"projects/sample-shop/messages/{sum(self.accepted.values())}"
        exchange.respond(200, _JSON, json.dumps({"name": name}).encode())

    def _do_silent(self, exchange: Exchange, address: str) -> None:
        self.accepted[address] += 1

    def _do_reset(self, exchange: Exchange, address: str) -> None:
        self.accepted[address] += 1
        exchange.connection.reset()

    def _do_close(self, exchange: Exchange, address: str) -> None:
        self.accepted[address] += 1
        exchange.connection.transport.close()

    def _do_garbage(self, exchange: Exchange, address: str) -> None:
        self.accepted[address] += 1
        exchange.connection.write(b"\xff" * 64)

    def _do_rststream(self, exchange: Exchange, address: str) -> None:
        self.accepted[address] += 1
        exchange.refuse(INTERNAL_ERROR)

    def _do_refused(self, exchange: Exchange, address: str) -> None:
        exchange.refuse(REFUSED_STREAM)

    def _do_refusedonce(self, exchange: Exchange, address: str) -> None:
        if self._seen[address] == 1:
            exchange.refuse(REFUSED_STREAM)
        else:
            self._do_ok(exchange, address)

    def _do_goaway(self, exchange: Exchange, address: str) -> None:
        if self._seen[address] == 1:
            exchange.connection.go_away(max(0, exchange.stream - 2))
        else:
            self._do_ok(exchange, address)

    def _do_slow(self, exchange: Exchange, address: str) -> None:
        self.accepted[address] += 1
        assert self._loop
        exchange.begin(200)
        body = json.dumps({"name": "projects/sample-shop/messages/slow"}).encode()
        for index, byte in enumerate(body):
            last = index == len(body) - 1
            self._loop.call_later(
                0.005 * index, lambda b=byte, end=last: exchange.trickle(bytes([b]), last=end)
            )

    def _do_huge(self, exchange: Exchange, address: str) -> None:
        self.accepted[address] += 1
        exchange.respond(200, {**_JSON, "content-length": str(1 << 30)}, b"{")

    def _do_endless(self, exchange: Exchange, address: str) -> None:
        self.accepted[address] += 1
        exchange.begin(200)
        exchange.trickle(b"{")
