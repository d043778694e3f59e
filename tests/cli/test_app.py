"""What `app` picks and `pipeline` decides by itself: roots, clocks, holders, lost states."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine import pipeline
from engine.app import find_root, is_dead, new_holder, open_clock, open_session
from engine.kernel.errors import UsageError
from engine.model.deployment import StateIdentity
from engine.state.clock import AsOfClock, SystemClock
from engine.workspace.read import read_workspace
from tests.end_to_end.small import Shop
from tests.plan.making import plan_of, wanted

ONE = StateIdentity(lineage="aaaaaaaa-1111", serial=5)


@pytest.mark.parametrize(
    ("remembered", "found", "said"),
    [
        (None, None, None),
        (None, ONE, None),
        (ONE, ONE, None),
        (ONE, replace(ONE, serial=6), None),
        (ONE, None, "git remembers state aaaaaaaa #5, there is none"),
        (ONE, replace(ONE, serial=4), "git remembers serial 5, this state is at 4"),
        (
            ONE,
            StateIdentity(lineage="bbbbbbbb-2222", serial=99),
            "git remembers state aaaaaaaa, this one is bbbbbbbb",
        ),
    ],
)
def test_when_a_state_is_lost(
    remembered: StateIdentity | None, found: StateIdentity | None, said: str | None
) -> None:
    assert pipeline.state_loss(remembered, found) == said


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


def test_what_differs_between_two_revisions(tmp_path: Path) -> None:
    shop = Shop(root=tmp_path, people=1)
    before = read_workspace(tmp_path, None)
    shop.campaign = "second"
    shop.write_campaign()
    shop.template = "내용이 바뀌었어요"
    after_new = read_workspace(tmp_path, None)
    shop.write_template()
    after_text = read_workspace(tmp_path, None)

    assert pipeline.changed_since(after_new, before) == {"second"}
    assert pipeline.changed_since(after_text, before) == {"sale", "second"}
    assert pipeline.changed_since(before, before) == frozenset()


def test_drafts_and_cancelled_campaigns_are_not_wanted(tmp_path: Path) -> None:
    shop = Shop(root=tmp_path, people=1)
    for name, line in (("draft", {"draft": "true"}), ("gone", {"cancelled": "재고 없음"})):
        shop.campaign = name
        shop.write_campaign(**line)

    loaded = read_workspace(tmp_path, None)

    assert set(pipeline.desired_campaigns(loaded)) == {"sale"}
    assert pipeline.stopped_campaigns(loaded) == {"draft": "draft", "gone": "재고 없음"}
    rows = pipeline.status(loaded, None, datetime(2026, 9, 20, tzinfo=UTC))
    assert [(row.campaign, row.reason) for row in rows] == [
        ("draft", "draft"),
        ("sale", "not applied yet"),
    ]


def test_what_a_plan_is_made_from_is_the_same_in_another_folder(tmp_path: Path) -> None:
    digests = set()
    for name in ("one", "다른 폴더"):
        folder = tmp_path / name
        folder.mkdir()
        shop = Shop(root=folder, people=1)
        desired = pipeline.desired_campaigns(read_workspace(shop.root, None))
        digests.add(desired["sale"].content_digest)
    assert len(digests) == 1


def test_an_offline_plan_cannot_be_applied(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="an offline plan cannot be applied"):
        pipeline.apply(
            plan_of(wanted(), offline=True),
            (),
            ledger=None,  # type: ignore[arg-type]
            root=tmp_path,
            holder="ci",
            is_dead=lambda _: False,
            now=lambda: datetime(2026, 9, 20, tzinfo=UTC),
            approved_by=None,
            timezone="Asia/Seoul",
        )
