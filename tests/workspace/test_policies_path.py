"""A file of policies in a folder that holds something else: the refusal names that folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli_run import pushform
from tests.lint.workspaces import write_workspace


@pytest.mark.parametrize("folder", ["campaigns", "audiences", "templates", "schemas", "reports"])
def test_the_folder_that_is_refused_is_named(tmp_path: Path, folder: str) -> None:
    root = write_workspace(tmp_path, f"workspace: {{policies: {folder}/x.yaml}}")
    for language, head, ground in (
        ("en", f"`policies` is `{folder}/x.yaml`, but must be the path of", "outside of"),
        ("ko", f"`{folder}/x.yaml`", "밖에 있는 YAML 파일의 경로"),
    ):
        done = pushform("lint", "-C", root, "--as-of", "2026-09-20T00:00:00Z", "--lang", language)
        (line,) = (
            line for line in done.out.splitlines() if f"{folder}/x.yaml" in line and "[" in line
        )
        assert head in line
        assert ground in line
        assert f"{folder}/" in line.replace(f"{folder}/x.yaml", "")
