"""Twilio, for SMS abroad: one request a message."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Hashable, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from engine.channels.asking import ask
from engine.channels.batch_vendor import Post
from engine.channels.batching import BatchProvider
from engine.channels.callbacks import read_callbacks
from engine.channels.exchange import Answered
from engine.channels.loopback import check_url, is_loopback
from engine.channels.opening import Opening
from engine.channels.options import Options
from engine.channels.phone import NOT_A_PHONE, only_digits, read_phone
from engine.channels.pool import read_proxy
from engine.channels.senders import first_sender
from engine.channels.twilio_answer import read_answer, read_message
from engine.channels.twilio_body import e164, form_of, preview_body, validity_s
from engine.channels.unfit import UnfitError
from engine.kernel.digest import Plain
from engine.kernel.errors import CredentialsError
from engine.model.message import Envelope
from engine.model.outcome import Accepted, Awaited, NotActed, Outcome, Outgoing, Refused
from engine.model.ports import Provider
from engine.model.vendor import VendorFacts

BASE_URL = "https://api.twilio.com"

_REQUESTS = 40
_FIRST = 10
"""So many are risked until Twilio has taken one: keys and sender are right then."""

_PAGE = "1000"


def open_provider(opening: Opening) -> Provider:
    """Return the provider that `opening` asks for."""
    return TwilioProvider(TwilioVendor(opening), opening)


class TwilioVendor:
    """Options: `account_sid`, `auth_token`, and `messaging_service` (`MG…`) or `from` or `senders`."""

    max_batch = 1

    def __init__(self, opening: Opening) -> None:
        self.options: Options = opening.options
        self._base_url = check_url(opening.settings.base_url or BASE_URL)
        self._opened: tuple[str, str] | None = None

    @property
    def account(self) -> str:
        """The account, hashed."""
        digest = hashlib.sha256(self._open()[0].encode()).hexdigest()
        return f"twilio:{digest[:12]}"

    def encode(self, envelope: Envelope) -> Plain:
        """Return the form without number, validity and keys."""
        return preview_body(envelope, sender=self._sender(), service=self._service())

    def make_ready(self) -> None:
        """Read the keys."""
        self._open()

    def refuse(self, outgoing: Outgoing) -> Refused | NotActed | None:
        """Refuse what is no phone number, and what Twilio can never carry."""
        if read_phone(outgoing.address.value) is None:
            return NOT_A_PHONE
        try:
            self._form(outgoing.envelope)
        except UnfitError as unfit:
            return unfit.outcome()
        return None

    def group(self, outgoing: Outgoing) -> Hashable:
        """Return its own reference: no two share a request."""
        return outgoing.reference

    def request(self, batch: Sequence[Outgoing], now: datetime) -> Post:
        """Return the request for the one delivery. Twilio has no idempotency key."""
        (outgoing,) = batch
        phone = read_phone(outgoing.address.value)
        if phone is None:
            raise ValueError("refuse() lets no such number through")
        form = {"To": e164(phone), **self._form(outgoing.envelope)}
        validity = validity_s(outgoing.envelope, now)
        if validity is not None:
            form["ValidityPeriod"] = str(validity)
        headers = (
            "Content-Type: application/x-www-form-urlencoded",
            "Accept: application/json",
            f"Authorization: {self._open()[1]}",
        )
        return Post(self.url("/Messages.json"), headers, urlencode(form).encode())

    def read(self, answer: Answered, batch: Sequence[Outgoing], now: datetime) -> Sequence[Outcome]:
        """Return the outcome of the one delivery."""
        return [read_answer(answer, now)] * len(batch)

    def url(self, path: str) -> str:
        """Return the address of a resource of the account."""
        return f"{self._base_url}/2010-04-01/Accounts/{quote(self._open()[0], safe='')}{path}"

    def get(self, path: str, params: Mapping[str, str]) -> Any:
        """Ask Twilio. Raises CredentialsError or UnavailableError where it refuses."""
        return ask(
            self.url(path),
            vendor="twilio",
            headers={"Authorization": self._open()[1]},
            params=params,
            ca_file=self.options.text("ca_file"),
            proxy=read_proxy(self.options),
        )

    def _form(self, envelope: Envelope) -> Mapping[str, str]:
        return form_of(envelope, sender=self._sender(), service=self._service())

    def _service(self) -> str | None:
        return self.options.text("messaging_service")

    def _sender(self) -> str | None:
        return self.options.text("from") or first_sender(self.options)

    def _open(self) -> tuple[str, str]:
        """Return the account and the `Authorization` header's value."""
        if self._opened is None:
            account, token = self.options.text("account_sid"), self.options.text("auth_token")
            if not (account and token) and not is_loopback(self._base_url):
                missing = "account_sid" if not account else "auth_token"
                raise CredentialsError(
                    f"`twilio` has no `{missing}`",
                    "add `account_sid: ${TWILIO_ACCOUNT_SID}` and `auth_token: ${TWILIO_AUTH_TOKEN}`",
                )
            pair = base64.b64encode(f"{account or 'local'}:{token or 'local'}".encode()).decode()
            self._opened = account or "local", f"Basic {pair}"
        return self._opened


class TwilioProvider(BatchProvider):
    """`provider: twilio`. Besides the vendor's options: `ca_file`, `timeout` (s), `proxy`, `results`."""

    def __init__(self, vendor: TwilioVendor, opening: Opening) -> None:
        super().__init__(
            vendor,
            opening.options,
            opening.clock,
            requests=_REQUESTS,
            timeout_s=15.0,
            first=_FIRST,
        )
        self._twilio = vendor

    def look_up(self, awaited: Sequence[Awaited]) -> Mapping[str, Outcome]:
        """Return what is final: from `results` (status callbacks) first, then message by message.

        Nobody can be asked about a hand-over without an answer: Twilio keeps no reference of ours.
        """
        twilio = self._twilio
        called: dict[str, Outcome] = {}
        for body in read_callbacks(twilio.options.text("results")):
            outcome = read_message(body)
            if outcome is not None:
                called[str(body.get("MessageSid") or body.get("sid"))] = outcome
        found: dict[str, Outcome] = {}
        for one in awaited:
            name = one.provider_id
            if not name:
                continue
            outcome = called.get(name) or self._ask(name)
            if outcome is not None:
                found[one.reference] = (
                    Accepted(provider_id=name) if isinstance(outcome, Accepted) else outcome
                )
        return found

    def describe(self) -> VendorFacts:
        """Return the account's numbers that can send SMS, as digits."""
        answer = self._twilio.get("/IncomingPhoneNumbers.json", {"PageSize": _PAGE})
        rows = answer.get("incoming_phone_numbers") if isinstance(answer, dict) else None
        numbers = [
            only_digits(str(row.get("phone_number")))
            for row in rows or ()
            if (row.get("capabilities") or {}).get("sms") is True
        ]
        return VendorFacts(senders=tuple(sorted(numbers)))

    def _ask(self, name: str) -> Outcome | None:
        message = self._twilio.get(f"/Messages/{quote(name, safe='')}.json", {})
        return read_message(message) if isinstance(message, dict) else None
