"""Apple Push Notification service without FCM: one HTTP/2 request per iPhone."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from engine.channels.apns_answer import EXPIRED, read_answer
from engine.channels.apns_body import (
    MAX_PAYLOAD_BYTES,
    encode_payload,
    headers_of,
    is_device_token,
    preview_body,
)
from engine.channels.apns_token import ProviderToken, read_key
from engine.channels.exchange import Answered, Request
from engine.channels.loopback import check_url, is_loopback
from engine.channels.one_each import Hand, OneEach
from engine.channels.opening import Opening
from engine.channels.options import Options
from engine.channels.pool import open_transport
from engine.kernel.digest import Plain
from engine.kernel.errors import CredentialsError, UsageError
from engine.model.channel import Platform
from engine.model.delivery import FailReason
from engine.model.message import Envelope
from engine.model.outcome import Accepted, NotActed, Outcome, Outgoing, Refused, Settled
from engine.model.ports import Clock, Provider

HOSTS = {
    "production": "https://api.push.apple.com",
    "sandbox": "https://api.sandbox.push.apple.com",
}
_TOKEN_KINDS = ("apns_token", "fcm_token")


def open_provider(opening: Opening) -> Provider:
    """Return the provider that `opening` asks for."""
    return ApnsProvider(
        opening.options,
        opening.clock,
        base_url=opening.settings.base_url,
        rate_per_s=opening.settings.rate_per_s,
    )


class ApnsProvider:
    """`provider: apns`, for teams whose app is on iPhones only.

    Options: `key` (the `.p8` key's text or path), `key_id`, `team_id`, `topic` (the app's bundle
    id), `environment` (`production` or `sandbox`), `ca_file`, `timeout` (seconds), `proxy`.

    The column `token` of devices holds the device token that iOS gives the app, in hexadecimal; an
    Android device is refused with the code `PLATFORM`. Nothing is opened, and no secret is read,
    before the first call of `account`, `free_slots` or `submit`.
    """

    def __init__(
        self,
        options: Options,
        clock: Clock,
        *,
        base_url: str | None = None,
        rate_per_s: float | None = None,
    ) -> None:
        self._options = options
        self._clock = clock
        self._base_url = check_url(base_url) if base_url else None
        self._rate_per_s = rate_per_s
        self._topic = ""
        self._url = ""
        self._tokens: ProviderToken | None = None
        self._requests: OneEach | None = None
        self._topic_proven = False
        self._on_trial: str | None = None

    @property
    def account(self) -> str:
        """The app's topic: Apple counts by it."""
        self._open()
        return f"apns:{self._topic}"

    def encode(self, envelope: Envelope) -> Plain:
        """Return headers and payload without device token and topic (`apns_body.preview_body`)."""
        return preview_body(envelope)

    def free_slots(self) -> int:
        """Return how many deliveries `submit` takes.

        Raises CredentialsError or UsageError where the key or an option is missing.
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

    def _prepare(self, outgoing: Outgoing) -> Request | Refused:
        envelope, address = outgoing.envelope, outgoing.address
        if envelope.platform is not Platform.IOS:
            return Refused(reason=FailReason.BAD_ADDRESS, code="PLATFORM")
        if address.kind not in _TOKEN_KINDS:
            return Refused(reason=FailReason.BAD_ADDRESS, code="ADDRESS_KIND")
        if not is_device_token(address.value):
            return Refused(reason=FailReason.BAD_ADDRESS, code="DEVICE_TOKEN")
        payload = encode_payload(envelope)
        if len(payload) > MAX_PAYLOAD_BYTES:
            return Refused(reason=FailReason.TOO_LARGE, code="PAYLOAD_BYTES")
        bearer = self._tokens.token(self._clock.now()) if self._tokens else ""
        headers = [
            f"apns-topic: {self._topic}",
            f"apns-id: {uuid.UUID(outgoing.reference)}",
            *(f"{name}: {value}" for name, value in headers_of(envelope).items()),
            "Content-Type: application/json",
        ]
        if bearer:
            headers.append(f"Authorization: bearer {bearer}")
        return Request(
            f"{self._url}/{address.value}", tuple(headers), payload, Hand(outgoing, bearer)
        )

    def _read(self, hand: Hand, answer: Answered) -> Outcome:
        now = self._clock.now()
        outcome = read_answer(answer, now, topic_proven=self._topic_proven)
        if isinstance(outcome, Accepted):
            self._topic_proven = True
            if hand.extra == self._on_trial:
                self._on_trial = None
        elif isinstance(outcome, NotActed) and outcome.code == EXPIRED:
            return self._try_new_token(hand.extra, outcome, now)
        return outcome

    def _try_new_token(self, bearer: str, refusal: NotActed, now: datetime) -> Outcome:
        """Replace an expired token once. If the new one is expired as well, a clock is wrong."""
        if self._tokens is None or bearer == self._on_trial:
            return refusal
        if not self._tokens.renew_after_refusal(bearer, now):
            return refusal
        self._on_trial = self._tokens.token(now)
        return NotActed(code=refusal.code, retry_after_s=0.0)

    def _open(self) -> OneEach:
        if self._requests is None:
            host = self._base_url or self._read_host()
            self._topic = self._options.require("topic")
            self._url = f"{host}/3/device"
            self._tokens = self._read_tokens(needed=not is_loopback(host))
            transport = open_transport(
                self._options, monotonic=self._clock.monotonic, rate_per_s=self._rate_per_s
            )
            self._requests = OneEach(transport, self._prepare, self._read)
        return self._requests

    def _read_host(self) -> str:
        name = self._options.text("environment") or "production"
        if name not in HOSTS:
            raise UsageError(
                f"`environment: {name}` is not one of Apple's",
                "write `production`, or `sandbox` for apps run from Xcode",
            )
        return HOSTS[name]

    def _read_tokens(self, *, needed: bool) -> ProviderToken | None:
        given = self._options.text("key")
        if given is None:
            if needed:
                raise CredentialsError(
                    "`apns` has no `key`", "add `key: ${APNS_KEY}`: the `.p8` key or its path"
                )
            return None
        return ProviderToken(
            read_key(given),
            key_id=self._options.require("key_id"),
            team_id=self._options.require("team_id"),
        )
