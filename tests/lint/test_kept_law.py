"""What is kept between runs is what a fresh run would find, whatever day it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from engine.app.session import open_session
from engine.cli.linting import lint_files
from engine.law.book import all_provisions
from engine.law.consent import korean_day
from engine.law.shelf import last_turn
from engine.lint import beside
from engine.lint.catalog import OF_FILES, RULES
from engine.lint.due import SEOUL_ZONE
from engine.lint.rule import Bad, Rule
from engine.lint.run import find
from tests.lint.workspaces import open_context, write_workspace

TURNS = sorted({day for row in all_provisions() for day in (row.since, row.until) if day})
RECENT = [day for day in TURNS if day >= date(2025, 9, 1)]


def instants() -> list[datetime]:
    """Return midnight in Korea of every day on which a row turns, and the second before it."""
    found = []
    for day in RECENT:
        midnight = datetime.combine(day, time(), SEOUL_ZONE).astimezone(UTC)
        found += [midnight - timedelta(seconds=1), midnight]
    return [*found, found[-1] + timedelta(days=400)]


def test_the_law_turns_on_the_days_of_its_rows() -> None:
    assert len(RECENT) > 4
    for day in TURNS:
        before = day - timedelta(days=1)
        assert (last_turn(day), last_turn(before)) == (
            day,
            max((turn for turn in TURNS if turn < day), default=date.min),
        )


@pytest.mark.parametrize("rule", RULES, ids=[rule.META.id for rule in RULES])
def test_a_rule_whose_findings_are_kept_finds_the_same_until_the_law_turns(
    rule: Rule, tmp_path: Path
) -> None:
    """`find` is what a fresh run does; a kept one is read again only under the same turn."""
    example = next(one for one in rule.EXAMPLES if isinstance(one, Bad))
    _, context = open_context(write_workspace(tmp_path, example.yaml), example.setting)
    kept: dict[date, object] = {}
    for now in instants():
        found = find(replace(context, as_of=now), OF_FILES)
        assert kept.setdefault(last_turn(korean_day(now)), found) == found


def test_a_result_of_before_the_end_of_friendtalk_does_not_survive_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beside, "can_fork", lambda: False)
    root = write_workspace(
        tmp_path,
        "{workspace: {channels: {kakao: {product: friendtalk}}},"
        " campaign: {schedule: {at: '2025-12-30 18:00'}}}",
    )
    found = {}
    for as_of in ("2025-12-30T00:00:00Z", "2025-12-31T00:00:00Z", "2026-01-02T00:00:00Z"):
        session = open_session(root, None, as_of, {})
        fresh = lint_files(session, many=10**9).findings
        assert lint_files(session, many=0).findings == fresh
        assert lint_files(session, many=0).findings == fresh
        found[as_of] = "kakao-friendtalk-retired" in {one.rule for one in fresh}
    assert list(found.values()) == [False, True, True]
