"""Korea's time, in which Korean vendors write and read times that name no zone."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

KST = timezone(timedelta(hours=9), "KST")
"""UTC+9 since 1961, without daylight saving since 1988 (IANA `Asia/Seoul`)."""

_FORMATS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%d %H:%M", "%Y%m%d%H%M%S")


def kst_text(instant: datetime, form: str = "%Y-%m-%d %H:%M:%S") -> str:
    """Return an aware instant as Korean wall-clock time: `2026-09-24 10:00:00`."""
    return instant.astimezone(KST).strftime(form)


def read_kst(text: str) -> datetime | None:
    """Return the instant of an ISO 8601 or vendor time; without a zone it is Korea's. Else None."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return _read_vendor_form(text)
    return instant if instant.tzinfo else instant.replace(tzinfo=KST)


def _read_vendor_form(text: str) -> datetime | None:
    for form in _FORMATS:
        try:
            return datetime.strptime(text, form).replace(tzinfo=KST)
        except ValueError:
            continue
    return None
