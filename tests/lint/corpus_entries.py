"""The corpus of campaign texts, and the small workspaces that its entries stand in."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.lint.workspaces import merge

CORPUS = Path(__file__).parent / "corpus"
UNSEEN = CORPUS / "unseen"
HEADS = ("brands.yaml", "judged.yaml")
DAY = "2026-11-24 11:05"
"""When an entry is sent that names no time: a Tuesday morning in Seoul."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One text of the corpus with what the facts say of it; `raw` is the entry as written."""

    id: str
    channel: str
    expect: frozenset[str]
    may: frozenset[str]
    raw: Mapping[str, Any]

    @property
    def shown(self) -> bool:
        """Whether the text is what people read: nothing is added to it."""
        return bool(self.raw.get("as") == "shown")


@cache
def read_entries() -> tuple[Entry, ...]:
    """Return the entries that the rules were mended by, in the order of files and lines."""
    return _read(CORPUS)


@cache
def read_unseen() -> tuple[Entry, ...]:
    """Return the entries that were written before any rule was run on them, in the same order."""
    return _read(UNSEEN)


def _read(folder: Path) -> tuple[Entry, ...]:
    return tuple(
        entry
        for path in sorted(folder.glob("*.yaml"))
        if path.name not in HEADS
        for entry in _entries(yaml.safe_load(path.read_text("utf-8")))
    )


def _entries(file: Mapping[str, Any]) -> Iterator[Entry]:
    for written in file["entries"]:
        raw = _in_full({**file["defaults"], **written})
        yield Entry(
            id=raw["id"],
            channel=raw["channel"],
            expect=frozenset(raw.get("expect", ())),
            may=frozenset(raw.get("may", ())),
            raw=raw,
        )


def _in_full(raw: dict[str, Any]) -> dict[str, Any]:
    """Write out a KakaoTalk text that has only a body: an AlimTalk, approved as it stands, or a
    Brand Message (`brandmsg`)."""
    if raw["channel"] not in ("kakao", "brandmsg") or "kakao" in raw:
        return raw
    bubble = {key: raw.pop(key) for key in ("body", "buttons") if key in raw}
    if raw["channel"] == "brandmsg":
        return {**raw, "channel": "kakao", "kakao": bubble, "settings": {"product": "brand"}}
    settings = {"product": "alimtalk", "template_code": raw["id"]}
    return {**raw, "kakao": bubble, "settings": settings, "approved": bubble["body"]}


def grouped(entries: Iterable[Entry]) -> list[tuple[Mapping[str, Any], list[Entry]]]:
    """Return entries by the workspace that they can share, with that workspace.

    An entry that sets something in its workspace has one for itself.
    """
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        own = [entry.raw.get(key) for key in ("brand", "senders", "vendor", "registered")]
        own.append(entry.id if "workspace" in entry.raw else None)
        groups.setdefault(json.dumps(own, sort_keys=True), []).append(entry)
    return [(_workspace(group), group) for group in groups.values()]


def write_group(root: Path, workspace: Mapping[str, Any], entries: Iterable[Entry]) -> Path:
    """Write a workspace, and per entry a campaign and its template, into `root`."""
    _write(root / "pushform.yaml", workspace)
    for entry in entries:
        _write(root / f"campaigns/{entry.id}.yaml", _campaign(entry.raw))
        _write(root / f"templates/{entry.id}.yaml", _template(entry.raw))
    return root


def text_of(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an entry with one text says: title, body and image, as far as it has them."""
    text = {key: raw[key] for key in ("title", "body", "image") if key in raw}
    if "body" in text:
        text["body"] *= raw.get("repeat", 1)
    return text


def _write(path: Path, value: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")


@cache
def _brands() -> dict[str, Any]:
    files = (folder / "brands.yaml" for folder in (CORPUS, UNSEEN))
    return {
        key: brand
        for file in files
        for key, brand in yaml.safe_load(file.read_text("utf-8")).items()
    }


def _workspace(group: list[Entry]) -> dict[str, Any]:
    first = group[0].raw
    brand, own = _brands()[first["brand"]], first.get("workspace", {})
    approved = {
        entry.raw["settings"]["template_code"]: {"text": entry.raw["approved"]}
        for entry in group
        if "approved" in entry.raw
    }
    sms = {"provider": "sandbox", "certified": True}
    return {
        "kind": "workspace",
        "name": "corpus",
        "timezone": "Asia/Seoul",
        "locale": "ko",
        "country": "KR",
        "sender": merge(
            {key: brand[key] for key in ("name", "contact", "opt_out")}, own.get("sender", {})
        ),
        "app": merge({"opt_in": True, "opt_out": True}, own.get("app", {})),
        "sources": _SOURCES,
        "channels": {
            "app": {"provider": "sandbox"},
            "web": {"provider": "sandbox"},
            "kakao": {**_vendor(first), "profiles": {"main": _profile(own)}, "templates": approved},
            "sms": {**sms, "senders": first.get("senders", brand["senders"])},
        },
    }


_SOURCES = {
    "users": {
        "path": "audiences/data/users.csv",
        "sample": True,
        "consent": {
            "app": {"ad": "push_ad_agreed", "night": "night_ad_agreed"},
            "web": "web_ad_agreed",
            "kakao": {"ad": "kakao_ad_agreed", "night": "kakao_night_agreed"},
            "sms": "sms_ad_agreed",
        },
    },
    "devices": {"path": "audiences/data/devices.csv"},
    "suppression": {"path": "audiences/data/suppression.csv"},
}


def _vendor(raw: Mapping[str, Any]) -> dict[str, str]:
    if raw.get("vendor") != "sens":
        return {"provider": "sandbox"}
    keys = {key: f"${{SENS_{key.upper()}}}" for key in ("service_id", "access_key", "secret_key")}
    return {"provider": "sens", **keys}


def _profile(own: Mapping[str, Any]) -> Any:
    profile = {
        "sender_key": "${KAKAO_SENDER_KEY}",
        "channel_id": "@corpus",
        "friends": 62_000,
        "business": True,
        "unsubscribe_number": "080-000-0000",
    }
    return merge(profile, own.get("profile", {}))


def _campaign(raw: Mapping[str, Any]) -> dict[str, Any]:
    channels = {raw["channel"]: _settings(raw)}
    if "fallback" in raw:
        sending = _brands()[raw["brand"]]["senders"][0]
        channels["sms"] = {"from": sending, "format": raw["fallback"].get("format", "auto")}
    timed = {"at": raw.get("at", DAY), "timezone": raw.get("timezone", "Asia/Seoul")}
    campaign = {
        "kind": "campaign",
        "id": raw["id"],
        "type": raw.get("type"),
        "basis": raw.get("basis") if raw.get("type") == "informational" else None,
        "notice": raw.get("notice"),
        "audience": "everyone",
        "channels": channels,
        "alternative": {"kakao": "sms"} if "fallback" in raw else None,
        "message": {"template": raw["id"]},
        "ad_label": raw.get("ad_label"),
        "action": {"app": "shop://open", "web": "https://shop.example/open"},
        "schedule": timed | ({"night": raw["night"]} if "night" in raw else {}),
    }
    return {key: value for key, value in campaign.items() if value is not None}


def _settings(raw: Mapping[str, Any]) -> dict[str, Any]:
    usual: Mapping[str, Any] = {
        "app": {"android": {"channel_id": "marketing"}},
        "kakao": {"profile": "main"},
        "sms": {"from": _brands()[raw["brand"]]["senders"][0]},
    }
    return {**usual.get(raw["channel"], {}), **raw.get("settings", {})}


def _template(raw: Mapping[str, Any]) -> dict[str, Any]:
    template: dict[str, Any] = {"kind": "template", "id": raw["id"]}
    texts = raw.get("texts") or {raw.get("locale", "ko"): text_of(raw)}
    channel = raw["channel"]
    if channel == "kakao":
        template["redefine"] = {"kakao": {"ko": _bubble(raw["kakao"])}}
    elif channel == "sms":
        template["redefine"] = {"sms": texts}
    else:
        template["locales"] = texts
    if "fallback" in raw:
        fallback = {
            key: raw["fallback"][key] for key in ("title", "body") if key in raw["fallback"]
        }
        fallback["body"] *= raw["fallback"].get("repeat", 1)
        template["redefine"]["sms"] = {"ko": fallback}
    return template | {key: raw[key] for key in ("variables", "images") if key in raw}


def _bubble(written: Mapping[str, Any]) -> dict[str, Any]:
    bubble = deepcopy(dict(written))
    bubble["body"] = (bubble.get("body") or "") * bubble.pop("repeat", 1) or None
    for button in bubble.get("buttons", ()):
        button["link"] = button.get("link", "") + "x" * button.pop("repeat_link", 0) or None
        if button["link"] is None:
            del button["link"]
    return {part: value for part, value in bubble.items() if value is not None}
