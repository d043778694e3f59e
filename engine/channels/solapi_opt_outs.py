"""Who refused text messages by calling the 080 number that is rented at SOLAPI.

SOLAPI's Node SDK (`getBlacks`): `GET /iam/v1/black?type=DENIAL` with `startKey`, `limit` and
`dateCreated[gte]`; rows of `blackList` have `recipientNumber`, `senderNumber`, `dateCreated`. Its
releases disagree whether `blackList` is a list or a map by key: both are read. ⚠ How
`dateCreated[gte]` is compared is not documented, so `since` is looked at here as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from engine.channels.phone import e164
from engine.channels.solapi_results import Ask, pages
from engine.kernel.instant import format_instant
from engine.model.refusal import OptOut

PATH = "/iam/v1/black"
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def opted_out(ask: Ask, since: datetime | None) -> tuple[OptOut, ...]:
    """Return everybody who called one of the account's 080 numbers, or only since `since`.

    Whoever stands there without a time that can be read refused long ago. What is no phone number
    is left out: nothing can be sent to it.
    """
    return tuple(one for one in _read(ask, since) if since is None or _since(one, since))


def _since(one: OptOut, since: datetime) -> bool:
    return one.at >= since or one.at == _LONG_AGO


def _read(ask: Ask, since: datetime | None) -> Iterator[OptOut]:
    query = {"type": "DENIAL"}
    if since is not None:
        query["dateCreated[gte]"] = format_instant(since)
    for row in pages(ask, PATH, "blackList", query):
        phone = e164(str(row.get("recipientNumber") or ""))
        if phone is not None:
            yield OptOut(phone=phone, at=_instant(str(row.get("dateCreated") or "")))


def _instant(text: str) -> datetime:
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return _LONG_AGO
    return read if read.tzinfo else read.replace(tzinfo=UTC)
