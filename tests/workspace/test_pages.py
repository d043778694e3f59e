"""Every page's examples run: the good pass, the bad are found on their line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.kernel.finding import Finding, Severity
from engine.workspace.files import WORKSPACE_FILE
from engine.workspace.pages import PAGES
from engine.workspace.read import read_workspace
from engine.workspace.reader_page import ReaderPage, Shown, render_reader_page
from tests.cli_run import pushform

BASE = """\
kind: workspace
name: pages
timezone: Asia/Seoul
locale: ko
country: KR
sender: {name: 샘플샵, contact: "1588-0000"}
sources: {users: {path: users.csv, sample: true}, suppression: none}
"""
SANDBOX = "channels: {app: {provider: sandbox}}\n"
STATE = 'state: {url: "sqlite:///.pushform/state.db", key: "${KEY}"}\n'


def findings_of(root: Path, shown: Shown, page: ReaderPage) -> tuple[list[Finding], int]:
    """Write an example into a workspace; return the page's findings and the example's first line."""
    above = BASE
    if not shown.text.startswith("channels"):
        above += SANDBOX
    if not shown.text.startswith("state"):
        above += STATE
    (root / WORKSPACE_FILE).write_text(
        above + (shown.text if shown.file == WORKSPACE_FILE else ""), "utf-8"
    )
    if shown.file != WORKSPACE_FILE:
        path = root / shown.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(shown.text.encode())
    if page.id == "id-duplicate" and shown.line:
        (root / "audiences" / "example.yaml").write_text(shown.text, "utf-8")
    loaded = read_workspace(root, None)
    before = len(above.splitlines()) if shown.file == WORKSPACE_FILE else 0
    found = [finding for finding in loaded.findings if finding.rule == page.id]
    for finding in found:
        assert finding.severity is Severity.ERROR
    return [f for f in found if loaded.sources.get(f.at.file) is not None or f.line], before


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.id)
def test_examples_do_what_they_say(page: ReaderPage, tmp_path: Path) -> None:
    for number, shown in enumerate((*page.good, *page.bad)):
        root = tmp_path / str(number)
        root.mkdir()
        found, before = findings_of(root, shown, page)
        if not shown.line:
            assert found == [], shown
            continue
        loaded = read_workspace(root, None)
        lines = {(f.line or loaded.sources.locate(f.at, key=f.key).line) - before for f in found}
        assert shown.line in lines, (shown, found)
        assert any(shown.says in f.message for f in found), (shown, found)


def test_every_finding_of_the_reader_has_a_page_and_every_page_can_be_asked_for() -> None:
    assert len(PAGES) == len({page.id for page in PAGES})
    for page in PAGES:
        result = pushform("rule", page.id)
        assert result.code == 0
        assert result.out.rstrip("\n") == render_reader_page(page)
        assert len(page.good) >= 1
        assert len(page.bad) >= 2
    assert pushform("rule", "campaign-immutable").out.startswith("# campaign-immutable")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.id)
def test_every_bad_example_is_explained_in_korean(page: ReaderPage, tmp_path: Path) -> None:
    for number, shown in enumerate(page.bad):
        root = tmp_path / str(number)
        root.mkdir()
        found, _ = findings_of(root, shown, page)
        assert found
        for finding in found:
            assert finding.korean is not None, finding.message
            assert re.search(r"[가-힣]", finding.korean.message)


@pytest.mark.parametrize("id_", [*(page.id for page in PAGES), "campaign-immutable"])
def test_a_page_can_be_read_in_korean(id_: str) -> None:
    korean = pushform("rule", id_, "--lang", "ko").out
    assert korean.startswith(f"# {id_}\n")
    assert "니다" in korean
    assert "## Why" not in korean


def test_the_list_of_rules_speaks_korean() -> None:
    listed = pushform("rule", "--lang", "ko").out
    for page in PAGES:
        assert page.title_ko in listed
    assert "보낸 것은 그대로 남습니다" in listed
