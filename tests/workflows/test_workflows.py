"""The workflows: clean under two linters, least privilege, and the same here as `init` writes."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from engine import __version__
from engine.workspace.init import write_scaffold

ROOT = Path(__file__).parents[2]
HERE = ROOT / ".github" / "workflows"
SHARED = ("check.yml", "apply.yml", "dispatch.yml")

_FROM_INDEX = """        env:
          PUSHFORM: ${{ vars.PUSHFORM || 'pushform==VERSION' }}
""".replace("VERSION", __version__)
DIFFERENCES = (
    # This repository installs itself,
    (_FROM_INDEX, ""),
    (' install --quiet "$PUSHFORM"', " install --quiet -c .ci/constraints.txt ."),
    # the sample shop's files are dated, so they are judged as of their day,
    ('--against "$AGAINST"', '--against "$AGAINST" --as-of 2026-09-20T00:00:00Z'),
    (
        "pushform plan -e production --offline --format markdown >>",
        "pushform plan -e production --offline --as-of 2026-09-20T00:00:00Z --format markdown >>",
    ),
    # and it uses every channel.
    (
        "      FCM_CREDENTIALS: ${{ secrets.FCM_CREDENTIALS }}\n",
        "".join(
            f"      {name}: ${{{{ secrets.{name} }}}}\n"
            for name in (
                "FCM_CREDENTIALS",
                "VAPID_PRIVATE_KEY",
                "NHN_APP_KEY",
                "NHN_SECRET",
                "KAKAO_SENDER_KEY",
                "SOLAPI_KEY",
                "SOLAPI_SECRET",
            )
        ),
    ),
)


@pytest.fixture(scope="module", params=["here", "init"])
def repository(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with workflows: this one, and one that `init` has just written."""
    if request.param == "here":
        return ROOT
    root = tmp_path_factory.mktemp("shop")
    write_scaffold(root, name="shop", language="ko")
    return root


def workflows(repository: Path) -> Iterator[Path]:
    found = sorted((repository / ".github" / "workflows").glob("*.yml"))
    assert {path.name for path in found} >= set(SHARED)
    return iter(found)


def find_tool(name: str) -> str:
    """Return the path of `name`; skip where it is missing, and fail in CI."""
    beside = str(Path(sys.executable).parent)
    found = shutil.which(name, path=os.pathsep.join([beside, os.environ.get("PATH", "")]))
    if found is None:
        missing = f"{name} is not installed: pip install -e '.[dev]'"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    return found


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


def zizmor(path: Path) -> subprocess.CompletedProcess[str]:
    tool = find_tool("zizmor")
    return run(tool, "--offline", "--no-progress", "--persona", "auditor", path, cwd=path.parent)


def actionlint(path: Path) -> subprocess.CompletedProcess[str]:
    # Scripts inside are not handed to whatever shellcheck or pyflakes this machine has.
    tool = find_tool("actionlint")
    return run(tool, "-no-color", "-shellcheck=", "-pyflakes=", path, cwd=path.parent)


def test_zizmor_finds_nothing(repository: Path) -> None:
    for path in workflows(repository):
        answer = zizmor(path)
        assert answer.returncode == 0, answer.stdout


def test_actionlint_finds_nothing(repository: Path) -> None:
    for path in workflows(repository):
        answer = actionlint(path)
        assert (answer.returncode, answer.stdout) == (0, ""), answer.stdout


def test_both_linters_do_find_what_is_wrong(tmp_path: Path) -> None:
    wrong = (HERE / "check.yml").read_text(encoding="utf-8")
    wrong = wrong.replace("permissions: {}", "permissions: write-all")
    wrong = wrong.replace('"$AGAINST"', "${{ gihub.head_ref }} ${{ github.head_ref }}")
    path = tmp_path / ".github" / "workflows" / "check.yml"
    path.parent.mkdir(parents=True)
    path.write_text(wrong, encoding="utf-8")
    assert 'undefined variable "gihub"' in actionlint(path).stdout
    answer = zizmor(path)
    assert answer.returncode != 0
    assert "template-injection" in answer.stdout
    assert "excessive-permissions" in answer.stdout


def test_rights_are_given_per_job_and_actions_are_pinned(repository: Path) -> None:
    for path in workflows(repository):
        text = path.read_text(encoding="utf-8")
        workflow = yaml.safe_load(text)
        assert workflow["permissions"] == {}, path.name
        for name, job in workflow["jobs"].items():
            assert "permissions" in job, f"{path.name}: {name}"
            assert job["timeout-minutes"] <= 360, f"{path.name}: {name}"
        for use in re.findall(r"uses: (.*)", text):
            assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v[\d.]+", use), use
        assert text.count("persist-credentials: false") == text.count("actions/checkout@")


def test_nothing_that_a_pull_request_can_start_has_a_secret(repository: Path) -> None:
    for path in workflows(repository):
        text = path.read_text(encoding="utf-8")
        triggers = yaml.safe_load(text)[True]  # YAML 1.1 reads the key `on` as true
        assert "pull_request_target" not in triggers
        if "pull_request" in triggers:
            assert "secrets." not in text, path.name
            assert "PUSHFORM_RUNNER" not in text, path.name


def test_a_running_apply_or_dispatch_is_never_cancelled(repository: Path) -> None:
    for name in ("apply.yml", "dispatch.yml"):
        text = (repository / ".github" / "workflows" / name).read_text(encoding="utf-8")
        assert yaml.safe_load(text)["concurrency"]["cancel-in-progress"] is False


@pytest.mark.parametrize("name", SHARED)
def test_these_workflows_are_those_that_init_writes(name: str, tmp_path: Path) -> None:
    write_scaffold(tmp_path, name="shop", language="en")
    text = (tmp_path / ".github" / "workflows" / name).read_text(encoding="utf-8")
    for theirs, ours in DIFFERENCES:
        text = text.replace(theirs, ours)
    assert text == (HERE / name).read_text(encoding="utf-8")


def test_the_report_script_is_the_one_that_init_writes(tmp_path: Path) -> None:
    write_scaffold(tmp_path, name="shop", language="en")
    written = tmp_path / ".ci" / "reports"
    assert written.read_bytes() == (ROOT / ".ci" / "reports").read_bytes()
    assert os.access(written, os.X_OK)
