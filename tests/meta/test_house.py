"""The house's own rules: one dependency has one home, names say the thing, files stay readable."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ENGINE = ROOT / "engine"
HOMES = {
    "yaml": {"workspace"},
    "jsonschema": {"workspace"},
    "jsonschema_rs": {"workspace"},
    "jinja2": {"message", "site"},
    "babel": {"message"},
    "duckdb": {"audience"},
    "pyarrow": {"audience"},
    "sqlalchemy": {"state"},
    "sqlite3": {"state"},
    "pycurl": {"channels"},
    "httpx": {"channels", "review"},
    "certifi": {"channels"},
    "firebase_admin": {"channels"},
    "google": {"channels"},
    "deepdiff": {"plan"},
    "celpy": {"plan"},
    "cattrs": {"model"},
    "click": {"cli"},
    "random": set(),
    "requests": set(),
    "urllib3": set(),
}
"""Which rooms may import what. `random` has no home: chance is injected or hashed."""

BANNED = {"utils", "helpers", "common", "base", "core", "manager", "misc"}
LONGEST_FILE = 400


def modules() -> list[Path]:
    return sorted(ENGINE.rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_dependency_is_imported_in_its_home_only(path: Path) -> None:
    room = path.relative_to(ENGINE).parts[0].removesuffix(".py")
    strangers = {name for name in imports(path) if name in HOMES and room not in HOMES[name]}
    assert not strangers


@pytest.mark.parametrize("room", ["kernel", "model"])
def test_the_ground_floor_stands_on_the_standard_library(room: str) -> None:
    allowed = {"engine", "cattrs"} if room == "model" else {"engine"}
    outside = {
        name
        for path in (ENGINE / room).rglob("*.py")
        for name in imports(path)
        if name not in __import__("sys").stdlib_module_names and name not in allowed
    }
    assert not outside


def test_no_module_is_named_after_nothing() -> None:
    assert not {path.stem for path in modules()} & BANNED


def test_files_can_be_read_in_one_go() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in modules()
        if (lines := len(path.read_text("utf-8").splitlines())) > LONGEST_FILE
    }
    assert not long


def test_every_module_and_every_room_says_what_it_is() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in modules()
        if not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ]
    assert not silent


def test_frozen_types_are_made_the_quick_way() -> None:
    slow = "@dataclass(frozen=True, slots=True"
    found = {path.relative_to(ROOT) for path in modules() if f"\n{slow}" in path.read_text("utf-8")}
    assert not found, "write @frozen (engine/kernel/frozen.py)"


def test_rooms_export_nothing_by_themselves() -> None:
    for path in ENGINE.glob("*/__init__.py"):
        body = ast.parse(path.read_text("utf-8")).body
        assert len(body) == 1, f"{path.relative_to(ROOT)}: a docstring and nothing else"
