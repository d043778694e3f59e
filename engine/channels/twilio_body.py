"""One SMS as Twilio's Messages resource takes it: a form (twilio.com/docs/messaging/api/message-resource).

Twilio has no subjects: a title is the first line. No status callback is asked for; what became of a
message is looked up by its name.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime

from engine.channels.phone import Phone, read_phone
from engine.channels.unfit import UnfitError
from engine.kernel.digest import Plain
from engine.kernel.instant import format_instant
from engine.model.channel_settings import SmsFormat, SmsSettings
from engine.model.message import Envelope

MAX_CHARACTERS = 1600
"""Longest body (error 21617)."""

MAX_VALIDITY_S = 36000
"""Longest wait in Twilio's queue, in seconds; what waits longer is not sent (`ValidityPeriod`)."""

_SHORT_CODE_DIGITS = 6


def form_of(envelope: Envelope, *, sender: str | None, service: str | None) -> Mapping[str, str]:
    """Return the form but for number and validity.

    `sender` is used where the campaign names no number, `service` (a messaging service's SID) before
    both. Raises UnfitError for what Twilio can never carry.
    """
    settings = envelope.settings
    if not isinstance(settings, SmsSettings):
        raise TypeError(f"Twilio carries sms, not {type(settings).__name__}")
    message = envelope.message
    text = "\n".join(part for part in (message.title, message.body) if part)
    if not text:
        raise UnfitError("NO_TEXT", systemic=False)
    if len(text) > MAX_CHARACTERS:
        raise UnfitError("TOO_LONG", systemic=False)
    form = {"Body": text}
    if service:
        form["MessagingServiceSid"] = service
    elif number := settings.from_ or sender:
        form["From"] = sending_number(number)
    else:
        raise UnfitError("NO_SENDER", setting="senders")
    if message.sms_format is SmsFormat.MMS and message.image:
        form["MediaUrl"] = message.image
    return form


def validity_s(envelope: Envelope, now: datetime) -> int | None:
    """Return how many seconds the message may wait at Twilio: until its window ends."""
    if envelope.expires_at is None:
        return None
    left = math.floor((envelope.expires_at - now).total_seconds())
    return min(max(1, left), MAX_VALIDITY_S)


def preview_body(envelope: Envelope, *, sender: str | None, service: str | None) -> Plain:
    """Return the request without number and credentials; `unfit` where it can never be sent."""
    expires_at = envelope.expires_at
    plain: dict[str, Plain] = {"expires_at": format_instant(expires_at) if expires_at else None}
    try:
        return plain | {"message": dict(form_of(envelope, sender=sender, service=service))}
    except UnfitError as unfit:
        return plain | {"unfit": unfit.code, "text": envelope.message.body}


def e164(phone: Phone) -> str:
    """Return `+821012345678`."""
    national = phone.national.removeprefix("0") if phone.korean else phone.national
    return f"+{phone.country}{national}"


def sending_number(number: str) -> str:
    """Return a number in E.164; a short code and a sender's name stay as they are."""
    phone = read_phone(number)
    if phone is not None:
        return e164(phone)
    if number.isdigit() and len(number) > _SHORT_CODE_DIGITS:
        return f"+{number}"
    return number
