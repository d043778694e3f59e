"""Ids and severities are a contract: comments in files, SARIF logs and CI settings name them."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.lint.catalog import RULES

FROZEN = [
    line.split()
    for line in Path(__file__).with_name("frozen_rules.txt").read_text("utf-8").splitlines()
]
"""Every rule that was ever published, with its severity. Lines are added, never changed."""


@pytest.mark.parametrize(("id_", "severity"), FROZEN)
def test_a_published_rule_stays_what_it_was(id_: str, severity: str) -> None:
    assert [rule.META.severity for rule in RULES if rule.META.id == id_] == [severity]


def test_every_rule_is_written_down_once_and_in_order() -> None:
    ids = [id_ for id_, _ in FROZEN]
    assert ids == sorted(set(ids))
    new = {rule.META.id for rule in RULES} - set(ids)
    assert not new, "add these with their severity to tests/lint/frozen_rules.txt"
