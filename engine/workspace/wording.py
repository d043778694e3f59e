"""The words for one schema error: what the value is, what it must be, what to do.

Each function takes an error of `jsonschema` and the label of the value, and returns message and hint.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from engine.workspace.document import Data
from engine.workspace.suggest import did_you_mean

_TYPES = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "`true` or `false`",
    "array": "a list",
    "object": "a mapping",
    "null": "empty",
}


def choices_of(error: Any) -> list[str]:
    """Return the keys of which a `oneOf` wants exactly one."""
    return [option["required"][0] for option in error.validator_value if "required" in option]


def _one_of(error: Any, label: str) -> tuple[str, str | None]:
    words = choices_of(error)
    listed = ", ".join(f"`{word}`" for word in words)
    given = [word for word in words if word in error.instance]
    if given:
        both = " and ".join(f"`{word}`" for word in given)
        return f"{label} has {both}, but only one of them can be", "keep one of them"
    strange = [key for key in error.instance if key not in error.schema.get("properties", {})]
    hint = did_you_mean(strange[0], words) if strange else None
    return f"{label} needs one of {listed}", hint


def _type(error: Any, label: str) -> tuple[str, str | None]:
    wanted = error.validator_value
    wanted = [wanted] if isinstance(wanted, str) else [word for word in wanted if word != "null"]
    if {"string", "integer", "number", "boolean"} <= set(wanted):
        words = "a single value"
    else:
        words = " or ".join(_TYPES[word] for word in wanted)
    if wanted == ["string"]:
        words = error.schema.get("x-is", words)
    value = error.instance
    if value is None:
        return f"{label} is empty, but must be {words}", "write a value, or delete the line"
    hint = None
    if "string" in wanted and isinstance(value, int | float):
        hint = f'put it in quotes: "{_shown(value)}"'
    elif isinstance(value, str) and {"integer", "number"} & set(wanted):
        hint = "write it without quotes and units"
    if wanted == ["string"] and "%" in str(error.schema.get("pattern", "")):
        hint = _share_hint(value)
    return f"{label} is {_named(value)}, but must be {words}", hint


def _share_hint(value: object) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if 0 < value < 1:
        return f"write `{round(value * 100, 4):g}%` if you mean {value} of the whole"
    return f"write `{value}%`"


def _pattern(error: Any, label: str) -> tuple[str, str | None]:
    wanted = error.schema.get("x-is", f"text that matches `{error.validator_value}`")
    hint = None
    if "%" in error.validator_value:
        try:
            hint = _share_hint(float(error.instance))
        except ValueError:
            hint = None
    return f"{label} is `{_shown(error.instance)}`, but must be {wanted}", hint


def _enum(error: Any, label: str) -> tuple[str, str | None]:
    ended = error.schema.get("x-ended", {})
    if _folded(str(error.instance)) in ended.get("words", ()):
        return f"{label} is `{_shown(error.instance)}`: {ended['why']}", ended["hint"]
    words = [str(word) for word in error.validator_value]
    hint = did_you_mean(str(error.instance), words)
    return f"{label} cannot be `{_shown(error.instance)}`", hint


def _folded(word: str) -> str:
    return "".join(sign for sign in word.lower() if sign not in " _-")


def _const(error: Any, label: str) -> tuple[str, str | None]:
    wanted = _shown(error.validator_value)
    return f"{label} is `{_shown(error.instance)}`, but must be `{wanted}`", None


def _too(word: str) -> Callable[[Any, str], tuple[str, str | None]]:
    def say(error: Any, label: str) -> tuple[str, str | None]:
        bound = _shown(error.validator_value)
        return f"{label} is `{_shown(error.instance)}`, but must be {word} {bound}", None

    return say


def _length(word: str, unit: str) -> Callable[[Any, str], tuple[str, str | None]]:
    def say(error: Any, label: str) -> tuple[str, str | None]:
        if not error.instance:
            return f"{label} is empty", "write a value, or delete the line"
        bound, size = error.validator_value, len(error.instance)
        return f"{label} has {size} {unit}, but must have {word} {bound}", None

    return say


def _dependent(error: Any, label: str) -> tuple[str, str | None]:
    for word, needed in error.validator_value.items():
        missing = [other for other in needed if other not in error.instance]
        if word in error.instance and missing:
            return f"{label} has `{word}`, but no `{missing[0]}`", f"write `{missing[0]}` too"
    return f"{label} is not complete", None


WORDS: Mapping[str, Callable[[Any, str], tuple[str, str | None]]] = {
    "type": _type,
    "pattern": _pattern,
    "enum": _enum,
    "const": _const,
    "oneOf": _one_of,
    "minimum": _too("at least"),
    "maximum": _too("at most"),
    "minLength": _length("at least", "characters"),
    "maxLength": _length("at most", "characters"),
    "minItems": _length("at least", "items"),
    "maxItems": _length("at most", "items"),
    "minProperties": _length("at least", "keys"),
    "dependentRequired": _dependent,
}


def _named(value: Data) -> str:
    if isinstance(value, bool):
        return f"`{_shown(value)}`"
    if isinstance(value, int | float):
        return f"the number `{_shown(value)}`"
    if isinstance(value, str):
        return f"the text `{_shown(value)}`"
    return "a list" if isinstance(value, list) else "a mapping"


def _shown(value: Data) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = text.replace("\n", " ")
    return text if len(text) <= 60 else text[:57] + "…"
