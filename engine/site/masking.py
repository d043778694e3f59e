"""Values of real people made unreadable: as long as they were, saying nothing.

A sheet shows where a message breaks, which the length does, not the name. What is measured is the
real message; only the drawing is masked.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.model.audience import Scalar
from engine.model.experiment import Variant
from engine.model.template import VariableType

_DAYS: Mapping[VariableType, Scalar] = {
    VariableType.DATE: "2026-09-30",
    VariableType.DATETIME: "2026-09-30 22:58",
    VariableType.BOOLEAN: True,
}
_HANGUL, _LAST = range(0xAC00, 0xD7A4), {0: "가", 8: "갈"}
"""Syllables are counted in 28s by their final: 0 is none, 8 is ㄹ (The Unicode Standard, §3.12)."""


def masked_values(
    variant: Variant, values: Mapping[str, Scalar | None]
) -> dict[str, Scalar | None]:
    """Return `values` (by source) masked; dates are one date for all, what is missing stays so."""
    types = {each.source: each.type for each in variant.template.variables.values()}
    return {
        source: None if value is None else _masked(value, types.get(source, VariableType.STRING))
        for source, value in values.items()
    }


def masked_text(text: str) -> str:
    """Return `text` with other letters: `남궁하늘` is `○○○갈`, `Kim 7` is `Xxx 9`.

    The last syllable of a Korean word keeps its kind of end, so that particles fit as they did.
    """
    return "".join(
        _letter(char, ends=not text[index + 1 : index + 2].isalnum())
        for index, char in enumerate(text)
    )


def _masked(value: Scalar, type_: VariableType) -> Scalar:
    if type_ in _DAYS:
        return _DAYS[type_]
    if isinstance(value, bool):
        return True
    if isinstance(value, str):
        return masked_text(value)
    nines = "".join("9" if char.isdigit() else char for char in repr(value))
    return float(nines) if isinstance(value, float) else int(nines)


def _letter(char: str, *, ends: bool) -> str:
    if char.isdecimal():
        return "9"
    if ord(char) in _HANGUL and ends:
        return _LAST.get((ord(char) - _HANGUL.start) % 28, "강")
    if not char.isascii():
        return "○"
    if char.isalpha():
        return "X" if char.isupper() else "x"
    return char
