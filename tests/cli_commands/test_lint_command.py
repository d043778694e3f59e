"""What `pushform lint` says it did not look at."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli_run import pushform
from tests.lint.workspaces import write_workspace

AS_OF = ("--as-of", "2026-09-20T00:00:00Z")


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "sizes over the audience: not evaluated (`pushform plan` does)"),
        ("ko", "실제 수신자 기준 길이: 검사하지 않음 (`pushform plan`이 검사함)"),
    ],
)
def test_the_text_says_once_what_only_a_plan_evaluates(tmp_path: Path, language, line):
    write_workspace(tmp_path)
    shown = pushform("lint", "-C", tmp_path, "--lang", language, *AS_OF)
    assert shown.code == 0
    assert shown.out.splitlines()[-1] == line
    assert shown.out.count(line) == 1


def test_json_names_the_guards_of_the_plan(tmp_path: Path):
    write_workspace(tmp_path)
    answer = pushform("lint", "-C", tmp_path, "--format", "json", *AS_OF).json()
    assert answer["not_evaluated"] == ["size", "values"]
