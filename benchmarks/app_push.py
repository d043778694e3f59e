"""Messages a second through our FCM provider and through firebase-admin, on one loopback server.

    python benchmarks/app_push.py [--messages 30000] [--theirs 1500] [--delay-ms 60]

The server runs in a process of its own, speaks TLS with HTTP/2 and HTTP/1.1 (firebase-admin's
transport knows nothing newer), holds every answer back, and reads no header. Both sides build the
message, encode it, send it and read the answer; ours does the work of `submit` and `poll` with a
text of its own for every person, firebase-admin's `send_each` gets 500 messages a call (its limit)
and the pool of 100 connections that it has for Google's own host.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from engine.channels.fcm import FcmProvider
from engine.channels.options import Options
from engine.model.channel import Channel, EnvironmentVariable, Platform, ProviderSettings
from engine.model.channel_settings import AppSettings
from engine.model.delivery import DeliveryKey
from engine.model.message import Address, Envelope, Message
from engine.model.outcome import Accepted, Outgoing
from tests.servers.certificate import make_certificate
from tests.servers.http2 import Connection, Exchange

NOW = datetime(2026, 9, 24, 1, 0, tzinfo=UTC)
ANSWER = b'{"name": "projects/sample-shop/messages/0:1790211600000000%0000000000000000"}'
# `:status: 200` from the static table, content-type (31 there) as a literal: RFC 7541, appendix A.
HEAD = b"\x88" + b"\x0f\x10" + b"\x10application/json"


class Clock:
    """A business clock that stands still; the steady clock is the real one."""

    def now(self) -> datetime:
        return NOW

    def monotonic(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


def serve(folder: Path, delay_s: float) -> None:
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
                    exchange.respond(200, {"content-type": "application/json"}, ANSWER)
                else:
                    exchange.connection.respond_raw(exchange.stream, HEAD, ANSWER)

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


def outgoing(number: int) -> Outgoing:
    message = Message(
        channel=Channel.APP,
        locale="ko",
        jurisdiction="KR",
        variant="a",
        title=f"(광고) 민지{number}님, 추석 특가",
        body="송편을 30% 할인합니다. 오늘 밤까지만! ※수신거부: 앱 > 설정 > 알림",
        link="https://shop.example/sale/chuseok",
        data={"campaign": "chuseok-sale", "variant": "a"},
    )
    envelope = Envelope(
        message=message,
        settings=AppSettings(android_channel_id="marketing"),
        platform=Platform.ANDROID,
        advertising=True,
        collapse_key="chuseok-sale",
        expires_at=datetime(2026, 9, 24, 12, 0, tzinfo=UTC),
    )
    key = DeliveryKey(campaign="chuseok-sale", channel=Channel.APP, address_hash=f"{number:032x}")
    address = Address(kind="fcm_token", value=f"token:{number:0140}")
    return Outgoing(key=key, attempt=1, envelope=envelope, address=address)


def no_variable(variable: EnvironmentVariable) -> str:
    raise KeyError(variable.name)


def run_ours(url: str, ca_file: str, messages: int) -> tuple[float, float]:
    """Return (messages a second, CPU microseconds a message)."""
    settings = ProviderSettings(
        provider="fcm", options={"project": "sample-shop", "ca_file": ca_file}
    )
    provider = FcmProvider(
        Options(settings, no_variable), Clock(), base_url=url, rate_per_s=10_000, sandbox=True
    )
    provider.encode(outgoing(0).envelope)
    cpu, start = cpu_s(), time.perf_counter()
    begun = accepted = 0
    while accepted < messages:
        wanted = min(provider.free_slots(), messages - begun)
        if wanted:
            provider.submit([outgoing(number) for number in range(begun, begun + wanted)])
            begun += wanted
        for settled in provider.poll(1.0):
            if not isinstance(settled.outcome, Accepted):
                raise SystemExit(f"not accepted: {settled.outcome}")
            accepted += 1
    took, used = time.perf_counter() - start, cpu_s() - cpu
    provider.close()
    return messages / took, used / messages * 1e6


def run_theirs(url: str, ca_file: str, messages: int) -> tuple[float, float]:
    """Return (messages a second, CPU microseconds a message)."""
    os.environ["REQUESTS_CA_BUNDLE"] = ca_file
    import firebase_admin
    import google.oauth2.credentials
    import requests
    from firebase_admin import credentials, messaging

    class Token(credentials.Base):
        def get_credential(self) -> Any:
            return google.oauth2.credentials.Credentials(token="loopback")

    messaging._MessagingService.FCM_URL = url + "/v1/projects/{0}/messages:send"  # noqa: SLF001
    app = firebase_admin.initialize_app(Token(), {"projectId": "sample-shop"})
    session = messaging._get_messaging_service(app)._client.session  # noqa: SLF001
    session.mount(url, requests.adapters.HTTPAdapter(pool_connections=100, pool_maxsize=100))

    def build(number: int) -> Any:
        return messaging.Message(
            token=f"token:{number:0140}",
            data={"campaign": "chuseok-sale", "variant": "a"},
            notification=messaging.Notification(
                title=f"(광고) 민지{number}님, 추석 특가",
                body="송편을 30% 할인합니다. 오늘 밤까지만! ※수신거부: 앱 > 설정 > 알림",
            ),
            android=messaging.AndroidConfig(priority="high", collapse_key="chuseok-sale"),
        )

    def send(numbers: range) -> int:
        return int(messaging.send_each([build(number) for number in numbers]).success_count)

    warnings.simplefilter("ignore", DeprecationWarning)
    send(range(100))
    cpu, start = cpu_s(), time.perf_counter()
    sent = sum(send(range(first, min(first + 500, messages))) for first in range(0, messages, 500))
    took, used = time.perf_counter() - start, cpu_s() - cpu
    if sent != messages:
        raise SystemExit(f"firebase-admin sent {sent} of {messages}")
    return messages / took, used / messages * 1e6


def cpu_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    """Run both, print a table and the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=30_000)
    parser.add_argument("--theirs", type=int, default=1_500)
    parser.add_argument("--delay-ms", type=float, default=60.0)
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        serve(given.serve, given.delay_ms / 1000)
        return
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, __file__, "--serve", folder, "--delay-ms", str(given.delay_ms)]
        server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert server.stdin
        assert server.stdout
        try:
            url = f"https://127.0.0.1:{int(server.stdout.readline())}"
            ca_file = f"{folder}/ca.pem"
            ours = run_ours(url, ca_file, given.messages)
            theirs = run_theirs(url, ca_file, given.theirs)
        finally:
            server.stdin.close()
            server.wait(timeout=10)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"| sender ({given.delay_ms:g} ms answers) | messages | msg/s | CPU µs/msg |")
    print("| --- | --: | --: | --: |")
    print(f"| pushform, provider `fcm` | {given.messages:,} | {ours[0]:,.0f} | {ours[1]:.0f} |")
    print(f"| firebase-admin `send_each` | {given.theirs:,} | {theirs[0]:,.0f} | {theirs[1]:.0f} |")
    print(f"\nratio {ours[0] / theirs[0]:.1f}, peak memory {memory:.0f} MiB (both in one process)")


if __name__ == "__main__":
    main()
