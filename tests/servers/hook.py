"""A loopback webhook endpoint: does what the word before the dash of the address says."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.servers.fcm import LoopbackFcm, Received
from tests.servers.http2 import Exchange


@dataclass(frozen=True, slots=True)
class HookRequest(Received):
    """One POST; `message` is its whole body."""

    @property
    def message(self) -> dict[str, Any]:
        return dict(json.loads(self.body))

    @property
    def address(self) -> str:
        return str(self.message["address"]["value"])


@dataclass(slots=True)
class LoopbackHook(LoopbackFcm):
    """Answers `http422-…` with 422; accepts everything else. `acted` counts by `webhook-id`."""

    acted: Counter[str] = field(default_factory=Counter)

    def _record(self, exchange: Exchange) -> HookRequest:
        number = self.connections.index(exchange.connection)
        return HookRequest(number, exchange.stream, exchange.headers, bytes(exchange.body))

    def _answer(self, exchange: Exchange, record: Received) -> None:
        self._in_flight[record.number] -= 1
        word = record.address.split("-", 1)[0]
        if word.startswith("http"):
            after = {"retry-after": "4"} if word.endswith("after") else {}
            exchange.respond(int(word[4:7]), after, b"{}")
        else:
            getattr(self, f"_do_{word}", self._do_ok)(exchange, record.address)

    def _do_ok(self, exchange: Exchange, address: str) -> None:
        self.accepted[address] += 1
        self.acted[exchange.headers["webhook-id"]] += 1
        exchange.respond(202, {}, json.dumps({"id": f"their-{address}"}).encode())

    def _do_bare(self, exchange: Exchange, address: str) -> None:
        exchange.respond(204, {}, b"")
