"""Schema errors in words: one finding per mistake, at the value or the key that is wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.kernel.finding import Finding, Severity
from engine.kernel.origin import Key, Origin
from engine.workspace.document import Data
from engine.workspace.notes import name
from engine.workspace.schemas import Kind, explainer, load_schema
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


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong at `path`, and what to take out (`drop`) so that the rest can be read."""

    rule: str
    path: tuple[Key, ...]
    message: str
    hint: str | None
    key: bool
    drop: tuple[Key, ...]


def explain(kind: Kind, data: Data, file: str) -> Iterator[Mistake]:
    """Yield every mistake that the schema of `kind` finds in `data`, each once."""
    seen: set[tuple[Any, ...]] = set()
    errors = list(explainer(kind).iter_errors(data))
    choices = {
        (tuple(error.absolute_path), word)
        for error in errors
        if error.validator == "oneOf"
        for word in _choices(error)
    }
    wrong_type = {tuple(error.absolute_path) for error in errors if error.validator == "type"}
    for error in errors:
        if error.validator != "type" and tuple(error.absolute_path) in wrong_type:
            continue
        for mistake in _mistakes(kind, error, file):
            unknown = mistake.rule == "schema-unknown-key"
            if unknown and (mistake.path[:-1], mistake.path[-1]) in choices:
                continue
            mark = (mistake.rule, mistake.path, mistake.message)
            if mark not in seen:
                seen.add(mark)
                yield mistake


def as_finding(mistake: Mistake, file: str, campaign: str | None) -> Finding:
    """Return `mistake` as a finding in `file`."""
    return Finding(
        rule=mistake.rule,
        severity=Severity.ERROR,
        message=mistake.message,
        hint=mistake.hint,
        at=Origin(file, mistake.path),
        key=mistake.key,
        campaign=campaign,
    )


def _mistakes(kind: Kind, error: Any, file: str) -> Iterator[Mistake]:
    path = tuple(error.absolute_path)
    # The name of a key has no place of its own: its error stands at the mapping.
    if "propertyNames" in error.absolute_schema_path:
        key = str(error.instance)
        wanted = error.schema.get("x-is", "another name")
        message = f"the key `{key}` must be {wanted}"
        yield Mistake("schema", (*path, key), message, None, True, (*path, key))
        return
    if error.validator == "additionalProperties":
        yield from _unknown_keys(error, path, file)
        return
    if error.validator == "required":
        for word in error.validator_value:
            if word not in error.instance:
                message = f"`{name(Origin(file, (*path, word)))}` is missing"
                yield Mistake("schema", path, message, _says(kind, error, word), True, path)
        return
    explain_one = _WORDS.get(error.validator)
    label = f"`{name(Origin(file, path))}`" if path else "the file"
    if explain_one is None:
        message = error.message[:1].lower() + error.message[1:]
        yield Mistake("schema", path, f"{label}: {message}", None, False, path)
        return
    message, hint = explain_one(error, label)
    yield Mistake("schema", path, message, hint, False, path)


def _unknown_keys(error: Any, path: tuple[Key, ...], file: str) -> Iterator[Mistake]:
    known = error.schema.get("properties", {})
    patterns = error.schema.get("patternProperties", {})
    for key in error.instance:
        if key in known or any(re.search(pattern, key) for pattern in patterns):
            continue
        inside = f" in `{name(Origin(file, path))}`" if path else ""
        message = f"the key `{key}` is unknown{inside}"
        hint = did_you_mean(key, [word for word in known if word not in error.instance])
        if hint is None and patterns:
            hint = "a locale is written like `ko`, `en` or `zh-Hant`"
        where = (*path, key)
        yield Mistake("schema-unknown-key", where, message, hint, True, where)


def _says(kind: Kind, error: Any, word: str) -> str | None:
    """Return what the missing key `word` is for, in the schema's own first sentence."""
    for part in reversed(_way(kind, error.absolute_schema_path)):
        rule = part.get("properties", {}).get(word) if isinstance(part, dict) else None
        if rule is not None and "description" in rule:
            first = rule["description"].split(". ")[0].rstrip(".")
            return f"`{word}`: {first[:1].lower()}{first[1:]}"
    return None


def _way(kind: Kind, path: Iterable[Key]) -> list[Any]:
    """Return the parts of the schema on the way to the rule at `path`, outermost first."""
    root: Any = load_schema(kind)
    part: Any = root
    way: list[Any] = [part]
    for key in path:
        # The path of an error does not mention the references that it went through.
        while isinstance(part, dict) and key not in part and "$ref" in part:
            file, _, pointer = str(part["$ref"]).partition("#/")
            root = load_schema(Kind(file.split(".")[0])) if file else root
            part = root
            for step in pointer.split("/"):
                part = part[step]
            way.append(part)
        part = part[key]
        way.append(part)
    return way


def _choices(error: Any) -> list[str]:
    return [option["required"][0] for option in error.validator_value if "required" in option]


def _one_of(error: Any, label: str) -> tuple[str, str | None]:
    words = _choices(error)
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
    words = [str(word) for word in error.validator_value]
    hint = did_you_mean(str(error.instance), words)
    return f"{label} cannot be `{_shown(error.instance)}`", hint


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


_WORDS: Mapping[str, Callable[[Any, str], tuple[str, str | None]]] = {
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
