"""Texts that were judged from the facts before any rule was run on them.

The floors are what the rules reach, a little lower: a rule that is mended elsewhere must not fall
behind them. Of the held-out half only numbers are shown; `corpus/README.md` says why.
"""

from __future__ import annotations

import pytest

from tests.lint.corpus_entries import read_entries, read_unseen
from tests.lint.corpus_score import CATALOG
from tests.lint.corpus_table import unseen
from tests.lint.corpus_unseen import RULES, Part, is_held_out, lint_unseen, part_of, parts, rows
from tests.lint.test_corpus import UNREADABLE

FLOORS = {
    "development": {"all": (0.98, 0.97), "kr-info-contains-promo": (0.98, 0.97)},
    "held out": {
        "all": (0.93, 0.91),
        "kr-info-contains-promo": (0.93, 0.86),
        "kr-prohibited-goods": (0.90, 0.95),
    },
}
"""(recall, precision) at least, per half and rule."""
MOST_SCOLDED = {"development": 0.03, "held out": 0.10}
"""The share of clean texts in which a mistake is told, at most."""


@pytest.fixture(scope="module", params=[0, 1], ids=["development", "held-out"])
def part(request: pytest.FixtureRequest) -> Part:
    return parts()[request.param]


def test_both_halves_have_many_texts_and_many_of_them_are_clean() -> None:
    for half in parts():
        assert len(half.entries) >= 220
        assert len(half.clean) >= 100
    assert all("half" not in entry.raw for entry in read_unseen() if is_held_out(entry))


def test_ids_rules_and_facts_are_written_out() -> None:
    ids = [entry.id for entry in (*read_entries(), *read_unseen())]
    named = {id_ for entry in read_unseen() for some in entry.expect for id_ in some.split("|")}
    assert len(set(ids)) == len(ids)
    assert named <= set(RULES) <= CATALOG
    assert [entry.id for entry in read_unseen() if not entry.raw.get("note")] == []


def test_every_text_is_read_as_it_is_meant() -> None:
    unread = {
        id_ for id_, found in lint_unseen().items() if {one.rule for one in found} & UNREADABLE
    }
    assert unread == set()


def test_the_rules_reach_their_floors(part: Part) -> None:
    for rule, (recall, precision) in FLOORS[part.name].items():
        one = part.whole if rule == "all" else part.score(rule)
        assert (one.recall >= recall, one.precision >= precision) == (True, True), (
            rule,
            round(one.recall, 3),
            round(one.precision, 3),
        )


def test_few_clean_texts_are_told_of_a_mistake(part: Part) -> None:
    assert len(part.scolded) / len(part.clean) <= MOST_SCOLDED[part.name]


def test_what_is_counted() -> None:
    entries = {entry.id: entry for entry in read_unseen()}
    some = ("i-start", "p-sale", "l-square", "q-greet")
    found = {
        "i-start": {"kr-info-contains-promo"},
        "p-sale": set[str](),
        "l-square": {"kr-ad-label-missing"},
        "q-greet": {"kr-info-contains-promo"},
    }
    part = part_of("some", tuple(entries[id_] for id_ in some), found)
    promotion, label = part.score("kr-info-contains-promo"), part.score("kr-ad-label-variant")
    assert (promotion.missed, promotion.wrong) == (("p-sale",), ("i-start",))
    assert (promotion.recall, promotion.precision) == (0.0, 0.0)
    assert (label.elsewhere, label.recall) == (("l-square",), 1.0)
    assert part.score("kr-ad-label-missing").wrong == ()
    assert part.scolded == ("i-start",)
    assert "| all | 2 | 0 | 1 | 1 | 1 | 0.50 | 0.00 |" in list(rows(part))


def test_the_table_shows_both_halves_and_names_no_text_of_the_second() -> None:
    lines = list(unseen(wrong=True))
    assert sum("| kr-info-contains-promo |" in line for line in lines) == 2
    second = {entry.id for entry in read_unseen() if is_held_out(entry)}
    assert second.isdisjoint(word for line in lines for word in line.split())
