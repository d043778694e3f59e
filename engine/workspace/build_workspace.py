"""`pushform.yaml`, overlaid for one environment → `Workspace`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from engine.kernel.instant import parse_duration
from engine.kernel.origin import Origin
from engine.model.channel import Channel, EnvironmentVariable, ProviderSettings
from engine.model.workspace import (
    AppFacts,
    ConsentColumns,
    PerUserCap,
    RealEnvironment,
    Safety,
    Sender,
    Sources,
    StateSettings,
    TableSource,
    Workspace,
)
from engine.workspace.build_policies import build_policies
from engine.workspace.notes import Notes, name
from engine.workspace.options import build_options, note_secrets
from engine.workspace.overlay import SANDBOX, Overlaid, known_environments, overlay
from engine.workspace.providers import note_options, note_sandbox
from engine.workspace.values import (
    check_zone,
    parse_growth,
    parse_phone,
    parse_rate,
    parse_share,
    read_text,
)

Raw = Mapping[str, Any]
_STATE_URL = "sqlite:///.pushform/state.db"
_REQUIRED = ("name", "timezone", "locale", "country")


def build_workspace(
    data: Raw, environment: str | None, at: Origin, notes: Notes
) -> Workspace | None:
    """Return the workspace that `data` describes, as `environment` sees it.

    None where a key is missing without which nothing can be said. Raises UsageError for an
    unknown environment. Findings cover every environment, not only this one.
    """
    view = overlay(data, environment, at.file)
    _check_environments(data, at, notes)
    if any(word not in data for word in _REQUIRED):
        return None
    if not check_zone(data["timezone"], at / "timezone", notes):
        return None
    sender = data.get("sender", {})
    return Workspace(
        name=data["name"],
        timezone=data["timezone"],
        locale=data["locale"],
        country=data["country"],
        sender=Sender(
            name=sender.get("name", ""),
            contact=sender.get("contact", ""),
            opt_out={Channel(word): texts for word, texts in sender.get("opt_out", {}).items()},
            legal_name=sender.get("legal_name"),
            opt_out_login=sender.get("opt_out_login"),
        ),
        sources=_sources(view, notes),
        channels=_channels(view, notes),
        state=_state(view, notes),
        safety=_safety(view, notes),
        environment=view.environment,
        sandbox=view.sandbox,
        environments=known_environments(data),
        testers=data.get("testers"),
        policies=build_policies(_inline(data), at / "policies", notes),
        app=AppFacts(**data.get("app", {})),
        real=_real(data, at),
        origin=at,
    )


def _inline(data: Raw) -> Sequence[Raw]:
    """Return the policies that stand in the file itself; where it names another, there are none."""
    policies = data.get("policies", ())
    return () if isinstance(policies, str) else policies


def _real(data: Raw, at: Origin) -> dict[str, RealEnvironment]:
    """Return what the environments that are no sandbox send with.

    Values that mean nothing are noted where the environment itself is read.
    """
    views = (overlay(data, word, at.file) for word in known_environments(data))
    unheard = Notes()
    return {
        view.environment: RealEnvironment(
            channels=_channels(view, unheard), state=_state(view, unheard)
        )
        for view in views
        if not view.sandbox
    }


def _check_environments(data: Raw, at: Origin, notes: Notes) -> None:
    """Note secrets and unknown options anywhere, and sandboxes that could reach somebody."""
    told: set[Origin] = set()
    note_options(data.get("channels", {}), lambda *path: Origin(at.file, path), told, notes)
    note_secrets(data.get("channels", {}), at / "channels", notes)
    note_secrets(data.get("state", {}), at / "state", notes)
    _source_secrets(data, at, notes)
    for word, over in (data.get("environments") or {}).items():
        here = at / "environments" / word
        if over:
            note_secrets(over.get("channels", {}), here / "channels", notes)
            note_secrets(over.get("state", {}), here / "state", notes)
            _source_secrets(over, here, notes)
        view = overlay(data, word, at.file)
        note_options(view.data.get("channels", {}), view.at, told, notes)
        if word == SANDBOX and not view.sandbox:
            message = f"the environment `{SANDBOX}` is the default and must stay a sandbox"
            notes.value(message, here / "sandbox", "give the environment that sends another name")
        if view.sandbox:
            note_sandbox(view, notes)


def _source_secrets(data: Raw, at: Origin, notes: Notes) -> None:
    for word, source in data.get("sources", {}).items():
        if isinstance(source, dict) and "url" in source:
            here = at / "sources" / word / "url"
            note_secrets(source["url"], here, notes)


def _channels(view: Overlaid, notes: Notes) -> dict[Channel, ProviderSettings]:
    raw = view.data.get("channels", {})
    return {
        channel: _provider(channel, raw[channel], view, notes)
        for channel in Channel
        if channel in raw and "provider" in raw[channel]
    }


def _provider(channel: Channel, raw: Raw, view: Overlaid, notes: Notes) -> ProviderSettings:
    path = ("channels", str(channel))
    rest = {key: value for key, value in raw.items() if key not in ("provider", "rate", "base_url")}
    if isinstance(rest.get("senders"), list):
        rest["senders"] = [
            notes.parse(parse_phone, number, view.at(*path, "senders", index), None, "")
            for index, number in enumerate(rest["senders"])
        ]
    rate = raw.get("rate")
    return ProviderSettings(
        provider=raw["provider"],
        rate_per_s=notes.parse(parse_rate, rate, view.at(*path, "rate"), None, 1.0)
        if rate
        else None,
        base_url=raw.get("base_url"),
        options=build_options(rest, path, view.at, notes),
        origin=view.at(*path),
    )


def _sources(view: Overlaid, notes: Notes) -> Sources:
    raw = view.data.get("sources", {})
    users = raw.get("users")
    suppression = raw.get("suppression")
    consent = {
        Channel(word): ConsentColumns(ad=one) if isinstance(one, str) else ConsentColumns(**one)
        for word, one in (users or {}).get("consent", {}).items()
    }
    return Sources(
        users=_table("users", users, view, notes),
        consent=consent,
        devices=_table("devices", raw.get("devices"), view, notes),
        events=_table("events", raw.get("events"), view, notes),
        suppression=_table(
            "suppression", suppression if isinstance(suppression, dict) else None, view, notes
        ),
        suppression_none=suppression == "none",
    )


def _table(word: str, raw: Raw | None, view: Overlaid, notes: Notes) -> TableSource | None:
    if raw is None:
        return None
    at = view.at("sources", word)
    url = raw.get("url")
    if ("path" in raw) == (url is not None) or (url is not None and "table" not in raw):
        message = f"`{name(at)}` in `{view.environment}` needs a `path`, or a `url` and a `table`"
        notes.value(message, at)
    return TableSource(
        path=raw.get("path"),
        url=read_text(url, view.at("sources", word, "url"), notes) if url else None,
        table=raw.get("table"),
        columns=raw.get("columns", {}),
        sample=raw.get("sample", False),
        origin=at,
    )


def _state(view: Overlaid, notes: Notes) -> StateSettings:
    raw = view.data.get("state", {})
    own = f"sqlite:///.pushform/{view.environment}.db" if view.sandbox else _STATE_URL
    url: str | EnvironmentVariable = own
    if "url" in raw:
        url = read_text(raw["url"], view.at("state", "url"), notes)
    key = raw.get("key")
    return StateSettings(
        url=url,
        key=read_text(str(key), view.at("state", "key"), notes) if key else None,
        origin=view.at("state"),
    )


def _safety(view: Overlaid, notes: Notes) -> Safety:
    raw = view.data.get("safety", {})
    default = Safety()
    cap = raw.get("per_user")
    parsed: dict[str, Any] = {}
    for word, parse in (
        ("max_audience_growth", parse_growth),
        ("max_failed", parse_share),
        ("consent_max_age", parse_duration),
    ):
        if word in raw:
            at = view.at("safety", word)
            parsed[word] = notes.parse(parse, raw[word], at, None, getattr(default, word))
    if cap is not None and ("max" not in cap or "within" not in cap):
        at = view.at("safety", "per_user")
        notes.value(f"`{name(at)}` in `{view.environment}` needs `max` and `within`", at)
        cap = None
    if cap is not None:
        at = view.at("safety", "per_user", "within")
        within = notes.parse(parse_duration, cap["within"], at, None, timedelta(days=1))
        parsed["per_user"] = PerUserCap(max=cap["max"], within=within)
    return Safety(
        max_recipients=raw.get("max_recipients", default.max_recipients),
        max_cancelled=raw.get("max_cancelled", default.max_cancelled),
        origin=view.at("safety"),
        **parsed,
    )
