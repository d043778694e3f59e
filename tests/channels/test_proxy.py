"""The way out through a proxy: as the environment says, as the file says, never to this machine."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator

import pytest

from engine.channels.exchange import Answered, NeverSent
from engine.channels.fcm import FcmProvider
from engine.channels.pool import (
    MOST_CONNECTIONS,
    connections_for,
    read_proxy,
)
from engine.channels.transport import Transport
from engine.kernel.errors import UsageError
from engine.model.outcome import Accepted
from tests.channels.making import StillClock, an_outgoing, send_all, some_options
from tests.channels.test_google_token import account
from tests.channels.test_transport import make_request, run
from tests.servers.fcm import LoopbackFcm
from tests.servers.proxy import LoopbackProxy

VENDOR = "https://vendor.example"


@pytest.fixture
def proxy(server: LoopbackFcm, monkeypatch: pytest.MonkeyPatch) -> Iterator[LoopbackProxy]:
    for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with LoopbackProxy(server.port) as running:
        yield running


@pytest.fixture
def open_transport(server: LoopbackFcm) -> Iterator[Callable[[str | None], Transport]]:
    opened: list[Transport] = []

    def open_one(proxy: str | None) -> Transport:
        opened.append(
            Transport(
                monotonic=time.monotonic,
                connections=2,
                timeout_s=2.0,
                ca_file=server.ca_file,
                proxy=proxy,
            )
        )
        return opened[-1]

    yield open_one
    for transport in opened:
        transport.close()


Open = Callable[[str | None], Transport]


def test_the_written_proxy_is_asked_for_the_vendor_and_http2_goes_through_it(
    server: LoopbackFcm, proxy: LoopbackProxy, open_transport: Open
) -> None:
    server.delay_s = 0.05
    transport = open_transport(proxy.url)
    results = run(transport, [make_request(VENDOR, f"ok-{n}") for n in range(150)])
    assert {type(result) for result in results.values()} == {Answered}
    assert proxy.asked == ["CONNECT vendor.example:443"] * 2
    assert server.peak_streams > 50
    first = results["ok-0"]
    assert isinstance(first, Answered)
    assert "via" not in first.headers()


def test_the_environments_proxy_is_used_where_nothing_is_written(
    proxy: LoopbackProxy, open_transport: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    assert isinstance(run(open_transport(None), [make_request(VENDOR, "ok")])["ok"], Answered)
    assert proxy.asked == ["CONNECT vendor.example:443"]


@pytest.mark.parametrize("written", [True, False])
def test_no_proxy_lists_who_is_reached_directly(
    proxy: LoopbackProxy, open_transport: Open, monkeypatch: pytest.MonkeyPatch, written: bool
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    monkeypatch.setenv("NO_PROXY", "10.0.0.1,.invalid")
    url = "https://fcm.invalid"
    results = run(open_transport(proxy.url if written else None), [make_request(url, "ok")])
    assert (results, proxy.asked) == ({"ok": NeverSent("curl-6")}, [])


def test_none_means_none_whatever_the_environment_says(
    proxy: LoopbackProxy, open_transport: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    assert run(open_transport(""), [make_request("https://fcm.invalid", "ok")]) == {
        "ok": NeverSent("curl-6")
    }


def test_this_machine_is_reached_without_it(
    server: LoopbackFcm, proxy: LoopbackProxy, open_transport: Open
) -> None:
    results = run(open_transport(proxy.url), [make_request(server.base_url, "ok")])
    assert isinstance(results["ok"], Answered)
    assert proxy.asked == []


@pytest.mark.parametrize("status", [403, 407, 502])
def test_a_proxy_that_refuses_kept_everything(
    server: LoopbackFcm, proxy: LoopbackProxy, open_transport: Open, status: int
) -> None:
    proxy.status = status
    (result,) = run(open_transport(proxy.url), [make_request(VENDOR, "ok")]).values()
    assert isinstance(result, NeverSent)
    assert server.received == []


def test_a_proxy_gets_its_password(proxy: LoopbackProxy, open_transport: Open) -> None:
    url = proxy.url.replace("http://", "http://user:secret@")
    assert isinstance(run(open_transport(url), [make_request(VENDOR, "ok")])["ok"], Answered)
    assert "Proxy-Authorization: Basic dXNlcjpzZWNyZXQ=" in proxy.heads[0]


def test_fcm_and_its_tokens_go_through_it(server: LoopbackFcm, proxy: LoopbackProxy) -> None:
    options = some_options(
        project="p",
        ca_file=server.ca_file,
        proxy=proxy.url,
        credentials=json.dumps(account(f"{VENDOR}/token")),
    )
    provider = FcmProvider(options, StillClock(), base_url=VENDOR, rate_per_s=10)
    assert isinstance(send_all(provider, [an_outgoing("ok-1")])[0], Accepted)
    provider.close()
    assert proxy.asked == ["CONNECT vendor.example:443"] * 2
    assert (server.tokens_given, server.accepted["ok-1"]) == (1, 1)


def test_without_the_proxy_nothing_was_sent(server: LoopbackFcm) -> None:
    transport = Transport(
        monotonic=time.monotonic, ca_file=server.ca_file, proxy="http://127.0.0.1:9"
    )
    assert run(transport, [make_request(VENDOR, "ok")]) == {"ok": NeverSent("curl-7")}
    transport.close()


@pytest.mark.parametrize(
    ("written", "proxy_url"),
    [(None, None), ("none", ""), ("None", ""), ("http://p:3128", "http://p:3128")],
)
def test_the_option_says_which(written: str | None, proxy_url: str | None) -> None:
    assert read_proxy(some_options(proxy=written)) == proxy_url


@pytest.mark.parametrize("written", ["p:3128", "ftp://p", "http://?pw", "http://p:x", "http://[::"])
def test_what_is_no_proxy_is_not_repeated(written: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_proxy(some_options(proxy=written))
    assert caught.value.message == "`proxy` is not the address of a proxy"
    assert written not in f"{caught.value.message}{caught.value.hint}"


@pytest.mark.parametrize(
    ("rate_per_s", "answer_s", "connections"),
    [(None, 0.2, 10), (1, 0.2, 1), (500, 0.2, 1), (501, 0.2, 2), (5000, 0.06, 3), (1e6, 0.2, 20)],
)
def test_as_many_connections_as_the_rate_needs(
    rate_per_s: float | None, answer_s: float, connections: int
) -> None:
    assert connections_for(rate_per_s, answer_s=answer_s) == connections <= MOST_CONNECTIONS
