"""What the README and the workflows tell people to type does run."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import yaml

from engine.kernel.errors import ExitCode

ROOT = Path(__file__).parents[2]


def bash(script: str, cwd: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run `script` with the command `pushform` of this checkout; stop at the first failure."""
    command = cwd / ".venv" / "pushform"
    command.parent.mkdir(exist_ok=True)
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m engine "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    path = f"{command.parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=cwd,
        env={"PATH": path, "PYTHONPATH": str(ROOT), "HOME": str(cwd), "LANG": "C.UTF-8"} | environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def test_the_first_campaign_of_the_readme_is_sent(tmp_path: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    first = readme.split("## Your first campaign")[1].split("\n## ")[0]
    begin, walk = re.findall(r"```sh\n(.*?)```", first, re.DOTALL)
    assert "pushform init" in begin
    answer = bash("git init -q && pushform init", tmp_path)
    assert answer.returncode == 0, answer.stdout
    campaign = tmp_path / "campaigns" / "first-push.yaml"
    text = campaign.read_text(encoding="utf-8")
    assert "draft: true" in text
    campaign.write_text(re.sub(r"(?m)^draft: true.*\n", "", text), encoding="utf-8")
    answer = bash(walk, tmp_path)
    assert answer.returncode == 0, answer.stdout
    assert "no findings" in answer.stdout
    assert "(광고) 길동님, 오늘부터 10% 할인" in answer.stdout
    assert "completed (발송 완료)" in answer.stdout
    # u1 has two devices and u2 one; u3 does not agree, u6 refused and switched it off.
    assert "3 of 3 messages" in answer.stdout
    assert re.search(r"Send +3\n", answer.stdout)
    assert re.search(r"Send \(User\) +2\n", answer.stdout)


def test_the_commands_of_the_check_workflow_run_here(tmp_path: Path) -> None:
    workflow = yaml.safe_load((ROOT / ".github/workflows/check.yml").read_text(encoding="utf-8"))
    steps = [step.get("run", "") for step in workflow["jobs"]["check"]["steps"]]
    commands = [f'cd "{ROOT}" && {run}' for run in steps if run.startswith("pushform ")]
    assert len(commands) == 2
    summary = tmp_path / "summary.md"
    for command in commands:
        # No secret is set here, as in a pull request from a fork.
        answer = bash(command, tmp_path, AGAINST="HEAD", GITHUB_STEP_SUMMARY=str(summary))
        assert answer.returncode == 0, answer.stdout
    assert "chuseok-sale" in summary.read_text(encoding="utf-8")


def test_every_document_that_is_linked_is_there() -> None:
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
            if not target.startswith("http"):
                assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_readme_lists_every_exit_code() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = readme.split("## Exit codes")[1].split("\n## ")[0]
    listed = {
        int(number) for number in re.findall(r"(?<=\| )\d+(?:, \d+)*", table.replace(",", " |"))
    }
    assert listed == {int(code) for code in ExitCode}
