"""A loopback push service behind the whole pipeline: every outcome stands in the books, and what
arrives can be read by the browser and by nobody else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from py_vapid import Vapid02

from engine.channels.vapid import public_key, read_private_key
from tests.channels.subscribing import Browser, a_private_key
from tests.end_to_end.small import Shop
from tests.servers.webpush import LoopbackPushService

COLUMNS = ("device_id", "user_id", "platform", "endpoint", "p256dh", "auth", "enabled")


@pytest.fixture
def service() -> Iterator[LoopbackPushService]:
    with LoopbackPushService() as running:
        yield running


def shop_for(
    folder: Path, service: LoopbackPushService, endpoints: Sequence[str], browser: Browser
) -> Shop:
    """Return a shop whose people have a browser each, subscribed at `endpoints`."""
    shop = Shop(root=folder, people=len(endpoints), channels="  web: {}\n", schedule=", late: 2h")
    file = folder / "pushform.yaml"
    web = (
        f"  web: {{provider: webpush, private_key: '${{VAPID_PRIVATE_KEY}}', rate: 1000/s,"
        f' timeout: 1, subject: "mailto:push@shop.example", base_url: "{service.base_url}",'
        f' ca_file: "{service.ca_file}"}}\n'
    )
    text = file.read_text("utf-8").replace(
        "      sms: sms_ad\n", "      sms: sms_ad\n      web: app_ad\n"
    )
    file.write_text(text.replace("  kakao: {provider", f"{web}  kakao: {{provider"), "utf-8")
    rows = [
        {
            "device_id": f"d{number:06d}",
            "user_id": f"u{number:06d}",
            "platform": "web",
            "endpoint": endpoint,
            **browser.keys,
            "enabled": "true",
        }
        for number, endpoint in enumerate(endpoints)
    ]
    shop._table("devices", COLUMNS, rows)
    shop.apply()
    return shop


def test_every_person_gets_one_message_that_only_their_browser_reads(
    tmp_path: Path, service: LoopbackPushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VAPID_PRIVATE_KEY", a_private_key())
    browser = Browser()
    endpoints = [f"https://push{i % 2}.example.com/send/ok-{i}" for i in range(12)]
    shop = shop_for(tmp_path, service, endpoints, browser)

    result = shop.dispatch()

    assert result.code == 0, result.err
    assert len(service.received) == 12
    titles = Counter(browser.read(request.body)["title"] for request in service.received)
    assert titles == Counter(f"(광고) 손님{i}님, 안녕하세요" for i in range(12))
    for request in service.received:
        assert Vapid02.verify(request.headers["authorization"])
        message = browser.read(request.body)
        assert message["data"]["link"] == "https://shop.example/sale"
        assert message["tag"] == request.headers["topic"] == "sale"
        # due at 11:00 in Seoul; the window closes at 21:00
        assert 35_900 < int(request.headers["ttl"]) <= 36_000
    assert shop.device_books()["sent"] == 12


@pytest.mark.parametrize(
    ("endpoint", "books"),
    [
        ("https://push.example.com/send/gone-1", {"sent": 3, "failed": {"unregistered": 1}}),
        ("https://push.example.com/send/silent-1", {"sent": 3, "unknown": 1}),
        ("https://push.example.com/send/goaway-1", {"sent": 4, "failed": {}}),
        ("https://169.254.169.254/latest/meta-data", {"sent": 3, "failed": {"bad_address": 1}}),
    ],
)
def test_each_answer_stands_in_the_books(
    tmp_path: Path,
    service: LoopbackPushService,
    monkeypatch: pytest.MonkeyPatch,
    endpoint: str,
    books: dict[str, object],
) -> None:
    monkeypatch.setenv("VAPID_PRIVATE_KEY", a_private_key())
    good = [f"https://push.example.com/send/ok-{number}" for number in range(3)]
    shop = shop_for(tmp_path, service, [*good, endpoint], Browser())

    shop.dispatch()

    device = shop.device_books()
    assert {key: device[key] for key in books} == books
    assert device["pending"] == 0
    assert set(service.accepted.values()) == {1}


def test_the_doctor_says_the_public_key_and_what_is_wrong_with_a_private_one(
    tmp_path: Path, service: LoopbackPushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = a_private_key()
    monkeypatch.setenv("VAPID_PRIVATE_KEY", key)
    shop = shop_for(tmp_path, service, ["https://push.example.com/send/ok-1"], Browser())
    said = shop.run("doctor").out
    assert f"web: webpush, public key {public_key(read_private_key(key))}\n" in said
    assert key not in said

    monkeypatch.setenv("VAPID_PRIVATE_KEY", "가나다 not a key")
    answer = shop.run("doctor")
    assert answer.code == 10
    assert "web: `private_key` is not a VAPID private key" in answer.out
    assert "not a key" not in answer.out.replace("is not a VAPID", "")
