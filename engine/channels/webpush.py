"""Web push: one encrypted request per subscription, to whichever push service its browser uses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from urllib.request import getproxies

from engine.channels.address_guard import AddressGuard
from engine.channels.exchange import Finished, Request
from engine.channels.loopback import check_url, is_loopback
from engine.channels.opening import Opening
from engine.channels.options import Options
from engine.channels.pool import open_transport, read_proxy
from engine.channels.transport import Transport
from engine.channels.vapid import VapidTokens, check_subject, read_private_key
from engine.channels.webpush_body import header_lines, plaintext, preview_body, time_to_live
from engine.channels.webpush_endpoint import Endpoint, read_endpoint
from engine.channels.webpush_seal import MAX_PLAINTEXT, Subscription, read_keys, seal
from engine.channels.webpush_services import PushServices
from engine.kernel.digest import Plain
from engine.kernel.errors import CredentialsError
from engine.kernel.frozen import frozen
from engine.model.channel_settings import WebSettings
from engine.model.delivery import FailReason
from engine.model.message import Address, Envelope
from engine.model.outcome import NotActed, Outcome, Outgoing, Refused, Settled
from engine.model.ports import Clock, Provider

_LOT = 100

_SPOILT_KEYS = Refused(reason=FailReason.BAD_ADDRESS, code="KEYS", spoilt_address=True)
"""`p256dh` or `auth` is damaged. The endpoint is not: once the row is mended it is sent to again."""


def open_provider(opening: Opening) -> Provider:
    """Return the provider that `opening` asks for."""
    return WebPushProvider(
        opening.options,
        opening.clock,
        base_url=opening.settings.base_url,
        rate_per_s=opening.settings.rate_per_s,
    )


@frozen(kw_only=False)
class _Sent:
    outgoing: Outgoing
    service: str


class WebPushProvider:
    """`provider: webpush`. Options: `private_key`, `subject`, `ca_file`, `timeout` (seconds),
    `proxy`.

    `private_key` is the VAPID key (`vapid.read_private_key`), `subject` whom push services may write
    to. With `base_url` every request goes there, to the endpoint's path, and no push service is
    contacted; on this machine it needs no key. Without it only https to public addresses is opened.

    Nothing is opened, and no secret is read, before the first call of `account`, `free_slots` or
    `submit`. `rate_per_s` decides how many connections there are (see `pool.connections_for`).
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
        self._services = PushServices(clock.monotonic)
        self._opened: _Opened | None = None
        self._ready: list[Settled] = []

    @property
    def account(self) -> str:
        """The public key: push services know a sender by nothing else."""
        tokens = self._open().tokens
        return f"webpush:{tokens.public_key if tokens else self._base_url}"

    def encode(self, envelope: Envelope) -> Plain:
        """Return the request before encryption (see `webpush_body.preview_body`)."""
        return preview_body(envelope)

    def free_slots(self) -> int:
        """Return how many deliveries `submit` takes. Raises CredentialsError without a good key."""
        return self._open().transport.free_slots()

    def submit(self, batch: Sequence[Outgoing]) -> None:
        """Hand over `batch`. What can be decided here is settled with the next `poll`.

        Raises ValueError if there are more deliveries than free slots.
        """
        opened = self._open()
        if len(batch) > opened.transport.free_slots():
            raise ValueError(f"{len(batch)} deliveries for too few free slots")
        now = self._clock.now()
        # In small lots, so that the first are under way while the others are still encrypted.
        for first in range(0, len(batch), _LOT):
            requests = []
            for outgoing in batch[first : first + _LOT]:
                made = self._request(opened, outgoing, now)
                if isinstance(made, Request):
                    requests.append(made)
                else:
                    self._ready.append(Settled(outgoing=outgoing, outcome=made))
            opened.transport.submit(requests)

    def poll(self, timeout_s: float) -> Sequence[Settled]:
        """Return what is settled by now, waiting up to `timeout_s` for the first."""
        ready, self._ready = self._ready, []
        if self._opened is None:
            return ready
        finished = self._opened.transport.poll(0.0 if ready else timeout_s)
        return [*ready, *self._settle_all(finished)]

    def close(self) -> Sequence[Settled]:
        """Drain what is in flight for up to 5 s and return what it came to."""
        ready, self._ready = self._ready, []
        if self._opened is None:
            return ready
        finished = self._opened.transport.close()
        return [*ready, *self._settle_all(finished)]

    def _request(self, opened: _Opened, outgoing: Outgoing, now: datetime) -> Request | Outcome:
        """Return the request, or what the delivery comes to without one."""
        envelope = outgoing.envelope
        found = self._read_address(outgoing.address)
        seconds = time_to_live(envelope.expires_at, now)
        if isinstance(found, Refused):
            return found
        endpoint, keys = found
        if (wait := self._services.wait_s(endpoint.service)) is not None:
            return NotActed(code="SERVICE_HELD", retry_after_s=wait)
        if seconds < 1:
            # To a push service 0 means "now or never"; the door says what a closed window means.
            return NotActed(code="EXPIRED", retry_after_s=1.0)
        text = plaintext(envelope)
        if len(text) > MAX_PLAINTEXT:
            return Refused(reason=FailReason.TOO_LARGE, code="PAYLOAD_BYTES")
        try:
            body = seal(text, keys)
        except ValueError:
            return _SPOILT_KEYS
        settings = envelope.settings
        urgency = settings.urgency if isinstance(settings, WebSettings) else "normal"
        authorization = opened.tokens.header(endpoint.audience, now) if opened.tokens else ""
        headers = header_lines(authorization, seconds, urgency, envelope.collapse_key)
        return Request(endpoint.url, headers, body, _Sent(outgoing, endpoint.service))

    def _read_address(self, address: Address) -> tuple[Endpoint, Subscription] | Refused:
        if address.kind != "webpush":
            return Refused(reason=FailReason.BAD_ADDRESS, code="ADDRESS_KIND")
        endpoint = read_endpoint(address.value, self._base_url)
        if endpoint is None:
            return Refused(reason=FailReason.BAD_ADDRESS, code="ENDPOINT", dead_address=True)
        try:
            return endpoint, read_keys(address.keys.get("p256dh", ""), address.keys.get("auth", ""))
        except ValueError:
            return _SPOILT_KEYS

    def _settle_all(self, finished: Sequence[Finished]) -> list[Settled]:
        now = self._clock.now()
        return [
            Settled(
                outgoing=one.tag.outgoing,
                outcome=self._services.read(one.tag.service, one.result, now),
            )
            for one in finished
        ]

    def _open(self) -> _Opened:
        if self._opened is None:
            self._opened = self._open_now()
        return self._opened

    def _open_now(self) -> _Opened:
        tokens = self._read_tokens()
        transport = open_transport(
            self._options,
            monotonic=self._clock.monotonic,
            rate_per_s=self._rate_per_s,
            allow_address=self._guard(),
        )
        return _Opened(tokens, transport)

    def _guard(self) -> AddressGuard | None:
        if self._base_url:
            return None
        written = read_proxy(self._options)
        return AddressGuard(getproxies() if written is None else {"all": written})

    def _read_tokens(self) -> VapidTokens | None:
        given = self._options.text("private_key")
        if not given:
            if self._base_url and is_loopback(self._base_url):
                return None
            raise CredentialsError(
                "`webpush` has no `private_key`",
                "add `private_key: ${VAPID_PRIVATE_KEY}`, the key that browsers subscribed with",
            )
        return VapidTokens(read_private_key(given), check_subject(self._options.require("subject")))


@frozen(kw_only=False)
class _Opened:
    """What sending needs and encoding does not."""

    tokens: VapidTokens | None
    transport: Transport
