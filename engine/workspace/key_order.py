"""The order of keys: that of the properties in the JSON Schema of a file's kind."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from engine.kernel.frozen import frozen
from engine.workspace.document import Data
from engine.workspace.schemas import Kind, load_schema

_NOTHING: Mapping[str, Any] = {}


@frozen(kw_only=False)
class Shape:
    """A place in a schema: what it says about the value that stands there."""

    kind: Kind
    rules: tuple[Mapping[str, Any], ...]


def shape_of(kind: Kind) -> Shape:
    """Return the shape of a whole file."""
    return Shape(kind, (load_schema(kind),))


def order_keys(shape: Shape, data: Mapping[str, Data]) -> list[str]:
    """Return the keys of `data` as they should stand.

    Keys that the schema does not name (locales, names of attributes) stay in the order in which they
    are written: where `locales` would stand, or else last. Where any key is allowed, as in a
    provider's options, only the required ones are put first.
    """
    known: dict[str, None] = {}
    for _, rule in _applying(shape, data):
        listed = rule.get("properties", _NOTHING)
        if rule.get("additionalProperties") is True:
            listed = rule.get("required", ())
        known.update(dict.fromkeys(listed))
    free = [key for key in data if key not in known]
    ordered: list[str] = []
    for key in known:
        if key in data:
            ordered.append(key)
        if key == "locales":
            ordered.extend(free)
            free = []
    return [*ordered, *free]


def inner_shape(shape: Shape, data: Data, key: str | int) -> Shape:
    """Return the shape of what stands under `key` of `data`, or of item `key` of a list."""
    found: list[Mapping[str, Any]] = []
    kind = shape.kind
    for owner, rule in _applying(shape, data):
        inner = rule.get("items") if isinstance(key, int) else _property(rule, key)
        if isinstance(inner, Mapping):
            kind = owner
            found.append(inner)
    return Shape(kind, tuple(found))


def _property(rule: Mapping[str, Any], key: str) -> Any:
    named = rule.get("properties", _NOTHING).get(key)
    if named is not None:
        return named
    patterns = rule.get("patternProperties", _NOTHING)
    # The patterns of our schemas are those of locales, which the other keys do not look like.
    for inner in patterns.values():
        return inner
    return rule.get("additionalProperties")


def _applying(shape: Shape, data: Data) -> Iterator[tuple[Kind, Mapping[str, Any]]]:
    """Yield every part of the schema that speaks about `data`, with the file that it stands in."""
    waiting = [(shape.kind, rule) for rule in shape.rules]
    while waiting:
        kind, rule = waiting.pop(0)
        yield kind, rule
        if "$ref" in rule:
            waiting.insert(0, _follow(kind, rule["$ref"]))
        if "if" in rule:
            branch = rule.get("then" if _holds(rule["if"], data) else "else")
            if isinstance(branch, Mapping):
                waiting.append((kind, branch))
        waiting.extend((kind, part) for part in rule.get("allOf", ()))


def _follow(kind: Kind, reference: str) -> tuple[Kind, Mapping[str, Any]]:
    file, _, pointer = reference.partition("#/")
    owner = Kind(file.partition(".")[0]) if file else kind
    rule: Any = load_schema(owner)
    for step in pointer.split("/") if pointer else ():
        rule = rule[step]
    return owner, rule


_TYPES: Mapping[str, type | tuple[type, ...]] = {"object": dict, "string": str, "array": list}


def _holds(condition: Mapping[str, Any], data: Data) -> bool:
    """Judge the few words that the conditions of our schemas are made of."""
    wanted = condition.get("type")
    if isinstance(wanted, str) and not isinstance(data, _TYPES.get(wanted, object)):
        return False
    keys: Collection[str] = data if isinstance(data, dict) else ()
    if not all(key in keys for key in condition.get("required", ())):
        return False
    alternatives = condition.get("anyOf")
    return alternatives is None or any(_holds(part, data) for part in alternatives)
