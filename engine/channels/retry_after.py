"""What it means that no answer came, and how long to wait before a vendor is tried again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime

from engine.channels.exchange import REFUSED_STREAM, NeverSent, NoAnswer
from engine.model.outcome import NotActed, Silent

UNREACHABLE_WAIT_S = 5.0
"""How long everything waits when no connection can be made. Ours."""

_MAX_WAIT_S = 86400.0


def read_unanswered(result: NeverSent | NoAnswer) -> NotActed | Silent:
    """Return what became of a request without an answer (design §8.6).

    A refused stream says nothing against the connection: at once again. That no connection could be
    made says something about all: they rest.
    """
    if isinstance(result, NoAnswer):
        return Silent(code=result.code)
    if result.code == REFUSED_STREAM:
        return NotActed(code=result.code, retry_after_s=0.0)
    return NotActed(code=result.code, retry_after_s=UNREACHABLE_WAIT_S, opens_breaker=True)


def read_retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return the seconds of `Retry-After`, or None without a readable one (RFC 9110 §10.2.3).

    A date is counted from the answer's own `Date`, because two clocks may differ; else from `now`.
    """
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), _MAX_WAIT_S)
    until = _parse_date(text)
    if until is None:
        return None
    since = _parse_date(headers.get("date", "")) or now
    return min(max(0.0, (until - since).total_seconds()), _MAX_WAIT_S)


def _parse_date(text: str) -> datetime | None:
    try:
        parsed = parsedate_to_datetime(text)
    except ValueError:
        return None
    return parsed if parsed.tzinfo else None
