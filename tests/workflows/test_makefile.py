"""The Makefile on a machine that has too little."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def make(*words: str) -> subprocess.CompletedProcess[str]:
    # `make test` runs these tests: its own flags are not theirs.
    environ = {key: value for key, value in os.environ.items() if not key.startswith("MAKE")}
    return subprocess.run(
        ["make", "--no-print-directory", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env=environ,
    )


def a_python(path: Path, body: str) -> Path:
    path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize("target", ["demo", "test"])
def test_an_old_python_is_named_before_anything_is_made(target: str, tmp_path: Path) -> None:
    old = a_python(
        tmp_path / "python3", 'test "$1" = --version && echo Python 3.9.2 && exit; exit 1'
    )
    answer = make(target, f"PYTHON={old}", f"VENV={tmp_path / 'venv'}")
    assert answer.returncode == 2
    assert "pushform needs Python 3.11 or later; found: Python 3.9.2" in answer.stderr
    assert f"or name it: make {target} PYTHON=" in answer.stderr
    assert not (tmp_path / "venv").exists()


def test_a_python_without_venv_is_told_what_to_install(tmp_path: Path) -> None:
    body = 'test "$1" = -c && exit 0; mkdir -p "$3/bin"; exit 1'
    venv = tmp_path / "venv"
    answer = make("demo", f"PYTHON={a_python(tmp_path / 'python3', body)}", f"VENV={venv}")
    assert answer.returncode == 2
    assert "apt install python3-venv" in answer.stderr
    assert not venv.exists()


def test_without_a_target_the_targets_are_listed() -> None:
    answer = make()
    assert answer.returncode == 0
    for target in ("demo", "test", "lint", "bench", "clean"):
        assert f"make {target} " in answer.stdout
