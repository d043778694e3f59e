"""Counts what the rules say of texts that were written, with what the facts say, before they ran.

Half of them, by a fixed rule, may be looked at when a rule is mended; the other half may not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256

from engine.kernel.finding import Finding
from tests.lint.corpus_entries import Entry, read_unseen
from tests.lint.corpus_score import Score, lint_entries

LABEL = tuple(
    f"kr-ad-label-{what}"
    for what in (
        *("missing", "not-leading", "variant", "unicode", "image-only", "lms-subject-only"),
        *("translated", "body-only", "duplicate", "in-variable"),
    )
)
OPT_OUT = ("kr-ad-optout-missing", "kr-ad-optout-not-trailing", "kr-ad-optout-not-free")
RULES = (
    *("kr-info-contains-promo", "kr-info-has-label", "kr-points-basis-missing"),
    *("kr-prohibited-goods", "kr-reply-bait", "kr-ad-sender-missing", "kr-ad-contact-missing"),
    *LABEL,
    *OPT_OUT,
)
"""The rules that read what a text says. What other rules find in these texts is not counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One half: its name, its entries, and per rule what it did on them."""

    name: str
    entries: tuple[Entry, ...]
    scores: tuple[Score, ...]
    scolded: tuple[str, ...]
    """Entries without a mistake in which some rule finds one."""

    @property
    def clean(self) -> tuple[Entry, ...]:
        """The entries without a mistake."""
        return tuple(entry for entry in self.entries if not entry.expect)

    def score(self, rule: str) -> Score:
        """Return what one rule did."""
        return next(one for one in self.scores if one.rule == rule)

    @property
    def whole(self) -> Score:
        """What all rules did together."""
        return Score(
            rule="all",
            hits=tuple(entry for one in self.scores for entry in one.hits),
            elsewhere=tuple(entry for one in self.scores for entry in one.elsewhere),
            missed=tuple(entry for one in self.scores for entry in one.missed),
            wrong=tuple(entry for one in self.scores for entry in one.wrong),
        )


def is_held_out(entry: Entry) -> bool:
    """Tell the half of an entry: that of its id's digest, which no one chooses.

    Texts that were written after a mending say `half: development`.
    """
    return "half" not in entry.raw and sha256(entry.id.encode()).digest()[0] % 2 == 1


@cache
def lint_unseen() -> Mapping[str, tuple[Finding, ...]]:
    """Return per entry everything that reading and all rules find in it."""
    return lint_entries(read_unseen())


@cache
def parts() -> tuple[Part, Part]:
    """Return the development half and the held-out half, scored."""
    halves = {name: tuple(_half(name)) for name in ("development", "held out")}
    found = {id_: {finding.rule for finding in findings} for id_, findings in lint_unseen().items()}
    first, second = (part_of(name, entries, found) for name, entries in halves.items())
    return first, second


def part_of(name: str, entries: tuple[Entry, ...], found: Mapping[str, set[str]]) -> Part:
    """Return the score of `entries`, of which the rules `found` spoke."""
    hits: dict[str, list[str]] = {rule: [] for rule in RULES}
    elsewhere: dict[str, list[str]] = {rule: [] for rule in RULES}
    missed: dict[str, list[str]] = {rule: [] for rule in RULES}
    wrong: dict[str, list[str]] = {rule: [] for rule in RULES}
    scolded = []
    for entry in entries:
        for expected in entry.expect:
            ids = expected.split("|")
            said = [rule for rule in ids if rule in found[entry.id]]
            if not said and found[entry.id] & set(family_of(ids[0])):
                elsewhere[ids[0]].append(entry.id)
            else:
                (hits if said else missed)[(said or ids)[0]].append(entry.id)
        mistakes = [rule for rule in RULES if rule in found[entry.id] and _is_wrong(rule, entry)]
        for rule in mistakes:
            wrong[rule].append(entry.id)
        if mistakes and not entry.expect:
            scolded.append(entry.id)
    scores = tuple(
        Score(
            rule=rule,
            hits=tuple(hits[rule]),
            elsewhere=tuple(elsewhere[rule]),
            missed=tuple(missed[rule]),
            wrong=tuple(wrong[rule]),
        )
        for rule in RULES
    )
    return Part(name=name, entries=entries, scores=scores, scolded=tuple(scolded))


def family_of(rule: str) -> tuple[str, ...]:
    """Return the rules about the same thing: a text whose label is spelt wrong also lacks one."""
    return next((ids for ids in (LABEL, OPT_OUT) if rule in ids), (rule,))


def _is_wrong(rule: str, entry: Entry) -> bool:
    """Tell whether a finding of `rule` is a mistake: none about this is expected, none is allowed."""
    named = {id_ for expected in entry.expect for id_ in expected.split("|")}
    return rule not in entry.may and not named & set(family_of(rule))


def _half(name: str) -> Iterator[Entry]:
    return (entry for entry in read_unseen() if is_held_out(entry) == (name == "held out"))


def rows(part: Part) -> Iterable[str]:
    """Yield the table of one part as Markdown, a line per rule that a text names or that spoke."""
    yield f"{part.name}: {len(part.entries)} texts, {len(part.clean)} of them without a mistake,"
    yield f"{len(part.scolded)} of those told of one"
    yield ""
    yield "| rule | texts | found | other id | missed | wrong | recall | precision |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    for one in (*part.scores, part.whole):
        texts = len(one.hits) + len(one.elsewhere) + len(one.missed)
        if texts or one.wrong:
            counts = f"{texts} | {len(one.hits)} | {len(one.elsewhere)} | {len(one.missed)}"
            rates = f"{one.recall:.2f} | {one.precision:.2f}"
            yield f"| {one.rule} | {counts} | {len(one.wrong)} | {rates} |"


def misses(part: Part) -> Iterable[str]:
    """Yield what the rules missed and what they were wrong about, a line each."""
    for one in part.scores:
        for what, ids in (("missed", one.missed), ("wrong", one.wrong)):
            yield from (f"{one.rule} {what} {id_}" for id_ in ids)
