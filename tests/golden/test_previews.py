"""Every message of the sample shop, as it would be sent: a change here is a change for people.

`PUSHFORM_UPDATE_GOLDEN=1 pytest tests/golden` writes the files anew; the diff is then reviewed.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from engine.workspace.read import read_workspace
from tests.cli_run import pushform

ROOT = Path(__file__).resolve().parents[2]
PREVIEWS = Path(__file__).parent / "previews"
AS_OF = "2026-09-20T00:00:00Z"


def campaigns() -> list[str]:
    loaded = read_workspace(ROOT, None)
    return sorted({*loaded.resolved, *loaded.set_aside})


def preview(campaign: str) -> list[dict[str, object]]:
    """Return every channel × locale × jurisdiction × variant of a campaign."""
    result = pushform("preview", campaign, "--format", "json", "-C", ROOT, "--as-of", AS_OF)
    assert result.code == 0, result.err
    return list(result.json()["messages"])


@pytest.mark.parametrize("campaign", campaigns())
def test_what_people_would_read_is_what_was_reviewed(campaign: str) -> None:
    messages = preview(campaign)
    file = PREVIEWS / f"{campaign}.json"
    text = json.dumps(messages, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    if os.environ.get("PUSHFORM_UPDATE_GOLDEN"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, "utf-8")

    assert messages
    assert file.read_text("utf-8") == text


def test_every_golden_file_belongs_to_a_campaign() -> None:
    assert sorted(path.stem for path in PREVIEWS.glob("*.json")) == campaigns()
