"""A push service on this machine that the senders of `app_push.py` and `web_push.py` are measured against.

It runs in a process of its own, speaks TLS with HTTP/2 and HTTP/1.1, reads no header, and gives
everybody the same answer after a while.
"""

from __future__ import annotations

import asyncio
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from engine.model.channel import EnvironmentVariable
from engine.model.outcome import Accepted, Outgoing
from engine.model.ports import Provider
from tests.servers.certificate import make_certificate
from tests.servers.http2 import Connection, Exchange

NOW = datetime(2026, 9, 24, 1, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What everybody hears. `head` is status and headers once more, as HPACK has them (RFC 7541)."""

    status: int
    headers: Mapping[str, str]
    head: bytes
    body: bytes = b""


class Clock:
    """A business clock that stands still; the steady clock is the real one."""

    def now(self) -> datetime:
        return NOW

    def monotonic(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


def no_variable(variable: EnvironmentVariable) -> str:
    """No environment is read here."""
    raise KeyError(variable.name)


def cpu_s() -> float:
    """Return the seconds of processor that this process has used."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def serve(folder: Path, delay_s: float, given: Answer) -> None:
    """Serve until the parent goes away; the first line printed is the port."""
    certificate = make_certificate(folder)

    async def run() -> None:
        loop = asyncio.get_running_loop()
        together: list[Exchange] = []

        def take(exchange: Exchange) -> None:
            # One timer for all requests of one turn of the loop: the server must not be the limit.
            if not together:
                loop.call_soon(hold)
            together.append(exchange)

        def hold() -> None:
            loop.call_later(delay_s, answer, together.copy())
            together.clear()

        def answer(exchanges: list[Exchange]) -> None:
            for exchange in exchanges:
                if exchange.connection.http1:
                    exchange.respond(given.status, dict(given.headers), given.body)
                else:
                    exchange.connection.respond_raw(exchange.stream, given.head, given.body)

        server = await loop.create_server(
            lambda: Connection(take, decode=False),
            "127.0.0.1",
            0,
            ssl=certificate.server_context(("h2", "http/1.1")),
            backlog=1024,
        )
        print(server.sockets[0].getsockname()[1], flush=True)
        await loop.run_in_executor(None, sys.stdin.read)

    asyncio.run(run())


@contextmanager
def serving(script: str, folder: Path, delay_ms: float) -> Iterator[str]:
    """Yield the address of `script --serve` in a process of its own; its authority is `ca.pem`."""
    folder.mkdir(exist_ok=True)
    command = [sys.executable, script, "--serve", str(folder), "--delay-ms", str(delay_ms)]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert child.stdin
    assert child.stdout
    try:
        yield f"https://127.0.0.1:{int(child.stdout.readline())}"
    finally:
        child.stdin.close()
        child.wait(timeout=10)


def send_all(
    provider: Provider, make: Callable[[int], Outgoing], messages: int
) -> tuple[float, float]:
    """Send `messages` and close the provider; return seconds of wall and of processor."""
    cpu, start = cpu_s(), time.perf_counter()
    begun = accepted = 0
    while accepted < messages:
        wanted = min(provider.free_slots(), messages - begun)
        if wanted:
            provider.submit([make(number) for number in range(begun, begun + wanted)])
            begun += wanted
        for settled in provider.poll(1.0):
            if not isinstance(settled.outcome, Accepted):
                raise SystemExit(f"not accepted: {settled.outcome}")
            accepted += 1
    took, used = time.perf_counter() - start, cpu_s() - cpu
    provider.close()
    return took, used
