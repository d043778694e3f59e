"""Ways in which a send could have gone wrong, found by trying to break it."""

from __future__ import annotations

import os
import pty
import re
import select
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.end_to_end.small import DUE, PLANNED, Shop

ROOT = Path(__file__).resolve().parents[2]


def test_an_ad_approved_with_a_suppression_list_is_not_sent_without_one(tmp_path: Path) -> None:
    shop = Shop(root=tmp_path, people=4, suppressed=["u000001"])
    shop.apply()
    config = tmp_path / "pushform.yaml"
    text = config.read_text("utf-8")
    config.write_text(re.sub(r"  suppression: .*\n", "  suppression: none\n", text), "utf-8")

    result = shop.dispatch(DUE)

    assert result.code == 5
    assert "was approved with a suppression list" in result.err
    assert shop.outbox() == []


@pytest.mark.parametrize(
    ("header", "hint"),
    [
        ("a,b", "map it with `sources.suppression.columns: {user_id: …}`"),
        ("user id", "did you mean `user id`? otherwise map it with `sources.suppression.columns`"),
    ],
)
def test_a_suppression_list_that_names_nobody_holds_the_send(
    tmp_path: Path, header: str, hint: str
) -> None:
    shop = Shop(root=tmp_path, people=4, suppressed=["u000001"])
    shop.apply()
    (tmp_path / "data" / "suppression.csv").write_text(f"{header}\nu000001\n", "utf-8")

    result = shop.dispatch(DUE)

    assert result.code == 11
    assert "has no column `user_id or phone or token`" in result.err
    assert hint in result.err
    assert shop.outbox() == []


def test_an_audience_that_was_empty_when_it_was_applied_may_not_grow(tmp_path: Path) -> None:
    shop = Shop(root=tmp_path, people=0)
    shop.apply()
    shop.people = 3
    shop.write_people()

    result = shop.dispatch(DUE)

    assert result.code == 4
    assert "grew from 0 to 3 people" in result.err


def test_shards_lie_beside_the_state_and_not_in_the_checkout(tmp_path: Path) -> None:
    (tmp_path / "checkout").mkdir()
    shop = Shop(root=tmp_path / "checkout", people=3, timezone="recipient", schedule=", late: 1h")
    config = shop.root / "pushform.yaml"
    state = tmp_path / "kept" / "state.db"
    config.write_text(
        config.read_text("utf-8").replace(
            "    sandbox: true\n",
            f'    sandbox: true\n    state: {{url: "sqlite:///{state}"}}\n',
        ),
        "utf-8",
    )
    state.parent.mkdir()
    shop.user = lambda i: {"timezone": "Asia/Seoul" if i else "Europe/Paris"}
    shop.write_people()
    shop.apply()
    assert shop.dispatch("2026-09-20T02:00:00Z").code == 0
    key = (shop.root / ".pushform" / "key").read_bytes()
    shutil.rmtree(shop.root / ".pushform")
    (shop.root / ".pushform").mkdir(mode=0o700)
    (shop.root / ".pushform" / "key").write_bytes(key)

    later = shop.dispatch("2026-09-20T09:00:00Z")

    assert later.code == 0, later.err
    assert shop.report()["status"] == "completed"


def test_a_campaign_whose_shards_are_gone_can_still_be_cancelled(tmp_path: Path) -> None:
    shop = Shop(root=tmp_path, people=3, timezone="recipient")
    shop.user = lambda i: {"timezone": "Asia/Seoul" if i else "Europe/Paris"}
    shop.write_people()
    shop.apply()
    shop.dispatch("2026-09-20T02:00:00Z")
    shutil.rmtree(tmp_path / ".pushform" / "snapshots")
    assert shop.dispatch("2026-09-20T09:00:00Z").code == 5

    assert shop.run("cancel", "sale", "--reason", "lost", "-e", "sandbox").code == 0
    assert shop.dispatch("2026-09-20T09:01:00Z").code == 0

    report = shop.report()
    assert report["status"] == "cancelled"
    device = shop.device_books()
    assert (device["sent"], device["skipped"], device["pending"]) == (2, {"cancelled": 1}, 0)


def test_an_emergency_stop_reaches_what_it_can_and_names_what_it_cannot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PUSHFORM_STATE_URL", raising=False)
    shop = Shop(root=tmp_path, people=2)
    config = tmp_path / "pushform.yaml"
    config.write_text(
        config.read_text("utf-8").replace(
            "  production: {}", '  production: {state: {url: "${PUSHFORM_STATE_URL}"}}'
        ),
        "utf-8",
    )
    shop.apply()

    result = shop.run("halt", "--reason", "stop")

    assert "sandbox: halted everything" in result.out
    assert result.code == 10
    assert "PUSHFORM_STATE_URL" in result.err
    assert shop.run("status", as_of=DUE).out.count("halted") >= 1


def test_a_halted_campaign_says_how_it_is_resumed(tmp_path: Path) -> None:
    shop = Shop(root=tmp_path, people=2)
    shop.apply()
    shop.run("halt", "sale", "-e", "sandbox")

    status = shop.run("status", "--format", "json", as_of=DUE).json()
    dispatched = shop.dispatch(DUE, "sale")

    assert status["campaigns"][0]["next_step"] == "pushform resume sale"
    assert "sale is halted" in dispatched.err
    assert shop.dispatch(DUE, "nobody").code == 2


def test_an_answer_at_the_prompt_counts_from_when_it_was_given(tmp_path: Path) -> None:
    """Due in an hour and a few seconds: whoever thinks it over for longer comes too late."""
    due = datetime.now(UTC) + timedelta(hours=1, seconds=20)
    due = due.replace(second=0, microsecond=0) + timedelta(minutes=1)
    shop = Shop(
        root=tmp_path,
        people=2,
        advertising=False,
        at=due.astimezone(ZoneInfo("Asia/Seoul")).strftime("%Y-%m-%d %H:%M"),
    )
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "engine", "apply", "-C", str(tmp_path)],
        cwd=ROOT,
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    os.close(slave)
    shown = _read_until(master, b"to apply all of it")
    time.sleep(2)
    os.write(master, b"sandbox\n")
    shown += _read_until(master, None)
    assert process.wait() == 0, shown.decode()

    plain = shop.run("status", "--format", "json").json()
    assert plain["campaigns"][0]["status"] == "ready"
    lead = _changed_at(tmp_path)
    assert datetime.now(UTC) - lead < timedelta(seconds=30)


def _changed_at(root: Path) -> datetime:
    import sqlite3

    with sqlite3.connect(root / ".pushform" / "sandbox.db") as connection:
        (micro,) = connection.execute("SELECT changed_at FROM campaign").fetchone()
    return datetime.fromtimestamp(micro / 1e6, UTC)


def _read_until(master: int, marker: bytes | None) -> bytes:
    shown = b""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        ready, _, _ = select.select([master], [], [], 0.2)
        if ready:
            try:
                data = os.read(master, 65536)
            except OSError:
                return shown
            if not data:
                return shown
            shown += data
        if marker is not None and marker in shown:
            return shown
    raise AssertionError(shown.decode(errors="replace"))


@pytest.mark.parametrize("at", ["9999-12-31 23:59", "0001-01-01 00:00", "2026-02-30 10:00"])
def test_an_impossible_time_is_a_finding_and_no_bug(tmp_path: Path, at: str) -> None:
    shop = Shop(root=tmp_path, people=1, at=at)

    result = shop.run("lint", as_of=DUE)

    assert result.code == 1
    assert at in result.out


def test_an_impossible_clock_is_a_usage_error(tmp_path: Path) -> None:
    shop = Shop(root=tmp_path, people=1)

    for instant in ("9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "tomorrow"):
        assert shop.run("plan", as_of=instant).code == 2


def test_a_path_that_is_not_there_is_no_clean_bill(tmp_path: Path) -> None:
    shop = Shop(root=tmp_path, people=1)

    result = shop.run("lint", tmp_path / "campaigns" / "salt.yaml", as_of=DUE)

    assert result.code == 2
    assert "salt.yaml" in result.err


def test_a_folder_that_cannot_be_made_is_told_plainly(tmp_path: Path) -> None:
    shop = Shop(root=tmp_path, people=1)
    (tmp_path / ".pushform").write_text("a file where a folder belongs", "utf-8")

    for words in (("plan",), ("apply", "--auto-approve"), ("outbox",), ("doctor",)):
        result = shop.run(*words, as_of="2026-09-20T00:00:00Z")
        assert result.code == 11, (words, result.err)
        assert ".pushform" in result.err + result.out


def test_what_a_crash_left_unknown_is_not_called_a_success(tmp_path: Path) -> None:
    from tests.servers.fcm import LoopbackFcm

    with LoopbackFcm() as fcm:
        app = (
            "{provider: fcm, project: sample-shop, rate: 1000/s, timeout: 1, "
            f'base_url: "{fcm.base_url}", ca_file: "{fcm.ca_file}"}}'
        )
        shop = Shop(
            root=tmp_path,
            people=2,
            app=app,
            timezone="recipient",
            user=lambda i: {"timezone": "Asia/Seoul" if i else "Europe/Paris"},
            device=lambda i: {"token": f"{'silent' if i else 'ok'}-{i}"},
            schedule=", late: 1h",
        )
        shop.apply()
        assert shop.dispatch("2026-09-20T02:00:00Z").code == 8
        last = shop.run("dispatch", "--format", "json", as_of="2026-09-20T09:00:00Z")

    assert last.code == 8
    assert last.json()["campaigns"][0]["unknown"] == 1


def test_reports_are_the_same_bytes_whatever_else_happens(tmp_path: Path) -> None:
    shop = Shop(root=tmp_path, people=3)
    shop.apply()
    shop.dispatch(DUE)
    file = tmp_path / "reports" / "sandbox" / "sale" / "report.json"
    before = file.read_bytes()
    shop.campaign, shop.at = "other", "2026-09-20 15:00"
    shop.write_campaign()
    shop.apply("2026-09-20T04:00:00Z")

    shop.campaign = "sale"
    shop.report("2026-09-21T00:00:00Z")

    assert file.read_bytes() == before


def test_a_command_that_counts_people_leaves_without_a_word(tmp_path: Path) -> None:
    shop = Shop(root=tmp_path, people=4)
    asked = (sys.executable, "-m", "engine", "plan", "-C", str(shop.root), "--as-of", PLANNED)

    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.stderr == ""
    assert "sale" in done.stdout
