"""In what state NHN Cloud has profiles, AlimTalk templates and sending numbers.

NHN Cloud, KakaoTalk Bizmessage > sender API and AlimTalk API v2.3 (templates); SMS API v3.0
(`sendNos`). ⚠ The name of the list of templates (`templateListResponse`) is from memory.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from engine.channels.nhn_results import PAGE, Ask, pages
from engine.model.vendor import (
    ProfileState,
    ProfileStatus,
    TemplateState,
    TemplateStatus,
    VendorFacts,
)

_TEMPLATES = {
    "TSC01": TemplateStatus.PENDING,
    "TSC02": TemplateStatus.PENDING,
    "TSC03": TemplateStatus.APPROVED,
    "TSC04": TemplateStatus.REJECTED,
}


def describe_kakao(ask: Ask, keys: Mapping[str, str]) -> VendorFacts:
    """Ask for each profile (`keys`: the vendor's sender key by our name) and for its templates."""
    profiles: dict[str, ProfileState] = {}
    templates: dict[str, TemplateState] = {}
    for name, key in keys.items():
        door = f"/alimtalk/v2.3/appkeys/{{appkey}}/senders/{quote(key, safe='')}"
        answer = ask(door, {})
        sender = answer.get("sender") if isinstance(answer, dict) else None
        if not isinstance(sender, dict):
            profiles[name] = ProfileState(status=ProfileStatus.DISCONNECTED)
            continue
        profiles[name] = profile_state(sender)
        templates |= _templates(ask(f"{door}/templates", {"pageSize": str(PAGE)}))
    return VendorFacts(profiles=profiles, templates=templates)


def describe_sms(ask: Ask) -> VendorFacts:
    """Ask for the registered sending numbers: those in use that are not blocked."""
    rows = pages(ask, "/sms/v3.0/appKeys/{appkey}/sendNos", {})
    numbers = [
        str(row.get("sendNo"))
        for row in rows
        if row.get("useYn") == "Y" and row.get("blockYn") != "Y"
    ]
    return VendorFacts(senders=tuple(sorted(numbers)))


def profile_state(sender: Mapping[str, Any]) -> ProfileState:
    """Return what NHN's `sender` says: registration, then blocks and dormancy, then Kakao's word.

    Its counts are per product (sender API guide); AlimTalk's are read. ⚠ Under which name it would tell
    Brand Messages' is not known.
    """
    counts = sender.get("alimtalk")
    counts = counts if isinstance(counts, dict) else {}
    return ProfileState(
        status=_status(sender),
        daily_max=counts.get("dailyMaxCount"),
        sent_today=counts.get("sentCount"),
    )


def _status(sender: Mapping[str, Any]) -> ProfileStatus:
    if sender.get("status") != "YSC03":
        return ProfileStatus.PENDING
    profile = sender.get("kakaoProfileStatus")
    if profile in ("C", "D", "E"):
        return ProfileStatus.DISCONNECTED
    if sender.get("block") is True or sender.get("kakaoStatus") == "S" or profile == "B":
        return ProfileStatus.BLOCKED
    if sender.get("dormant") is True:
        return ProfileStatus.DORMANT
    # Kakao's two states are null where NHN was told not to ask for them; then nobody knows.
    return ProfileStatus.ACTIVE if profile == "A" else ProfileStatus.PENDING


def _templates(answer: Any) -> Mapping[str, TemplateState]:
    listed = answer.get("templateListResponse") if isinstance(answer, dict) else None
    rows = listed.get("templates") if isinstance(listed, dict) else None
    templates: dict[str, TemplateState] = {}
    for row in rows if isinstance(rows, list) else ():
        status = _TEMPLATES.get(str(row.get("status")), TemplateStatus.PENDING)
        if row.get("dormant") is True:
            status = TemplateStatus.DORMANT
        templates[str(row.get("templateCode"))] = TemplateState(
            status=status, text=row.get("templateContent")
        )
    return templates
