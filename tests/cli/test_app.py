"""What `app` picks by itself: roots, clocks, holders."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.app.holders import is_dead, new_holder
from engine.app.session import find_root, open_clock, open_session
from engine.kernel.errors import UsageError
from engine.state.clock import AsOfClock, SystemClock
from tests.end_to_end.small import Shop


def test_the_nearest_workspace_is_taken(tmp_path: Path) -> None:
    outer, inner = tmp_path, tmp_path / "shop"
    (inner / "campaigns").mkdir(parents=True)
    for folder in (outer, inner):
        (folder / "pushform.yaml").write_text("kind: workspace\n", "utf-8")

    assert find_root(inner / "campaigns") == inner
    assert find_root(outer) == outer


def test_the_clock_is_the_machines_unless_it_is_set() -> None:
    assert isinstance(open_clock(None), SystemClock)
    clock = open_clock("2026-09-24T10:00:00+09:00")
    assert isinstance(clock, AsOfClock)
    assert clock.start == datetime(2026, 9, 24, 1, tzinfo=UTC)
    assert clock.now() >= clock.start
    with pytest.raises(UsageError, match="--as-of: `2026-09-24T10:00` has no offset"):
        open_clock("2026-09-24T10:00")
    with pytest.raises(UsageError, match="--as-of: "):
        open_clock("추석")


def test_a_command_judges_by_one_instant(tmp_path: Path) -> None:
    shop = Shop(root=tmp_path, people=1)

    session = open_session(shop.root, None, "2026-09-20T00:00:00Z")

    assert session.opened_at == datetime(2026, 9, 20, tzinfo=UTC)
    assert session.set_clock
    assert open_session(shop.root, None, None).opened_at.microsecond == 0


def test_what_is_hidden_is_for_its_owner_alone(tmp_path: Path) -> None:
    shop = Shop(root=tmp_path, people=1)

    path = open_session(shop.root, None, None).hidden("shards", "sale", "0.parquet")

    assert path == tmp_path / ".pushform" / "shards" / "sale" / "0.parquet"
    for folder in (path.parent, path.parent.parent, tmp_path / ".pushform"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_workspace_with_mistakes_is_none(tmp_path: Path) -> None:
    (tmp_path / "pushform.yaml").write_text("kind: workspace\nname: [\n", "utf-8")

    with pytest.raises(UsageError, match=r"`pushform\.yaml` has mistakes"):
        _ = open_session(tmp_path, None, None).workspace


def test_holders_are_told_apart_and_the_dead_are_known() -> None:
    mine = new_holder()
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()

    assert mine != new_holder()
    assert mine.startswith(f"{socket.gethostname()}:{os.getpid()}:")
    assert not is_dead(mine)
    assert is_dead(f"{socket.gethostname()}:{child.pid}:abcd")
    assert not is_dead(f"another-host:{child.pid}:abcd"), "of that one nobody here can know"
    assert not is_dead("ci")
    assert not is_dead("")


def test_without_git_nothing_is_tracked_and_with_it_what_is_added(tmp_path: Path) -> None:
    shop = Shop(root=tmp_path, people=1)
    assert open_session(shop.root, None, None).commit is None
    for words in (["init", "-q"], ["add", "campaigns/sale.yaml"]):
        subprocess.run(["git", "-C", str(tmp_path), *words], check=True, capture_output=True)

    session = open_session(shop.root, None, None)

    assert session.tracked("campaigns/sale.yaml")
    assert not session.tracked("pushform.yaml")
    assert session.commit is None, "nothing is committed yet"
