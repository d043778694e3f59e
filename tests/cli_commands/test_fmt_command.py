"""`pushform fmt` on the command line: what it writes, prints and answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli_run import pushform as call
from tests.workspace.small import write

UGLY = "id: ugly\nkind: audience\nwhere: {eq: KR,   attribute: country} # 국내\n"
HEAD = "# yaml-language-server: $schema=../schemas/audience.schema.json\n"
NICE = f"{HEAD}kind: audience\nid: ugly\nwhere: {{attribute: country, eq: KR}} # 국내\n"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    root = write(tmp_path, {"audiences/ugly.yaml": UGLY})
    call("fmt", "-C", root)
    (root / "audiences" / "ugly.yaml").write_text(UGLY, "utf-8")
    return root


def test_it_writes_what_changes_and_nothing_else(shop: Path) -> None:
    untouched = (shop / "pushform.yaml").stat().st_mtime_ns
    result = call("fmt", "-C", shop)
    assert (result.code, result.out) == (0, "formatted audiences/ugly.yaml\n")
    assert result.err == "1 formatted, 8 as they should be\n"
    assert (shop / "audiences" / "ugly.yaml").read_text("utf-8") == NICE
    assert (shop / "pushform.yaml").stat().st_mtime_ns == untouched
    again = call("fmt", "-C", shop)
    assert (again.code, again.out) == (0, "")


def test_check_writes_nothing_and_fails(shop: Path) -> None:
    result = call("fmt", "-C", shop, "--check")
    assert (result.code, result.out) == (1, "would format audiences/ugly.yaml\n")
    assert (shop / "audiences" / "ugly.yaml").read_text("utf-8") == UGLY
    assert call("fmt", "-C", shop, "--check", shop / "campaigns").code == 0


def test_diff_prints_what_would_change(shop: Path) -> None:
    result = call("fmt", "-C", shop, "--diff")
    assert result.code == 0
    assert result.out.startswith("--- a/audiences/ugly.yaml\n+++ b/audiences/ugly.yaml\n")
    assert "\n+where: {attribute: country, eq: KR} # 국내\n" in result.out
    assert (shop / "audiences" / "ugly.yaml").read_text("utf-8") == UGLY
    assert call("fmt", "-C", shop, "--diff", "--check").code == 1


def test_a_file_that_cannot_be_read_is_shown_and_the_others_are_written(shop: Path) -> None:
    broken = shop / "campaigns" / "broken.yaml"
    broken.write_text("id: broken\nid: broken\n", "utf-8")
    result = call("fmt", "-C", shop)
    assert result.code == 1
    assert result.out == "formatted audiences/ugly.yaml\n"
    assert "campaigns/broken.yaml:2:1" in result.err
    assert "the key `id` is written twice (first in line 1)" in result.err
    assert "1 formatted, 8 as they should be, 1 cannot be read" in result.err
    assert broken.read_text("utf-8") == "id: broken\nid: broken\n"


def test_it_works_while_the_workspace_has_mistakes(shop: Path) -> None:
    (shop / "pushform.yaml").write_text("kind: [\n", "utf-8")
    result = call("fmt", "-C", shop)
    assert result.code == 1
    assert result.out == "formatted audiences/ugly.yaml\n"
    assert (shop / "pushform.yaml").read_text("utf-8") == "kind: [\n"


@pytest.mark.parametrize("path", ["campaigns/no.yaml", "audiences/data"])
def test_a_path_that_leads_to_no_file_is_refused(shop: Path, path: str) -> None:
    result = call("fmt", "-C", shop, shop / path)
    assert result.code == 2
    assert f"`{shop / path}` is no campaign, audience or template of this workspace" in result.err
    assert "name files or folders below campaigns/, audiences/ or templates/" in result.err


def test_a_path_outside_is_refused(shop: Path) -> None:
    result = call("fmt", "-C", shop, "/elsewhere.yaml")
    assert result.code == 2
    assert f"`/elsewhere.yaml` is not in the workspace `{shop.resolve()}`" in result.err
