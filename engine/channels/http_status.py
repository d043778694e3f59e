"""What an HTTP status alone means, for vendors that take a request whole or not at all."""

from __future__ import annotations

from datetime import datetime

from engine.channels.exchange import Answered
from engine.channels.retry_after import read_retry_after
from engine.model.delivery import FailReason
from engine.model.outcome import AnsweredError, NotActed, Outcome, Refused

THROTTLED_WAIT_S = 1.0
"""How long to leave a vendor alone after 429 where it does not say. Ours: quotas are per second."""

REFUSED_US = frozenset((401, 402, 403))
"""Statuses that are about who asks, and not about what is asked for."""

_NOT_HERE = frozenset((404, 405))


def read_status(
    answer: Answered, code: str | None, now: datetime, *, place: str = "base_url"
) -> Outcome:
    """Return what the HTTP status of an answer other than 2xx means for the whole request.

    `code` is the vendor's own word for it, where there is one. A request that the vendor calls wrong
    (4xx) would be wrong again: that is systemic. Without a right or the money for it (401, 402, 403;
    RFC 9110 §15.5), and where nobody lives (`nobody_there`), nothing was done; `place` is the setting
    that is part of the address.
    """
    word = code or f"HTTP_{answer.status}"
    wait = read_retry_after(answer.headers(), now)
    if answer.status == 429:
        return NotActed(
            code=word, retry_after_s=THROTTLED_WAIT_S if wait is None else wait, opens_breaker=True
        )
    if answer.status >= 500 or answer.status == 408:
        return AnsweredError(code=word, retry_after_s=wait)
    if answer.status in REFUSED_US:
        return NotActed(code=word, systemic=True)
    if nobody_there(answer.status):
        return NotActed(code=word, systemic=True, setting=place)
    reason = FailReason.BAD_MESSAGE if answer.status in (400, 422) else FailReason.REFUSED
    return Refused(reason=reason, code=word, systemic=True)


def nobody_there(status: int) -> bool:
    """Tell whether a status says that the address is wrong: 404, 405, or a redirect (RFC 9110 §15.4)."""
    return status in _NOT_HERE or 300 <= status < 400
