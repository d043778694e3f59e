"""Prints what each rule does on the corpus and on the unseen texts, a table for each half of them.

`python -m tests.lint.corpus_table [--all] [--misses]`; `--misses` adds what is wrong in the
development half. Of the held-out half only numbers are printed.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator

from tests.lint.corpus_entries import read_entries
from tests.lint.corpus_score import CATALOG, Score, lint_corpus, read_judged, score
from tests.lint.corpus_unseen import misses, parts, rows


def table(*, whole: bool = False) -> Iterator[str]:
    """Yield the table as Markdown; `whole` adds the other rules that spoke, and how often."""
    entries, found = read_entries(), lint_corpus()
    scores = score(entries, found)
    clean = [entry for entry in entries if not entry.expect]
    yield f"{len(entries)} texts, {len(clean)} of them without a mistake"
    yield ""
    yield "| rule | texts | found | other id | missed | wrong | recall | precision |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    for one in scores:
        yield _row(one)
    known = read_judged().known
    for one in scores:
        for what, ids in (("missed", one.missed), ("wrong", one.wrong)):
            for entry in ids if one.rule in CATALOG else ():
                yield f"\n{one.rule} {what} {entry}: {known.get((one.rule, entry), 'new')}"
    disagreed = {(one.rule, entry) for one in scores for entry in (*one.missed, *one.wrong)}
    for rule, entry in sorted(known.keys() - disagreed):
        yield f"\n{rule} is mended for {entry}: take the row out of judged.yaml"
    if whole:
        judged = set(read_judged().rules)
        others = Counter(
            rule
            for findings in found.values()
            for rule in {finding.rule for finding in findings} - judged
        )
        yield "\nbesides: " + ", ".join(f"{rule} {count}" for rule, count in others.most_common())


def _row(one: Score) -> str:
    texts = len(one.hits) + len(one.elsewhere) + len(one.missed)
    counts = f"{texts} | {len(one.hits)} | {len(one.elsewhere)} | {len(one.missed)}"
    if one.rule in CATALOG:
        counts += f" | {len(one.wrong)} | {one.recall:.2f} | {one.precision:.2f}"
    else:
        counts += " | no such rule | |"
    return f"| {one.rule} | {counts} |"


def unseen(*, wrong: bool = False) -> Iterator[str]:
    """Yield the tables of both halves as Markdown; `wrong` adds what is wrong in the first."""
    development, held_out = parts()
    for part in (development, held_out):
        yield ""
        yield from rows(part)
    if wrong:
        yield ""
        yield from misses(development)


if __name__ == "__main__":
    print("\n".join(table(whole="--all" in sys.argv[1:])))
    print("\n".join(unseen(wrong="--misses" in sys.argv[1:])))
