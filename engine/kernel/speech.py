"""Speaking the reader's language: sentences are written in English where they are said.

A table has their Korean by the English words, so that no sentence needs a key; what a table lacks is
said in English. `Sayings` does the same for sentences that were filled in before.
"""

from __future__ import annotations

from collections.abc import Mapping
from unicodedata import east_asian_width

from engine.kernel.agreement import agreeing
from engine.kernel.frozen import frozen
from engine.kernel.language import Language


@frozen(kw_only=False)
class Speech:
    """What is said to one reader. `korean` has a sentence with the same `{slots}` per English one."""

    language: Language
    korean: Mapping[str, str]

    def say(self, english: str, **slots: object) -> str:
        """Return the sentence in the reader's language, its slots filled in. English agrees with 1."""
        if self.language is Language.EN:
            return agreeing(english, slots).format(**slots)
        return self.name(english).format(**slots)

    def name(self, english: str) -> str:
        """Return a word (an action, a reason, a channel) in the reader's language, as it is."""
        if self.language is Language.KO:
            return self.korean.get(english, english)
        return english


def pad(text: str, columns: int) -> str:
    """Return `text` with blanks up to a width in a terminal's columns; a Hangul syllable takes two."""
    return text + " " * (columns - sum(2 if east_asian_width(char) in "WF" else 1 for char in text))
