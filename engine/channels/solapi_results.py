"""What SOLAPI says later and of itself: what became of messages, profiles, templates and numbers.

docs.solapi.com: `GET /messages/v4/list` (criteria, cond, value; startKey, limit; startDate, endDate),
`GET /senderid/v1/numbers/active`, webhooks of single reports. `GET /kakao/v2/channels` and
`/kakao/v2/templates` are those of SOLAPI's Node SDK 5.5. ⚠ From memory: 500 messages a page at most.
SOLAPI keeps messages for six months.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from engine.channels.solapi_answer import read_report, reference_in, rows_of, split_name
from engine.channels.time_lists import Outcomes, TimeLists
from engine.kernel.instant import format_instant
from engine.model.outcome import Accepted, Awaited, Outcome
from engine.model.vendor import ProfileState, ProfileStatus, TemplateState, TemplateStatus

PAGE = 500
FEW = 20
"""Up to so many hand-overs without an answer are looked for in a list of just their time. Ours."""

_MOST_PAGES = 2000
_BEFORE, _AFTER = timedelta(minutes=10), timedelta(minutes=20)
"""How far a message's time at SOLAPI may lie from the one at which we handed it over."""

_TEMPLATES = {
    "APPROVED": TemplateStatus.APPROVED,
    "REJECTED": TemplateStatus.REJECTED,
    "DORMANT": TemplateStatus.DORMANT,
}
"""PENDING and INSPECTING, and whatever comes new, cannot be sent yet. ⚠ DORMANT is from memory."""

Ask = Callable[[str, Mapping[str, str]], Any]
"""Returns the JSON of a GET by its path and query; None for 404."""


def look_up(ask: Ask, awaited: Sequence[Awaited], times: TimeLists) -> Mapping[str, Outcome]:
    """Return what is final, by our reference.

    Every group that messages went out in is listed once. Of those that no answer came for, the
    messages of that time are listed, and our references are looked for among them. For many of them
    `times` keeps what was listed: they are asked for lot by lot.
    """
    found: dict[str, Outcome] = {}
    groups: defaultdict[str, list[Awaited]] = defaultdict(list)
    for one in awaited:
        groups[split_name(one.provider_id)[0]].append(one)
    silent = groups.pop("", [])
    for group, ones in groups.items():
        query = {"criteria": "groupId", "cond": "eq", "value": group}
        found |= match(pages(ask, "/messages/v4/list", "messageList", query), ones)
    if len(silent) > FEW:
        lists = {"messages": partial(_list_between, ask)}
        listed = times.find(lists, silent, before=_BEFORE, after=_AFTER)
        return found | {name: outcome for name, outcome in listed.items() if outcome is not None}
    for lot in _neighbours(silent):
        since, until = lot[0].handed_over_at - _BEFORE, lot[-1].handed_over_at + _AFTER
        found |= match(_created(ask, since, until), lot)
    return found


def _list_between(ask: Ask, since: datetime, until: datetime) -> Outcomes:
    rows = _created(ask, since, until)
    return {reference_in(row): read_report(row) for row in rows if reference_in(row)}


def _created(ask: Ask, since: datetime, until: datetime) -> Iterator[Mapping[str, Any]]:
    query = {
        "dateType": "CREATED",
        "startDate": format_instant(since),
        "endDate": format_instant(until),
    }
    return pages(ask, "/messages/v4/list", "messageList", query)


def match(rows: Iterable[Mapping[str, Any]], awaited: Sequence[Awaited]) -> dict[str, Outcome]:
    """Return what `rows` say is final about `awaited`, by our reference."""
    by_reference = {one.reference: one for one in awaited}
    by_message = {split_name(one.provider_id)[1]: one for one in awaited if one.provider_id}
    by_message.pop("", None)
    found: dict[str, Outcome] = {}
    for row in rows:
        one = by_reference.get(reference_in(row)) or by_message.get(str(row.get("messageId")))
        outcome = read_report(row) if one is not None else None
        if one is not None and outcome is not None:
            if isinstance(outcome, Accepted) and one.provider_id:
                outcome = Accepted(provider_id=one.provider_id)
            found[one.reference] = outcome
    return found


def reports_of(bodies: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Return the messages that webhooks told of: `data` of each event, or the event itself."""
    for body in bodies:
        data = body.get("data")
        yield data if isinstance(data, dict) else body


def read_senders(plain: Any) -> tuple[str, ...]:
    """Return the numbers that may be sent from, sorted."""
    return tuple(sorted(str(number) for number in plain)) if isinstance(plain, list) else ()


def read_profiles(ask: Ask, keys: Mapping[str, str]) -> Mapping[str, ProfileState]:
    """Return the state of each profile of `keys` (name → pfId).

    SOLAPI lists the channels that are connected and says no more of them.
    """
    rows = pages(ask, "/kakao/v2/channels", "channelList", {})
    connected = {str(row.get("channelId")) for row in rows}
    return {
        name: ProfileState(
            status=ProfileStatus.ACTIVE if key in connected else ProfileStatus.DISCONNECTED
        )
        for name, key in keys.items()
    }


def read_templates(ask: Ask) -> Mapping[str, TemplateState]:
    """Return every AlimTalk template of the account, by its id."""
    return {
        str(row["templateId"]): TemplateState(
            status=_TEMPLATES.get(str(row.get("status")), TemplateStatus.PENDING),
            text=str(row["content"]) if row.get("content") else None,
        )
        for row in pages(ask, "/kakao/v2/templates", "templateList", {})
        if row.get("templateId")
    }


def _neighbours(awaited: Sequence[Awaited]) -> Iterator[Sequence[Awaited]]:
    """Return those whose times lie so close together that one list covers them."""
    lot: list[Awaited] = []
    for one in sorted(awaited, key=lambda each: each.handed_over_at):
        if lot and one.handed_over_at - lot[-1].handed_over_at > _BEFORE + _AFTER:
            yield lot
            lot = []
        lot.append(one)
    if lot:
        yield lot


def pages(ask: Ask, path: str, name: str, query: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
    """Yield the rows that a list holds under `name`, page by page."""
    start: dict[str, str] = {}
    for _ in range(_MOST_PAGES):
        answer = ask(path, {**query, **start, "limit": str(PAGE)})
        if not isinstance(answer, dict):
            return
        yield from rows_of(answer.get(name))
        following = answer.get("nextKey")
        if not following or {"startKey": str(following)} == start:
            return
        start = {"startKey": str(following)}
