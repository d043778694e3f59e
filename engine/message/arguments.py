"""What a filter is given, judged: each returns the value as its type or says what is needed."""

from __future__ import annotations

from engine.message.failure import RenderError

PLURALS = ("zero", "one", "two", "few", "many", "other")
"""CLDR's plural categories; every language has `other`, Korean and Japanese have no more."""


def as_number(name: str, value: object) -> int | float:
    """Return a number that filter `name` was put behind. Raises RenderError for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise RenderError(f"`{name}` needs a number")
    return value


def as_text(name: str, value: object) -> str:
    """Return a text from between the brackets of `name`. Raises RenderError for anything else."""
    if not isinstance(value, str):
        raise RenderError(f"`{name}` needs a text between its brackets")
    return value


def as_whole(name: str, value: object) -> int:
    """Return a whole number from 0 from between the brackets. Raises RenderError otherwise."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise RenderError(f"`{name}` needs a whole number between its brackets")
    return value
