"""SOLAPI (솔라피, CoolSMS): SMS, LMS and MMS, AlimTalk and Brand Message, up to 1,000 in a request.

Sending never asks for a later time and never for SOLAPI's own fallback. `allowDuplicates` stays off:
the ledger lets nobody get a campaign twice, and SOLAPI refuses the second copy of a number in a
request as well (status 1026).
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson

from engine.channels.batching import BatchProvider, Post
from engine.channels.exchange import Answered
from engine.channels.kakao_parts import refuse_friendtalk
from engine.channels.loopback import check_url, is_loopback
from engine.channels.opening import Opening
from engine.channels.options import Options
from engine.channels.phone import read_phone
from engine.channels.pool import read_proxy
from engine.channels.profiles import profile_key, profile_names
from engine.channels.solapi_answer import read_sent
from engine.channels.solapi_auth import Signer
from engine.channels.solapi_body import Facts, addressed, message_body, preview_body
from engine.channels.unfit import UnfitError
from engine.kernel.digest import Plain
from engine.kernel.errors import CredentialsError, PushformError, UnavailableError
from engine.model.campaign import KakaoSettings
from engine.model.channel import Channel
from engine.model.delivery import FailReason
from engine.model.message import Envelope
from engine.model.outcome import Awaited, Outcome, Outgoing, Refused
from engine.model.ports import Clock, Provider
from engine.model.vendor import VendorFacts

BASE_URL = "https://api.solapi.com"
SEND = "/messages/v4/send-many/detail"

MAX_BATCH = 1000
"""Ours: as many as the ledger claims at once. ⚠ SOLAPI takes 10,000 a request (from memory)."""

FIRST = 10
"""So many are risked until SOLAPI has taken one: keys, clock, sender and template are right then."""

_REQUESTS = 4
_TIMEOUT_S = 30.0
_PROFILE_KEYS = ("pf_id", "sender_key")


def open_provider(opening: Opening) -> Provider:
    """Return the provider that `opening` asks for. Raises UsageError for FriendTalk, which ended."""
    refuse_friendtalk(opening.settings)
    vendor = SolapiVendor(
        opening.channel,
        opening.options,
        base_url=opening.settings.base_url,
        new_salt=lambda: secrets.token_hex(16),
    )
    return SolapiProvider(vendor, opening.options, opening.clock)


class SolapiVendor:
    """What is SOLAPI's own about sending.

    Options: `api_key`, `secret`; `senders` (the first where a campaign names none), `profiles`
    (`pf_id` or `sender_key`), `images` (address → id of the picture at SOLAPI). A server on this
    machine needs neither keys nor profiles.
    """

    max_batch = MAX_BATCH

    def __init__(
        self,
        channel: Channel,
        options: Options,
        *,
        base_url: str | None,
        new_salt: Callable[[], str],
    ) -> None:
        self.channel = channel
        self.base_url = check_url(base_url or BASE_URL)
        self._options = options
        self._new_salt = new_salt
        self._facts = _read_facts(options)
        self._profiles: dict[str, str] = {}
        self._signer: Signer | None = None
        self._ready = False

    @property
    def account(self) -> str:
        """A short hash of the API key: it names the account in logs and state, and opens nothing."""
        self.make_ready()
        key = self._signer.api_key if self._signer else ""
        return f"solapi:{hashlib.sha256(key.encode()).hexdigest()[:12]}"

    def encode(self, envelope: Envelope) -> Plain:
        """Return the message without recipient, reference and profile."""
        return preview_body(envelope, self._facts)

    def make_ready(self) -> None:
        """Read the keys. Raises CredentialsError where one is missing."""
        if self._ready:
            return
        # A secret's file often ends with a line break, which no header may have.
        api_key = (self._options.text("api_key") or "").strip()
        secret = (self._options.text("secret") or "").strip()
        if api_key and not (api_key.isascii() and api_key.isalnum()):
            raise CredentialsError(
                "`api_key` of `solapi` has signs that no key of SOLAPI has",
                "copy it again from console.solapi.com, under API keys",
            )
        if api_key and secret:
            self._signer = Signer(api_key, secret, self._new_salt)
        elif not is_loopback(self.base_url):
            missing = "secret" if api_key else "api_key"
            raise CredentialsError(
                f"`solapi` has no `{missing}`",
                "add `api_key: ${SOLAPI_KEY}` and `secret: ${SOLAPI_SECRET}` to the channel",
            )
        self._ready = True

    def headers(self, now: datetime) -> Mapping[str, str]:
        """Return what authenticates one request at `now`; nothing where there are no keys."""
        self.make_ready()
        return {"Authorization": self._signer.header(now)} if self._signer else {}

    def refuse(self, outgoing: Outgoing) -> Refused | None:
        """Return why SOLAPI need not be asked: no phone number, or a message it cannot carry."""
        if outgoing.address.kind != "phone" or read_phone(outgoing.address.value) is None:
            return Refused(reason=FailReason.BAD_ADDRESS, code="NOT_A_PHONE", dead_address=True)
        try:
            message_body(outgoing.envelope, self._facts)
        except UnfitError as unfit:
            return Refused(reason=FailReason.BAD_MESSAGE, code=unfit.code, systemic=unfit.systemic)
        try:
            self._profile(outgoing.envelope)
        except PushformError:
            return Refused(reason=FailReason.SENDER_MISMATCH, code="NO_PROFILE", systemic=True)
        return None

    def group(self, outgoing: Outgoing) -> Hashable:
        """Return the campaign: SOLAPI lists messages by request, and so each list is of one campaign."""
        return outgoing.key.campaign

    def request(self, batch: Sequence[Outgoing], now: datetime) -> Post:
        """Return the signed request for `batch`."""
        messages = [self._message(outgoing) for outgoing in batch]
        body = {"messages": messages, "allowDuplicates": False, "showMessageList": True}
        signed = tuple(f"{name}: {value}" for name, value in self.headers(now).items())
        headers = ("Content-Type: application/json", *signed)
        return Post(f"{self.base_url}{SEND}", headers, orjson.dumps(body))

    def read(self, answer: Answered, batch: Sequence[Outgoing], now: datetime) -> Sequence[Outcome]:
        """Return what the answer says about each of `batch`."""
        return read_sent(answer, batch, now)

    def profile_keys(self) -> Mapping[str, str]:
        """Return SOLAPI's id of every profile by its name. Raises UsageError where one has none."""
        names = profile_names(self._options)
        return {name: profile_key(self._options, name, *_PROFILE_KEYS) for name in names}

    def _message(self, outgoing: Outgoing) -> dict[str, Any]:
        phone = read_phone(outgoing.address.value)
        if phone is None:
            raise ValueError("a delivery that `refuse` would have refused")
        body = message_body(outgoing.envelope, self._facts)
        return addressed(body, phone, outgoing.reference, self._profile(outgoing.envelope))

    def _profile(self, envelope: Envelope) -> str | None:
        settings = envelope.settings
        if not isinstance(settings, KakaoSettings):
            return None
        name = settings.profile
        if name not in self._profiles:
            if is_loopback(self.base_url) and name not in profile_names(self._options):
                self._profiles[name] = name
            else:
                self._profiles[name] = profile_key(self._options, name, *_PROFILE_KEYS)
        return self._profiles[name]


class SolapiProvider(BatchProvider):
    """`provider: solapi`. More options: `results` (a file of callbacks), `ca_file`, `timeout`, `proxy`."""

    def __init__(self, vendor: SolapiVendor, options: Options, clock: Clock) -> None:
        super().__init__(
            vendor,
            now=clock.now,
            monotonic=clock.monotonic,
            requests=_REQUESTS,
            timeout_s=options.seconds("timeout", _TIMEOUT_S),
            ca_file=lambda: options.text("ca_file"),
            proxy=lambda: read_proxy(options),
            # SOLAPI checks the form of all messages before it takes any (`ValidationError`).
            refused_whole=lambda answer: answer.status == 400,
            first=FIRST,
        )
        self._solapi = vendor
        self._options = options
        self._clock = clock

    def look_up(self, awaited: Sequence[Awaited]) -> Mapping[str, Outcome]:
        """Return by reference what is final: of `results` first, then by asking SOLAPI.

        Raises CredentialsError, or UnavailableError where SOLAPI does not answer and `results` had
        nothing new either.
        """
        from engine.channels.callbacks import read_callbacks
        from engine.channels.solapi_results import look_up, match, reports_of

        bodies = read_callbacks(self._options.text("results"))
        found = match(reports_of(bodies), awaited)
        left = [one for one in awaited if one.reference not in found]
        try:
            return {**found, **look_up(self._ask, left)} if left else found
        except UnavailableError:
            if found:
                return found
            raise

    def describe(self) -> VendorFacts:
        """Return sending numbers (sms), or profiles and templates (kakao), as SOLAPI has them now.

        Raises CredentialsError, or UnavailableError where SOLAPI does not answer.
        """
        from engine.channels.solapi_results import read_profiles, read_senders, read_templates

        if self._solapi.channel is Channel.SMS:
            return VendorFacts(senders=read_senders(self._ask("/senderid/v1/numbers/active", {})))
        return VendorFacts(
            profiles=read_profiles(self._ask, self._solapi.profile_keys()),
            templates=read_templates(self._ask),
        )

    def _ask(self, path: str, query: Mapping[str, str]) -> Any:
        from engine.channels.asking import ask

        return ask(
            f"{self._solapi.base_url}{path}",
            vendor="solapi",
            headers=self._solapi.headers(self._clock.now()),
            params=query,
            ca_file=self._options.text("ca_file"),
        )


def _read_facts(options: Options) -> Facts:
    written = options.settings.options
    senders, images = written.get("senders"), written.get("images")
    return Facts(
        sender=next((str(one) for one in senders), None) if isinstance(senders, tuple) else None,
        images={name: value for name, value in images.items() if isinstance(value, str)}
        if isinstance(images, Mapping)
        else {},
    )
