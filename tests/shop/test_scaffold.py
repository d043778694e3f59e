"""`pushform init`: what it writes and what it leaves alone, and that the result is sound."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.kernel.errors import UsageError
from engine.kernel.finding import has_errors
from engine.workspace.init import LANGUAGES, write_scaffold
from engine.workspace.read import read_workspace


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("environment", [None, "production"])
def test_what_it_writes_is_a_workspace_without_a_finding(
    language: str, environment: str | None, tmp_path: Path
) -> None:
    write_scaffold(tmp_path / "shop", name="shop", language=language)
    loaded = read_workspace(tmp_path / "shop", environment)
    assert [str(finding) for finding in loaded.findings] == []
    assert loaded.campaigns["first-push"].draft


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_campaign_resolves_once_the_draft_line_is_deleted(
    language: str, tmp_path: Path
) -> None:
    write_scaffold(tmp_path, name="shop", language=language)
    campaign = tmp_path / "campaigns" / "first-push.yaml"
    lines = campaign.read_text(encoding="utf-8").splitlines(keepends=True)
    campaign.write_text(
        "".join(line for line in lines if not line.startswith("draft:")), encoding="utf-8"
    )
    loaded = read_workspace(tmp_path, None)
    assert not has_errors(loaded.findings)
    assert set(loaded.resolved) == {"first-push"}


def test_the_name_stands_in_the_workspace(tmp_path: Path) -> None:
    write_scaffold(tmp_path, name="tea-house", language="en")
    text = (tmp_path / "pushform.yaml").read_text(encoding="utf-8")
    assert "name: tea-house\n" in text
    assert not any(
        "%" + word + "%" in path.read_text(encoding="utf-8")
        for word in ("NAME", "VERSION")
        for path in tmp_path.rglob("*")
        if path.is_file()
    )


def test_it_tells_what_it_wrote(tmp_path: Path) -> None:
    written = write_scaffold(tmp_path, name="shop", language="ko")
    there = [str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()]
    assert list(written) == sorted(there)
    assert {"pushform.yaml", "campaigns/first-push.yaml", ".gitignore"} <= set(written)


def test_a_second_time_nothing_is_overwritten(tmp_path: Path) -> None:
    write_scaffold(tmp_path, name="shop", language="ko")
    (tmp_path / "pushform.yaml").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match=r"already has .*`pushform\.yaml`") as error:
        write_scaffold(tmp_path, name="shop", language="ko")
    assert error.value.hint == (
        "nothing is overwritten: choose an empty folder, or move these files away"
    )
    assert (tmp_path / "pushform.yaml").read_text(encoding="utf-8") == "mine"


def test_one_file_in_the_way_is_enough_to_write_nothing(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "first-push.yaml").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match=r"already has `templates/first-push\.yaml`"):
        write_scaffold(tmp_path, name="shop", language="ko")
    assert not (tmp_path / "pushform.yaml").exists()
    assert not (tmp_path / ".gitignore").exists()


def test_a_gitignore_that_is_there_gets_what_it_lacks(tmp_path: Path) -> None:
    ignore = tmp_path / ".gitignore"
    ignore.write_text("node_modules/\n.venv/", encoding="utf-8")
    write_scaffold(tmp_path, name="shop", language="ko")
    lines = ignore.read_text(encoding="utf-8").splitlines()
    assert lines[:2] == ["node_modules/", ".venv/"]
    assert lines.count(".venv/") == 1
    assert {".pushform/", "audiences/testers.yaml"} <= set(lines)


@pytest.mark.parametrize("name", ["", "Shop", "내 가게", "a b", "-shop", "shop\n"])
def test_a_name_that_cannot_be_an_id_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot name a workspace"):
        write_scaffold(tmp_path, name=name, language="ko")
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_language_names_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no scaffold in `fr`") as error:
        write_scaffold(tmp_path, name="shop", language="fr")
    assert error.value.hint == "there is one in `ko` and `en`"


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(UsageError, match="cannot be written"):
        write_scaffold(tmp_path / "file" / "shop", name="shop", language="ko")
