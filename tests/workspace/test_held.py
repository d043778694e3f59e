"""Files read once, and their shares."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.kernel.errors import UsageError
from engine.workspace.held import HeldTree, shares
from engine.workspace.read import hold_workspace, read_share, read_workspace
from tests.workspace.small import write

WORDS = st.sampled_from(["a", "b", "c-1", "c-2", "c-10", "z", "한글"])
PATHS = st.sets(
    st.builds(
        lambda folder, sub, stem: f"{folder}/{sub}{stem}.yaml",
        st.sampled_from(["audiences", "campaigns", "templates"]),
        st.sampled_from(["", "team/"]),
        WORDS,
    )
).map(sorted)


def stem(path: str) -> str:
    return Path(path).stem


@given(PATHS, st.integers(1, 4))
def test_shares_hold_everything_and_are_in_the_order_of_ids(paths: list[str], number: int) -> None:
    found = shares(paths, number)
    assert 1 <= len(found) <= number
    assert frozenset().union(*found) == set(paths)
    audiences = {path for path in paths if path.startswith("audiences/")}
    last = ""
    for share in found:
        assert audiences <= share
        stems = sorted(stem(path) for path in share - audiences)
        assert not stems or last < stems[0]
        last = stems[-1] if stems else last
    rest = [path for share in found for path in share - audiences]
    assert len(rest) == len(set(rest)), "nothing but an audience is in two shares"


def test_what_is_read_is_what_was_held(tmp_path: Path) -> None:
    write(tmp_path)
    tree = hold_workspace(tmp_path)
    before = read_workspace(tmp_path, None)
    (tmp_path / "campaigns/early-bird.yaml").write_text("kind: nonsense\n", "utf-8")
    after = read_share(tree, None, None)
    assert after.resolved == before.resolved
    assert after.findings == before.findings == ()
    assert hold_workspace(tmp_path).digest() != tree.digest()


def test_a_share_has_what_its_campaigns_name(tmp_path: Path) -> None:
    write(tmp_path)
    tree = hold_workspace(tmp_path)
    whole = read_share(tree, None, None)
    part = read_share(tree, None, {"campaigns/chuseok-sale.yaml"})
    assert part.resolved == {"chuseok-sale": whole.resolved["chuseok-sale"]}
    assert set(part.templates) == {"chuseok-sale", "chuseok-sale-b"}
    assert part.findings == ()


def test_a_file_that_cannot_be_read_is_held_as_its_error(tmp_path: Path) -> None:
    write(tmp_path)
    tree = hold_workspace(tmp_path)
    assert tree.whole
    files = {**tree.files, "campaigns/early-bird.yaml": PermissionError(13, "Permission denied")}
    hurt = HeldTree(files)
    assert not hurt.whole
    (finding,) = read_share(hurt, None, None).findings
    assert finding.message == "the file cannot be read: Permission denied"


def test_names_and_borders_count_in_the_digest() -> None:
    one = HeldTree({"campaigns/a.yaml": b"ab", "campaigns/b.yaml": b"c"})
    other = HeldTree({"campaigns/a.yaml": b"a", "campaigns/b.yaml": b"bc"})
    moved = HeldTree({"campaigns/a.yaml": b"ab", "campaigns/c.yaml": b"c"})
    assert len({one.digest(), other.digest(), moved.digest()}) == 3


def test_a_folder_without_a_workspace_is_an_error_of_use(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        hold_workspace(tmp_path)
    assert caught.value.message == f"there is no `pushform.yaml` in `{tmp_path}`"
