"""A text as people read it: without characters that nobody sees, in composed form.

A zero-width character in `할인`, or the letters of a file made on macOS, show nothing, and no word
rule would know the word.
"""

from __future__ import annotations

import re
from unicodedata import is_normalized, normalize

_UNSEEN = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u08e2\u115f\u1160"
    "\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001-\U000e007f\U000e0100-\U000e01ef"
)
"""Format characters (category Cf), controls, variation selectors and Hangul fillers."""
_EVERY = re.compile(f"[{_UNSEEN}]+")
_IN_A_WORD = re.compile(rf"(?<=[^\W{_UNSEEN}])[{_UNSEEN}]|[{_UNSEEN}](?=[^\W{_UNSEEN}])")
"""Beside a letter or a figure: what joins the parts of an emoji hides nothing."""


def hides(text: str) -> bool:
    """Tell whether `text` holds what its reader does not see: beside a letter, or decomposed."""
    if text.isascii() and text.isprintable():
        return False
    if not is_normalized("NFC", text):
        return True
    # Fillers are letters to Unicode, and selectors stand in every other emoji: both are printable.
    if not text.replace("\n", "").isprintable() or "\ufe0f" in text or "\u3164" in text:
        return _IN_A_WORD.search(text) is not None
    if "\u115f" in text or "\u1160" in text or "\uffa0" in text:
        return _IN_A_WORD.search(text) is not None
    return False


def as_read(text: str) -> str:
    """Return `text` without what nobody sees, in composed form (NFC)."""
    if text.isascii() and text.isprintable():
        return text
    return normalize("NFC", _EVERY.sub("", text))
