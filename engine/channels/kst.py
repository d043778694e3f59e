"""Korea's time, in which Korean vendors write times that name no zone."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

KST = timezone(timedelta(hours=9), "KST")
"""UTC+9 since 1961, without daylight saving since 1988 (IANA `Asia/Seoul`)."""


def kst_text(instant: datetime, form: str = "%Y-%m-%d %H:%M:%S") -> str:
    """Return an aware instant as Korean wall-clock time: `2026-09-24 10:00:00`."""
    return instant.astimezone(KST).strftime(form)
