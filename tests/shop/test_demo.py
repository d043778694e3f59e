"""`make demo` without the installation: the sample shop from lint to report, twice the same."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

# One process runs the demo once for all of them.
pytestmark = pytest.mark.xdist_group("demo")

ROOT = Path(__file__).parents[2]
SENT = {
    *("chuseok-sale", "delivery-notice", "early-bird", "grade-coupon", "live-tonight"),
    *("night-deal", "overseas-weekend", "restock-notice", "security-notice", "terms-update"),
    *("win-back", "autumn-picks", "hanwoo-week"),
}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Run the demo in a copy; return its workspace and what it printed."""
    home = tmp_path_factory.mktemp("demo")
    (home / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "demo", home / ".ci")
    shutil.copy(ROOT / "pushform.yaml", home)
    for folder in ("campaigns", "audiences", "templates"):
        shutil.copytree(ROOT / folder, home / folder)
    command = home / "bin" / "pushform"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m engine "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    answer = subprocess.run(
        ["bash", ".ci/demo"],
        cwd=home,
        env={
            "PATH": f"{command.parent}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "HOME": str(home),
            "LANG": "C.UTF-8",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stdout[-4000:]
    return home / ".pushform" / "demo", answer.stdout


def reports(workspace: Path) -> Mapping[str, Mapping[str, Any]]:
    found = (workspace / "reports" / "sandbox").glob("*/report.json")
    return {path.parent.name: json.loads(path.read_text(encoding="utf-8")) for path in found}


def test_every_campaign_is_completed(demo: tuple[Path, str]) -> None:
    written = reports(demo[0])
    assert set(written) == SENT
    assert {report["status"] for report in written.values()} == {"completed"}


def test_the_books_balance_and_nothing_is_unknown(demo: tuple[Path, str]) -> None:
    for campaign, report in reports(demo[0]).items():
        for unit in ("user", "device"):
            books = report["books"][unit]
            settled = books["held_out"] + books["sent"] + books["unknown"] + books["pending"]
            refused = sum(books["skipped"].values()) + sum(books["failed"].values())
            assert books["targeted"] == settled + refused, f"{campaign} {unit}"
            assert (books["unknown"], books["pending"]) == (0, 0), f"{campaign} {unit}"
            assert books["sent"] > 0, f"{campaign} {unit}"


def test_people_are_left_out_for_every_reason_that_the_shop_was_made_for(
    demo: tuple[Path, str],
) -> None:
    skipped = {
        reason
        for report in reports(demo[0]).values()
        for reason in report["books"]["device"]["skipped"]
    }
    assert skipped >= {
        *("no_consent", "unknown_consent", "no_night_consent", "service_off", "suppressed"),
        *("disabled", "duplicate_address", "minor", "cap", "window", "missing_value"),
    }


def test_the_outbox_holds_as_many_messages_as_the_reports_count(demo: tuple[Path, str]) -> None:
    outbox = demo[0] / ".pushform" / "outbox" / "sandbox"
    lines = sum(
        len(path.read_text(encoding="utf-8").splitlines()) for path in outbox.rglob("*.jsonl")
    )
    assert lines == sum(report["books"]["device"]["sent"] for report in reports(demo[0]).values())


def test_it_ends_by_saying_where_things_are(demo: tuple[Path, str]) -> None:
    last = demo[1].splitlines()[-2:]
    assert last[0].startswith("reports: .pushform/demo/reports/sandbox/")
    assert last[1].startswith("outbox:  .pushform/demo/.pushform/outbox/sandbox/")
    assert "Traceback" not in demo[1]


def test_no_report_names_a_person_or_an_address(demo: tuple[Path, str]) -> None:
    texts = [
        path.read_text(encoding="utf-8")
        for path in (demo[0] / "reports").rglob("*")
        if path.suffix in (".json", ".md", ".svg")
    ]
    assert texts
    for text in texts:
        assert "sample-token" not in text
        assert "010-0000" not in text
        assert "u0001" not in text
