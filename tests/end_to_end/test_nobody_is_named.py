"""Planted canaries: no plan, log, report or output holds a person, a token or a number."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

from tests.end_to_end.small import DUE, Shop

ROOT = Path(__file__).resolve().parents[2]
CANARY = "kanarienvogel"
PHONE = "0000-7777"


def planted(tmp_path: Path) -> Shop:
    """Return a shop whose people carry canaries in every field."""
    return Shop(
        root=tmp_path,
        people=6,
        channels="  app: {}\n  kakao: {product: brand, profile: main}\n  sms: {from: '15880000'}\n",
        extra="alternative: {kakao: sms}\n",
        user=lambda i: {
            "user_id": f"{CANARY}-user-{i}",
            "name": f"{CANARY}이름",
            "phone": f"010-{PHONE}" if i == 0 else f"010-0000-77{i:02d}",
            "app_ad": ("yes", "no", "")[i % 3],
        },
        device=lambda i: {"user_id": f"{CANARY}-user-{i}", "token": f"{CANARY}-token-{i}"},
        suppressed=[f"{CANARY}-user-5"],
    )


def test_no_output_and_no_report_names_anybody(tmp_path: Path) -> None:
    shop = planted(tmp_path)
    seen = []
    for words in (
        ("lint",),
        ("plan",),
        ("plan", "--format", "json"),
        ("plan", "--format", "markdown", "--out", tmp_path / "plan.json"),
        ("audience", "everyone"),
        ("audience", "everyone", "--explain"),
        ("doctor",),
        ("preview", "sale"),
        ("apply", "--auto-approve"),
        ("status",),
        ("plan",),
    ):
        result = shop.run(*words, as_of="2026-09-20T00:00:00Z")
        seen.append(result.out + result.err)
    sent = shop.dispatch(DUE)
    seen.append(sent.out + sent.err)
    seen.extend(
        shop.run("report", "sale", "--format", form, as_of=DUE).out
        for form in ("text", "json", "markdown")
    )
    files = [*(tmp_path / "reports").rglob("*"), tmp_path / "plan.json"]
    seen.extend(path.read_text("utf-8") for path in files if path.is_file())

    assert sent.code == 0, sent.err
    assert len(files) > 4
    for text in seen:
        assert CANARY not in text
        assert PHONE not in text
        assert "1000007777" not in text


def test_the_ledger_holds_hashes_only(tmp_path: Path) -> None:
    shop = planted(tmp_path)
    shop.apply()
    shop.dispatch(DUE)

    for path in (tmp_path / ".pushform").glob("*.db*"):
        data = path.read_bytes()
        assert CANARY.encode() not in data
        assert b"821000007777" not in data


def test_shards_are_private_while_they_last_and_gone_at_the_end(tmp_path: Path) -> None:
    shop = planted(tmp_path)
    shop.apply()
    shop.dispatch(DUE)

    assert not list((tmp_path / ".pushform").rglob("*.parquet"))
    for path in [tmp_path / ".pushform", *(tmp_path / ".pushform").rglob("*")]:
        allowed = 0o700 if path.is_dir() else 0o600
        assert path.stat().st_mode & 0o777 == allowed, path


def test_trace_tells_one_persons_story_at_a_terminal_only(tmp_path: Path) -> None:
    shop = planted(tmp_path)
    shop.apply()
    shop.dispatch(DUE)

    refused = shop.run("trace", f"{CANARY}-user-1")
    told = _at_a_terminal(shop, "trace", f"{CANARY}-user-1")
    by_phone = _at_a_terminal(shop, "trace", "--phone", f"010-{PHONE}")

    assert refused.code == 2
    assert "to a terminal only" in refused.err
    assert "app    skipped (no_consent)" in told
    assert "consent ad=no night=no service=yes read 2026-09-20T02:00:0" in told
    assert "kakao  sent" in told
    assert f"{CANARY}-user-0: " in by_phone


def _at_a_terminal(shop: Shop, *words: str) -> str:
    """Run a command with a terminal for its output and return what it shows."""
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "engine", *words, "-C", str(shop.root)],
        cwd=ROOT,
        stdout=slave,
        stderr=subprocess.STDOUT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    os.close(slave)
    shown = b""
    while True:
        try:
            data = os.read(master, 65536)
        except OSError:
            break
        if not data:
            break
        shown += data
    os.close(master)
    assert process.wait() == 0, shown.decode()
    return shown.decode()
