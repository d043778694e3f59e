"""Clock rules say to the second when their answer changes: `flips_at` and `passes_until`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from engine.kernel.instant import parse_instant
from engine.lint.catalog import RULES
from engine.lint.context import LintContext
from engine.lint.rule import Bad, Rule
from engine.lint.run import find, passing_until
from tests.lint.workspaces import open_context, write_workspace

SECOND = timedelta(seconds=1)
CLOCKED = [rule for rule in RULES if hasattr(rule, "passes_until")]
URGENT = "type: informational, basis: safety, urgent: {reason: 리콜 안내, until: '%s'},"
"""00:30 in Seoul on the 24th is due half an hour after the urgency of the 23rd ends."""


def answer(context: LintContext, rule: Rule, now: datetime) -> set[tuple[object, ...]]:
    """Return what `rule` says at `now`, but for how many minutes are left."""
    found = find(replace(context, as_of=now), (rule,))
    return {(one.campaign, one.at, one.severity, one.flips_at) for one in found}


def around(due: datetime) -> Iterator[datetime]:
    """Yield instants from a day before `due` to a day behind it, dense where rules turn."""
    for edge in (-86400, -7200, -3600, -1800, 0, 3600, 86400):
        for off in (-61, -1, 0, 1, 59):
            yield due + timedelta(seconds=edge + off)


def contexts(root: Path) -> Iterator[tuple[LintContext, datetime]]:
    for number, (head, at) in enumerate(
        (
            ("", "2026-09-24 10:00"),
            ("", "2026-09-24 20:45"),
            ("draft: true,", "2026-09-24 10:00"),
            (URGENT % "2026-09-24", "2026-09-24 00:30"),
            (URGENT % "2026-09-23", "2026-09-24 00:30"),
            (URGENT % "2026-09-23", "2026-09-24 01:00"),
            (URGENT % "2026-09-20", "2026-09-24 10:00"),
        )
    ):
        fragment = f"campaign: {{{head} schedule: {{at: '{at}'}}}}"
        _, context = open_context(write_workspace(root / str(number), fragment))
        local = datetime.fromisoformat(at) - timedelta(hours=9)
        yield context, local.replace(tzinfo=UTC)


def test_the_clock_rules_are_those_of_the_schedule() -> None:
    assert [rule.META.id for rule in CLOCKED] == ["schedule-lead-time", "schedule-past"]


@pytest.mark.parametrize("rule", RULES, ids=[rule.META.id for rule in RULES])
def test_no_finding_of_an_example_outlives_its_flip_or_ends_before_it(
    rule: Rule, tmp_path: Path
) -> None:
    for number, example in enumerate(one for one in rule.EXAMPLES if isinstance(one, Bad)):
        root = write_workspace(tmp_path / str(number), example.yaml)
        _, context = open_context(root, example.setting)
        now = answer(context, rule, parse_instant(example.setting.as_of))
        for flip in {one[-1] for one in now if isinstance(one[-1], datetime)}:
            assert answer(context, rule, flip - SECOND) == now
            assert answer(context, rule, flip) != now


@pytest.mark.parametrize("rule", CLOCKED, ids=[rule.META.id for rule in CLOCKED])
def test_flips_are_exact_from_any_instant(rule: Rule, tmp_path: Path) -> None:
    flips = 0
    for context, due in contexts(tmp_path):
        for now in around(due):
            found = answer(context, rule, now)
            for _, _, _, flip in found:
                if flip is not None:
                    assert isinstance(flip, datetime)
                    assert now < flip
                    assert answer(context, rule, flip - SECOND) == found
                    assert answer(context, rule, flip) != found
                    flips += 1
    assert bool(flips) == (rule.META.id == "schedule-lead-time")


@pytest.mark.parametrize("rule", CLOCKED, ids=[rule.META.id for rule in CLOCKED])
def test_a_check_passes_exactly_until_it_says_so(rule: Rule, tmp_path: Path) -> None:
    told = 0
    for context, due in contexts(tmp_path):
        for now in around(due):
            if answer(context, rule, now):
                continue
            until = passing_until(replace(context, as_of=now), (rule,)).get("sale")
            last = due + timedelta(days=2) if until is None else until - SECOND
            steps = [at for at in around(due) if now <= at <= last]
            assert not any(answer(context, rule, at) for at in steps)
            if until is not None:
                assert now <= until
                assert answer(context, rule, until + SECOND)
                told += 1
    assert told > 50


def test_an_urgency_that_ends_within_the_last_hour_ends_the_plan(tmp_path: Path) -> None:
    fragment = f"campaign: {{{URGENT % '2026-09-23'} schedule: {{at: '2026-09-24 00:30'}}}}"
    _, context = open_context(write_workspace(tmp_path, fragment))
    assert context.campaigns["sale"].urgent is not None
    assert context.campaigns["sale"].urgent.until == date(2026, 9, 23)
    for as_of in ("2026-09-20T00:00:00Z", "2026-09-23T14:45:00Z"):
        later = replace(context, as_of=parse_instant(as_of))
        assert passing_until(later)["sale"] == parse_instant("2026-09-23T15:00:00Z")
