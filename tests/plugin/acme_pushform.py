"""Acme's push gateway as a provider of pushform: the whole plug-in is this file.

In `pushform.yaml`: `app: {provider: acme, api_key: "${ACME_KEY}", rate: 500/s}`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from engine.channels.exchange import Answered, Request
from engine.channels.one_each import Hand, OneEach
from engine.channels.opening import Opening, Plugin
from engine.channels.pool import open_transport
from engine.kernel.digest import Plain
from engine.kernel.instant import format_instant
from engine.model.channel import Channel
from engine.model.delivery import FailReason
from engine.model.message import Envelope
from engine.model.outcome import (
    Accepted,
    AnsweredError,
    NotActed,
    Outcome,
    Outgoing,
    Refused,
    Settled,
)
from engine.model.ports import Provider

BASE_URL = "https://push.acme.example"
LONGEST_BODY = 1000


class Acme:
    """One POST per delivery. Nothing is opened, and no secret read, before it is needed."""

    def __init__(self, opening: Opening) -> None:
        self._opening = opening
        self._url = f"{opening.settings.base_url or BASE_URL}/v1/messages"
        self._headers: tuple[str, ...] = ("Content-Type: application/json",)
        self._requests: OneEach | None = None

    @property
    def account(self) -> str:
        return "acme"

    def encode(self, envelope: Envelope) -> Plain:
        ends = envelope.expires_at
        return {
            "title": envelope.message.title,
            "text": envelope.message.body,
            "replaces": envelope.collapse_key,
            "expires_at": format_instant(ends) if ends else None,
        }

    def free_slots(self) -> int:
        return self._open().free_slots()

    def submit(self, batch: Sequence[Outgoing]) -> None:
        self._open().submit(batch)

    def poll(self, timeout_s: float) -> Sequence[Settled]:
        return self._open().poll(timeout_s)

    def close(self) -> Sequence[Settled]:
        return self._requests.close() if self._requests else ()

    def _prepare(self, outgoing: Outgoing) -> Request | Refused:
        if outgoing.address.kind != "fcm_token":
            return Refused(reason=FailReason.BAD_ADDRESS, code="ADDRESS_KIND")
        if len(outgoing.envelope.message.body or "") > LONGEST_BODY:
            return Refused(reason=FailReason.TOO_LARGE, code="BODY_LENGTH")
        body = {"to": outgoing.address.value, **self.encode(outgoing.envelope)}
        return Request(self._url, self._headers, json.dumps(body).encode(), Hand(outgoing))

    def _read(self, hand: Hand, answer: Answered) -> Outcome:
        code = f"HTTP_{answer.status}"
        if answer.status == 200:
            return Accepted(provider_id=json.loads(answer.body)["id"])
        if answer.status == 429:
            return NotActed(code=code, retry_after_s=1.0, opens_breaker=True)
        if answer.status >= 500:
            return AnsweredError(code=code)
        if answer.status == 410:
            return Refused(reason=FailReason.UNREGISTERED, code=code, dead_address=True)
        return Refused(reason=FailReason.REFUSED, code=code, systemic=True)

    def _open(self) -> OneEach:
        if self._requests is None:
            opening = self._opening
            key = opening.options.text("api_key")
            if key:
                self._headers += (f"Authorization: Bearer {key}",)
            transport = open_transport(
                opening.options,
                monotonic=opening.clock.monotonic,
                rate_per_s=opening.settings.rate_per_s,
            )
            self._requests = OneEach(transport, self._prepare, self._read)
        return self._requests


def open_provider(opening: Opening) -> Provider:
    """Return the provider for one channel of one environment."""
    return Acme(opening)


PLUGIN = Plugin(channels=frozenset({Channel.APP}), open_provider=open_provider)
