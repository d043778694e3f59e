"""Schema errors in words: one finding per mistake, at the value or the key that is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from engine.kernel.finding import Finding, Severity
from engine.kernel.frozen import frozen
from engine.kernel.origin import Key, Origin
from engine.workspace.document import Data
from engine.workspace.notes import name
from engine.workspace.schemas import Kind, explainer, load_schema
from engine.workspace.suggest import did_you_mean
from engine.workspace.wording import WORDS, choices_of


@frozen(kw_only=False)
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
        for word in choices_of(error)
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
    explain_one = WORDS.get(error.validator)
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
        elsewhere = error.schema.get("x-elsewhere", {})
        if key in elsewhere.get("keys", ()):
            hint = elsewhere["hint"]
        else:
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
