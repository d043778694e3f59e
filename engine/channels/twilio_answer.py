"""What Twilio's answers and later statuses mean, by code (twilio.com/docs/api/errors)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.channels.exchange import Answered
from engine.channels.http_status import REFUSED_US, read_status
from engine.channels.json_body import read_object
from engine.model.delivery import FailReason
from engine.model.outcome import Accepted, NotActed, Outcome, Refused, Silent

QUEUE_WAIT_S = 60.0
"""After 21611 and 30001: the sender's queue is full (four hours of it). Ours."""

_QUEUE_FULL = frozenset((21611, 30001))
_DEAD = frozenset((21211, 21214, 21217, 21614, 21635, 30005, 30006))
"""To: invalid, not reachable, not a mobile, a landline, unknown to its carrier."""

_NOT_THERE = frozenset((21265, 21408, 21612, 30003, 30004, 30011))
"""To: no way there for us, switched off, blocked, no MMS in that country. Others are."""

_PERSON = frozenset((21608, 21610, 30007, 30008))
"""Said STOP, not verified (trial), filtered by the carrier, unknown to Twilio."""

_SENDER = frozenset((21606, 21618, 21659, 21703))
"""From: does not fit, which may be for where this one message goes."""

_SETTINGS = {
    **dict.fromkeys((21212, 21603, 21660, 21661), "from"),
    **dict.fromkeys((21704, 21705, 21712), "messaging_service"),
    20404: "account_sid",
}
"""What we set, and Twilio does not know or lets nobody send from. ⚠ 2170x and 21712 from memory."""

_ACCOUNT = frozenset((20003, 20005, 20006, 20403))
"""Keys, or an account without the right or the money: nothing was done. ⚠ From memory."""

_MESSAGE = frozenset((21602, 21619, 21620, 21623, 30019, 63001))
_KNOWN = _QUEUE_FULL | _DEAD | _NOT_THERE | _PERSON | _SENDER | _MESSAGE | {21617, *_SETTINGS}


def read_answer(answer: Answered, now: datetime) -> Outcome:
    """Return the outcome of one request."""
    parsed = read_object(answer.body)
    if 200 <= answer.status < 300:
        name = parsed.get("sid")
        if not isinstance(name, str) or not name:
            return Silent(code="UNREADABLE_ANSWER")
        return read_message(parsed) or Accepted(provider_id=name)
    code = parsed.get("code")
    if answer.status == 429 or answer.status >= 500 or not isinstance(code, int):
        return read_status(answer, str(code) if code else None, now, place="account_sid")
    if code not in _KNOWN and answer.status in REFUSED_US:
        return NotActed(code=str(code), systemic=True)
    return read_code(code)


def read_message(message: Mapping[str, Any]) -> Outcome | None:
    """Return what is final in a message (or a callback about one); None while it is under way.

    `sent` is not final: the carrier has it, and may still say no.
    """
    status = message.get("status") or message.get("MessageStatus")
    name = message.get("sid") or message.get("MessageSid")
    if status in ("delivered", "read"):
        return Accepted(provider_id=str(name))
    if status in ("failed", "undelivered", "canceled"):
        code = str(message.get("error_code") or message.get("ErrorCode") or "")
        return _later(int(code)) if code.isdigit() else _refused(str(status).upper())
    return None


def read_code(code: int) -> Outcome:
    """Return what an error code says about a message that was not taken."""
    word = str(code)
    if code in _QUEUE_FULL:
        return NotActed(code=word, retry_after_s=QUEUE_WAIT_S, opens_breaker=True)
    if code in _ACCOUNT:
        return NotActed(code=word, systemic=True)
    if code in _SETTINGS:
        return NotActed(code=word, systemic=True, setting=_SETTINGS[code])
    if code in _DEAD:
        return Refused(reason=FailReason.BAD_ADDRESS, code=word, dead_address=True)
    if code in _NOT_THERE or code in _PERSON:
        return _refused(word)
    if code == 21617:
        return Refused(reason=FailReason.TOO_LARGE, code=word)
    if code in _SENDER:
        return Refused(reason=FailReason.SENDER_MISMATCH, code=word, systemic=True)
    if code in _MESSAGE:
        return Refused(reason=FailReason.BAD_MESSAGE, code=word, systemic=True)
    # Whatever is new: the next one would fare no better.
    return Refused(reason=FailReason.REFUSED, code=word, systemic=True)


def _later(code: int) -> Refused:
    """Return what became of a message that was taken: it is this one's, not the campaign's."""
    if code in _DEAD:
        return Refused(reason=FailReason.BAD_ADDRESS, code=str(code), dead_address=True)
    return _refused(str(code))


def _refused(code: str) -> Refused:
    return Refused(reason=FailReason.REFUSED, code=code)
