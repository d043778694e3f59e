"""Halt, resume and cancel: in force at once, nobody twice, nobody lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.end_to_end.small import Shop
from tests.servers.fcm import LoopbackFcm

ROOT = Path(__file__).resolve().parents[2]
PEOPLE = 600


def slow_shop(tmp_path: Path) -> Shop:
    """Return a shop whose campaign takes about 12 s: 50 messages a second."""
    return Shop(root=tmp_path, people=PEOPLE, schedule=", pace: 50/s, late: 2h")


def start(shop: Shop) -> subprocess.Popen[str]:
    """Start a dispatch as a process of its own and wait until it sends."""
    words = [sys.executable, "-m", "engine", "dispatch", "-C", str(shop.root)]
    process = subprocess.Popen(
        [*words, "--as-of", "2026-09-20T02:00:00Z"],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    deadline = time.monotonic() + 30
    while not shop.outbox():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return process


def test_a_halt_stops_within_seconds_and_resume_sends_exactly_the_rest(tmp_path: Path) -> None:
    shop = slow_shop(tmp_path)
    shop.apply()
    process = start(shop)

    began = time.monotonic()
    assert shop.run("halt", "sale", "--reason", "typo in the title").code == 0
    _out, err = process.communicate(timeout=30)

    assert time.monotonic() - began <= 5.0
    assert "typo in the title" in err
    sent = len(shop.outbox())
    assert 0 < sent < PEOPLE
    halted = shop.run("status", "--format", "json", as_of="2026-09-20T02:01:00Z").json()
    assert halted["campaigns"][0]["halted"] is True
    assert shop.dispatch("2026-09-20T02:01:00Z").out.strip() == "nothing is due"
    assert len(shop.outbox()) == sent

    assert shop.run("resume", "sale").code == 0
    assert shop.dispatch("2026-09-20T02:02:00Z").code == 0

    hashes = [line["address_hash"] for line in shop.outbox()]
    assert len(hashes) == len(set(hashes)) == PEOPLE
    assert shop.device_books()["sent"] == PEOPLE


def test_a_cancel_in_the_middle_settles_the_rest_as_cancelled(tmp_path: Path) -> None:
    shop = slow_shop(tmp_path)
    shop.apply()
    process = start(shop)

    began = time.monotonic()
    assert shop.run("cancel", "sale", "--reason", "wrong price").code == 0
    process.communicate(timeout=30)

    assert time.monotonic() - began <= 8.0
    report = shop.report()
    assert (report["status"], report["reason"]) == ("cancelled", "wrong price")
    device = shop.device_books()
    assert device["skipped"] == {"cancelled": PEOPLE - int(str(device["sent"]))}
    assert device["sent"] == len(shop.outbox()) > 0
    again = shop.run("cancel", "sale")
    assert again.code == 2
    assert "there is nothing to stop" in again.err


def test_a_cancel_without_a_dispatcher_is_settled_by_the_next_one(tmp_path: Path) -> None:
    shop = slow_shop(tmp_path)
    shop.apply()
    process = start(shop)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert shop.run("cancel", "sale").code == 0

    settled = shop.dispatch("2026-09-20T02:05:00Z")

    assert settled.code in (0, 8), settled.err
    report = shop.report()
    assert report["status"] == "cancelled"
    assert shop.device_books()["pending"] == 0


def test_a_cancel_before_the_send_is_final_for_the_id(tmp_path: Path) -> None:
    shop = Shop(root=tmp_path, people=2)
    shop.apply()
    assert shop.run("cancel", "sale", "--reason", "no stock").code == 0

    assert shop.dispatch().out.strip() == "nothing is due"
    shop.template = "다른 글"
    shop.write_template()
    plan = shop.run("plan", as_of="2026-09-20T02:30:00Z")

    assert plan.code == 1
    assert "that is final for its id" in plan.err
    assert shop.run("apply", "--auto-approve", as_of="2026-09-20T02:30:00Z").code == 0
    assert shop.report()["status"] == "cancelled"
    assert shop.outbox() == []


def test_sigterm_drains_and_the_next_dispatch_sends_the_rest(tmp_path: Path) -> None:
    with LoopbackFcm(delay_s=0.3) as fcm:
        app = (
            "{provider: fcm, project: sample-shop, rate: 200/s, "
            f'base_url: "{fcm.base_url}", ca_file: "{fcm.ca_file}"}}'
        )
        shop = Shop(
            root=tmp_path,
            people=PEOPLE,
            app=app,
            device=lambda i: {"token": f"ok-{i}"},
            schedule=", late: 2h",
        )
        shop.apply()
        words = [sys.executable, "-m", "engine", "dispatch", "-C", str(shop.root)]
        process = subprocess.Popen(
            [*words, "--as-of", "2026-09-20T02:00:00Z"],
            cwd=ROOT,
            text=True,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        while len(fcm.received) < 50:
            assert process.poll() is None
            time.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=30)

        assert process.returncode == 143, err
        device = shop.device_books()
        assert device["unknown"] == 0, "what was in flight was waited for"
        assert device["sent"] == len(fcm.accepted)
        assert 0 < int(str(device["pending"])) < PEOPLE

        assert shop.dispatch("2026-09-20T02:05:00Z").code == 0
        assert max(fcm.accepted.values()) == 1
        assert len(fcm.accepted) == PEOPLE
    assert shop.device_books()["sent"] == PEOPLE


def test_two_dispatchers_share_the_work_and_nobody_gets_it_twice(tmp_path: Path) -> None:
    shop = Shop(root=tmp_path, people=PEOPLE, schedule=", late: 2h")
    shop.apply()

    result = shop.dispatch("2026-09-20T02:00:00Z", "--workers", "2")

    assert result.code == 0, result.err
    hashes = [line["address_hash"] for line in shop.outbox()]
    assert len(hashes) == len(set(hashes)) == PEOPLE
