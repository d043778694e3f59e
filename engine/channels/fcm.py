"""Firebase Cloud Messaging, HTTP v1: one request per address."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import quote

from engine.channels.exchange import Finished, Request
from engine.channels.fcm_answer import UNAUTHENTICATED, read_result
from engine.channels.fcm_body import MAX_PAYLOAD_BYTES, preview_body, reserved_keys, wire_body
from engine.channels.google_token import TokenSource, read_service_account
from engine.channels.loopback import check_url, is_loopback
from engine.channels.opening import Opening
from engine.channels.options import Options
from engine.channels.pool import open_transport, read_proxy
from engine.channels.transport import Transport
from engine.kernel.digest import Plain
from engine.kernel.errors import CredentialsError, PushformError
from engine.kernel.frozen import frozen
from engine.model.delivery import FailReason
from engine.model.message import Envelope
from engine.model.outcome import Accepted, NotActed, Outcome, Outgoing, Refused, Settled
from engine.model.ports import Clock, Provider

BASE_URL = "https://fcm.googleapis.com"
_LOT = 200


def open_provider(opening: Opening) -> Provider:
    """Return the provider that `opening` asks for."""
    return FcmProvider(
        opening.options,
        opening.clock,
        base_url=opening.settings.base_url,
        rate_per_s=opening.settings.rate_per_s,
        sandbox=opening.sandbox,
    )


@frozen(kw_only=False)
class _Sent:
    outgoing: Outgoing
    bearer: str


class FcmProvider:
    """`provider: fcm`. Options: `project`, `credentials`, `ca_file`, `timeout` (seconds),
    `proxy`.

    `credentials` is a service account's JSON or the path of its file; relative paths start at the
    current folder.

    Nothing is opened, and no secret is read, before the first call of `account`, `free_slots` or
    `submit`; `encode` needs none of it. `rate_per_s` decides how many connections there are (see
    `pool.connections_for`).
    """

    def __init__(
        self,
        options: Options,
        clock: Clock,
        *,
        base_url: str | None = None,
        rate_per_s: float | None = None,
        sandbox: bool = False,
    ) -> None:
        self._options = options
        self._clock = clock
        self._base_url = check_url(base_url or BASE_URL)
        self._sandbox = sandbox
        self._rate_per_s = rate_per_s
        self._opened: _Opened | None = None
        self._ready: list[Settled] = []
        self._proven: set[str] = set()
        self._on_trial: str | None = None

    @property
    def account(self) -> str:
        """The project: FCM counts its quota by it."""
        return f"fcm:{self._open().project}"

    def encode(self, envelope: Envelope) -> Plain:
        """Return the request without address and TTL (see `fcm_body.preview_body`)."""
        return preview_body(envelope)

    def free_slots(self) -> int:
        """Return how many deliveries `submit` takes.

        A token is fetched here, so that nothing is claimed in vain: raises CredentialsError or
        UnavailableError where there is none.
        """
        opened = self._open()
        opened.bearer()
        return opened.transport.free_slots()

    def submit(self, batch: Sequence[Outgoing]) -> None:
        """Hand over `batch`. What can be decided here is settled with the next `poll`.

        Raises ValueError if there are more deliveries than free slots.
        """
        opened = self._open()
        if len(batch) > opened.transport.free_slots():
            raise ValueError(f"{len(batch)} deliveries for too few free slots")
        try:
            bearer = opened.bearer()
        except PushformError:
            refusal = NotActed(code="NO_TOKEN", retry_after_s=0.0)
            self._ready += [Settled(outgoing=outgoing, outcome=refusal) for outgoing in batch]
            return
        now = self._clock.now()
        # In small lots, so that the first are under way while the others are still encoded.
        for first in range(0, len(batch), _LOT):
            lot = [self._request(one, bearer, now) for one in batch[first : first + _LOT]]
            opened.transport.submit([request for request in lot if request is not None])

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

    def _request(self, outgoing: Outgoing, bearer: str, now: datetime) -> Request | None:
        opened = self._open()
        if reserved_keys(tuple(outgoing.envelope.message.data)):
            refusal = Refused(reason=FailReason.BAD_MESSAGE, code="DATA_KEY", systemic=True)
            self._ready.append(Settled(outgoing=outgoing, outcome=refusal))
            return None
        try:
            wire = wire_body(outgoing.envelope, outgoing.address, now)
        except KeyError:
            self._refuse(outgoing, FailReason.BAD_ADDRESS, "ADDRESS_KIND")
            return None
        if wire.payload_bytes > MAX_PAYLOAD_BYTES:
            self._refuse(outgoing, FailReason.TOO_LARGE, "PAYLOAD_BYTES")
            return None
        return Request(opened.url, opened.headers(bearer), wire.body, _Sent(outgoing, bearer))

    def _refuse(self, outgoing: Outgoing, reason: FailReason, code: str) -> None:
        self._ready.append(Settled(outgoing=outgoing, outcome=Refused(reason=reason, code=code)))

    def _settle_all(self, finished: Sequence[Finished]) -> list[Settled]:
        return [
            Settled(outgoing=one.tag.outgoing, outcome=self._read(one.tag, one)) for one in finished
        ]

    def _read(self, sent: _Sent, finished: Finished) -> Outcome:
        campaign = sent.outgoing.key.campaign
        outcome = read_result(
            finished.result, self._clock.now(), payload_proven=campaign in self._proven
        )
        if isinstance(outcome, Accepted):
            self._proven.add(campaign)
            if sent.bearer == self._on_trial:
                self._on_trial = None
        elif isinstance(outcome, NotActed) and outcome.code == UNAUTHENTICATED:
            return self._try_new_token(sent.bearer, outcome)
        return outcome

    def _try_new_token(self, bearer: str, refusal: NotActed) -> Outcome:
        """Replace a refused token once. If the new one is refused as well, it is the key."""
        tokens = self._open().tokens
        if tokens is None or bearer == self._on_trial:
            return refusal
        try:
            tokens.renew_after_refusal(bearer)
            self._on_trial = tokens.token()
        except PushformError:
            return refusal
        return NotActed(code=refusal.code, retry_after_s=0.0)

    def _open(self) -> _Opened:
        if self._opened is None:
            self._opened = self._open_now()
        return self._opened

    def _open_now(self) -> _Opened:
        local = is_loopback(self._base_url)
        given = self._options.text("credentials")
        if given is None and not local:
            raise CredentialsError(
                "`fcm` has no `credentials`",
                "add `credentials: ${FCM_CREDENTIALS}`: a service account's JSON or its path",
            )
        ca_file = self._options.text("ca_file")
        account = read_service_account(given) if given is not None else {}
        project = self._options.text("project") or account.get("project_id")
        if not project:
            project = self._options.require("project")
        tokens = None
        if account:
            tokens = TokenSource(
                account,
                monotonic=self._clock.monotonic,
                ca_file=ca_file,
                loopback_only=self._sandbox,
                proxy=read_proxy(self._options),
            )
        transport = open_transport(
            self._options, monotonic=self._clock.monotonic, rate_per_s=self._rate_per_s
        )
        url = f"{self._base_url}/v1/projects/{quote(str(project), safe='')}/messages:send"
        return _Opened(str(project), url, tokens, transport)


class _Opened:
    """What sending needs and encoding does not."""

    __slots__ = ("_bearer", "_headers", "project", "tokens", "transport", "url")

    def __init__(
        self, project: str, url: str, tokens: TokenSource | None, transport: Transport
    ) -> None:
        self.project = project
        self.url = url
        self.tokens = tokens
        self.transport = transport
        self._bearer: str | None = None
        self._headers: tuple[str, ...] = ()

    def bearer(self) -> str:
        """Return the token, or '' where none is needed (a server on this machine)."""
        return self.tokens.token() if self.tokens else ""

    def headers(self, bearer: str) -> tuple[str, ...]:
        """Return the same tuple for the same token, so that the transport need not set it again."""
        if bearer != self._bearer:
            self._bearer = bearer
            self._headers = ("Content-Type: application/json",)
            if bearer:
                self._headers += (f"Authorization: Bearer {bearer}",)
        return self._headers
