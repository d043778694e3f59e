"""What NHN Cloud's answers mean. HTTP 200 says nothing: the header's code and each recipient's do.

Codes: NHN Cloud, KakaoTalk Bizmessage > error codes and SMS > error codes. Read by number, never by
the words beside it. The same number means different things in the two services.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from engine.channels.batch_vendor import for_all
from engine.channels.exchange import Answered
from engine.channels.http_status import read_status
from engine.channels.json_body import read_object
from engine.model.delivery import FailReason
from engine.model.outcome import (
    Accepted,
    AnsweredError,
    NotActed,
    Outcome,
    Outgoing,
    Refused,
    Silent,
)

DUPLICATE = -1005
"""The same idempotency key within 10 minutes: the request before it was taken, its answer lost."""

_OWN_FAULT = {"kakao": frozenset((-7000, -9999)), "sms": frozenset((-2009, -2010, -2021, -9999))}
"""The service failed: what it did before is not known."""

_ACCOUNT = {
    "kakao": frozenset((-1000, -1001, -1030, -4004, -4005, -4029, -9992)),
    "sms": frozenset((-1000, -1001, -1002, -1003, -1004, -6000, -6004)),
}
"""Keys and contracts of ours: nobody's message would go through."""

_SETTINGS: Mapping[str, Mapping[int, str]] = {
    "kakao": {
        **dict.fromkeys((-1006, -1014, -1024, -1027, -2017), "profiles"),
        **dict.fromkeys((-3003, -3005), "template_code"),
        **dict.fromkeys((-3340, -3341), "unsubscribe_number"),
    },
    "sms": dict.fromkeys((-2312, -2313), "senders"),
}
"""What we set, and NHN does not know, has not approved or blocks: a profile, a template, a number."""

_NUMBER = {"kakao": frozenset((-4019, -5000)), "sms": frozenset((-2018, -2019))}
"""The recipient's number is none."""

_PERSON = {"kakao": frozenset((-1028, -3301)), "sms": frozenset((-6001,))}
"""This recipient does not get it (refused advertisements, first messages), others do."""

_MESSAGE = {
    "kakao": (range(-3349, -2999), range(-2505, -1999), range(-8012, -7999), (4, -4200)),
    "sms": (range(-2023, -1999), range(-2117, -2099), (4, -1006, -6003)),
}
"""The message is wrong; so would it be for the next."""


def read_answer(
    service: str, product: str, answer: Answered, batch: Sequence[Outgoing], now: datetime
) -> Sequence[Outcome]:
    """Return one outcome per delivery, in the order of `batch`.

    `service` is `kakao` or `sms`; `product` becomes the beginning of the names that deliveries get.
    """
    parsed = read_object(answer.body)
    header = _mapping(parsed.get("header"))
    code = _code(header.get("resultCode"))
    if code == DUPLICATE:
        return for_all(batch, Silent(code=str(code)))
    if not 200 <= answer.status < 300:
        return for_all(batch, read_status(answer, str(code) if code else None, now))
    if not isinstance(header.get("isSuccessful"), bool):
        return for_all(batch, Silent(code="UNREADABLE_ANSWER"))
    request_id, rows = _results(service, parsed)
    if rows:
        return _read_rows(service, product, request_id, rows, batch)
    if header["isSuccessful"]:
        return for_all(batch, Silent(code="NO_RESULTS"))
    return for_all(batch, _refusal(service, code, alone=len(batch) == 1))


def refused_whole(service: str, answer: Answered) -> bool:
    """Tell whether NHN did nothing of a request for what one of its recipients has wrong."""
    parsed = read_object(answer.body)
    header = _mapping(parsed.get("header"))
    code = _code(header.get("resultCode"))
    if not 200 <= answer.status < 300 or header.get("isSuccessful") is not False or code is None:
        return False
    _, rows = _results(service, parsed)
    theirs = code in _NUMBER[service] or code in _PERSON[service]
    message = code not in _SETTINGS[service] and any(code in codes for codes in _MESSAGE[service])
    return not rows and (theirs or message)


def parse_header(service: str, answer: object) -> tuple[bool, int | None, bool]:
    """Return whether NHN answered a question, its code, and whether it refused our account."""
    header = _mapping(_mapping(answer).get("header"))
    code = _code(header.get("resultCode"))
    ours = code in _ACCOUNT[service] or code in _SETTINGS[service]
    return header.get("isSuccessful") is True, code, ours


def _results(service: str, parsed: Mapping[str, Any]) -> tuple[str, Sequence[Mapping[str, Any]]]:
    if service == "kakao":
        data, key = _mapping(parsed.get("message")), "sendResults"
    else:
        data, key = _mapping(_mapping(parsed.get("body")).get("data")), "sendResultList"
    rows = data.get(key)
    listed = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return str(data.get("requestId") or ""), listed


def _read_rows(
    service: str,
    product: str,
    request_id: str,
    rows: Sequence[Mapping[str, Any]],
    batch: Sequence[Outgoing],
) -> Sequence[Outcome]:
    """Find every delivery's row by our reference, or by its place where NHN gives none back."""
    named = {row["recipientGroupingKey"]: row for row in rows if row.get("recipientGroupingKey")}
    in_order = rows if not named and len(rows) == len(batch) else ()
    proven = any(_code(row.get("resultCode")) == 0 for row in rows)
    outcomes: list[Outcome] = []
    for place, outgoing in enumerate(batch):
        row = in_order[place] if in_order else named.get(outgoing.reference)
        code = _code(row.get("resultCode")) if row else None
        if row is None or code is None:
            outcomes.append(Silent(code="NO_RESULT"))
        elif code == 0:
            name = f"{product}/{request_id}/{row.get('recipientSeq')}"
            outcomes.append(Accepted(provider_id=name))
        else:
            outcomes.append(_refusal(service, code, alone=True, proven=proven))
    return outcomes


def _refusal(service: str, code: int | None, *, alone: bool, proven: bool = False) -> Outcome:
    """Return what `code` means. `alone` says that it is about one recipient.

    `proven` says that another recipient of the same request was taken: then the fault is not in what
    they share.
    """
    word = str(code)
    if code is None or code in _OWN_FAULT[service]:
        return AnsweredError(code=word)
    if code in _NUMBER[service]:
        return Refused(reason=FailReason.BAD_ADDRESS, code=word, dead_address=alone)
    if code in _PERSON[service]:
        return Refused(reason=FailReason.REFUSED, code=word)
    if code in _ACCOUNT[service]:
        return NotActed(code=word, systemic=True)
    if code in _SETTINGS[service]:
        return NotActed(code=word, systemic=True, setting=_SETTINGS[service][code])
    if any(code in codes for codes in _MESSAGE[service]):
        return Refused(reason=FailReason.BAD_MESSAGE, code=word, systemic=not proven)
    return Refused(reason=FailReason.REFUSED, code=word, systemic=not proven)


def _code(value: object) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, str) and value.lstrip("-").isdigit():
        return int(value)
    return None


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
