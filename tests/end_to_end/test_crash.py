"""`kill -9` in the middle of a dispatch, again and again: nobody twice, nobody lost."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from tests.end_to_end.small import Shop
from tests.servers.fcm import LoopbackFcm

ROOT = Path(__file__).resolve().parents[2]
KILLS = 50
PEOPLE = 4_000
SLOTS = 100
"""What the provider may have in flight at 400 messages a second: one connection of 100 streams."""


def start(shop: Shop, as_of: str) -> subprocess.Popen[bytes]:
    """Start `pushform dispatch` as a process of its own."""
    words = [sys.executable, "-m", "engine", "dispatch", "-C", str(shop.root), "--as-of", as_of]
    return subprocess.Popen(
        words,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def test_fifty_kills_at_random_moments_send_to_nobody_twice_and_lose_nobody(
    tmp_path: Path,
) -> None:
    moments = random.Random(20260920)
    with LoopbackFcm(delay_s=0.03) as fcm:
        app = (
            "{provider: fcm, project: sample-shop, rate: 400/s, "
            f'base_url: "{fcm.base_url}", ca_file: "{fcm.ca_file}"}}'
        )
        shop = Shop(
            root=tmp_path,
            people=PEOPLE,
            app=app,
            device=lambda i: {"token": f"ok-{i:05d}"},
            schedule=", late: 3h",
        )
        shop.apply()
        in_doubt = 0
        for kill in range(KILLS):
            before = sum(fcm.accepted.values())
            process = start(shop, f"2026-09-20T02:{kill:02d}:00Z")
            _wait_for_work(fcm, before, process)
            time.sleep(moments.random() * 0.25)
            process.send_signal(signal.SIGKILL)
            process.wait()
            claimed = count_claimed(tmp_path)
            assert claimed <= SLOTS, "a kill leaves in doubt what was in flight, no more"
            in_doubt += claimed
        done = shop.dispatch("2026-09-20T03:00:00Z")
        accepted = Counter(fcm.accepted)

    device = shop.device_books()
    assert done.code in (0, 8), done.err
    assert device["pending"] == 0
    assert max(accepted.values()) == 1, "somebody was sent to twice"
    sent, unknown = int(str(device["sent"])), int(str(device["unknown"]))
    assert sent + unknown == PEOPLE, device
    # Whatever FCM took stands as sent or, where its answer was lost, as unknown.
    assert sent <= len(accepted) <= sent + unknown
    assert unknown <= in_doubt


def count_claimed(root: Path) -> int:
    """Return how many deliveries a dead process left claimed."""
    with sqlite3.connect(root / ".pushform" / "sandbox.db") as connection:
        query = "SELECT count(*) FROM delivery WHERE state = 'claimed'"
        return int(connection.execute(query).fetchone()[0])


def _wait_for_work(fcm: LoopbackFcm, before: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 20
    while sum(fcm.accepted.values()) == before and process.poll() is None:
        assert time.monotonic() < deadline, "the dispatch does not begin"
        time.sleep(0.005)
