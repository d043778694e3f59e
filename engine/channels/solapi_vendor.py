"""What is SOLAPI's own about sending: what shares a request, what it is, what it came to."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson

from engine.channels.batch_vendor import Post
from engine.channels.exchange import Answered
from engine.channels.loopback import check_url, is_loopback
from engine.channels.options import Options
from engine.channels.phone import read_phone
from engine.channels.pictures import uploaded
from engine.channels.profiles import profile_key, profile_names
from engine.channels.senders import first_sender
from engine.channels.solapi_answer import read_sent
from engine.channels.solapi_auth import Signer
from engine.channels.solapi_body import Facts, addressed, message_body, preview_body
from engine.channels.unfit import UnfitError
from engine.kernel.digest import Plain
from engine.kernel.errors import CredentialsError, PushformError
from engine.model.channel import Channel
from engine.model.channel_settings import KakaoSettings
from engine.model.delivery import FailReason
from engine.model.message import Envelope
from engine.model.outcome import NotActed, Outcome, Outgoing, Refused

BASE_URL = "https://api.solapi.com"
SEND = "/messages/v4/send-many/detail"

MAX_BATCH = 1000
"""Ours: as many as the ledger claims at once. ⚠ SOLAPI takes 10,000 a request (from memory)."""

_PROFILE_KEYS = ("pf_id", "sender_key")


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
        self._facts = Facts(sender=first_sender(options), images=uploaded(options))
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

    def refuse(self, outgoing: Outgoing) -> Refused | NotActed | None:
        """Return why SOLAPI need not be asked: no phone number, or a message it cannot carry."""
        if outgoing.address.kind != "phone" or read_phone(outgoing.address.value) is None:
            return Refused(reason=FailReason.BAD_ADDRESS, code="NOT_A_PHONE", dead_address=True)
        try:
            message_body(outgoing.envelope, self._facts)
        except UnfitError as unfit:
            return unfit.outcome()
        try:
            self._profile(outgoing.envelope)
        except PushformError:
            return NotActed(code="NO_PROFILE", systemic=True, setting="profiles")
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
