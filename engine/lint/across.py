"""What rules that compare campaigns remember of each: small enough to be carried between processes.

A large workspace is linted in parts, none of which knows all campaigns. A rule that compares them
has, besides `check`, two halves: `gather` notes in every part what matters of a campaign, and `judge`
looks at the notes of all parts together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from engine.kernel.frozen import frozen
from engine.kernel.origin import Origin
from engine.lint.context import LintContext
from engine.lint.rule import Hit, Rule


@frozen(kw_only=False)
class Seen:
    """A note about one campaign: campaigns with the same `key` are compared.

    `when` is its instant in seconds since 1970 (0.0 where time is nothing to the rule), `word` what
    else the rule asks, `at` where a hit would stand.
    """

    rule: str
    key: int | str
    campaign: str
    at: Origin
    when: float = 0.0
    word: str = ""


class Comparing(Rule, Protocol):
    """A rule that compares campaigns."""

    def gather(self, context: LintContext) -> Iterator[Seen]:
        """Yield what is to be remembered of the campaigns in `context`."""
        ...

    def judge(self, seen: Iterable[Seen]) -> Iterator[Hit]:
        """Yield every violation among `seen`, whatever order they come in."""
        ...


def in_turn(seen: Iterable[Seen]) -> Sequence[Seen]:
    """Return `seen` by key, then by time and campaign: what is compared stands together."""
    return sorted(seen, key=lambda one: (str(one.key), one.when, one.campaign, one.word))
