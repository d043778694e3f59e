"""What became of messages that NHN Cloud took: delivery codes, and where they are asked for.

NHN Cloud, AlimTalk v2.3, Brand Message v1.0 and SMS v3.0 (lists); SMS > error codes (EMMA v3). NHN
keeps messages for 90 days and answers for at most 30 days at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from engine.channels.kakao_codes import UNDECIDED, kakao_refusal
from engine.channels.kst import kst_text
from engine.channels.time_lists import Outcomes, TimeLists
from engine.model.delivery import FailReason
from engine.model.outcome import Accepted, Awaited, Outcome, Refused

PAGE = 1000
FEW = 20
"""Up to so many hand-overs without an answer are asked for one by one."""

MANY = 200
"""From so many requests on, the messages of their time are listed instead: a personal Brand Message is
a request of its own, and a list's page holds a thousand. Ours."""

_MOST_PAGES = 500
AROUND = timedelta(minutes=10)
"""How far a request's time at NHN may lie from the one at which we handed over (two clocks)."""

_PENDING = {"kakao": UNDECIDED, "sms": frozenset(("",))}
_NO_NUMBER = frozenset(("1002", "3001", "3003", "E901", "E902"))
"""SMS (EMMA v3): malformed, no subscriber, wrong kind of number, none at all."""

Ask = Callable[[str, Mapping[str, str]], Any]
"""Returns the JSON of a GET by its path (below the app key) and query; None for 404."""


def read_row(service: str, row: Mapping[str, Any]) -> Outcome | None:
    """Return what is final in a row of a list, a single message or a webhook's hook; else None."""
    code = str(row.get("resultCode") or "")
    status = str(row.get("messageStatus" if service == "kakao" else "msgStatus") or "")
    if code in ("1000", "MRC01", "MTR1") or (service == "sms" and status == "3"):
        return Accepted()
    if service == "kakao" and status == "CANCEL":
        return Refused(reason=FailReason.REFUSED, code="CANCEL")
    if service == "sms" and status in ("1", "2", "7"):
        return None
    if code in _PENDING[service] and status not in ("FAILED", "0", "4", "5", "6"):
        return None
    return _failure(service, code or status)


def _failure(service: str, code: str) -> Refused:
    if service == "kakao":
        return kakao_refusal(code)
    if code in _NO_NUMBER:
        return Refused(reason=FailReason.BAD_ADDRESS, code=code, dead_address=True)
    return Refused(reason=FailReason.REFUSED, code=code)


def look_up(
    service: str,
    doors: Mapping[str, str],
    ask: Ask,
    awaited: Sequence[Awaited],
    times: TimeLists,
) -> Mapping[str, Outcome]:
    """Return what is final, by our reference.

    `doors` are the paths of the lists by product. A request whose number is known is asked for once,
    unless they are many: then for all messages of that time (`times`), and for what these lack. Of
    those that no answer came for, every product's list is asked: for our own reference, or as above.
    """
    found: dict[str, Outcome] = {}
    if len({split_name(one.provider_id)[:2] for one in awaited if one.provider_id}) >= MANY:
        listed = _of_their_time(service, doors, ask, awaited, times)
        found.update((name, outcome) for name, outcome in listed.items() if outcome is not None)
        awaited = [one for one in awaited if one.reference not in listed]
    requests: defaultdict[tuple[str, str], list[Awaited]] = defaultdict(list)
    silent: list[Awaited] = []
    for one in awaited:
        product, request_id, _ = split_name(one.provider_id)
        if product in doors:
            requests[product, request_id].append(one)
        else:
            silent.append(one)
    if len(silent) > FEW:
        listed = _of_their_time(service, doors, ask, silent, times)
        found.update((name, outcome) for name, outcome in listed.items() if outcome is not None)
    else:
        for one in silent:
            found |= _by_reference(service, doors, ask, one)
    for (product, request_id), ones in requests.items():
        rows = pages(ask, doors[product], {"requestId": request_id})
        states = {str(row.get("recipientSeq")): row for row in rows}
        for one in ones:
            row = states.get(split_name(one.provider_id)[2])
            outcome = read_row(service, row) if row is not None else None
            if outcome is not None:
                found[one.reference] = _named(outcome, one.provider_id)
    return found


def _of_their_time(
    service: str,
    doors: Mapping[str, str],
    ask: Ask,
    awaited: Sequence[Awaited],
    times: TimeLists,
) -> Outcomes:
    def list_one(product: str, since: datetime, until: datetime) -> Outcomes:
        return {
            str(row.get("recipientGroupingKey")): _outcome_of(service, product, row)
            for row in pages(ask, doors[product], _window(service, since, until))
        }

    lists = {product: partial(list_one, product) for product in doors}
    return times.find(lists, awaited, before=AROUND, after=AROUND)


def split_name(name: str | None) -> tuple[str, str, str]:
    """Return product, request and recipient of an accepted message's name; empty for anything else."""
    parts = (name or "").split("/")
    return (parts[0], parts[1], parts[2]) if len(parts) == 3 else ("", "", "")


def from_callbacks(
    service: str, bodies: Iterable[Mapping[str, Any]], awaited: Sequence[Awaited]
) -> Mapping[str, Outcome]:
    """Return what webhooks said (`MESSAGE_RESULT_UPDATE`): by our reference, else by request."""
    by_name = {one.provider_id: one for one in awaited if one.provider_id}
    by_place = {split_name(name)[1:]: one for name, one in by_name.items()}
    by_reference = {one.reference: one for one in awaited}
    found: dict[str, Outcome] = {}
    for body in bodies:
        for hook in body.get("hooks") or ():
            place = (str(hook.get("requestId")), str(hook.get("recipientSeq")))
            one = by_reference.get(str(hook.get("recipientGroupingKey"))) or by_place.get(place)
            outcome = read_row(service, hook)
            if one is not None and outcome is not None:
                found[one.reference] = _named(outcome, one.provider_id)
    return found


def pages(ask: Ask, door: str, query: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
    """Return the rows of a list, page by page: at most half a million."""
    for number in range(1, _MOST_PAGES + 1):
        answer = ask(door, {**query, "pageNum": str(number), "pageSize": str(PAGE)})
        rows = _rows(answer)
        yield from rows
        if len(rows) < PAGE:
            return


def _rows(answer: Any) -> list[Mapping[str, Any]]:
    if not isinstance(answer, dict):
        return []
    kakao, sms = answer.get("messageSearchResultResponse"), answer.get("body")
    if isinstance(kakao, dict):
        rows = kakao.get("messages")
    else:
        rows = sms.get("data") if isinstance(sms, dict) else None
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _by_reference(
    service: str, doors: Mapping[str, str], ask: Ask, one: Awaited
) -> Mapping[str, Outcome]:
    query = {
        **_window(service, one.handed_over_at - AROUND, one.handed_over_at + AROUND),
        "recipientGroupingKey": one.reference,
    }
    found: dict[str, Outcome] = {}
    for product, door in doors.items():
        for row in pages(ask, door, query):
            outcome = _outcome_of(service, product, row)
            if outcome is not None and row.get("recipientGroupingKey") == one.reference:
                found[one.reference] = outcome
    return found


def _outcome_of(service: str, product: str, row: Mapping[str, Any]) -> Outcome | None:
    """Return what is final in a row of a product's list, with NHN's name for the message."""
    outcome = read_row(service, row)
    name = f"{product}/{row.get('requestId')}/{row.get('recipientSeq')}"
    return None if outcome is None else _named(outcome, name)


def _window(service: str, since: datetime, until: datetime) -> Mapping[str, str]:
    """Return the part of a query that asks for a time, both ends of it included."""
    form = "%Y-%m-%d %H:%M" if service == "kakao" else "%Y-%m-%d %H:%M:%S"
    return {
        "startRequestDate": kst_text(since, form),
        "endRequestDate": kst_text(until, form),
    }


def _named(outcome: Outcome, name: str | None) -> Outcome:
    return Accepted(provider_id=name) if isinstance(outcome, Accepted) and name else outcome
