"""What Apple's answers mean: Apple, "Handling notification responses from APNs"."""

from __future__ import annotations

from datetime import datetime

from engine.channels.exchange import Answered
from engine.channels.http_status import nobody_there
from engine.channels.json_body import read_object
from engine.channels.retry_after import read_retry_after
from engine.model.delivery import FailReason
from engine.model.outcome import Accepted, AnsweredError, NotActed, Outcome, Refused

EXPIRED = "ExpiredProviderToken"
TOKEN_UPDATES_WAIT_S = 1200.0
"""After `TooManyProviderTokenUpdates`: Apple takes another token after 20 minutes."""

QUOTA_WAIT_S = 60.0
"""How long to wait after 429 that is not about one device, where Apple does not say. Ours."""

_DEAD = frozenset({"Unregistered", "ExpiredToken"})
_ADDRESS = frozenset({"BadDeviceToken", "MissingDeviceToken"})
_CHANNEL = frozenset({"BadTopic", "MissingTopic", "TopicDisallowed"})
_MESSAGE = frozenset(
    {
        "BadCollapseId",
        "BadExpirationDate",
        "BadMessageId",
        "BadPriority",
        "DuplicateHeaders",
        "InvalidPushType",
        "PayloadEmpty",
    }
)


def read_answer(answer: Answered, now: datetime, *, topic_proven: bool) -> Outcome:
    """Return the outcome of one request.

    `topic_proven` says that Apple took another message for this topic: a token that it does not
    know is then the fault of the address. Before that, the whole channel may be off (an app that
    was built for the sandbox, another bundle id), and no address is given up for it.
    """
    if answer.status == 200:
        return Accepted(provider_id=answer.headers().get("apns-id"))
    reason = _reason(answer.body)
    code = reason or f"HTTP_{answer.status}"
    wait = read_retry_after(answer.headers(), now)
    if answer.status == 429:
        return _read_too_many(code, wait)
    if answer.status >= 500 or answer.status == 408:
        return AnsweredError(code=code, retry_after_s=wait)
    if reason == "IdleTimeout":
        return NotActed(code=code, retry_after_s=0.0)
    if reason in _DEAD or answer.status == 410:
        return Refused(reason=FailReason.UNREGISTERED, code=code, dead_address=True)
    if reason in _ADDRESS:
        return Refused(reason=FailReason.BAD_ADDRESS, code=code, dead_address=topic_proven)
    if reason == "DeviceTokenNotForTopic":
        return Refused(reason=FailReason.SENDER_MISMATCH, code=code, dead_address=topic_proven)
    if answer.status == 413:
        return Refused(reason=FailReason.TOO_LARGE, code=code)
    if reason in _MESSAGE:
        return Refused(reason=FailReason.BAD_MESSAGE, code=code, systemic=True)
    if answer.status in (401, 403) or reason in _CHANNEL or nobody_there(answer.status):
        # The key, the certificate, the team, the topic: Apple looked at who asks, and no further.
        return NotActed(code=code, systemic=True, setting=_setting(answer.status, reason))
    # A reason that is unknown to us the next one would hear as well, unless others went through.
    about_us = answer.status != 400 or not topic_proven
    return Refused(reason=FailReason.REFUSED, code=code, systemic=about_us)


def _setting(status: int, reason: str | None) -> str | None:
    """Return which setting Apple refused; None where it is the key."""
    if reason in _CHANNEL:
        return "topic"
    return "base_url" if nobody_there(status) else None


def _read_too_many(code: str, wait: float | None) -> Outcome:
    if code == "TooManyRequests":
        # To this one device (Apple's words), so the others go on.
        return NotActed(code=code, retry_after_s=wait)
    least = TOKEN_UPDATES_WAIT_S if code == "TooManyProviderTokenUpdates" else QUOTA_WAIT_S
    return NotActed(code=code, retry_after_s=least if wait is None else wait, opens_breaker=True)


def _reason(body: bytes) -> str | None:
    reason = read_object(body).get("reason")
    return reason if isinstance(reason, str) else None
