"""A loopback FCM that answers everything the real one does: every outcome stands in the books."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.channels.discovery import request_validator
from tests.end_to_end.small import Shop
from tests.servers.fcm import LoopbackFcm


@pytest.fixture
def fcm() -> Iterator[LoopbackFcm]:
    with LoopbackFcm() as server:
        yield server


def shop_for(tmp_path: Path, fcm: LoopbackFcm, tokens: list[str], **more: object) -> Shop:
    """Return a shop whose app channel is FCM on loopback and whose people have `tokens`."""
    app = (
        "{provider: fcm, project: sample-shop, rate: 1000/s, timeout: 1, "
        f'base_url: "{fcm.base_url}", ca_file: "{fcm.ca_file}"}}'
    )
    shop = Shop(
        root=tmp_path,
        people=len(tokens),
        app=app,
        device=lambda i: {"token": tokens[i]},
        schedule=", late: 2h",
        **more,  # type: ignore[arg-type]
    )
    shop.apply()
    return shop


def test_every_request_is_what_googles_discovery_document_describes(
    tmp_path: Path, fcm: LoopbackFcm
) -> None:
    shop = shop_for(tmp_path, fcm, [f"ok-{i}" for i in range(20)])

    assert shop.dispatch().code == 0

    validator = request_validator()
    assert len(fcm.received) == 20
    for request in fcm.received:
        validator.validate(json.loads(request.body))
        assert request.message["android"]["collapse_key"] == "sale"
        assert request.message["notification"]["title"].startswith("(광고) 손님")
        # due at 11:00 in Seoul; the window closes at 21:00
        assert 35_900 < int(request.message["android"]["ttl"].removesuffix("s")) <= 36_000
    assert shop.device_books()["sent"] == 20


@pytest.mark.parametrize(
    ("word", "books"),
    [
        ("unregistered", {"failed": {"unregistered": 1}}),
        ("badtoken", {"failed": {"bad_address": 1}}),
        ("mismatch", {"failed": {"sender_mismatch": 1}}),
        ("silent", {"unknown": 1}),
        ("goaway", {"sent": 4}),
        ("refusedonce", {"sent": 4}),
    ],
)
def test_each_answer_stands_in_the_books(
    tmp_path: Path, fcm: LoopbackFcm, word: str, books: dict[str, object]
) -> None:
    tokens = ["ok-1", "ok-2", f"{word}-3", "ok-4"]
    shop = shop_for(tmp_path, fcm, tokens)

    result = shop.dispatch()

    device = shop.device_books()
    assert {key: device[key] for key in books} == books
    assert result.code == (8 if "unknown" in books else 0), result.err
    assert device["pending"] == 0
    assert all(count == 1 for count in fcm.accepted.values()), fcm.accepted
    assert shop.report()["status"] == "completed"


def test_a_reset_leaves_everything_that_had_no_answer_unknown(
    tmp_path: Path, fcm: LoopbackFcm
) -> None:
    shop = shop_for(tmp_path, fcm, ["ok-1", "ok-2", "reset-3", "ok-4"])

    assert shop.dispatch().code == 8

    device = shop.device_books()
    assert int(str(device["unknown"])) >= 1
    assert int(str(device["unknown"])) + int(str(device["sent"])) == 4
    assert all(count == 1 for count in fcm.accepted.values()), fcm.accepted
    assert sum(fcm.accepted.values()) >= int(str(device["sent"]))


def test_a_bad_payload_stops_the_campaign_and_the_rest_stays_pending(
    tmp_path: Path, fcm: LoopbackFcm
) -> None:
    shop = shop_for(tmp_path, fcm, [f"badpayload-{i}" for i in range(300)])

    result = shop.dispatch()

    assert result.code == 8
    assert len(fcm.received) < 300
    report = shop.report()
    assert report["halted"] is True
    assert "refused" in str(report["blocked"])
    device = shop.device_books()
    assert device["pending"] == 300 - len(fcm.received)
    assert shop.run("resume", "sale").code == 0


def test_refused_keys_halt_and_after_the_repair_everybody_has_it_once(
    tmp_path: Path, fcm: LoopbackFcm
) -> None:
    shop = shop_for(tmp_path, fcm, [f"ok-{i}" for i in range(100)])
    fcm.good_bearer = lambda _: False

    told = shop.dispatch()

    assert told.code == 10
    assert "`fcm` refused the keys or the account (UNAUTHENTICATED)" in told.err
    assert (fcm.accepted, len(fcm.received)) == ({}, 10)
    books = shop.device_books()
    assert (books["failed"], books["pending"], shop.report()["halted"]) == ({}, 100, True)

    fcm.good_bearer = lambda _: True
    assert shop.run("resume", "sale").code == 0
    assert shop.dispatch("2026-09-20T02:05:00Z").code == 0

    assert fcm.accepted == {f"ok-{i}": 1 for i in range(100)}
    assert shop.device_books()["sent"] == 100


@pytest.mark.parametrize("word", ["unavailable", "quota"])
def test_a_retry_waits_as_long_as_it_was_asked_to_and_never_past_the_end_of_the_wave(
    tmp_path: Path, fcm: LoopbackFcm, word: str
) -> None:
    """503 asks for 11 s and 429 for 7 s, but the wave (due + late) ends 3 s after the first try."""
    shop = shop_for(tmp_path, fcm, [f"{word}-1", "ok-2"], advertising=False)

    result = shop.dispatch("2026-09-20T03:59:57Z")

    device = shop.device_books()
    assert (device["sent"], device["skipped"], device["pending"]) == (1, {"missed": 1}, 0)
    assert [request.address for request in fcm.received].count(f"{word}-1") == 1
    assert result.code == 0, result.err


def test_a_dead_address_is_skipped_from_then_on(tmp_path: Path, fcm: LoopbackFcm) -> None:
    shop = shop_for(tmp_path, fcm, ["unregistered-1", "ok-2"])
    shop.dispatch()
    shop.campaign = "second"
    shop.at = "2026-09-20 15:00"
    shop.write_campaign()
    shop.apply("2026-09-20T04:00:00Z")

    shop.dispatch("2026-09-20T06:00:00Z")

    books = shop.device_books()
    assert (books["sent"], books["skipped"]) == (1, {"dead_address": 1})
