"""`.ci/reports`: the script that brings reports into a run and commits what the run wrote."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / ".ci" / "reports"


def git(*words: str, cwd: Path) -> str:
    named = (
        "-c",
        "user.name=t",
        "-c",
        "user.email=t@shop.example",
        "-c",
        "init.defaultBranch=main",
    )
    answer = subprocess.run(
        ["git", *named, *words], cwd=cwd, capture_output=True, text=True, check=True
    )
    return answer.stdout.strip()


def reports(word: str, checkout: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    clean = {key: value for key, value in os.environ.items() if not key.startswith("GIT")}
    return subprocess.run(
        ["bash", SCRIPT, word],
        cwd=checkout,
        capture_output=True,
        text=True,
        check=False,
        env=clean | environ,
    )


def write(checkout: Path, campaign: str, text: str) -> None:
    path = checkout / "reports" / "production" / campaign / "report.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def committed(remote: Path, campaign: str) -> str:
    path = f"reports/production/{campaign}/report.json"
    return git("show", f"pushform-reports:{path}", cwd=remote)


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    seed, bare = tmp_path / "seed", tmp_path / "remote.git"
    seed.mkdir()
    git("init", "--quiet", ".", cwd=seed)
    (seed / "pushform.yaml").write_text("kind: workspace\n", encoding="utf-8")
    git("add", ".", cwd=seed)
    git("commit", "--quiet", "--message", "Begin", cwd=seed)
    git("clone", "--quiet", "--bare", str(seed), str(bare), cwd=tmp_path)
    return bare


def clone(remote: Path, name: str) -> Path:
    git("clone", "--quiet", str(remote), name, cwd=remote.parent)
    return remote.parent / name


def test_the_first_run_makes_the_branch_and_the_next_one_reads_it(remote: Path) -> None:
    first = clone(remote, "first")
    assert "not there yet" in reports("pull", first).stdout
    write(first, "sale", '{"sent": 1}')
    assert reports("push", first).returncode == 0
    second = clone(remote, "second")
    assert "taken from pushform-reports" in reports("pull", second).stdout
    assert (second / "reports/production/sale/report.json").read_text() == '{"sent": 1}'
    assert git("ls-tree", "-r", "--name-only", "pushform-reports", cwd=remote) == (
        "reports/production/sale/report.json"
    )


def test_a_run_that_wrote_nothing_commits_nothing(remote: Path) -> None:
    checkout = clone(remote, "first")
    assert "none were written" in reports("push", checkout).stdout
    write(checkout, "sale", "1")
    reports("push", checkout)
    before = git("rev-parse", "pushform-reports", cwd=remote)
    again = clone(remote, "second")
    reports("pull", again)
    assert "nothing new" in reports("push", again).stdout
    assert git("rev-parse", "pushform-reports", cwd=remote) == before


def test_two_runs_at_once_both_get_through_and_neither_undoes_the_other(remote: Path) -> None:
    begun = clone(remote, "begun")
    write(begun, "sale", "old")
    write(begun, "notice", "old")
    reports("push", begun)
    one, other = clone(remote, "one"), clone(remote, "other")
    reports("pull", one)
    reports("pull", other)
    write(one, "sale", "new")
    write(other, "notice", "new")
    assert reports("push", one).returncode == 0
    assert reports("push", other).returncode == 0
    assert (committed(remote, "sale"), committed(remote, "notice")) == ("new", "new")


def test_a_remote_that_does_not_answer_is_not_a_missing_branch(remote: Path) -> None:
    checkout = clone(remote, "first")
    git("remote", "set-url", "origin", str(remote.parent / "gone.git"), cwd=checkout)
    answer = reports("pull", checkout)
    assert answer.returncode != 0
    assert "not there yet" not in answer.stdout


def test_a_refused_push_fails_the_step_and_says_what_happens_next(remote: Path) -> None:
    hook = remote / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    hook.chmod(0o755)
    checkout = clone(remote, "first")
    write(checkout, "sale", "1")
    answer = reports("push", checkout, REPORTS_TRIES="1")
    assert answer.returncode == 1
    assert "rebuilt from the state" in answer.stderr


def test_the_token_stays_out_of_the_checkout_and_of_the_output(remote: Path) -> None:
    checkout = clone(remote, "first")
    write(checkout, "sale", "1")
    answer = reports("push", checkout, GITHUB_TOKEN="ghs_canary")
    assert answer.returncode == 0
    assert "canary" not in answer.stdout + answer.stderr
    assert "extraheader" not in (checkout / ".git" / "config").read_text(encoding="utf-8")


def test_another_word_is_a_usage_error(remote: Path) -> None:
    answer = reports("fetch", clone(remote, "first"))
    assert (answer.returncode, answer.stderr) == (2, "usage: .ci/reports pull|push\n")
