"""Trouble on the wire: what the outcomes say is what the server saw."""

from __future__ import annotations

import json
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from engine.channels.fcm import FcmProvider
from engine.model.outcome import (
    Accepted,
    AnsweredError,
    NotActed,
    Outcome,
    Outgoing,
    Refused,
    Settled,
    Silent,
)
from tests.channels.making import StillClock, an_outgoing, some_options
from tests.channels.test_google_token import account
from tests.servers.fcm import LoopbackFcm


@dataclass(slots=True)
class Books:
    """What the outcomes of a run say, attempt by attempt."""

    last: dict[str, Outcome] = field(default_factory=dict)
    attempts: Counter[str] = field(default_factory=Counter)
    answered: dict[str, list[Outcome]] = field(default_factory=lambda: defaultdict(list))

    def kinds(self) -> Counter[str]:
        return Counter(type(outcome).__name__ for outcome in self.last.values())

    def of(self, kind: type) -> set[str]:
        return {address for address, one in self.last.items() if isinstance(one, kind)}


def send(server: LoopbackFcm, addresses: Sequence[str], rate_per_s: float = 1500) -> Books:
    """Send to all as the dispatcher does: again where that is allowed, at most eight times."""
    provider = FcmProvider(
        some_options(project="p", ca_file=server.ca_file, timeout=1),
        StillClock(),
        base_url=server.base_url,
        rate_per_s=rate_per_s,
    )
    books, waiting = Books(), [an_outgoing(address) for address in addresses]
    in_flight, deadline = 0, time.monotonic() + 20
    while waiting or in_flight:
        assert time.monotonic() < deadline, "some deliveries were never settled"
        free = provider.free_slots()
        now, waiting = waiting[:free], waiting[free:]
        provider.submit(now)
        in_flight += len(now)
        for settled in provider.poll(0.5):
            in_flight -= 1
            waiting += note(books, settled.outgoing, settled.outcome)
    assert list(provider.close()) == []
    return books


def note(books: Books, outgoing: Outgoing, outcome: Outcome) -> list[Outgoing]:
    address = outgoing.address.value
    books.last[address] = outcome
    books.attempts[address] += 1
    books.answered[address].append(outcome)
    again = isinstance(outcome, NotActed | AnsweredError) and outgoing.attempt < 8
    return [replace(outgoing, attempt=outgoing.attempt + 1)] if again else []


def hold(books: Books, server: LoopbackFcm) -> None:
    """Hold every delivery against what the server saw of it."""
    seen = Counter(request.address for request in server.received)
    for address, outcomes in books.answered.items():
        acted = server.accepted[address]
        errors = sum(isinstance(one, AnsweredError) for one in outcomes)
        match books.last[address]:
            case Accepted():
                assert 1 <= acted <= 1 + errors, address
            case Silent():
                assert acted <= 1 + errors, address
            case NotActed() | Refused():
                assert acted <= errors, address
        # A request per attempt at most; what was refused with its stream did not get through.
        assert seen[address] <= len(outcomes), address
    assert set(server.accepted) <= set(books.last)


def test_goaway_every_thousand_streams() -> None:
    with LoopbackFcm(goaway_after=1000, delay_s=0.005) as server:
        books = send(server, [f"ok-{number}" for number in range(6000)])
    hold(books, server)
    assert books.kinds() == {"Accepted": 6000}
    assert set(server.accepted.values()) == {1}
    assert len(server.connections) >= 5


def test_a_reset_now_and_then() -> None:
    words = [*["ok"] * 60, "reset", *["ok"] * 60, "close", *["ok"] * 60, "garbage"]
    with LoopbackFcm(delay_s=0.01) as server:
        books = send(server, [f"{word}-{n}" for n, word in enumerate(words * 5)], 500)
    hold(books, server)
    dying = {f"{word}-{n}" for n, word in enumerate(words * 5) if word != "ok"}
    assert dying <= books.of(Silent)
    assert set(server.accepted.values()) == {1}
    assert len(books.of(Accepted)) + len(books.of(Silent)) == len(words) * 5


def test_some_streams_are_reset_and_some_refused() -> None:
    words = ["ok", "rststream", "refusedonce"] * 25
    with LoopbackFcm(delay_s=0.01) as server:
        books = send(server, [f"{word}-{n}" for n, word in enumerate(words)], 500)
    hold(books, server)
    assert books.of(Silent) == {a for a in books.last if a.startswith("rststream")}
    assert len(books.of(Accepted)) == 50


def test_connections_that_are_given_up_again_and_again() -> None:
    words = [*["ok"] * 19, "goaway"] * 5
    with LoopbackFcm(delay_s=0.01) as server:
        books = send(server, [f"{word}-{n}" for n, word in enumerate(words)], 500)
    hold(books, server)
    assert server.refused
    assert books.of(Silent) == set()
    assert set(server.accepted.values()) == {1}
    assert len(books.of(Accepted)) == len(server.accepted) > 90


def test_silence_and_slow_bytes() -> None:
    words = ["ok", "slow", "silent", "endless"] * 10
    with LoopbackFcm() as server:
        books = send(server, [f"{word}-{n}" for n, word in enumerate(words)])
    hold(books, server)
    assert {a.split("-")[0] for a in books.of(Accepted)} == {"ok", "slow"}
    assert {a.split("-")[0] for a in books.of(Silent)} == {"silent", "endless"}
    assert (len(books.of(Accepted)), len(books.of(Silent))) == (20, 20)


def test_a_storm_of_429_loses_nobody() -> None:
    with LoopbackFcm(storm=1500) as server:
        books = send(server, [f"ok-{number}" for number in range(600)])
    hold(books, server)
    assert books.kinds() == {"Accepted": 600}
    assert set(server.accepted.values()) == {1}
    storms = [one for outcomes in books.answered.values() for one in outcomes[:-1]]
    assert storms == [NotActed(code="QUOTA_EXCEEDED", retry_after_s=7.0, opens_breaker=True)] * 1500


def test_errors_that_never_end_are_given_up_and_nobody_is_called_sent() -> None:
    with LoopbackFcm() as server:
        books = send(server, [f"internal-{n}" for n in range(20)])
    hold(books, server)
    assert books.kinds() == {"AnsweredError": 20}
    assert set(books.attempts.values()) == {8}


@pytest.mark.parametrize(
    ("base_url", "code"),
    [("http://127.0.0.1:9", "curl-7"), ("https://localhost:{port}", "curl-60")],
    ids=["refused", "tls"],
)
def test_without_a_connection_nobody_was_written_to(base_url: str, code: str) -> None:
    with LoopbackFcm() as server:
        # The certificate's authority is not among the usual ones.
        provider = FcmProvider(
            some_options(project="p"), StillClock(), base_url=base_url.format(port=server.port)
        )
        settle_thirty(provider, code)
        assert server.received == []


def test_a_name_that_is_unknown_kept_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with LoopbackFcm() as server:
        options = some_options(
            project="p",
            ca_file=server.ca_file,
            credentials=json.dumps(account(f"{server.base_url}/token")),
        )
        provider = FcmProvider(options, StillClock(), base_url="https://no-such-host.invalid")
        settle_thirty(provider, "curl-6")
        assert (server.received, server.tokens_given) == ([], 1)


def settle_thirty(provider: FcmProvider, code: str) -> None:
    provider.free_slots()
    provider.submit([an_outgoing(f"ok-{n}") for n in range(30)])
    settled: list[Settled] = []
    while len(settled) < 30:
        settled += provider.poll(1.0)
    provider.close()
    wanted = NotActed(code=code, retry_after_s=5.0, opens_breaker=True)
    assert [one.outcome for one in settled] == [wanted] * 30
