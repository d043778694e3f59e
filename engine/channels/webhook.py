"""A team's own HTTP endpoint: one signed POST per delivery (Standard Webhooks 1.0)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence

import orjson

from engine.channels.exchange import Answered, Request
from engine.channels.handing_on import delivery_id, preview_delivery, whole_delivery
from engine.channels.http_status import nobody_there
from engine.channels.json_body import read_object
from engine.channels.loopback import check_url, is_loopback
from engine.channels.one_each import Hand, OneEach
from engine.channels.opening import Opening
from engine.channels.options import Options
from engine.channels.pool import open_transport
from engine.channels.retry_after import read_retry_after
from engine.kernel.digest import Plain
from engine.kernel.errors import CredentialsError
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
from engine.model.ports import Clock, Provider

THROTTLED_WAIT_S = 10.0
"""How long to leave the endpoint alone after 429 where it does not say. Ours."""

_LONGEST_ID = 200
_MESSAGE = frozenset({400, 409, 422})


def open_provider(opening: Opening) -> Provider:
    """Return the provider that `opening` asks for; `base_url` stands in for `url`."""
    return WebhookProvider(
        opening.channel,
        opening.options,
        opening.clock,
        base_url=opening.settings.base_url,
        rate_per_s=opening.settings.rate_per_s,
    )


class WebhookProvider:
    """`provider: webhook`, any channel. Options: `url`, `secret`, `ca_file`, `timeout`, `proxy`.

    Headers `webhook-id`, `webhook-timestamp`, `webhook-signature` (Standard Webhooks); the id is
    also sent as `Idempotency-Key`. It names the delivery, not the attempt: an endpoint that acts
    once per id sends nobody twice, also when its answer to the first attempt got lost.
    """

    def __init__(
        self,
        channel: Channel,
        options: Options,
        clock: Clock,
        *,
        base_url: str | None = None,
        rate_per_s: float | None = None,
    ) -> None:
        self._channel = channel
        self._options = options
        self._clock = clock
        self._base_url = base_url
        self._rate_per_s = rate_per_s
        self._url = ""
        self._secret = b""
        self._requests: OneEach | None = None
        self._proven: set[str] = set()

    @property
    def account(self) -> str:
        """The channel and the endpoint, without its query: that may be a secret."""
        self._open()
        return f"webhook:{self._channel.value}:{self._url.partition('?')[0]}"

    def encode(self, envelope: Envelope) -> Plain:
        """Return the body without address and names (`handing_on.preview_delivery`)."""
        return preview_delivery(envelope)

    def free_slots(self) -> int:
        """Return how many deliveries `submit` takes.

        Raises CredentialsError or UsageError where the secret or the address is missing.
        """
        return self._open().free_slots()

    def submit(self, batch: Sequence[Outgoing]) -> None:
        """Hand over `batch`. Raises ValueError if there are more deliveries than free slots."""
        self._open().submit(batch)

    def poll(self, timeout_s: float) -> Sequence[Settled]:
        """Return what is settled by now, waiting up to `timeout_s` for the first."""
        return self._requests.poll(timeout_s) if self._requests else ()

    def close(self) -> Sequence[Settled]:
        """Drain what is in flight for up to 5 s and return what it came to."""
        return self._requests.close() if self._requests else ()

    def _prepare(self, outgoing: Outgoing) -> Request:
        body, name = orjson.dumps(whole_delivery(outgoing)), delivery_id(outgoing)
        at = str(int(self._clock.now().timestamp()))
        headers = [
            "Content-Type: application/json",
            f"Idempotency-Key: {name}",
            f"webhook-id: {name}",
            f"webhook-timestamp: {at}",
        ]
        if self._secret:
            headers.append(f"webhook-signature: {sign(self._secret, name, at, body)}")
        return Request(self._url, tuple(headers), body, Hand(outgoing))

    def _read(self, hand: Hand, answer: Answered) -> Outcome:
        campaign = hand.outgoing.key.campaign
        if 200 <= answer.status < 300:
            self._proven.add(campaign)
            return Accepted(provider_id=_their_id(answer.body))
        code = f"HTTP_{answer.status}"
        wait = read_retry_after(answer.headers(), self._clock.now())
        if answer.status == 429:
            least = THROTTLED_WAIT_S if wait is None else wait
            return NotActed(code=code, retry_after_s=least, opens_breaker=True)
        if answer.status >= 500 or answer.status == 408:
            return AnsweredError(code=code, retry_after_s=wait)
        if answer.status == 410:
            return Refused(reason=FailReason.UNREGISTERED, code=code, dead_address=True)
        if answer.status == 413:
            return Refused(reason=FailReason.TOO_LARGE, code=code)
        if answer.status in _MESSAGE:
            systemic = campaign not in self._proven
            return Refused(reason=FailReason.BAD_MESSAGE, code=code, systemic=systemic)
        if answer.status in (401, 403):
            return NotActed(code=code, systemic=True)
        if nobody_there(answer.status):
            return NotActed(code=code, systemic=True, setting="url")
        # The next one would fare no better.
        return Refused(reason=FailReason.REFUSED, code=code, systemic=True)

    def _open(self) -> OneEach:
        if self._requests is None:
            self._url = check_url(self._base_url or self._options.require("url"))
            self._secret = self._read_secret(needed=not is_loopback(self._url))
            transport = open_transport(
                self._options, monotonic=self._clock.monotonic, rate_per_s=self._rate_per_s
            )
            self._requests = OneEach(transport, self._prepare, self._read)
        return self._requests

    def _read_secret(self, *, needed: bool) -> bytes:
        given = self._options.text("secret")
        if given:
            return read_secret(given)
        if needed:
            raise CredentialsError(
                "`webhook` has no `secret`",
                "add `secret: ${WEBHOOK_SECRET}`: what its owner checks signatures with",
            )
        return b""


def read_secret(text: str) -> bytes:
    """Return the key of `whsec_…` (base64), or the text's own bytes. Raises CredentialsError."""
    if not text.startswith("whsec_"):
        return text.encode()
    try:
        return base64.b64decode(text.removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError) as error:
        raise CredentialsError(
            "`secret` begins with `whsec_`, but what follows is not base64",
            "copy it again, or use a secret without that beginning",
        ) from error


def sign(secret: bytes, name: str, at: str, body: bytes) -> str:
    """Return `v1,` and the HMAC-SHA256 of id, timestamp (seconds) and body (Standard Webhooks)."""
    signed = hmac.new(secret, f"{name}.{at}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(signed).decode()}"


def _their_id(body: bytes) -> str | None:
    found = read_object(body).get("id")
    return str(found)[:_LONGEST_ID] if isinstance(found, str | int) else None
