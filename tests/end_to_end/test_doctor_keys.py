"""`doctor` reads every key as the first send would: what cannot send is not `ok`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.end_to_end.small import Shop
from tests.end_to_end.test_loopback_korea import SENS, keys, shop_with
from tests.servers.sens import Sens

__all__ = ["keys"]
AT = "2026-09-24T01:00:00Z"
"""What the clock of the server says."""

FCM = '{provider: fcm, project: sample-shop, credentials: "${FCM_CREDENTIALS}"}'
APNS = '{provider: apns, key: "${APNS_KEY}", key_id: K1, team_id: T1, topic: com.shop.app}'
NO_FILE = "cannot be read (FileNotFoundError)"
NO_KEY = {"type": "service_account", "project_id": "sample-shop", "private_key": "가나다"}


def in_production(root: Path, provider: str) -> Shop:
    """Return a shop whose app sends over `provider`, but for its sandbox."""
    shop = Shop(root=root, people=2, app=provider)
    file = root / "pushform.yaml"
    text = file.read_text("utf-8")
    sandbox = "    sandbox: true\n"
    assert text.count(sandbox) == 1
    file.write_text(
        text.replace(sandbox, f"{sandbox}    channels: {{app: {{provider: sandbox}}}}\n"), "utf-8"
    )
    return shop


@pytest.mark.parametrize(
    ("provider", "name", "given", "says"),
    [
        (FCM, "FCM_CREDENTIALS", "없는/파일.json", f"the file that `credentials` names {NO_FILE}"),
        (
            FCM,
            "FCM_CREDENTIALS",
            "비밀번호는 없습니다",
            f"the file that `credentials` names {NO_FILE}",
        ),
        (FCM, "FCM_CREDENTIALS", "{not json", "`credentials` is not JSON"),
        (FCM, "FCM_CREDENTIALS", '{"type": "x"}', "`credentials` is not a service account"),
        (
            FCM,
            "FCM_CREDENTIALS",
            json.dumps({**NO_KEY, "client_email": "a@b", "token_uri": "https://oauth.example/t"}),
            "the service account in `credentials` is incomplete",
        ),
        (
            FCM,
            "FCM_CREDENTIALS",
            json.dumps(NO_KEY),
            "the service account in `credentials` is incomplete",
        ),
        (APNS, "APNS_KEY", "없는/키.p8", f"the file that `key` names {NO_FILE}"),
        (
            APNS,
            "APNS_KEY",
            "-----BEGIN PRIVATE KEY-----\n가나다\n-----END PRIVATE KEY-----",
            "`key` is not a private key in PEM",
        ),
    ],
)
def test_a_key_that_is_none_is_said_and_not_shown(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    provider: str,
    name: str,
    given: str,
    says: str,
) -> None:
    monkeypatch.setenv(name, given)
    shop = in_production(tmp_path, provider)
    result = shop.run("doctor", "-e", "production")
    assert f"FAIL providers    app: {says}\n" in result.out
    assert result.code == 10
    assert given not in result.out + result.err


def test_an_option_that_the_provider_needs_is_missed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APNS_KEY", "없는/키.p8")
    shop = in_production(tmp_path, APNS.replace(", topic: com.shop.app", ""))
    result = shop.run("doctor", "-e", "production")
    assert "FAIL providers    app: `pushform.yaml:channels.app.topic` is missing\n" in result.out


@pytest.mark.parametrize("channel", ["sms", "kakao"])
def test_a_wrong_secret_of_sens_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, channel: str
) -> None:
    with shop_with(tmp_path, channel, SENS, Sens()) as shop:
        assert f"ok   providers    {channel}: sens\n" in shop.run("doctor", as_of=AT).out
        monkeypatch.setenv("SENS_SECRET", "틀린 비밀")
        result = shop.run("doctor", as_of=AT)
        assert result.code == 10
        assert f"{channel}: `sens` refused the credentials (HTTP 401)" in result.out
