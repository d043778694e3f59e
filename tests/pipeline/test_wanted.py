"""What the files want: which campaigns run, which differ between two revisions."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from engine.pipeline.status import list_progress
from engine.pipeline.wanted import (
    changed_since,
    desired_campaigns,
    stopped_campaigns,
    touched_since,
)
from engine.workspace.read import read_workspace
from tests.end_to_end.small import Shop


def test_what_differs_between_two_revisions(tmp_path: Path) -> None:
    shop = Shop(root=tmp_path, people=1)
    before = read_workspace(tmp_path, None)
    shop.campaign = "second"
    shop.write_campaign()
    shop.template = "내용이 바뀌었어요"
    after_new = read_workspace(tmp_path, None)
    shop.write_template()
    after_text = read_workspace(tmp_path, None)

    assert changed_since(after_new, before) == {"second"}
    assert changed_since(after_text, before) == {"sale", "second"}
    assert changed_since(before, before) == frozenset()
    assert touched_since(after_text, before) == {"second"}
    shop.at = "2026-09-20 12:00"
    shop.write_campaign()
    later = read_workspace(tmp_path, None)
    assert touched_since(later, after_text) == {"second"}


def test_drafts_and_cancelled_campaigns_are_not_wanted(tmp_path: Path) -> None:
    shop = Shop(root=tmp_path, people=1)
    for name, line in (("draft", {"draft": "true"}), ("gone", {"cancelled": "재고 없음"})):
        shop.campaign = name
        shop.write_campaign(**line)

    loaded = read_workspace(tmp_path, None)

    assert set(desired_campaigns(loaded)) == {"sale"}
    assert stopped_campaigns(loaded) == {"draft": "draft", "gone": "재고 없음"}
    rows = list_progress(loaded, None, datetime(2026, 9, 20, tzinfo=UTC))
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
        desired = desired_campaigns(read_workspace(shop.root, None))
        digests.add(desired["sale"].content_digest)
    assert len(digests) == 1
