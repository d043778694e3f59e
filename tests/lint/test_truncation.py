"""Pushes are measured as people get them: branches taken, every line of a title counted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.lint.run import run_rules
from tests.lint.workspaces import open_context, write_workspace

LONG = "한우와 과일과 견과를 한자리에 모은 추석 선물세트 모음"
"""52 letters, more than half of the screens show."""


def _cut(root: Path, title: str, sample: str) -> list[str]:
    """Return the keys of what is cut in an informational push with this title."""
    template = {
        "variables": {"v": {"type": "string", "from": "user.v", "sample": sample}},
        "redefine": None,
        "locales": {"en": None, "ko": {"title": title, "body": "오늘 도착합니다"}},
    }
    _, context = open_context(
        write_workspace(
            root,
            "campaign: {type: informational, basis: transaction, channels: {sms: null}}",
            json.dumps({"template": template}),
        )
    )
    found = [finding for finding in run_rules(context) if finding.rule == "push-truncation"]
    return [str(finding.at.path[-1]) for finding in found]


@pytest.mark.parametrize(
    "title",
    ["{{ v }}", "{% if v %}{{ v }}{% endif %}", "{{ v|trim }}", "안내\n{{ v }}", f"안내\n{LONG}"],
)
def test_a_long_title_is_cut_however_it_is_written(title: str, tmp_path: Path) -> None:
    assert _cut(tmp_path, title, LONG) == ["title"]


@pytest.mark.parametrize(
    "title",
    [
        "{{ v }}",
        "{% if v %}{{ v }}{% endif %}",
        "안내\n{{ v }}",
        "{% if not v %}" + LONG + "{% endif %}배송",
    ],
)
def test_a_short_one_is_not(title: str, tmp_path: Path) -> None:
    assert _cut(tmp_path, title, "민지") == []


def test_a_filter_may_make_a_title_longer(tmp_path: Path) -> None:
    title = "가나다라마바사아자차카타파하가나 {{ v|replace('-', ' 그리고 ') }}"
    assert _cut(tmp_path, title, "민지-영희") == []
    assert _cut(tmp_path, title, "민지-영희-철수") == ["title"]
