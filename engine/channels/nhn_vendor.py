"""What NHN Cloud is asked: KakaoTalk Bizmessage for kakao, the SMS service for sms."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Hashable, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

import orjson

from engine.channels.asking import ask
from engine.channels.batch_vendor import Post, batch_reference
from engine.channels.exchange import Answered
from engine.channels.loopback import check_url, is_loopback
from engine.channels.nhn_answer import parse_header, read_answer
from engine.channels.nhn_body import (
    MAX_RECIPIENTS,
    PATHS,
    Draft,
    draft_of,
    kakao_recipient,
    preview_body,
    sms_recipient,
)
from engine.channels.options import Options
from engine.channels.phone import NOT_A_PHONE, read_phone
from engine.channels.pictures import uploaded, with_uploaded
from engine.channels.pool import read_proxy
from engine.channels.profiles import profile_key, profile_names
from engine.channels.senders import first_sender
from engine.channels.unfit import UnfitError
from engine.kernel.digest import Plain
from engine.kernel.errors import CredentialsError, UnavailableError, UsageError
from engine.kernel.frozen import frozen
from engine.model.channel import Channel
from engine.model.delivery import FailReason
from engine.model.message import Envelope
from engine.model.outcome import NotActed, Outcome, Outgoing, Refused

KAKAO_URL = "https://kakaotalk-bizmessage.api.nhncloudservice.com"
SMS_URL = "https://sms.api.nhncloudservice.com"

_UNSUBSCRIBE = re.compile(r"080-\d{3,4}-\d{4}|080\d{7,8}", re.ASCII)


@frozen(kw_only=False)
class _Keys:
    app_key: str
    headers: tuple[str, ...]


class NhnVendor:
    """Options: `app_key`, `secret`, `unsubscribe_number` (080), `senders` (sms), `profiles`,
    `images` (a picture's address → NHN's: an address for kakao, a file's number for MMS)."""

    max_batch = MAX_RECIPIENTS

    def __init__(self, channel: Channel, options: Options, base_url: str | None) -> None:
        self.service = "kakao" if channel is Channel.KAKAO else "sms"
        self.options = options
        self._base_url = check_url(base_url or (KAKAO_URL if channel is Channel.KAKAO else SMS_URL))
        self._keys: _Keys | None = None
        self._profiles: dict[str, str] = {}

    @property
    def account(self) -> str:
        """The app key, hashed: quotas are counted by it, and it is half of a credential."""
        digest = hashlib.sha256(self._open().app_key.encode()).hexdigest()
        return f"nhn:{self.service}:{digest[:12]}"

    def encode(self, envelope: Envelope) -> Plain:
        """Return the request without recipients and keys (see `nhn_body.preview_body`)."""
        envelope = with_uploaded(envelope, uploaded(self.options))
        return preview_body(
            envelope, sender=first_sender(self.options), unsubscribe=self._unsubscribe()
        )

    def make_ready(self) -> None:
        """Read the keys and check the 080 number."""
        self._open()

    def refuse(self, outgoing: Outgoing) -> Refused | NotActed | None:
        """Refuse what is no phone number, and what NHN can never carry."""
        phone = read_phone(outgoing.address.value)
        if phone is None:
            return NOT_A_PHONE
        try:
            draft = self._draft(outgoing.envelope)
        except UnfitError as unfit:
            return unfit.outcome()
        if draft.product == "mms" and not phone.korean:
            return Refused(reason=FailReason.BAD_ADDRESS, code="MMS_ABROAD")
        return None

    def group(self, outgoing: Outgoing) -> Hashable:
        """Return product, profile and what stands once in a request."""
        draft = self._draft(outgoing.envelope)
        return draft.product, draft.door, draft.profile, orjson.dumps(draft.common)

    def request(self, batch: Sequence[Outgoing], now: datetime) -> Post:  # noqa: ARG002 - no time
        """Return the request, under the digest of the batch as idempotency key."""
        drafts = [self._draft(one.envelope) for one in batch]
        first = drafts[0]
        body: dict[str, Any] = dict(first.common)
        if first.profile is not None:
            body["senderKey"] = self._sender_key(first.profile)
        body["recipientList"] = [
            self._recipient(one, draft) for one, draft in zip(batch, drafts, strict=True)
        ]
        headers = (*self._open().headers, f"X-NC-API-IDEMPOTENCY-KEY: {batch_reference(batch)}")
        return Post(self.url(f"{PATHS[first.product]}/{first.door}"), headers, orjson.dumps(body))

    def read(self, answer: Answered, batch: Sequence[Outgoing], now: datetime) -> Sequence[Outcome]:
        """Return one outcome per recipient (see `nhn_answer.read_answer`)."""
        product = self._draft(batch[0].envelope).product
        return read_answer(self.service, product, answer, batch, now)

    def url(self, path: str) -> str:
        """Return the address of a path in which `{appkey}` stands for the app key."""
        return self._base_url + path.replace("{appkey}", quote(self._open().app_key, safe=""))

    def get(self, path: str, params: Mapping[str, str]) -> Any:
        """Ask NHN. Raises CredentialsError or UnavailableError where it refuses."""
        headers = dict(line.split(": ", 1) for line in self._open().headers)
        answer = ask(
            self.url(path),
            vendor="nhn",
            headers=headers,
            params=params,
            ca_file=self.options.text("ca_file"),
            proxy=read_proxy(self.options),
        )
        successful, code, account = parse_header(self.service, answer)
        if successful or answer is None:
            return answer
        if account:
            raise CredentialsError(
                f"`nhn` refused the keys ({code})", "check `app_key` and `secret` of the channel"
            )
        raise UnavailableError(f"`nhn` refused the question ({code})", "try again later")

    def sender_keys(self) -> Mapping[str, str]:
        """Return NHN's key of every profile of the workspace."""
        return {name: self._sender_key(name) for name in profile_names(self.options)}

    def _draft(self, envelope: Envelope) -> Draft:
        envelope = with_uploaded(envelope, uploaded(self.options))
        return draft_of(
            envelope, sender=first_sender(self.options), unsubscribe=self._unsubscribe()
        )

    def _recipient(self, outgoing: Outgoing, draft: Draft) -> Mapping[str, Any]:
        phone = read_phone(outgoing.address.value)
        if phone is None:
            raise ValueError("refuse() lets no such number through")
        number = kakao_recipient(phone) if self.service == "kakao" else sms_recipient(phone)
        return {**number, **draft.own, "recipientGroupingKey": outgoing.reference}

    def _unsubscribe(self) -> str | None:
        return self._free_number() if self.service == "kakao" else None

    def _free_number(self) -> str | None:
        number = self.options.text("unsubscribe_number")
        if number is not None and not _UNSUBSCRIBE.fullmatch(number):
            raise UsageError(
                f"`unsubscribe_number` is `{number}`, not a free 080 number",
                "write it as `080-123-4567`",
            )
        return number

    def free_number(self) -> str:
        """Return the 080 number that is rented at NHN. Raises UsageError where none is written."""
        number = self._free_number()
        if number is None:
            raise UsageError(
                "`nhn` lists opt-outs by the 080 number that was called, and none is written",
                "add `unsubscribe_number: 080-123-4567` to the channel",
            )
        return number

    def _sender_key(self, profile: str) -> str:
        if profile not in self._profiles:
            self._profiles[profile] = profile_key(self.options, profile, "sender_key")
        return self._profiles[profile]

    def _open(self) -> _Keys:
        if self._keys is None:
            local = is_loopback(self._base_url)
            app_key, secret = self.options.text("app_key"), self.options.text("secret")
            missing = "app_key" if not app_key else "secret"
            if not (app_key and secret) and not local:
                raise CredentialsError(
                    f"`nhn` has no `{missing}`",
                    "add `app_key: ${NHN_APP_KEY}` and `secret: ${NHN_SECRET}` to the channel",
                )
            self._unsubscribe()
            headers = (
                "Content-Type: application/json;charset=UTF-8",
                f"X-Secret-Key: {secret or 'local'}",
            )
            self._keys = _Keys(app_key or "local", headers)
        return self._keys
