"""Tokens: fetched late, renewed early, never in a storm, and replaced once when refused."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth import _helpers

from engine.channels.fcm import FcmProvider
from engine.channels.google_token import TokenSource, read_service_account
from engine.kernel.errors import CredentialsError, ExitCode, UnavailableError, UsageError
from engine.model.outcome import Accepted, NotActed
from tests.channels.making import an_outgoing, send_all
from tests.servers.fcm import LoopbackFcm

PRIVATE_KEY = (
    rsa.generate_private_key(public_exponent=65537, key_size=2048)
    .private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    .decode()
)


def account(token_uri: str, **changes: Any) -> dict[str, Any]:
    return {
        "type": "service_account",
        "project_id": "sample-shop",
        "private_key_id": "k1",
        "private_key": PRIVATE_KEY,
        "client_email": "sender@sample-shop.iam.gserviceaccount.com",
        "token_uri": token_uri,
        **changes,
    }


def source(server: LoopbackFcm, **changes: Any) -> TokenSource:
    return TokenSource(
        account(f"{server.base_url}/token", **changes),
        monotonic=time.monotonic,
        ca_file=server.ca_file,
        loopback_only=True,
    )


def end_in(tokens: TokenSource, seconds: float) -> None:
    tokens._credentials.expiry = _now() + timedelta(seconds=seconds)


def _now() -> datetime:
    return _helpers.utcnow()


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 3
    while not true():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.005)


def test_one_token_serves_many_requests(server: LoopbackFcm) -> None:
    tokens = source(server)
    assert server.tokens_given == 0
    assert [tokens.token() for _ in range(50)] == ["token-1"] * 50
    assert server.tokens_given == 1


def test_a_token_about_to_end_is_renewed_aside_by_one_thread(server: LoopbackFcm) -> None:
    tokens = source(server)
    tokens.token()
    end_in(tokens, 60)
    during = {tokens.token() for _ in range(200)}
    wait_until(lambda: tokens.token() == "token-2")
    assert during <= {"token-1", "token-2"}
    assert server.tokens_given == 2


def test_a_failing_endpoint_is_left_alone_while_the_old_token_works(server: LoopbackFcm) -> None:
    tokens = source(server)
    tokens.token()
    server.token_status = 503
    end_in(tokens, 60)
    tokens.token()
    assert tokens._thread
    tokens._thread.join()
    asked = server.tokens_given
    assert [tokens.token() for _ in range(50)] == ["token-1"] * 50
    assert server.tokens_given == asked


def test_a_refused_account_is_a_matter_of_credentials(server: LoopbackFcm) -> None:
    server.token_status = 400
    with pytest.raises(CredentialsError) as caught:
        source(server).token()
    assert caught.value.exit_code is ExitCode.CREDENTIALS
    assert caught.value.message == (
        f"`{server.base_url}/token` refused the service account"
        " `sender@sample-shop.iam.gserviceaccount.com`"
    )


def test_an_endpoint_that_nobody_answers_is_unavailable(server: LoopbackFcm) -> None:
    tokens = TokenSource(
        account("http://127.0.0.1:9/token"),
        monotonic=time.monotonic,
        ca_file=server.ca_file,
        loopback_only=True,
    )
    with pytest.raises(UnavailableError) as caught:
        tokens.token()
    assert caught.value.message == "`http://127.0.0.1:9/token` gives no token now"


def test_a_sandbox_asks_nobody_outside_for_a_token(server: LoopbackFcm) -> None:
    with pytest.raises(UsageError) as caught:
        TokenSource(
            account("https://oauth2.googleapis.com/token"),
            monotonic=time.monotonic,
            ca_file=None,
            loopback_only=True,
        )
    assert caught.value.message == (
        "a sandbox must not ask `https://oauth2.googleapis.com/token` for a token"
    )


def test_credentials_are_json_or_the_path_of_json(tmp_path: Path) -> None:
    written = account("https://oauth2.googleapis.com/token")
    file = tmp_path / "키.json"
    file.write_text(json.dumps(written), encoding="utf-8")
    assert read_service_account(str(file)) == written
    assert read_service_account(json.dumps(written)) == written


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("/no/such/file", "the file that `credentials` names cannot be read (FileNotFoundError)"),
        ("{canary-secret", "`credentials` is not JSON"),
        ('{"type": "authorized_user"}', "`credentials` is not a service account"),
    ],
)
def test_other_credentials_are_explained_without_repeating_them(given: str, message: str) -> None:
    with pytest.raises(CredentialsError) as caught:
        read_service_account(given)
    assert caught.value.message == message
    assert "canary" not in f"{caught.value.message}{caught.value.hint}"


@pytest.mark.parametrize("changes", [{"private_key": "canary"}, {"token_uri": ""}])
def test_an_incomplete_account_is_a_matter_of_credentials(
    server: LoopbackFcm, changes: dict[str, str]
) -> None:
    with pytest.raises(CredentialsError) as caught:
        TokenSource(
            account(f"{server.base_url}/token") | changes,
            monotonic=time.monotonic,
            ca_file=server.ca_file,
            loopback_only=True,
        )
    assert caught.value.message == "the service account in `credentials` is incomplete"


def credentials_of(server: LoopbackFcm) -> str:
    return json.dumps(account(f"{server.base_url}/token"))


def test_requests_carry_the_token_and_the_project_of_the_account(
    server: LoopbackFcm, open_fcm: Callable[..., FcmProvider]
) -> None:
    provider = open_fcm(credentials=credentials_of(server), project=None)
    assert provider.account == "fcm:sample-shop"
    send_all(provider, [an_outgoing("ok-1")])
    assert server.received[0].headers["authorization"] == "Bearer token-1"


def test_nothing_is_claimed_in_vain_when_there_is_no_token(
    server: LoopbackFcm, open_fcm: Callable[..., FcmProvider]
) -> None:
    server.token_status = 400
    provider = open_fcm(credentials=credentials_of(server))
    with pytest.raises(CredentialsError):
        provider.free_slots()
    provider.submit([an_outgoing("ok-1")])
    assert [s.outcome for s in provider.poll(0)] == [NotActed(code="NO_TOKEN", retry_after_s=0.0)]
    assert server.received == []


def test_a_refused_token_is_replaced_once(
    server: LoopbackFcm, open_fcm: Callable[..., FcmProvider]
) -> None:
    server.good_bearer = lambda bearer: bearer != "Bearer token-1"
    provider = open_fcm(credentials=credentials_of(server))
    outgoing = [an_outgoing(f"ok-{n}") for n in range(5)]
    again = NotActed(code="UNAUTHENTICATED", retry_after_s=0.0)
    assert send_all(provider, outgoing) == [again] * 5
    assert server.tokens_given == 2
    assert all(isinstance(outcome, Accepted) for outcome in send_all(provider, outgoing))


def test_a_replacement_that_is_refused_as_well_is_final(
    server: LoopbackFcm, open_fcm: Callable[..., FcmProvider]
) -> None:
    server.good_bearer = lambda _: False
    provider = open_fcm(credentials=credentials_of(server))
    first = send_all(provider, [an_outgoing("ok-1")])
    second = send_all(provider, [an_outgoing("ok-1")])
    assert first == [NotActed(code="UNAUTHENTICATED", retry_after_s=0.0)]
    assert second == [NotActed(code="UNAUTHENTICATED", systemic=True)]
    assert server.tokens_given == 2
