"""A push service and a browser that others wrote (`web-push-testing`, npm) read what we send."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from engine.channels.webpush import WebPushProvider
from engine.model.channel import Channel
from engine.model.delivery import FailReason
from engine.model.message import Address
from engine.model.outcome import Accepted, NotActed, Outgoing, Refused
from tests.channels.making import StillClock, a_message, an_envelope, an_outgoing, send_all
from tests.channels.subscribing import a_provider

pytestmark = [pytest.mark.npm, pytest.mark.xdist_group("web-push-testing")]
HERE = Path(__file__).parent
# Its own command leaves a process behind and listens to the whole network.
START = """
const net = require("net"), listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (port, ...rest) {
  return listen.call(this, {port, host: "127.0.0.1"}, ...rest);
};
const {PushApiModel} = require("web-push-testing/src/PushApiModel");
const Server = require("web-push-testing/src/server");
new Server(new PushApiModel(), Number(process.argv[1])).startServer();
"""


@pytest.fixture(scope="module")
def service_url() -> Iterator[str]:
    """The service, started by us and ended by us."""
    node = shutil.which("node")
    if node is None or not (HERE / "node_modules" / "web-push-testing").is_dir():
        missing = "web-push-testing is not installed: npm ci --prefix tests/web_push (Node.js ≥ 20)"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen([node, "-e", START, str(port)], cwd=HERE, stdout=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(200):
            try:
                httpx.post(f"{url}/status", trust_env=False)
                break
            except httpx.TransportError:
                time.sleep(0.05)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=10)


@pytest.fixture
def provider(service_url: str) -> Iterator[WebPushProvider]:
    # It checks `exp` against the real clock.
    opened = a_provider(service_url, StillClock(datetime.now(UTC)), timeout=5)
    yield opened
    opened.close()


def ask(url: str, path: str, **body: str) -> Any:
    answer = httpx.post(f"{url}/{path}", json=body, trust_env=False)
    assert answer.status_code == 200, answer.text
    return answer.json()["data"] if answer.text.startswith("{") else None


def subscribed(url: str, key: str) -> tuple[Address, str]:
    made = ask(url, "subscribe", userVisibleOnly="true", applicationServerKey=key)
    address = Address(kind="webpush", value=made["endpoint"], keys=made["keys"])
    return address, made["clientHash"]


def outgoing(address: Address, **changes: Any) -> Outgoing:
    envelope = an_envelope(
        Channel.WEB,
        message=a_message(Channel.WEB, **changes),
        expires_at=datetime.now(UTC) + timedelta(hours=1),
    )
    made = an_outgoing(address.value, Channel.WEB, envelope=envelope)
    return Outgoing(key=made.key, attempt=1, envelope=envelope, address=address)


def key_of(provider: WebPushProvider) -> str:
    return provider.account.removeprefix("webpush:")


def test_their_browser_reads_our_korean(service_url: str, provider: WebPushProvider) -> None:
    address, browser = subscribed(service_url, key_of(provider))
    bodies = ["민지님, 송편 30% 할인 🎁", "가" * 1200, "한글 뒤에 \x00 과 \u2028"]
    sent = [outgoing(address, body=body) for body in bodies]
    assert all(isinstance(each, Accepted) for each in send_all(provider, sent))
    messages = ask(service_url, "get-notifications", clientHash=browser)["messages"]
    read = sorted((json.loads(text) for text in messages), key=lambda each: len(each["body"]))
    expected = sorted(
        (provider.encode(each.envelope)["message"] for each in sent),
        key=lambda each: len(each["body"]),
    )
    assert read == expected


def test_a_subscription_that_ended_is_dead(service_url: str, provider: WebPushProvider) -> None:
    address, browser = subscribed(service_url, key_of(provider))
    ask(service_url, f"expire-subscription/{browser}")
    (outcome,) = send_all(provider, [outgoing(address)])
    assert outcome == Refused(reason=FailReason.UNREGISTERED, code="HTTP_410", dead_address=True)


def test_a_subscription_of_another_key_is_told_apart_from_a_bad_key(
    service_url: str, provider: WebPushProvider
) -> None:
    stranger = a_provider(None)
    other, _ = subscribed(service_url, key_of(stranger))
    assert send_all(provider, [outgoing(other)]) == [NotActed(code="HTTP_400", retry_after_s=2.0)]
    ours, _ = subscribed(service_url, key_of(provider))
    assert isinstance(send_all(provider, [outgoing(ours)])[0], Accepted)
    refusal = Refused(reason=FailReason.BAD_ADDRESS, code="HTTP_400")
    assert send_all(provider, [outgoing(other)]) == [refusal]
    stranger.close()
