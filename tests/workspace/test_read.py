from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from engine.kernel.errors import UsageError
from engine.workspace.read import read_at_revision, read_workspace
from tests.workspace.small import CAMPAIGN, TEMPLATE, WORKSPACE, load, said, write

C = "campaigns/chuseok-sale.yaml"


def _git(root: Path, *arguments: str) -> None:
    settings = ("user.name=민지", "user.email=m@shop.example", "commit.gpgsign=false")
    identity = [word for setting in settings for word in ("-c", setting)]
    subprocess.run(["git", "-C", str(root), *identity, *arguments], check=True, capture_output=True)


def test_a_folder_without_a_workspace_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        read_workspace(tmp_path, None)
    assert caught.value.message == f"there is no `pushform.yaml` in `{tmp_path}`"


def test_broken_yaml_in_the_workspace_is_findings(tmp_path: Path) -> None:
    loaded = load(tmp_path, {"pushform.yaml": "kind: workspace\nname: [\n"})
    assert loaded.workspace is None
    assert [line.split(" ")[:2] for line in said(loaded)] == [["pushform.yaml:3", "yaml-syntax"]]
    assert sorted(loaded.campaigns) == ["chuseok-sale", "early-bird"]


def test_other_files_and_the_testers_are_left_alone(tmp_path: Path) -> None:
    loaded = load(
        tmp_path,
        {
            "pushform.yaml": WORKSPACE + "testers: audiences/testers.yaml\n",
            "audiences/testers.yaml": "- {user_id: 시험}\n",
            "audiences/data/users.csv": "user_id\n1\n",
            "campaigns/.hidden.yaml": "[",
            "campaigns/.cache/x.yaml": "[",
            "campaigns/README.md": "# 캠페인\n",
        },
    )
    assert said(loaded) == []


def test_a_file_that_cannot_be_read_is_a_finding(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "campaigns" / "loop.yaml").symlink_to(tmp_path / "audiences")
    (tmp_path / "campaigns" / "gone.yaml").symlink_to(tmp_path / "nowhere.yaml")
    assert said(read_workspace(tmp_path, None)) == []


def test_links_between_folders_do_not_go_round(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "campaigns" / "again").symlink_to(tmp_path / "campaigns")
    assert said(read_workspace(tmp_path, None)) == []


def test_only_what_is_asked_for_is_read_and_what_it_names(tmp_path: Path) -> None:
    write(tmp_path, {"templates/other.yaml": "[", "campaigns/more/other.yaml": "["})
    loaded = read_workspace(tmp_path, None, only=[C])
    assert said(loaded) == []
    assert {source.path for source in loaded.sources} == {
        "pushform.yaml",
        C,
        "templates/chuseok-sale.yaml",
        "templates/event/chuseok-sale-b.yaml",
        "audiences/loyal-shoppers.yaml",
        "audiences/bought-this-week.yaml",
        "audiences/staff.yaml",
    }
    assert list(loaded.resolved) == ["chuseok-sale"]
    assert len(read_workspace(tmp_path, None, only=["campaigns/more/"]).findings) == 1
    with pytest.raises(UsageError, match=r"`campaigns/x.yaml` is no campaign"):
        read_workspace(tmp_path, None, only=["campaigns/x.yaml"])


def test_comments_are_handed_on(tmp_path: Path) -> None:
    comment = "# pushform: ignore[kr-night-cutoff] 방송 알림; until 2026-09-30"
    loaded = load(tmp_path, {C: CAMPAIGN.replace("owner:", f"{comment}\nowner:")})
    assert {
        file: [(one.line, one.text) for one in found] for file, found in loaded.comments.items()
    } == {C: [(5, comment[2:])]}


def test_the_same_files_give_the_same_value_and_moving_one_changes_nothing(tmp_path: Path) -> None:
    before = load(tmp_path / "a")
    after = load(
        tmp_path / "b",
        {C: None, "campaigns/2026/autumn/chuseok-sale.yaml": f"# 추석\n{CAMPAIGN}"},
    )
    assert after.resolved == before.resolved


@pytest.mark.parametrize("folder", ["", "marketing/push"])
def test_a_revision_is_read_without_touching_the_checkout(tmp_path: Path, folder: str) -> None:
    root = tmp_path / folder
    write(root)
    _git(tmp_path, "init", "-q", "-b", "main")
    _git(tmp_path, "add", ".")
    _git(tmp_path, "commit", "-q", "-m", "Start")
    before = read_workspace(root, None)
    (root / C).write_text(CAMPAIGN.replace("discount: 30", "discount: 40"), encoding="utf-8")
    (root / "campaigns/새 캠페인.yaml").write_text("[", encoding="utf-8")
    old = read_at_revision(root, "HEAD", None)
    assert said(old) == []
    assert old.resolved == before.resolved
    _git(tmp_path, "add", ".")
    _git(tmp_path, "commit", "-q", "-m", "Change")
    new = read_at_revision(root, "main", None)
    assert new.resolved["chuseok-sale"].variants[0].values == {"discount": 40}
    assert [line.split(":")[0] for line in said(new)] == ["campaigns/새 캠페인.yaml"]
    assert read_at_revision(root, "main~1", None).resolved == before.resolved


def test_an_unknown_revision_is_a_usage_error(tmp_path: Path) -> None:
    write(tmp_path)
    with pytest.raises(UsageError, match="there is no revision `HEAD` here"):
        read_at_revision(tmp_path, "HEAD", None)
    _git(tmp_path, "init", "-q", "-b", "main")
    (tmp_path / "README").write_text("x")
    _git(tmp_path, "add", "README")
    _git(tmp_path, "commit", "-q", "-m", "Start")
    for revision in ("nope", "--upload-pack=x", "", "HEAD:README"):
        with pytest.raises(UsageError, match="there is no revision"):
            read_at_revision(tmp_path, revision, None)
    with pytest.raises(UsageError, match=r"there was no `pushform.yaml` at `HEAD`"):
        read_at_revision(tmp_path, "HEAD", None)


def test_reading_a_good_workspace_does_not_import_what_only_explains(tmp_path: Path) -> None:
    write(tmp_path)
    code = (
        "import sys; from pathlib import Path; from engine.workspace.read import read_workspace\n"
        f"read_workspace(Path({str(tmp_path)!r}), None)\n"
        "print(sorted({'jsonschema', 'duckdb', 'sqlalchemy', 'jinja2'} & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path.cwd()
    )
    assert done.stdout == "[]\n"


def test_templates_nested_in_folders_are_found_by_their_stem(tmp_path: Path) -> None:
    loaded = load(tmp_path, {"templates/a/b/c/deep.yml": TEMPLATE.replace("chuseok-sale", "deep")})
    assert "deep" in loaded.templates
