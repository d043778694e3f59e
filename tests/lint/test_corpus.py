"""Texts as Korean campaigns send them, against what law and vendors say of each.

`python -m tests.lint.corpus_table` prints recall and precision per rule. A disagreement is a mistake
of the rule (a row of `known` in judged.yaml) or of the entry (`corrected`, with what was wrong).
"""

from __future__ import annotations

from collections import Counter

import pytest

from engine.kernel.finding import Finding, Severity
from engine.kernel.origin import Origin
from tests.lint.corpus_entries import Entry, read_entries
from tests.lint.corpus_score import CATALOG, Score, lint_corpus, read_judged, score
from tests.lint.corpus_table import table

JUDGED = read_judged()
UNREADABLE = {"schema", "value", "reference", "yaml-syntax", "channel-text-missing"}
"""Rules of reading: a text that they name was not looked at as it was meant."""


@pytest.fixture(scope="module")
def scores() -> dict[str, Score]:
    return {one.rule: one for one in score(read_entries(), lint_corpus())}


def test_every_rule_has_texts_and_many_have_no_mistake() -> None:
    entries = read_entries()
    expected = Counter(rule for entry in entries for rule in entry.expect)
    assert len(entries) >= 220
    assert sum(not entry.expect for entry in entries) >= 80
    assert set(expected) == set(JUDGED.rules)
    assert {rule: count for rule, count in expected.items() if count < 6} == {}


def test_every_entry_says_where_its_fact_stands() -> None:
    entries = read_entries()
    assert len({entry.id for entry in entries}) == len(entries)
    assert [entry.id for entry in entries if not entry.raw.get("note")] == []
    assert not set(JUDGED.rules) & set(JUDGED.not_shown)


def test_every_text_is_read_as_it_is_meant() -> None:
    found = lint_corpus()
    unread = {
        entry.id
        for entry in read_entries()
        if "sms-sender-registered" not in entry.expect
        and {finding.rule for finding in found[entry.id]} & UNREADABLE
    }
    assert unread == set()


@pytest.mark.parametrize("rule", JUDGED.rules)
def test_the_rule_finds_what_the_facts_name(rule: str, scores: dict[str, Score]) -> None:
    one = scores[rule]
    if rule not in CATALOG:
        # What no rule of that name says, others say at the same text.
        assert one.missed == ()
        return
    assert [entry for entry in one.missed if (rule, entry) not in JUDGED.known] == []
    assert one.recall >= JUDGED.least_recall


@pytest.mark.parametrize("rule", JUDGED.rules)
def test_the_rule_is_silent_elsewhere(rule: str, scores: dict[str, Score]) -> None:
    one = scores[rule]
    assert [entry for entry in one.wrong if (rule, entry) not in JUDGED.known] == []
    assert one.precision >= JUDGED.least_precision


def test_known_disagreements_are_about_texts_and_rules_that_exist() -> None:
    ids = {entry.id for entry in read_entries()}
    assert {entry for _, entry in JUDGED.known} <= ids
    assert {rule for rule, _ in JUDGED.known} <= set(JUDGED.rules)
    assert all(JUDGED.known.values())


def test_what_is_counted() -> None:
    bad = _entry("bad", {"kr-ad-label-missing"})
    late = _entry("late", {"kr-night-window"})
    good = _entry("good", set())
    told = {
        "bad": [_finding("kr-ad-sender-missing")],
        "late": [_finding("kr-night-window"), _finding("kr-night-cutoff")],
        "good": [_finding("kr-reply-bait")],
    }
    counted = {one.rule: one for one in score([bad, late, good], told)}
    missing, bait = counted["kr-ad-label-missing"], counted["kr-reply-bait"]
    assert (missing.missed, missing.recall, missing.precision) == (("bad",), 0.0, 1.0)
    assert (bait.wrong, bait.recall, bait.precision) == (("good",), 1.0, 0.0)
    assert counted["kr-night-window"].hits == ("late",)
    assert counted["kr-night-cutoff"].wrong == ()
    assert counted["kr-ad-sender-missing"].wrong == ()


def test_the_table_has_a_row_per_rule() -> None:
    lines = "\n".join(table())
    assert all(f"| {rule} | " in lines for rule in JUDGED.rules)


def _entry(id_: str, expect: set[str]) -> Entry:
    return Entry(id=id_, channel="app", expect=frozenset(expect), may=frozenset(), raw={})


def _finding(rule: str) -> Finding:
    return Finding(
        rule=rule, severity=Severity.ERROR, message="said", at=Origin("pushform.yaml"), hint="do"
    )
