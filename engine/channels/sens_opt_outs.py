"""Who refused text messages by calling the 080 number that is rented at NAVER Cloud SENS.

api.ncloud-docs.com, `sens-sms-unsubscribe-list`: `GET /sms/v2/services/{id}/unsubscribes`, `pageIndex`
from 0, at most 100 a page, `startTime` in milliseconds; a list of `clientTelNo` and `registerTime`. A
service without any answers 404 (seen by others, not documented). ⚠ `registerTime` names no zone:
Korea's is assumed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from engine.channels.kst import KST
from engine.channels.phone import e164
from engine.channels.sens_results import PAGE, Ask
from engine.model.refusal import OptOut

_MOST_PAGES = 5_000
_LONG_AGO = datetime(2000, 1, 1, tzinfo=KST)


def opted_out(ask: Ask, since: datetime | None) -> tuple[OptOut, ...]:
    """Return everybody who called the service's 080 number, or only since `since`.

    Whoever stands there without a time that can be read refused long ago. What is no phone number
    is left out: nothing can be sent to it.
    """
    return tuple(_read(ask, since))


def _read(ask: Ask, since: datetime | None) -> Iterator[OptOut]:
    first = {} if since is None else {"startTime": str(int(since.timestamp() * 1000))}
    for index in range(_MOST_PAGES):
        query = {"pageSize": str(PAGE), "pageIndex": str(index), **first}
        rows = ask("sms", "/unsubscribes", query)
        listed = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
        for row in listed:
            phone = e164(str(row.get("clientTelNo") or ""))
            if phone is not None:
                yield OptOut(phone=phone, at=_instant(str(row.get("registerTime") or "")))
        if len(listed) < PAGE:
            return


def _instant(text: str) -> datetime:
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return _LONG_AGO
    return read if read.tzinfo else read.replace(tzinfo=KST)
