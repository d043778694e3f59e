"""What `pushform init` writes: a workspace that lints, with made-up people, and CI workflows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from engine import __version__
from engine.kernel.errors import UsageError
from engine.workspace.schemas import Kind, find_schema

LANGUAGES = ("ko", "en")
"""The languages in which the first campaign is written."""

_NAME = re.compile(r"[a-z0-9]+([._-][a-z0-9]+)*")
_GITIGNORE = ".gitignore"
_EXECUTABLE = ".ci/reports"


def write_scaffold(root: Path, *, name: str, language: str) -> tuple[str, ...]:
    """Write a first workspace `name` into `root`; return the files, relative to `root`, sorted.

    `language` is one of `LANGUAGES`. `root` is made where it is missing. A `.gitignore` that is
    there gets the lines that it lacks; any other file that is there is a UsageError, and then
    nothing is written at all.
    """
    _check(name, language)
    texts = _texts(name, language)
    there = [path for path in texts if (root / path).exists() or (root / path).is_symlink()]
    if there:
        raise UsageError(
            f"`{root}` already has {', '.join(f'`{path}`' for path in there)}",
            "nothing is overwritten: choose an empty folder, or move these files away",
        )
    for path, text in texts.items():
        _write(root / path, text)
    (root / _EXECUTABLE).chmod(0o755)
    return tuple(sorted([*texts, *_ignore(root / _GITIGNORE)]))


def _check(name: str, language: str) -> None:
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"`{name}` cannot name a workspace",
            "use small letters, digits and `-`, like `sample-shop`",
        )
    if language not in LANGUAGES:
        known = " and ".join(f"`{known}`" for known in LANGUAGES)
        raise UsageError(f"there is no scaffold in `{language}`", f"there is one in {known}")


def _texts(name: str, language: str) -> Mapping[str, str]:
    scaffold = files("engine.workspace") / "scaffold"
    texts = dict(_tree(scaffold / language, ""))
    texts |= _tree(scaffold / "data", "audiences/data/")
    texts |= _tree(scaffold / "workflows", ".github/workflows/")
    texts[_EXECUTABLE] = (scaffold / "reports").read_text("utf-8")
    texts |= {f"schemas/{kind}.schema.json": find_schema(kind).read_text("utf-8") for kind in Kind}
    fill = {"%NAME%": name, "%VERSION%": __version__}
    return {path: _filled(text, fill) for path, text in sorted(texts.items())}


def _tree(folder: Traversable, prefix: str) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for entry in folder.iterdir():
        if entry.is_dir():
            found |= _tree(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith((".yaml", ".yml", ".csv")):
            found[f"{prefix}{entry.name}"] = entry.read_text("utf-8")
    return found


def _filled(text: str, fill: Mapping[str, str]) -> str:
    for placeholder, value in fill.items():
        text = text.replace(placeholder, value)
    return text


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(
            f"`{path}` cannot be written: {error.strerror}", "choose another folder"
        ) from error


def _ignore(path: Path) -> tuple[str, ...]:
    """Add the lines that keep people out of git; return the file's name if it changed."""
    wanted = (files("engine.workspace") / "scaffold" / "gitignore").read_text("utf-8")
    present = path.read_text("utf-8") if path.exists() else ""
    lacking = [line for line in wanted.splitlines() if line not in present.splitlines()]
    if not lacking:
        return ()
    gap = "" if not present or present.endswith("\n") else "\n"
    _write(path, present + gap + "\n".join(lacking) + "\n")
    return (_GITIGNORE,)
