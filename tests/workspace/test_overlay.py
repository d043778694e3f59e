from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from engine.kernel.errors import UsageError
from engine.kernel.origin import Origin
from engine.model.channel import Channel, EnvironmentVariable
from engine.model.workspace import PerUserCap, Safety, Workspace
from engine.workspace.overlay import overlay
from tests.workspace.small import WORKSPACE, load, said, write

W = "pushform.yaml"
BARE = WORKSPACE[: WORKSPACE.index("environments:")]


def _workspace(root: Path, text: str, environment: str | None) -> Workspace:
    loaded = load(root, {W: text}, environment)
    assert said(loaded) == []
    assert loaded.workspace is not None
    return loaded.workspace


def test_the_default_environment_is_the_sandbox(tmp_path: Path) -> None:
    workspace = _workspace(tmp_path, WORKSPACE, None)
    assert (workspace.environment, workspace.sandbox) == ("sandbox", True)
    assert workspace.environments == ("sandbox", "production")
    assert {settings.provider for settings in workspace.channels.values()} == {"sandbox"}
    assert workspace.state.url == "sqlite:///.pushform/sandbox.db"
    assert workspace.state.key is None


@pytest.mark.parametrize("environments", ["", "environments:\n", "environments: {}\n"])
def test_without_environments_there_are_sandbox_and_production(
    tmp_path: Path, environments: str
) -> None:
    text = BARE + ("" if environments == "environments:\n" else environments)
    assert _workspace(tmp_path, text, None).sandbox
    production = _workspace(tmp_path, text, "production")
    assert (production.sandbox, production.environments) == (False, ("sandbox", "production"))


def test_production_has_what_is_written(tmp_path: Path) -> None:
    workspace = _workspace(tmp_path, WORKSPACE, "production")
    app = workspace.channels[Channel.APP]
    assert (app.provider, app.rate_per_s, app.base_url) == ("fcm", 10000.0, None)
    assert app.options == {
        "project": "sample-shop",
        "credentials": EnvironmentVariable("FCM_CREDENTIALS"),
    }
    credentials = app.options["credentials"]
    assert isinstance(credentials, EnvironmentVariable)
    assert credentials.origin == Origin(W, ("channels", "app", "credentials"))
    assert workspace.channels[Channel.SMS].options["senders"] == ("15880000",)
    assert workspace.state.url == "sqlite:///.pushform/state.db"
    assert workspace.state.key == EnvironmentVariable("PUSHFORM_STATE_KEY")
    assert workspace.safety == Safety(per_user=PerUserCap(max=2, within=timedelta(hours=24)))


def test_another_provider_keeps_facts_and_drops_the_rest(tmp_path: Path) -> None:
    text = BARE + (
        "environments:\n"
        "  staging:\n"
        "    channels:\n"
        "      app: {provider: other, token: '${OTHER_TOKEN}'}\n"
        "      kakao: {provider: solapi, profiles: {sub: {friends: 7}}}\n"
        "      sms: {rate: 5/s}\n"
        "    safety: {per_user: {max: 9}}\n"
        "    sources: {users: {url: '${USERS_URL}', table: people}, suppression: {path: no.csv}}\n"
    )
    workspace = _workspace(tmp_path, text, "staging")
    app, kakao = workspace.channels[Channel.APP], workspace.channels[Channel.KAKAO]
    assert (app.rate_per_s, dict(app.options)) == (
        10000.0,
        {"token": EnvironmentVariable("OTHER_TOKEN")},
    )
    assert kakao.options == {
        "profiles": {
            "main": {"sender_key": EnvironmentVariable("KAKAO_SENDER_KEY"), "friends": 62000},
            "sub": {"friends": 7},
        }
    }
    sms = workspace.channels[Channel.SMS]
    assert (sms.provider, sms.rate_per_s) == ("solapi", 5.0)
    assert sms.options["secret"] == EnvironmentVariable("SOLAPI_SECRET")
    assert workspace.safety.per_user == PerUserCap(max=9, within=timedelta(hours=24))
    users = workspace.sources.users
    assert users is not None
    assert (users.path, users.url, users.sample) == (None, EnvironmentVariable("USERS_URL"), True)
    assert not workspace.sources.suppression_none


def test_a_value_points_to_the_place_that_wrote_it(tmp_path: Path) -> None:
    data = {
        "channels": {"app": {"provider": "fcm", "rate": "1/s", "x": {"y": [1], "z": 2}}},
        "environments": {"stage": {"channels": {"app": {"x": {"y": [3]}}}}},
    }
    view = overlay(data, "stage", W)
    assert view.data["channels"]["app"]["x"] == {"y": [3], "z": 2}
    over = ("environments", "stage")
    assert view.at("channels", "app", "x", "y", 0) == Origin(
        W, (*over, "channels", "app", "x", "y", 0)
    )
    assert view.at("channels", "app", "x", "z") == Origin(W, ("channels", "app", "x", "z"))
    assert view.at("channels", "app") == Origin(W, ("channels", "app"))
    assert data["channels"]["app"]["x"] == {"y": [1], "z": 2}


def test_a_list_replaces_and_a_rate_of_another_environment_is_checked_there(tmp_path: Path) -> None:
    text = BARE + (
        "environments:\n"
        "  stage:\n"
        '    channels: {sms: {senders: ["02-123-4567"], rate: 0/s}}\n'
        "  production:\n"
    )
    loaded = load(tmp_path, {W: text}, "stage")
    assert loaded.workspace is not None
    assert loaded.workspace.channels[Channel.SMS].options["senders"] == ("021234567",)
    number = next(i for i, line in enumerate(text.splitlines(), 1) if "rate: 0/s" in line)
    message = "`environments.stage.channels.sms.rate`: `0/s` would never send anything"
    assert f"{W}:{number} value {message}" in said(loaded)


def test_an_unknown_environment_names_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        load(tmp_path, None, "prodution")
    assert caught.value.message == "there is no environment `prodution`"
    assert caught.value.hint == "did you mean `production`?"
    with pytest.raises(UsageError) as caught:
        load(tmp_path, None, "xyz")
    assert caught.value.hint == "there are `production`, `sandbox`"


@pytest.mark.parametrize(
    ("channels", "message"),
    [
        (
            "app: {provider: fcm}",
            "the sandbox `sandbox` would send over the provider `fcm` (`channels.app`)",
        ),
        (
            "app: {provider: fcm, base_url: 'https://fcm.googleapis.com'}",
            "the sandbox `sandbox` would send over `https://fcm.googleapis.com` (`channels.app`)",
        ),
        (
            "app: {provider: fcm, base_url: 'http://127.0.0.1.evil.example'}",
            "the sandbox `sandbox` would send over `http://127.0.0.1.evil.example` (`channels.app`)",
        ),
        ("app: {provider: fcm, base_url: 'http://127.0.0.1:9099'}", None),
        ("app: {provider: fcm, base_url: 'https://[::1]:9099/x'}", None),
        ("app: {provider: fcm, base_url: 'http://localhost:1'}", None),
    ],
)
def test_a_sandbox_sends_to_this_machine_only(
    tmp_path: Path, channels: str, message: str | None
) -> None:
    others = ", ".join(f"{name}: {{provider: sandbox}}" for name in ("web", "kakao", "sms"))
    text = BARE + f"environments:\n  sandbox: {{channels: {{{channels}, {others}}}}}\n"
    # The check does not depend on which environment is asked for.
    for environment in ("sandbox", "production"):
        write(tmp_path, {W: text + "  production:\n"})
        loaded = load(tmp_path, {W: text + "  production:\n"}, environment)
        found = [(one.rule, one.message) for one in loaded.findings]
        assert found == ([("sandbox-provider", message)] if message else [])


def test_a_sandbox_without_providers_of_its_own_is_refused(tmp_path: Path) -> None:
    text = BARE + "environments: {lab: {sandbox: true}}\n"
    loaded = load(tmp_path, {W: text}, "lab")
    assert [one.rule for one in loaded.findings] == ["sandbox-provider"] * 4


def test_the_environment_sandbox_cannot_send(tmp_path: Path) -> None:
    loaded = load(tmp_path, {W: BARE + "environments: {sandbox: {sandbox: false}}\n"})
    assert [(one.rule, one.message) for one in loaded.findings] == [
        ("value", "the environment `sandbox` is the default and must stay a sandbox")
    ]


def test_only_four_parts_can_be_overlaid(tmp_path: Path) -> None:
    loaded = load(tmp_path, {W: WORKSPACE.replace("production: {}", "production: {locale: en}")})
    assert [(one.rule, one.message) for one in loaded.findings] == [
        ("schema-unknown-key", "the key `locale` is unknown in `environments.production`")
    ]


def test_what_sends_for_real_is_known_to_the_sandbox(tmp_path: Path) -> None:
    workspace = _workspace(tmp_path, WORKSPACE, None)
    assert workspace.sandbox
    assert set(workspace.real) == set(workspace.environments) - {"sandbox"}
    for name, real in workspace.real.items():
        itself = _workspace(tmp_path, WORKSPACE, name)
        assert real.channels == itself.channels
        assert real.state == itself.state
        assert [one.origin for one in real.channels.values()] == [
            one.origin for one in itself.channels.values()
        ]
