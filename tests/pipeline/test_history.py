"""What was sent blocks no plan, also where no report of it is at hand."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli_run import Result, pushform
from tests.pipeline.four_people import AS_OF, add, write_shop

LATER = "2026-09-25T00:00:00Z"
COMMENTS = (
    "# pushform: ignore[schedule-past] 늦었음; until 2026-12-31",
    "# pushform: ignore[kr-night-early] 이른 시각; until 2026-09-23",
)


def sent(root: Path) -> Path:
    """Return a workspace whose campaign `sale` was sent, and which has another for October, `winter`."""
    write_shop(root)
    words = ("-C", root)
    assert pushform("apply", *words, "--as-of", AS_OF, "--auto-approve").code == 0
    assert pushform("dispatch", *words, "--as-of", "2026-09-24T01:00:00Z").code == 0
    add(root, "winter", "2026-10-01 15:00")
    shutil.rmtree(root / "reports/sandbox")
    return root


def planned(root: Path) -> Result:
    return pushform("plan", "-C", root, "--as-of", LATER, "--format", "json")


@pytest.mark.parametrize("comment", COMMENTS)
def test_a_comment_of_a_sent_campaign_does_not_block_the_next(tmp_path: Path, comment: str) -> None:
    root = sent(tmp_path)
    path = root / "campaigns/sale.yaml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("  at: ", f"  {comment}\n  at: "), "utf-8")
    done = planned(root)
    assert done.code == 0, done.err
    assert [one["campaign"] for one in done.json()["changes"]] == ["winter"]
    assert done.json()["summary"]["errors"] == 0


def test_a_shared_text_is_judged_for_what_is_still_to_be_sent(tmp_path: Path) -> None:
    root = sent(tmp_path)
    path = root / "templates/sale.yaml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("전 상품 20% 할인", "합법 바카라 100% 환급"), "utf-8")
    found = planned(root)
    assert (found.code, found.json()["applyable"]) == (1, False)
    (root / "campaigns/winter.yaml").unlink()
    alone = planned(root)
    assert (alone.code, alone.json()["summary"]["errors"]) == (0, 0)
