"""The one way in which a template fails for one person's values."""

from __future__ import annotations


class RenderError(Exception):
    """A template cannot be rendered. `reason` may be logged and counted: it names no value."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


MAX_SOURCE_BYTES = 32 * 1024
"""Longest template source, in UTF-8 bytes (our own bound; the largest channel shows 4 KiB)."""

MAX_RENDERED = 64 * 1024
"""Longest text that a template or a filter may make, in characters (our own bound)."""


def check_length(length: int) -> None:
    """Raise RenderError if a text of `length` characters is longer than any channel carries."""
    if length > MAX_RENDERED:
        raise RenderError(f"the text grows beyond {MAX_RENDERED:,} characters")


def bounded(text: str) -> str:
    """Return `text`. Raises RenderError as `check_length` does."""
    check_length(len(text))
    return text
