"""What is said in one language, said in another: whole sentences with slots, not words.

A sentence is looked up by its own text, so that whoever writes a message needs no key for it, and what
nobody has translated is said in English. What fills a slot is a saying of its own, if it is known;
what stands in backticks comes from somebody's file and is never touched.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from itertools import pairwise

from engine.kernel.finding import Finding, Korean
from engine.kernel.frozen import frozen

_SLOT = "{}"


@frozen(kw_only=False)
class _Sentence:
    pattern: re.Pattern[str]
    quoted: tuple[bool, ...]
    other: str


class Sayings:
    """Pairs of sentences: `{}` in the first stands for anything, `{0}`, `{1}` … in the second for it.

    `parts` are those that may fill a slot, besides the sentences themselves.
    """

    def __init__(self, pairs: Mapping[str, str], parts: Sayings | None = None) -> None:
        self._pairs = pairs
        self._parts = self if parts is None else parts

    def find(self, said: str) -> str | None:
        """Return the other language's sentence for `said`, or None where there is none."""
        if _SLOT not in said and said in self._pairs:
            return self._pairs[said].format()
        for sentence in self._sentences:
            match = sentence.pattern.fullmatch(said)
            if match is not None:
                parts = zip(match.groups(), sentence.quoted, strict=True)
                return sentence.other.format(
                    *(part if quoted else self._part(part) for part, quoted in parts)
                )
        return None

    def finding(self, found: Finding) -> Finding:
        """Return `found` with its Korean words, where it has none and they are known.

        A hint that is not known stays as it is: an example is understood in any language.
        """
        message = None if found.korean is not None else self.find(found.message)
        if message is None:
            return found
        hint = found.hint if found.hint is None else (self.find(found.hint) or found.hint)
        return replace(found, korean=Korean(message, hint))

    def _part(self, part: str) -> str:
        return self._parts.find(part) or self.find(part) or part

    @cached_property
    def _sentences(self) -> tuple[_Sentence, ...]:
        """The sentences with slots, the longest first: the more is fixed, the less is guessed."""
        slotted = [said for said in self._pairs if _SLOT in said]
        return tuple(
            _sentence(said, self._pairs[said]) for said in sorted(slotted, key=len, reverse=True)
        )


def _sentence(said: str, other: str) -> _Sentence:
    words = said.split(_SLOT)
    quoted = tuple(
        before.endswith("`") and after.startswith("`") for before, after in pairwise(words)
    )
    return _Sentence(re.compile("(.+?)".join(map(re.escape, words)), re.DOTALL), quoted, other)
