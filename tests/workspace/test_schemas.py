from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from engine.kernel.instant import format_duration
from engine.model.campaign import Campaign
from engine.model.channel_settings import AppSettings, KakaoSettings, SmsSettings, WebSettings
from engine.model.workspace import Safety
from engine.workspace.schemas import Kind, find_schema, is_valid, load_schema, modeline


def _walk(schema: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(schema, dict):
        yield path, schema
        for key, value in schema.items():
            if key not in ("default", "examples", "const", "enum"):
                yield from _walk(value, (*path, key))
    elif isinstance(schema, list):
        for index, value in enumerate(schema):
            yield from _walk(value, (*path, str(index)))


@pytest.mark.parametrize("kind", list(Kind))
def test_a_schema_is_a_schema(kind: Kind) -> None:
    jsonschema.Draft202012Validator.check_schema(load_schema(kind))


@pytest.mark.parametrize("kind", list(Kind))
def test_every_property_is_described(kind: Kind) -> None:
    schema = json.loads(find_schema(kind).read_text("utf-8"))
    bare = []
    for path, part in _walk(schema):
        if path[-1:] != ("properties",) or path[-2:-1] == ("properties",):
            continue
        if {"if"} & set(path) or path[-2:-1] == ("then",) or "allOf" in path:
            continue
        for name, rule in part.items():
            target = rule
            if "$ref" in rule and rule["$ref"].startswith("#/"):
                target = {**schema["$defs"][rule["$ref"].rsplit("/", 1)[-1]], **rule}
            elif "$ref" in rule:
                continue
            if len(target.get("description", "")) < 8 and rule.get("enum") is None:
                bare.append(".".join((*path, name)))
    assert bare == []


@pytest.mark.parametrize("kind", list(Kind))
def test_unknown_keys_are_refused_everywhere_but_in_a_providers_options(kind: Kind) -> None:
    schema = json.loads(find_schema(kind).read_text("utf-8"))
    open_places = []
    for path, part in _walk(schema):
        types = part.get("type")
        is_object = types == "object" or (isinstance(types, list) and "object" in types)
        if not is_object or "if" in path[-1:]:
            continue
        if part.get("additionalProperties") in (None, True):
            open_places.append(".".join(path))
    allowed = {
        Kind.WORKSPACE: ("channels", "suppression"),
        Kind.POLICIES: ("policy",),
        Kind.CAMPAIGN: ("audience", "exclude.items", "$defs.message"),
        Kind.AUDIENCE: ("$defs.condition",),
        Kind.TEMPLATE: (),
    }[kind]
    assert [one for one in open_places if not any(word in one for word in allowed)] == []


def test_the_defaults_that_schemas_state_are_the_models() -> None:
    campaign = load_schema(Kind.CAMPAIGN)
    settings = campaign["$defs"]
    app, kakao = settings["channel_app"]["properties"], settings["channel_kakao"]["properties"]
    assert app["devices"]["default"] == AppSettings().devices
    ios = app["ios"]["properties"]
    assert ios["interruption_level"]["default"] == AppSettings().ios_interruption_level
    web = settings["channel_web"]["properties"]
    assert web["urgency"]["default"] == WebSettings().urgency
    for word in ("product", "bubble", "profile", "targeting"):
        assert kakao[word]["default"] == getattr(KakaoSettings(), word)
    assert settings["channel_sms"]["properties"]["format"]["default"] == SmsSettings().format
    written = Campaign(id="a")
    for word in ("send_to", "ad_label", "draft"):
        assert campaign["properties"][word]["default"] == getattr(written, word)


def test_the_limits_that_the_workspace_schema_states_are_the_models() -> None:
    stated = load_schema(Kind.WORKSPACE)["$defs"]["safety"]["properties"]
    safety = Safety()
    assert stated["max_recipients"]["default"] == safety.max_recipients
    assert stated["max_cancelled"]["default"] == safety.max_cancelled
    assert stated["max_audience_growth"]["default"] == f"{safety.max_audience_growth:.0%}"
    assert stated["max_failed"]["default"] == f"{safety.max_failed:.0%}"
    assert stated["consent_max_age"]["default"] == format_duration(safety.consent_max_age)


def test_a_modeline_leads_to_the_schema_from_any_folder() -> None:
    assert modeline(Kind.WORKSPACE, 0) == (
        "# yaml-language-server: $schema=schemas/workspace.schema.json"
    )
    line = modeline(Kind.CAMPAIGN, 2)
    path = Path("campaigns/chuseok") / line.split("$schema=")[1]
    root = find_schema(Kind.CAMPAIGN).parent.parent
    assert (root / "campaigns" / path).resolve().name == "campaign.schema.json"
    assert line.count("../") == 2


@pytest.mark.parametrize("kind", list(Kind))
def test_nothing_but_a_mapping_is_valid(kind: Kind) -> None:
    for data in (None, [], "text", 1, True):
        assert not is_valid(kind, data)
