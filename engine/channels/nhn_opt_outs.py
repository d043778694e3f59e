"""Who refused text messages by calling the 080 number that is rented at NHN Cloud.

NHN Cloud, SMS API, `GET …/blockservice/recipients`: `unsubscribeNo` must be given, times are those of
Korea (`2018-05-14 17:07:29.0`), at most 1,000 a page. ⚠ The answer's fields are those that the guide
of v2.2 shows; that v3.0 answers alike is an assumption.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from engine.channels.kst import KST, kst_text
from engine.channels.nhn_results import Ask, pages
from engine.channels.phone import e164
from engine.model.refusal import OptOut

PATH = "/sms/v3.0/appKeys/{appkey}/blockservice/recipients"


def opted_out(ask: Ask, number: str, since: datetime | None, now: datetime) -> tuple[OptOut, ...]:
    """Return everybody who called `number` (080), or only since `since`.

    Whoever stands there without a time that can be read refused long ago. What is no phone number
    is left out: nothing can be sent to it.
    """
    query = {"unsubscribeNo": "".join(char for char in number if char.isdigit())}
    if since is not None:
        query |= {"startRequestDate": kst_text(since), "endRequestDate": kst_text(now)}
    return tuple(_read(ask, query))


def _read(ask: Ask, query: dict[str, str]) -> Iterator[OptOut]:
    for row in pages(ask, PATH, query):
        phone = e164(str(row.get("recipientNo") or ""))
        if phone is not None:
            yield OptOut(phone=phone, at=_instant(str(row.get("requestDate") or "")))


def _instant(text: str) -> datetime:
    try:
        read = datetime.fromisoformat(text.removesuffix(".0"))
    except ValueError:
        read = datetime(2000, 1, 1, tzinfo=KST)
    return read if read.tzinfo else read.replace(tzinfo=KST)
