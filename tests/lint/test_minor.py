"""Which audiences pick children, and which only say something about age."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.lint.run import run_rules
from tests.lint.workspaces import open_context, write_workspace


def _found(root: Path, audience: str, more: str = "") -> list[str]:
    fragment = f"campaign: {{audience: {audience}{more}}}"
    _, context = open_context(write_workspace(root, fragment))
    return [f.message for f in run_rules(context) if f.rule == "kr-minor"]


@pytest.mark.parametrize(
    "audience",
    [
        "{attribute: age, lt: 14}",
        "{attribute: age, between: [10, 20]}",
        "{attribute: age, eq: 13}",
        "{attribute: age, in: [12, 30]}",
        "{attribute: birth_date, after: '2012-09-24'}",
        "{attribute: birth_date, between: ['2000-01-01', '2013-01-01']}",
        "{all: [{attribute: grade, eq: vip}, {attribute: birth_date, gte: '2015-01-01'}]}",
    ],
)
def test_children_are_picked(tmp_path: Path, audience: str) -> None:
    (message,) = _found(tmp_path, audience)
    assert "picks people under 14" in message


@pytest.mark.parametrize(
    "audience",
    [
        "everyone",
        "{attribute: age, gte: 14}",
        "{attribute: age, between: [14, 20]}",
        "{all: [{attribute: age, gte: 14}, {attribute: age, lte: 19}]}",
        "{attribute: birth_date, before: '2012-09-24'}",
        "{all: [{attribute: birth_date, after: '1990-01-01'}, {attribute: age, gte: 20}]}",
        "{any: [{attribute: age, lt: 14}, {attribute: grade, eq: vip}]}",
        "{not: {attribute: age, lt: 14}}",
        "{all: [{attribute: age, lt: 14}, {attribute: 법정대리인_동의, eq: 'yes'}]}",
    ],
)
def test_children_are_not_picked(tmp_path: Path, audience: str) -> None:
    assert _found(tmp_path, audience) == []


def test_information_may_reach_children(tmp_path: Path) -> None:
    more = ", type: informational, basis: account"
    assert _found(tmp_path, "{attribute: age, lt: 14}", more) == []
