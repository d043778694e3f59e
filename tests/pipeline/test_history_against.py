"""A campaign that was sent stays history when a change touches what it shares with a new one."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.cli_run import Result, pushform
from tests.pipeline.four_people import AS_OF, add, write_shop

LATER = "2026-09-25T00:00:00Z"
GAMBLING = "합법 바카라 100% 환급"


def git(root: Path, *words: str) -> None:
    identity = ("-c", "user.name=민지", "-c", "user.email=m@shop.example")
    subprocess.run(["git", "-C", str(root), *identity, *words], check=True, capture_output=True)


@pytest.fixture
def sent(tmp_path: Path) -> Path:
    """Return a repository whose campaign `sale` was sent in September, before its sources moved on."""
    root = write_shop(tmp_path)
    settings = root / "pushform.yaml"
    sandbox = "environments:\n  sandbox:"
    text = settings.read_text("utf-8")
    assert sandbox in text
    settings.write_text(
        text.replace(sandbox, "environments:\n  production: {}\n  sandbox:"), "utf-8"
    )
    assert pushform("apply", "-C", root, "--as-of", AS_OF, "--auto-approve").code == 0
    assert pushform("dispatch", "-C", root, "--as-of", "2026-09-24T01:00:00Z").code == 0
    (root / ".gitignore").write_text(".pushform/\nreports/sandbox/\n", "utf-8")
    report = root / "reports/production/sale/report.json"
    report.parent.mkdir(parents=True)
    report.write_bytes((root / "reports/sandbox/sale/report.json").read_bytes())
    git(root, "init", "-q")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "sent")
    return root


def say(root: Path, body: str) -> None:
    path = root / "templates/sale.yaml"
    path.write_text(path.read_text("utf-8").replace("전 상품 20% 할인", body), "utf-8")


def linted(root: Path, *more: str) -> Result:
    return pushform("lint", "-C", root, "--as-of", LATER, "--format", "json", *more)


def planned(root: Path, *more: str) -> Result:
    return pushform("plan", "-C", root, "--as-of", LATER, "--format", "json", *more)


def errors(done: Result) -> set[tuple[str, str | None]]:
    found = done.json()["findings"]
    return {(one["rule"], one["campaign"]) for one in found if one["severity"] == "error"}


def blocking(done: Result) -> int:
    count: int = done.json()["summary"]["errors"]
    return count


def test_a_mistake_in_a_shared_text_is_the_new_campaigns_alone(sent: Path) -> None:
    say(sent, GAMBLING)
    for words in ((), ("--against", "HEAD")):
        assert errors(linted(sent, *words)) == set(), "nobody is to get it"
        assert (planned(sent, *words).code, blocking(planned(sent, *words))) == (0, 0)
    add(sent, "winter", "2026-10-01 15:00")
    for words in ((), ("--against", "HEAD")):
        assert errors(linted(sent, *words)) == {("kr-prohibited-goods", "winter")}
        found = planned(sent, *words)
        assert (found.code, blocking(found)) == (1, 1)


def test_what_its_own_file_says_anew_is_judged_whatever_a_report_says(sent: Path) -> None:
    path = sent / "campaigns/sale.yaml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("2026-09-24 10:00", "2026-09-24 22:00"), "utf-8")
    assert "kr-night-window" in {rule for rule, _ in errors(linted(sent, "--against", "HEAD"))}
    offline = planned(sent, "-e", "production", "--offline", "--against", "HEAD")
    assert "kr-night-window" in offline.err
    assert blocking(offline) > 0


def test_a_plan_asks_the_state_what_was_sent(sent: Path) -> None:
    """A title is metadata: it may change, and what the law says by now of the rest stops nobody."""
    path = sent / "campaigns/sale.yaml"
    path.write_text(path.read_text("utf-8").replace("추석 특가", "추석 대특가", 1), "utf-8")
    say(sent, GAMBLING)
    assert errors(linted(sent, "--against", "HEAD")) == {("kr-prohibited-goods", "sale")}
    assert blocking(planned(sent, "--against", "HEAD")) == 0


def test_what_was_tried_in_a_sandbox_is_not_over(sent: Path) -> None:
    say(sent, GAMBLING)
    report = sent / "reports/production/sale/report.json"
    told = report.read_bytes()
    report.unlink()
    assert (sent / "reports/sandbox/sale/report.json").is_file()
    for words in ((), ("-e", "production")):
        assert ("kr-prohibited-goods", "sale") in errors(linted(sent, *words))
    report.write_bytes(told)
    for words in ((), ("-e", "production")):
        assert errors(linted(sent, *words)) == set(), "it was really sent"
