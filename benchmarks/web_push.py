"""Web push messages a second through our provider and through pywebpush, on one loopback server.

    python benchmarks/web_push.py [--messages 20000] [--theirs 1500] [--delay-ms 60]

The server runs in a process of its own, speaks TLS with HTTP/2 and HTTP/1.1 (pywebpush's transport
knows nothing newer) and reads neither header nor body. `pywebpush.webpush()` with a `requests`
session sends one at a time: with answers that are held back it only waits, so it is measured with
answers that come at once as well. Both encode, encrypt for a browser of its own (1,000 key pairs, taken
in turn), sign as the libraries do (ours once per origin, pywebpush's every time) and read the answer.

Then the same with two processes, and encryption alone with one and two: the server needs a part of two
cores as well, encryption does not.
"""

from __future__ import annotations

import argparse
import base64
import os
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from cryptography.hazmat.primitives.asymmetric import ec

from benchmarks.push_service import Answer, Clock, cpu_s, no_variable, send_all, serve, serving
from engine.channels.options import Options
from engine.channels.vapid import public_key
from engine.channels.webpush import WebPushProvider
from engine.channels.webpush_body import plaintext
from engine.channels.webpush_seal import read_keys, seal
from engine.model.channel import Channel, Platform, ProviderSettings
from engine.model.channel_settings import WebSettings
from engine.model.delivery import DeliveryKey
from engine.model.message import Address, Envelope, Message
from engine.model.outcome import Outgoing

LOCATION = "https://push.example.com/m/0123456789abcdef"
ANSWER = Answer(
    status=201,
    headers={"location": LOCATION},
    # `:status` (8) and `location` (46) of the static table with literal values: RFC 7541, §6.2.2.
    head=b"\x08\x03201" + b"\x0f\x1f" + bytes([len(LOCATION)]) + LOCATION.encode(),
)
BROWSERS = 1000
SUBJECT = "mailto:push@shop.example"


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def browsers() -> list[dict[str, str]]:
    """Return the keys of as many subscriptions."""
    return [
        {
            "p256dh": public_key(ec.generate_private_key(ec.SECP256R1())),
            "auth": base64url(os.urandom(16)),
        }
        for _ in range(BROWSERS)
    ]


def envelope(number: int) -> Envelope:
    message = Message(
        channel=Channel.WEB,
        locale="ko",
        jurisdiction="KR",
        variant="a",
        title=f"(광고) 민지{number}님, 추석 특가",
        body="송편을 30% 할인합니다. 오늘 밤까지만! ※수신거부: 마이페이지 > 알림 설정",
        link="https://shop.example/sale/chuseok",
        data={"campaign": "chuseok-sale", "variant": "a", "message_id": "0123456789abcdef"},
    )
    return Envelope(
        message=message,
        settings=WebSettings(),
        platform=Platform.WEB,
        advertising=True,
        collapse_key="chuseok-sale",
        expires_at=datetime(2026, 9, 24, 12, 0, tzinfo=UTC),
    )


def outgoing(number: int, keys: dict[str, str]) -> Outgoing:
    value = f"https://push.example.com/send/{number:0120}"
    return Outgoing(
        key=DeliveryKey(
            campaign="chuseok-sale", channel=Channel.WEB, address_hash=f"{number:032x}"
        ),
        attempt=1,
        envelope=envelope(number),
        address=Address(kind="webpush", value=value, keys=keys),
    )


def a_key() -> str:
    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return base64url(number.to_bytes(32, "big"))


def work_ours(url: str, ca_file: str, messages: int) -> tuple[float, float]:
    """Send `messages`; return (seconds of wall, seconds of processor). Waits for a line to begin."""
    options = {"private_key": a_key(), "subject": SUBJECT, "ca_file": ca_file}
    settings = ProviderSettings(provider="webpush", options=options)
    provider = WebPushProvider(Options(settings, no_variable), Clock(), base_url=url)
    keys = browsers()
    provider.submit([outgoing(0, keys[0])])
    while not provider.poll(1.0):
        continue
    ready()
    return send_all(provider, lambda number: outgoing(number, keys[number % BROWSERS]), messages)


def work_encryption(messages: int) -> tuple[float, float]:
    """Encrypt `messages` and send nothing; return (wall, processor) in seconds."""
    keys = [read_keys(each["p256dh"], each["auth"]) for each in browsers()]
    text = plaintext(envelope(1))
    ready()
    cpu, start = cpu_s(), time.perf_counter()
    for number in range(messages):
        seal(text, keys[number % BROWSERS])
    return time.perf_counter() - start, cpu_s() - cpu


def work_theirs(url: str, ca_file: str, messages: int) -> tuple[float, float]:
    """Send `messages` with pywebpush; return (wall, processor) in seconds."""
    import pywebpush
    import requests

    warnings.simplefilter("ignore")
    session = requests.Session()
    session.trust_env = False
    session.verify = ca_file
    keys, key = browsers(), a_key()

    def send(number: int) -> None:
        answer = pywebpush.webpush(
            {"endpoint": f"{url}/send/{number:0120}", "keys": keys[number % BROWSERS]},
            plaintext(envelope(number)),
            vapid_private_key=key,
            vapid_claims={"sub": SUBJECT},
            ttl=3600,
            headers={"Urgency": "normal", "Topic": "chuseok-sale"},
            requests_session=session,
        )
        if answer.status_code != 201:
            raise SystemExit(f"pywebpush got {answer.status_code}")

    send(0)
    ready()
    cpu, start = cpu_s(), time.perf_counter()
    for number in range(messages):
        send(number)
    return time.perf_counter() - start, cpu_s() - cpu


def ready() -> None:
    """Tell the parent, and wait until it lets everybody go at once."""
    print("ready", flush=True)
    sys.stdin.readline()


def measure(kind: str, processes: int, messages: int, *where: str) -> tuple[float, float]:
    """Run `processes` workers at once; return (messages a second, processor µs a message)."""
    command = [sys.executable, __file__, "--work", kind, "--messages", str(messages // processes)]
    children = [
        subprocess.Popen(
            [*command, *where], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(processes)
    ]
    for child in children:
        if not child.stdout or child.stdout.readline() != "ready\n":
            raise SystemExit(f"a worker of `{kind}` did not start")
    for child in children:
        assert child.stdin
        child.stdin.write("go\n")
        child.stdin.flush()
    results = [tuple(map(float, child.communicate()[0].split())) for child in children]
    sent = messages // processes * processes
    return sent / max(wall for wall, _ in results), sum(cpu for _, cpu in results) / sent * 1e6


def work(kind: str, messages: int, url: str, ca_file: str) -> None:
    if kind == "encryption":
        wall, cpu = work_encryption(messages)
    else:
        wall, cpu = (work_ours if kind == "ours" else work_theirs)(url, ca_file, messages)
    print(wall, cpu, flush=True)


def compare(given: argparse.Namespace) -> None:
    rows: list[tuple[str, tuple[float, float]]] = []
    with tempfile.TemporaryDirectory() as name:
        slow_folder, quick_folder = Path(name) / "slow", Path(name) / "quick"
        with (
            serving(__file__, slow_folder, given.delay_ms) as slow,
            serving(__file__, quick_folder, 0) as quick,
        ):
            at_slow = ("--url", slow, "--ca-file", f"{slow_folder}/ca.pem")
            at_quick = ("--url", quick, "--ca-file", f"{quick_folder}/ca.pem")
            delay = f"{given.delay_ms:g} ms answers"
            for processes in (1, 2):
                found = measure("ours", processes, given.messages * processes, *at_slow)
                rows.append((f"pushform, {delay}, {processes} process(es)", found))
                found = measure("theirs", processes, given.theirs * processes, *at_quick)
                rows.append((f"pywebpush, no delay, {processes} process(es)", found))
            rows.append((f"pywebpush, {delay}, 1 process(es)", measure("theirs", 1, 50, *at_slow)))
            for processes in (1, 2):
                found = measure("encryption", processes, given.messages * processes)
                rows.append((f"encryption alone, {processes} process(es)", found))
    report(rows)


def report(rows: Sequence[tuple[str, tuple[float, float]]]) -> None:
    print("| what | msg/s | CPU µs/msg |")
    print("| --- | --: | --: |")
    for what, (rate, cpu) in rows:
        print(f"| {what} | {rate:,.0f} | {cpu:.0f} |")
    (one, cpu), (theirs, their_cpu), (two, _), (theirs_two, _), (waiting, _), sealed, sealed_two = (
        found for _, found in rows
    )
    print(
        f"\nours / pywebpush: {one / waiting:.0f} × with the same answers; without delay for pywebpush"
        f" {one / theirs:.1f} × with one process, {two / theirs_two:.1f} × with two,"
        f" {their_cpu / cpu:.1f} × by processor time\n"
        f"two processes / one: {two / one:.2f} ×, encryption alone {sealed_two[0] / sealed[0]:.2f} ×"
    )


def main() -> None:
    """Run all of them, print a table and the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=20_000)
    parser.add_argument("--theirs", type=int, default=1_500)
    parser.add_argument("--delay-ms", type=float, default=60.0)
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--work", help=argparse.SUPPRESS)
    parser.add_argument("--url", default="", help=argparse.SUPPRESS)
    parser.add_argument("--ca-file", default="", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        serve(given.serve, given.delay_ms / 1000, ANSWER)
    elif given.work:
        work(given.work, given.messages, given.url, given.ca_file)
    else:
        compare(given)


if __name__ == "__main__":
    main()
