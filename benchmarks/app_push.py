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
import os
import resource
import sys
import tempfile
import time
import warnings
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.push_service import Answer, Clock, cpu_s, no_variable, send_all, serve, serving
from engine.channels.fcm import FcmProvider
from engine.channels.options import Options
from engine.model.channel import Channel, Platform, ProviderSettings
from engine.model.channel_settings import AppSettings
from engine.model.delivery import DeliveryKey
from engine.model.message import Address, Envelope, Message
from engine.model.outcome import Outgoing

ANSWER = Answer(
    status=200,
    headers={"content-type": "application/json"},
    # `:status: 200` from the static table, content-type (31 there) as a literal: RFC 7541, appendix A.
    head=b"\x88" + b"\x0f\x10" + b"\x10application/json",
    body=b'{"name": "projects/sample-shop/messages/0:1790211600000000%0000000000000000"}',
)


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


def run_ours(url: str, ca_file: str, messages: int) -> tuple[float, float]:
    """Return (messages a second, CPU microseconds a message)."""
    settings = ProviderSettings(
        provider="fcm", options={"project": "sample-shop", "ca_file": ca_file}
    )
    provider = FcmProvider(
        Options(settings, no_variable), Clock(), base_url=url, rate_per_s=10_000, sandbox=True
    )
    provider.encode(outgoing(0).envelope)
    took, used = send_all(provider, outgoing, messages)
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


def main() -> None:
    """Run both, print a table and the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=30_000)
    parser.add_argument("--theirs", type=int, default=1_500)
    parser.add_argument("--delay-ms", type=float, default=60.0)
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        serve(given.serve, given.delay_ms / 1000, ANSWER)
        return
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(__file__, Path(folder), given.delay_ms) as url,
    ):
        ca_file = f"{folder}/ca.pem"
        ours = run_ours(url, ca_file, given.messages)
        theirs = run_theirs(url, ca_file, given.theirs)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"| sender ({given.delay_ms:g} ms answers) | messages | msg/s | CPU µs/msg |")
    print("| --- | --: | --: | --: |")
    print(f"| pushform, provider `fcm` | {given.messages:,} | {ours[0]:,.0f} | {ours[1]:.0f} |")
    print(f"| firebase-admin `send_each` | {given.theirs:,} | {theirs[0]:,.0f} | {theirs[1]:.0f} |")
    print(f"\nratio {ours[0] / theirs[0]:.1f}, peak memory {memory:.0f} MiB (both in one process)")


if __name__ == "__main__":
    main()
