"""What a plain YAML scalar means here: the JSON-like core of YAML 1.2, and nothing cleverer.

YAML 1.1 would read `21:00` as 1260, `NO` as false, `0123` as 83 and drop the `+` of a phone number.
Here only JSON's own literals are typed, so all of those stay text.
"""

from __future__ import annotations

import math
import re

from engine.model.audience import Scalar

_WORDS: dict[str, bool | None] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_FIRST = frozenset("-0123456789")
TYPED_FIRST = frozenset("-0123456789~nNtTfF")
"""The characters with which a plain scalar starts that may be anything but text."""
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})", re.ASCII)
_FLOAT = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?", re.ASCII)


def read_scalar(text: str) -> Scalar | None:
    """Return the value of the plain (unquoted) scalar `text`.

    Integers have at most 18 digits (64 bits); a longer row of digits is an identifier and stays
    text, as do infinities and anything with a leading `+`, `0` or `.`.
    """
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _FIRST:
        return text
    if _INTEGER.fullmatch(text):
        return int(text)
    if len(text) <= 64 and not text.lstrip("-").isdigit() and _FLOAT.fullmatch(text):
        number = float(text)
        return number if math.isfinite(number) else text
    return text
