"""What every rule has: a page, examples, a citation, a line in the catalog."""

from __future__ import annotations

import ast
import re
from datetime import date
from pathlib import Path

import pytest

from engine.kernel.errors import UsageError
from engine.kernel.finding import Confidence
from engine.lint import rules
from engine.lint.catalog import RULES, find_rule
from engine.lint.page import render_rule_page
from engine.lint.rule import Bad, Good, Rule

TODAY = date(2026, 11, 23)
BY_ID = pytest.mark.parametrize("rule", RULES, ids=[rule.META.id for rule in RULES])
NOT_STATUTE = {
    "kr-ad-label-duplicate",
    "kr-consent-channel-mismatch",
    "kr-consent-guest-member",
    "kr-consent-os-permission",
    "kr-info-contains-promo",
    "kr-info-has-label",
    "kr-minor",
    "kr-night-cutoff",
    "kr-night-early",
    "kr-points-basis-missing",
}
"""Korean rules that rest on guidance or practice: a comment may answer them."""
FILES = {p.stem for p in Path(next(iter(rules.__path__))).glob("*.py")} - {"__init__"}


def test_every_file_is_in_the_catalog_under_its_own_name() -> None:
    ids = [rule.META.id for rule in RULES]
    assert ids == sorted(ids)
    assert len(ids) == len(set(ids))
    assert {id_.replace("-", "_") for id_ in ids} == FILES


def test_the_rules_that_were_promised_are_there() -> None:
    family = "missing not-leading variant unicode image-only lms-subject-only translated"
    promised = {
        f"kr-ad-label-{name}" for name in f"{family} body-only duplicate in-variable".split()
    }
    promised |= {"type-missing", "kr-ad-sender-missing", "kr-ad-optout-missing"}
    promised |= {"kr-consent-filter-missing", "kr-suppression-missing", "kr-info-has-label"}
    promised |= {"kr-night-window", "kr-night-cutoff", "kakao-brand-window", "people-in-git"}
    promised |= {f"schedule-{n}" for n in ("lead-time", "past", "naive", "dst-gap", "dst-fold")}
    promised |= {"template-undefined-variable", "template-unused-variable", "locale-missing"}
    promised |= {"channel-text-missing", "alimtalk-advertising"}
    promised |= {f"kr-night-{name}" for name in ("consent", "duration", "early", "fallback")}
    promised |= {"tz-recipient-missing", "tz-window-empty", "holiday-calendar", "schedule-peak"}
    promised |= {f"foreign-{n}" for n in ("window", "label", "opt-out", "sender", "identity")}
    promised |= {"jurisdiction-unknown", "jurisdiction-uncertain", "in-dlt", "ca-implied-expiry"}
    assert promised <= {rule.META.id for rule in RULES}


@BY_ID
def test_a_rule_has_a_page_with_three_parts(rule: Rule) -> None:
    page = rule.__doc__ or ""
    headings = re.findall(r"^## (\w+)$", page, re.MULTILINE)
    assert headings == ["What", "Why", "Fix", "한국어"]
    assert rule.META.title_ko
    assert page.splitlines()[0].endswith(".")
    assert all(part.strip() for part in re.split(r"^## \w+$", page, flags=re.MULTILINE))


@BY_ID
def test_a_rule_has_a_good_and_two_bad_examples(rule: Rule) -> None:
    assert sum(isinstance(example, Good) for example in rule.EXAMPLES) >= 1
    assert sum(isinstance(example, Bad) for example in rule.EXAMPLES) >= 2


@BY_ID
def test_a_rule_says_what_it_rests_on(rule: Rule) -> None:
    citation = rule.META.citation(TODAY)
    assert re.fullmatch(r"[a-z0-9-]+", citation.id)
    assert citation.title
    if rule.META.period(TODAY) is None:
        assert citation.confidence in (Confidence.PRACTICE, Confidence.GUIDANCE)
    if rule.META.jurisdictions == {"KR"} and rule.META.id not in NOT_STATUTE:
        assert rule.META.confidence(TODAY) is Confidence.STATUTE
        assert "정보통신망법" in citation.title


@BY_ID
def test_a_page_can_be_printed(rule: Rule) -> None:
    page = render_rule_page(rule)
    assert page.startswith(f"# {rule.META.id}\n")
    assert rule.META.citation(TODAY).title in page
    for heading in ("## What", "## Why", "## Fix", "## Passes", "## Fails"):
        assert f"\n{heading}\n" in page
    for example in rule.EXAMPLES:
        assert example.yaml.strip().splitlines()[0][:500] in page


@BY_ID
def test_a_rule_reads_no_clock_and_no_file(rule: Rule) -> None:
    tree = ast.parse(Path(str(rule.__file__)).read_text(encoding="utf-8"))  # type: ignore[attr-defined]
    called = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert not called & {"now", "utcnow", "today", "open", "read_text", "environ", "getenv"}


def test_the_page_of_the_night() -> None:
    page = render_rule_page(find_rule("kr-night-window"))
    assert "정보통신망법 제50조제3항" in page
    assert "confidence  statute" in page
    assert "in force    2014-11-29 – today" in page
    assert "→ campaign.schedule.at: … 21:00 in Korea …" in page


def test_an_unknown_rule_gets_its_neighbours() -> None:
    with pytest.raises(UsageError, match="there is no rule `kr-night-windwo`") as caught:
        find_rule("kr-night-windwo")
    assert caught.value.hint is not None
    assert "did you mean `kr-night-window`" in caught.value.hint
