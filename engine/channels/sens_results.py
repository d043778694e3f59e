"""What SENS says later: what became of messages, and in what state channels and templates are.

api.ncloud-docs.com, `sens-sms-list`, `sens-alimtalk-list`, `sens-brandmessage-list` (30 days, 100 a page,
`nextToken`), `sens-alimtalk-kakao-channel-get`, `sens-alimtalk-template-get`. SENS keeps no reference of
ours, so that nobody can be asked about a request without an answer. ⚠ The states of templates and a
channel's `isDormant` are from memory. SENS documents no list of sending numbers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from engine.channels.kakao_codes import UNDECIDED, kakao_refusal
from engine.model.delivery import FailReason
from engine.model.outcome import Accepted, Awaited, Outcome, Refused
from engine.model.vendor import (
    ProfileState,
    ProfileStatus,
    TemplateState,
    TemplateStatus,
    VendorFacts,
)

PAGE = 100
_CHANNELS = {
    "ACTIVE": ProfileStatus.ACTIVE,
    "BLOCKED": ProfileStatus.BLOCKED,
    "PENDING_DELETE": ProfileStatus.DISCONNECTED,
    "DELETED": ProfileStatus.DISCONNECTED,
    "DELETING_PERMANETLY": ProfileStatus.DISCONNECTED,
    "PERMANENTLY_DELETED": ProfileStatus.DISCONNECTED,
}
_APPROVED = frozenset(("ACCEPT", "APPROVE", "APPROVED", "COMPLETE", "COMPLETED", "APR"))
_REJECTED = frozenset(("RETURN", "REJECT", "REJECTED", "REJ"))

Ask = Callable[[str, str, Mapping[str, str]], Any]
"""Returns the JSON of a GET by product (`sms` …), path below the service, and query; None for 404."""


def look_up(
    ask: Ask, mark: Callable[[str], str], awaited: Sequence[Awaited]
) -> Mapping[str, Outcome]:
    """Return what is final, by our reference: each request is asked for once."""
    requests: defaultdict[tuple[str, str], list[Awaited]] = defaultdict(list)
    for one in awaited:
        product, request_id, _ = split_name(one.provider_id)
        if request_id:
            requests[product, request_id].append(one)
    found: dict[str, Outcome] = {}
    for (product, request_id), ones in requests.items():
        found |= match(product, _rows(ask, product, request_id), mark, ones)
    return found


def split_name(name: str | None) -> tuple[str, str, str]:
    """Return product, request and message of an accepted message's name; empty for anything else."""
    parts = (name or "").split("/")
    return (parts[0], parts[1], parts[2]) if len(parts) == 3 else ("", "", "")


def match(
    product: str,
    rows: Iterable[Mapping[str, Any]],
    mark: Callable[[str], str],
    awaited: Sequence[Awaited],
) -> Mapping[str, Outcome]:
    """Return what `rows` (of lists or callbacks) say is final about `awaited`, by our reference."""
    by_name = {one.provider_id: one for one in awaited}
    found: dict[str, Outcome] = {}
    for row in rows:
        last = mark(str(row.get("to"))) if product == "sms" else row.get("messageId")
        one = by_name.get(f"{product}/{row.get('requestId')}/{last}")
        outcome = read_row(product, row) if one is not None else None
        if one is not None and outcome is not None:
            found[one.reference] = (
                Accepted(provider_id=one.provider_id) if isinstance(outcome, Accepted) else outcome
            )
    return found


def read_row(product: str, row: Mapping[str, Any]) -> Outcome | None:
    """Return what is final in a row; None while SENS is still at it."""
    if product == "sms":
        return _read_sms(row)
    if str(row.get("requestStatusName")) == "fail":
        return Refused(reason=FailReason.REFUSED, code=str(row.get("requestStatusCode")))
    code, name = str(row.get("messageStatusCode") or ""), str(row.get("messageStatusName") or "")
    if code == "0000" or (name == "success" and not code):
        return Accepted()
    if name != "fail" and (name == "processing" or code in UNDECIDED):
        return None
    return kakao_refusal(code or name)


def _read_sms(row: Mapping[str, Any]) -> Outcome | None:
    name = str(row.get("statusName") or "")
    if str(row.get("status") or "COMPLETED") != "COMPLETED" or name not in ("success", "fail"):
        return None
    if name == "success":
        return Accepted()
    # ⚠ The carriers' codes of SENS are not documented one by one: none proves a dead number.
    return Refused(reason=FailReason.REFUSED, code=str(row.get("statusCode")))


def _rows(ask: Ask, product: str, request_id: str) -> Iterator[Mapping[str, Any]]:
    query = {"requestId": request_id, "pageSize": str(PAGE)}
    token: str | None = ""
    while token is not None:
        answer = ask(product, "/messages", {**query, "nextToken": token} if token else query)
        listed = answer.get("messages") if isinstance(answer, dict) else None
        yield from (row for row in listed or () if isinstance(row, dict))
        following = answer.get("nextToken") if isinstance(answer, dict) else None
        token = following if isinstance(following, str) and following != token else None
        token = token or None


def describe_kakao(ask: Ask, channels: Mapping[str, str]) -> VendorFacts:
    """Ask for the channels (`channels`: SENS's channel id by our profile) and their templates."""
    states = {str(row.get("channelId")): row for row in _list(ask("alimtalk", "/channels", {}))}
    profiles: dict[str, ProfileState] = {}
    templates: dict[str, TemplateState] = {}
    for name, channel in channels.items():
        profiles[name] = ProfileState(status=_profile(states.get(channel)))
        query = {"channelId": channel, "pageSize": str(PAGE)}
        for row in _list(ask("alimtalk", "/templates", query)):
            status = _template(str(row.get("templateInspectionStatus") or "").upper())
            templates[str(row.get("templateCode"))] = TemplateState(
                status=status, text=row.get("content")
            )
    return VendorFacts(profiles=profiles, templates=templates)


def try_keys(ask: Ask) -> None:
    """Ask for one row of the shortest list of the SMS service: it is answered to good keys only.

    That list is `sens-sms-unsubscribe-list`; a service without any answers 404, which is fine.
    Raises what `ask` raises for refused ones.
    """
    ask("sms", "/unsubscribes", {"pageSize": "1", "pageIndex": "0"})


def _profile(row: Mapping[str, Any] | None) -> ProfileStatus:
    if row is None:
        return ProfileStatus.DISCONNECTED
    if row.get("isBlocked") is True:
        return ProfileStatus.BLOCKED
    if row.get("isDormant") is True:
        return ProfileStatus.DORMANT
    return _CHANNELS.get(str(row.get("channelStatus")), ProfileStatus.PENDING)


def _template(inspection: str) -> TemplateStatus:
    if inspection in _APPROVED:
        return TemplateStatus.APPROVED
    return TemplateStatus.REJECTED if inspection in _REJECTED else TemplateStatus.PENDING


def _list(answer: Any) -> list[Mapping[str, Any]]:
    rows = answer.get("items") if isinstance(answer, dict) else answer
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
