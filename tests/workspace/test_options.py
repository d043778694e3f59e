from __future__ import annotations

from pathlib import Path

import pytest

from engine.kernel.errors import CredentialsError
from engine.model.channel import Channel, EnvironmentVariable
from engine.workspace.options import has_password, open_option, open_options
from tests.workspace.small import WORKSPACE, load, said

W = "pushform.yaml"


def test_a_variable_is_read_when_it_is_opened() -> None:
    assert open_option(EnvironmentVariable("KEY"), {"KEY": "비밀"}, "sms") == "비밀"
    assert open_option("as it is", {}, "sms") == "as it is"


@pytest.mark.parametrize("environ", [{}, {"FCM_CREDENTIALS": ""}])
def test_a_missing_variable_names_file_line_and_variable(
    tmp_path: Path, environ: dict[str, str]
) -> None:
    loaded = load(tmp_path, None, "production")
    assert loaded.workspace is not None
    options = loaded.workspace.channels[Channel.APP].options
    with pytest.raises(CredentialsError) as caught:
        open_options(options, environ, "channels.app", loaded.sources)
    assert caught.value.message == (
        "channels.app.credentials needs the environment variable `FCM_CREDENTIALS` "
        "(pushform.yaml:19)"
    )
    assert caught.value.hint == "set FCM_CREDENTIALS and run the command again"
    assert caught.value.exit_code == 10


def test_nested_options_are_opened(tmp_path: Path) -> None:
    workspace = load(tmp_path, None, "production").workspace
    assert workspace is not None
    environ = {"NHN_APP_KEY": "a", "NHN_SECRET": "b", "KAKAO_SENDER_KEY": "c"}
    assert open_options(workspace.channels[Channel.KAKAO].options, environ, "kakao") == {
        "app_key": "a",
        "secret": "b",
        "profiles": {"main": {"sender_key": "c", "friends": 62000}},
    }


@pytest.mark.parametrize(
    ("old", "new", "at"),
    [
        ('"${FCM_CREDENTIALS}"', "service-account.json", "channels.app.credentials"),
        ('"${SOLAPI_SECRET}"', "s3cr3t", "channels.sms.secret"),
        ('"${SOLAPI_KEY}"', "12345678", "channels.sms.api_key"),
        ('"${KAKAO_SENDER_KEY}"', "abcdef", "channels.kakao.profiles.main.sender_key"),
        ('"${PUSHFORM_STATE_KEY}"', "0123456789abcdef", "state.key"),
        ('"sqlite:///.pushform/state.db"', '"postgresql://me:geheim@db/x"', "state.url"),
        (
            "production: {}", "production: {channels: {app: {auth_token: x}}}",
            "environments.production.channels.app.auth_token",
        ),
        (
            "{path: audiences/data/events.csv}", '{url: "postgresql://me:x@db/x", table: t}',
            "sources.events.url",
        ),
    ],
)  # fmt: skip
def test_a_secret_in_the_file_is_a_finding(tmp_path: Path, old: str, new: str, at: str) -> None:
    assert WORKSPACE.count(old) == 1
    loaded = load(tmp_path, {W: WORKSPACE.replace(old, new)})
    found = [(one.rule, one.message) for one in loaded.findings]
    assert ("secret-in-yaml", f"`{at}` holds a secret in the file") in found
    secret = new.strip('"')
    assert all(secret not in f"{one.message} {one.hint}" for one in loaded.findings)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://me:x@db/x", True),
        ("postgresql://me@db/x", False),
        ("postgresql:///x", False),
        ("sqlite:///.pushform/state.db", False),
        ("수신거부: 앱 > 설정", False),
        ("http://[::1", False),
    ],
)
def test_a_password_in_a_url_is_seen(url: str, expected: bool) -> None:
    assert has_password(url) is expected


def test_a_variable_inside_a_text_is_a_finding(tmp_path: Path) -> None:
    text = WORKSPACE.replace('"sqlite:///.pushform/state.db"', '"postgresql://${USER}@db/x"')
    assert said(load(tmp_path, {W: text}, "production")) == [
        f"{W}:27 value `state.url`: `${{NAME}}` must be the whole value"
    ]
