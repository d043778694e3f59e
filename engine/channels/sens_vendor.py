"""What NAVER Cloud SENS is asked: AlimTalk and Brand Message for kakao, SMS, LMS and MMS for sms."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

import orjson

from engine.channels.asking import ask, clock_error, clock_skew
from engine.channels.batch_vendor import Post
from engine.channels.exchange import Answered
from engine.channels.loopback import check_url, is_loopback
from engine.channels.opening import Opening
from engine.channels.options import Options
from engine.channels.phone import NOT_A_PHONE, Phone, read_phone
from engine.channels.pictures import uploaded, with_uploaded
from engine.channels.pool import read_proxy
from engine.channels.profiles import profile_key, profile_names
from engine.channels.senders import first_sender
from engine.channels.sens_answer import read_answer
from engine.channels.sens_auth import Signer
from engine.channels.sens_body import (
    MAX_RECIPIENTS,
    Draft,
    draft_of,
    preview_body,
    request_body,
)
from engine.channels.unfit import UnfitError
from engine.kernel.digest import Plain
from engine.kernel.errors import CredentialsError
from engine.model.delivery import FailReason
from engine.model.message import Envelope
from engine.model.outcome import NotActed, Outcome, Outgoing, Refused
from engine.model.ports import Clock

BASE_URL = "https://sens.apigw.ntruss.com"

_OPTIONS = ("service_id", "access_key", "secret_key")


class SensVendor:
    """Options: `service_id` (of SMS or of Biz Message), `access_key`, `secret_key`; profiles have a
    `channel_id` (`@shop`); `senders` (sms); `images` (a picture's address → SENS's id of it)."""

    max_batch = MAX_RECIPIENTS

    def __init__(self, opening: Opening) -> None:
        self.channel = opening.channel
        self.options: Options = opening.options
        self._clock: Clock = opening.clock
        self._base_url = check_url(opening.settings.base_url or BASE_URL)
        self._opened: tuple[str, Signer] | None = None
        self._skew: timedelta | None = None

    @property
    def account(self) -> str:
        """The service, hashed: its id holds the account's number."""
        digest = hashlib.sha256(self._open()[0].encode()).hexdigest()
        return f"sens:{self.channel.value}:{digest[:12]}"

    def encode(self, envelope: Envelope) -> Plain:
        """Return the request without numbers and keys (see `sens_body.preview_body`)."""
        envelope = with_uploaded(envelope, uploaded(self.options))
        return preview_body(envelope, sender=first_sender(self.options))

    def make_ready(self) -> None:
        """Read the keys. Raises ClockError once SENS refused a signature for its time."""
        self._open()
        if self._skew is not None:
            raise clock_error("sens", self._skew)

    def refuse(self, outgoing: Outgoing) -> Refused | NotActed | None:
        """Refuse what is no phone number, and what SENS can never carry."""
        phone = read_phone(outgoing.address.value)
        if phone is None:
            return NOT_A_PHONE
        try:
            draft = self._draft(outgoing.envelope)
        except UnfitError as unfit:
            return unfit.outcome()
        if not phone.korean and draft.common.get("type") in ("LMS", "MMS"):
            return Refused(reason=FailReason.BAD_ADDRESS, code="LMS_ABROAD")
        return None

    def group(self, outgoing: Outgoing) -> Hashable:
        """Return product, profile and what stands once in a request (the country only with SMS)."""
        draft = self._draft(outgoing.envelope)
        country = self._phone(outgoing).country if draft.product == "sms" else ""
        return draft.product, draft.profile, country, orjson.dumps(draft.common)

    def request(self, batch: Sequence[Outgoing], now: datetime) -> Post:
        """Return the signed request. SENS has no idempotency key."""
        drafts = [self._draft(one.envelope) for one in batch]
        first = self._with_channel(drafts[0])
        phones = [self._phone(one) for one in batch]
        body = request_body(first, phones, [draft.own for draft in drafts])
        path = self._path(first.product, "/messages")
        signed = self._open()[1].headers("POST", path, now)
        headers = {"Content-Type": "application/json; charset=utf-8", **signed}
        lines = tuple(f"{name}: {value}" for name, value in headers.items())
        return Post(self._base_url + path, lines, orjson.dumps(body))

    def read(self, answer: Answered, batch: Sequence[Outgoing], now: datetime) -> Sequence[Outcome]:
        """Return one outcome per recipient (see `sens_answer.read_answer`)."""
        if answer.status in (401, 403):
            self._skew = clock_skew(answer.headers(), now)
        product = self._draft(batch[0].envelope).product
        return read_answer(product, answer, batch, now, self._open()[1].mark)

    def get(self, product: str, path: str, params: Mapping[str, str]) -> Any:
        """Ask SENS. Raises CredentialsError, ClockError or UnavailableError where it refuses."""
        now = self._clock.now()
        query = f"?{urlencode(params, quote_via=quote)}" if params else ""
        whole = self._path(product, path) + query
        return ask(
            self._base_url + whole,
            vendor="sens",
            headers=self._open()[1].headers("GET", whole, now),
            ca_file=self.options.text("ca_file"),
            proxy=read_proxy(self.options),
            signed_at=now,
        )

    def mark(self, number: str) -> str:
        """Return what an SMS to `number` is called by."""
        return self._open()[1].mark(number)

    def channel_ids(self) -> Mapping[str, str]:
        """Return SENS's channel id of every profile of the workspace."""
        return {name: self._channel_id(name) for name in profile_names(self.options)}

    def _draft(self, envelope: Envelope) -> Draft:
        envelope = with_uploaded(envelope, uploaded(self.options))
        return draft_of(envelope, sender=first_sender(self.options))

    def _with_channel(self, draft: Draft) -> Draft:
        if draft.profile is None:
            return draft
        common = {"plusFriendId": self._channel_id(draft.profile), **draft.common}
        return replace(draft, common=common)

    def _channel_id(self, profile: str) -> str:
        return profile_key(self.options, profile, "channel_id", "sender_key")

    def _phone(self, outgoing: Outgoing) -> Phone:
        phone = read_phone(outgoing.address.value)
        if phone is None:
            raise ValueError("refuse() lets no such number through")
        return phone

    def _path(self, product: str, path: str) -> str:
        return f"/{product}/v2/services/{quote(self._open()[0], safe=':')}{path}"

    def _open(self) -> tuple[str, Signer]:
        if self._opened is None:
            values = {name: self.options.text(name) for name in _OPTIONS}
            if not is_loopback(self._base_url):
                for name, value in values.items():
                    if not value:
                        raise CredentialsError(
                            f"`sens` has no `{name}`",
                            "add `service_id`, `access_key` and `secret_key` to the channel",
                        )
            service, access_key, secret_key = (value or "local" for value in values.values())
            self._opened = service, Signer(access_key, secret_key)
        return self._opened
