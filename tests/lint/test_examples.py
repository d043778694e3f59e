"""Every example of every rule runs: the good pass, the bad fail where and as they say."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.kernel.origin import Origin
from engine.lint.catalog import RULES
from engine.lint.rule import Bad, Good, Rule
from engine.lint.run import run_rules
from tests.lint.workspaces import file_of, open_context, write_workspace

CASES = [(rule, number) for rule in RULES for number in range(len(rule.EXAMPLES))]


def test_the_base_is_clean(tmp_path: Path) -> None:
    loaded, context = open_context(write_workspace(tmp_path))
    assert loaded.findings == ()
    assert run_rules(context) == ()


@pytest.mark.parametrize(
    ("rule", "number"), CASES, ids=[f"{rule.META.id}-{number}" for rule, number in CASES]
)
def test_example(rule: Rule, number: int, tmp_path: Path) -> None:
    example = rule.EXAMPLES[number]
    loaded, context = open_context(write_workspace(tmp_path, example.yaml), example.setting)
    findings = (*loaded.findings, *run_rules(context))
    own = [finding for finding in findings if finding.rule == rule.META.id]
    others = {finding.rule for finding in findings} - {rule.META.id}
    if isinstance(example, Good):
        assert (own, others) == ([], set())
        return
    assert isinstance(example, Bad)
    assert others <= set(example.also), [f for f in findings if f.rule in others]
    at = Origin(file_of(str(example.at[0])), example.at[1:])
    assert [f for f in own if f.at == at and example.says in f.message], own
    assert all(finding.hint and finding.citation for finding in own)
    assert all(finding.korean and finding.korean.hint for finding in own)
    if rule.META.title_ko is not None:
        assert all(finding.korean and finding.korean.hint for finding in own)
