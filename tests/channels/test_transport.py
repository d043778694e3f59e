"""What the transport is certain of, and that it never sends anything twice."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from engine.channels.exchange import Answered, Finished, NeverSent, NoAnswer, Request
from engine.channels.transport import MAX_ANSWER_BYTES, Transport
from tests.servers.fcm import LoopbackFcm


def make_request(url: str, tag: str) -> Request:
    body = json.dumps({"message": {"token": tag}}).encode()
    return Request(f"{url}/v1/projects/p/messages:send", ("Content-Type: x/y",), body, tag)


def run(transport: Transport, requests: list[Request]) -> dict[str, object]:
    transport.submit(requests)
    results: dict[str, object] = {}
    deadline = time.monotonic() + 8
    while len(results) < len(requests) and time.monotonic() < deadline:
        results |= {one.tag: one.result for one in transport.poll(1.0)}
    return results


@pytest.fixture
def open_transport(server: LoopbackFcm) -> Iterator[Callable[..., Transport]]:
    opened: list[Transport] = []

    def open_one(**changes: object) -> Transport:
        values = {"ca_file": server.ca_file, "timeout_s": 1.0, "connections": 2, **changes}
        opened.append(Transport(monotonic=time.monotonic, **values))  # type: ignore[arg-type]
        return opened[-1]

    yield open_one
    for transport in opened:
        transport.close()


def test_requests_share_connections_up_to_the_streams_of_each(
    server: LoopbackFcm, open_transport: Callable[..., Transport]
) -> None:
    server.delay_s = 0.05
    transport = open_transport(connections=3, streams=20)
    assert transport.free_slots() == 60
    results = run(transport, [make_request(server.base_url, f"ok-{n}") for n in range(60)])
    assert all(isinstance(result, Answered) for result in results.values())
    assert (len(server.connections), server.peak_streams) == (3, 20)
    assert transport.free_slots() == 60


def test_more_than_the_free_slots_is_a_mistake_of_the_caller(
    server: LoopbackFcm, open_transport: Callable[..., Transport]
) -> None:
    transport = open_transport(connections=1, streams=2)
    with pytest.raises(ValueError, match="3 requests for 2 free slots"):
        transport.submit([make_request(server.base_url, f"ok-{n}") for n in range(3)])


def test_a_server_that_allows_fewer_streams_is_obeyed(
    server: LoopbackFcm, open_transport: Callable[..., Transport]
) -> None:
    server.delay_s, server.max_streams = 0.02, 5
    transport = open_transport(connections=1, streams=20)
    run(transport, [make_request(server.base_url, "ok-first")])
    results = run(transport, [make_request(server.base_url, f"ok-{n}") for n in range(20)])
    assert all(isinstance(result, Answered) for result in results.values())
    assert server.peak_streams == 5


def test_an_idle_connection_that_the_server_ended_is_not_used_again(
    server: LoopbackFcm, open_transport: Callable[..., Transport]
) -> None:
    transports = [open_transport() for _ in range(3)]
    for number, transport in enumerate(transports):
        run(transport, [make_request(server.base_url, f"ok-{number}")])
    closed, reset, told = server.connections
    server.call(closed.transport.abort)
    server.call(reset.reset)
    server.call(lambda: told.go_away(1))
    # libcurl looks at a connection before it uses it again when that was idle for a second.
    time.sleep(1.1)
    for number, transport in enumerate(transports):
        tag = f"ok-again-{number}"
        results = run(transport, [make_request(server.base_url, tag)])
        assert isinstance(results[tag], Answered)
    assert set(server.accepted.values()) == {1}
    assert len(server.connections) == 6


def test_when_a_connection_dies_each_of_its_requests_was_made_at_most_once(
    server: LoopbackFcm, open_transport: Callable[..., Transport]
) -> None:
    server.delay_s = 0.02
    transport = open_transport(connections=1)
    run(transport, [make_request(server.base_url, "ok-first")])
    words = ["ok", "ok", "reset", "ok", "ok", "close"] * 8
    tags = [f"{word}-{number}" for number, word in enumerate(words)]
    results = run(transport, [make_request(server.base_url, tag) for tag in tags])
    seen = Counter(request.address for request in server.received)
    assert set(results) == set(tags)
    assert max(seen.values()) == 1
    for tag, result in results.items():
        if isinstance(result, NeverSent):
            assert seen[tag] == 0
        if isinstance(result, Answered):
            assert seen[tag] == 1


def test_streams_above_goaways_last_are_surely_not_acted_upon(
    server: LoopbackFcm, open_transport: Callable[..., Transport]
) -> None:
    server.delay_s = 0.05
    transport = open_transport(connections=1)
    run(transport, [make_request(server.base_url, "ok-first")])
    tags = [f"ok-{n}" for n in range(10)]
    transport.submit([make_request(server.base_url, tag) for tag in tags])
    last = 11  # stream ids 3, 5, 7, 9, 11 are acted upon; the greeting took 1
    server.call(lambda: server.connections[0].go_away(last))
    results: dict[str, object] = {}
    while len(results) < len(tags):
        results |= {one.tag: one.result for one in transport.poll(1.0)}
    kinds = [type(results[tag]).__name__ for tag in tags]
    assert kinds == ["Answered"] * 5 + ["NeverSent"] * 5


def test_over_http1_a_reused_connection_that_dies_is_silence() -> None:
    """HTTP/1.1 refuses no streams: what libcurl would send again may have been acted upon."""
    requests: list[bytes] = []

    def serve(listener: socket.socket) -> None:
        peer, _ = listener.accept()
        with peer:
            requests.append(peer.recv(65536))
            peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
            requests.append(peer.recv(65536))
        listener.settimeout(0.5)
        try:
            again, _ = listener.accept()
        except TimeoutError:
            return
        with again:
            requests.append(again.recv(65536))

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener,))
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        transport = Transport(monotonic=time.monotonic, timeout_s=2.0)
        first = run(transport, [make_request(url, "one")])
        second = run(transport, [make_request(url, "two")])
        transport.close()
        thread.join()
    assert isinstance(first["one"], Answered)
    assert isinstance(second["two"], NoAnswer)
    assert sum(b"POST" in request for request in requests) == 2


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://127.0.0.1:9", "curl-7"),
        ("https://no-such-host.invalid", "curl-6"),
    ],
)
def test_without_a_connection_nothing_was_sent(url: str, code: str) -> None:
    transport = Transport(monotonic=time.monotonic, timeout_s=2.0)
    assert run(transport, [make_request(url, "ok")]) == {"ok": NeverSent(code)}
    transport.close()


def test_an_answer_that_does_not_end_is_cut_off() -> None:
    """Chunks without a length: nobody knows beforehand how much it will be."""
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    sent = 0

    def serve(listener: socket.socket) -> None:
        nonlocal sent
        peer, _ = listener.accept()
        with peer:
            peer.recv(65536)
            peer.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            try:
                while sent < 4 * MAX_ANSWER_BYTES:
                    peer.sendall(chunk)
                    sent += 0x10000
            except OSError:
                return

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener,))
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        transport = Transport(monotonic=time.monotonic, timeout_s=8.0)
        results = run(transport, [make_request(url, "one")])
        transport.close()
        thread.join()
    assert results == {"one": NoAnswer("curl-63")}
    assert sent < 2 * MAX_ANSWER_BYTES


def test_a_handshake_that_never_ends_is_not_a_request() -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        url = f"https://127.0.0.1:{deaf.getsockname()[1]}"
        transport = Transport(monotonic=time.monotonic, timeout_s=0.3)
        assert run(transport, [make_request(url, "ok")]) == {"ok": NeverSent("curl-28")}
        transport.close()


def test_no_proxy_stands_between_us_and_this_machine(
    server: LoopbackFcm,
    open_transport: Callable[..., Transport],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("https_proxy", "HTTPS_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    results = run(open_transport(), [make_request(server.base_url, "ok-1")])
    assert isinstance(results["ok-1"], Answered)
    elsewhere = run(open_transport(), [make_request("https://no-such-host.invalid", "ok-2")])
    assert elsewhere == {"ok-2": NeverSent("curl-7")}


def test_a_handle_carries_nothing_over_to_its_next_request(
    server: LoopbackFcm, open_transport: Callable[..., Transport]
) -> None:
    transport = open_transport(connections=1, streams=1)
    first = run(transport, [make_request(server.base_url, "quota-1")])["quota-1"]
    second = run(transport, [make_request(server.base_url, "ok-2")])["ok-2"]
    assert isinstance(first, Answered)
    assert isinstance(second, Answered)
    assert (first.status, first.headers()["retry-after"]) == (429, "7")
    assert (second.status, "retry-after" in second.headers()) == (200, False)
    assert json.loads(second.body) == {"name": "projects/sample-shop/messages/1"}


def test_closing_gives_up_after_its_time_and_says_what_is_not_known(server: LoopbackFcm) -> None:
    """Five seconds at most: the clock of this test runs ahead while nothing answers."""
    hurry = 0.0
    transport = Transport(
        monotonic=lambda: time.monotonic() * (1 + hurry), ca_file=server.ca_file, timeout_s=600.0
    )
    transport.submit([make_request(server.base_url, "silent-1")])
    while not server.received:
        transport.poll(0.01)
    hurry = 100.0
    assert transport.close() == [Finished("silent-1", NoAnswer("closed"))]


def test_a_connection_that_fell_silent_is_not_trusted_with_more(
    server: LoopbackFcm, open_transport: Callable[..., Transport]
) -> None:
    transport = open_transport(connections=1, timeout_s=0.3)
    run(transport, [make_request(server.base_url, "ok-1")])
    server.call(server.connections[0].transport.pause_reading)
    lost = run(transport, [make_request(server.base_url, f"ok-lost-{n}") for n in range(3)])
    assert lost == {f"ok-lost-{n}": NoAnswer("curl-28") for n in range(3)}
    found = run(transport, [make_request(server.base_url, "ok-2")])
    assert isinstance(found["ok-2"], Answered)
    assert server.accepted == Counter({"ok-1": 1, "ok-2": 1})


def test_requests_under_way_on_an_old_connection_are_still_answered(
    server: LoopbackFcm, open_transport: Callable[..., Transport]
) -> None:
    transport = open_transport(connections=1, timeout_s=1.0)
    transport.submit([make_request(server.base_url, "silent-1")])
    while not server.received:
        transport.poll(0.01)
    server.delay_s = 0.6
    begun = time.monotonic()
    while time.monotonic() - begun < 0.6:
        assert transport.poll(0.05) == []
    transport.submit([make_request(server.base_url, "ok-late")])
    results: dict[str, object] = {}
    while len(results) < 2:
        results |= {one.tag: one.result for one in transport.poll(1.0)}
    assert results["silent-1"] == NoAnswer("curl-28")
    assert isinstance(results["ok-late"], Answered)
    assert server.accepted["ok-late"] == 1
