"""Did you mean …? A hint that names the closest known word, or all of them if they are few."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches

_MANY = 12
_LONGEST = 64


def did_you_mean(word: str, known: Collection[str]) -> str | None:
    """Return the hint for the unknown `word`, or None where nothing helps."""
    close = closest(word, known)
    if close is not None:
        return f"did you mean `{close}`?"
    if not known:
        return None
    shown = ", ".join(f"`{name}`" for name in sorted(known)[:_MANY])
    return f"there are {shown}" if len(known) <= _MANY else f"there are {shown} and more"


def closest(word: str, known: Collection[str]) -> str | None:
    """Return the name in `known` that looks most like `word`, or None if none does."""
    if len(word) > _LONGEST:
        return None
    folded = word.lower().replace("_", "-")
    for name in known:
        if name.lower().replace("_", "-") == folded:
            return name
    # Names of very different length are never close: this keeps 10,000 names fast.
    near = [name for name in known if abs(len(name) - len(word)) <= 2 + len(word) // 3]
    found = get_close_matches(word, near, n=1, cutoff=0.7)
    return found[0] if found else _swapped(folded, near)


def _swapped(word: str, near: Collection[str]) -> str | None:
    """Return the name with the letters of `word` in another order: a short one is no close match."""
    letters = sorted(word)
    same = (name for name in near if len(name) == len(word) and sorted(name) == letters)
    return next(same, None)
