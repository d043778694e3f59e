"""A hypothesis strategy for the values that one of our schemas accepts (and some it does not)."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from engine.workspace.schemas import Kind, load_schema

_WORDS = st.sampled_from(
    ["ko", "en", "a", "b", "추석", "chuseok-sale", "everyone", "staff", "${NAME}", "x y", "5%", "0"]
)
_SCALARS = st.one_of(_WORDS, st.booleans(), st.integers(-3, 10**6), st.just(1.5))


def values_of(kind: Kind) -> st.SearchStrategy[Any]:
    """Return a strategy for data that mostly fits the schema of `kind`."""
    return _values(load_schema(kind), kind, 0)


def _values(rule: dict[str, Any], kind: Kind, depth: int) -> st.SearchStrategy[Any]:
    if "$ref" in rule:
        file, _, pointer = rule["$ref"].partition("#/")
        kind = Kind(file.split(".")[0]) if file else kind
        target: Any = load_schema(kind)
        for step in pointer.split("/"):
            target = target[step]
        return st.deferred(lambda: _values(target, kind, depth + 1))
    if "const" in rule:
        return st.just(rule["const"])
    if "enum" in rule:
        return st.sampled_from(rule["enum"])
    if "allOf" in rule and "oneOf" in rule:  # a condition: one of its kinds
        options = [part["then"] for part in rule["allOf"]]
        flat = options[3:8] if depth > 8 else options
        return st.one_of([_values(option, kind, depth + 1) for option in flat])
    types = rule.get("type", "object" if "properties" in rule else None)
    names = types if isinstance(types, list) else [types]
    return st.one_of([_typed(name, rule, kind, depth) for name in names])


def _typed(name: str | None, rule: dict[str, Any], kind: Kind, depth: int) -> Any:
    match name:
        case "string":
            if "pattern" in rule:
                return st.from_regex(rule["pattern"], fullmatch=True).filter(
                    lambda text: len(text) <= rule.get("maxLength", 64)
                )
            return _WORDS if rule.get("minLength") else st.one_of(_WORDS, st.text(max_size=8))
        case "integer":
            return st.integers(rule.get("minimum", -5), rule.get("maximum", 10**6))
        case "number":
            return st.one_of(st.integers(-5, 10**6), st.floats(-5, 5, allow_nan=False))
        case "boolean":
            return st.booleans()
        case "null":
            return st.none()
        case "array":
            items = _values(rule["items"], kind, depth + 1) if "items" in rule else _SCALARS
            least = rule.get("minItems", 0)
            return st.lists(
                items, min_size=least, max_size=max(least, min(3, rule.get("maxItems", 3)))
            )
        case "object":
            return _object(rule, kind, depth)
        case _:
            return _SCALARS


def _object(rule: dict[str, Any], kind: Kind, depth: int) -> st.SearchStrategy[dict[str, Any]]:
    if rule.get("if", {}).get("type") == "object":  # an id, or else a condition
        return _values(rule["then"], kind, depth)
    branches = [part for part in (rule.get("then"), rule.get("else")) if isinstance(part, dict)]
    if "properties" not in rule and any("properties" in part for part in branches):
        return st.one_of([_object({**part, "type": "object"}, kind, depth) for part in branches])
    if "properties" not in rule and any("$ref" in part for part in branches):
        return _values(next(part for part in branches if "$ref" in part), kind, depth)
    properties = rule.get("properties", {})
    required = {
        key: _values(properties[key], kind, depth + 1)
        for key in rule.get("required", ())
        if key in properties
    }
    optional = {
        key: st.deferred(lambda part=part: _values(part, kind, depth + 1))
        for key, part in properties.items()
        if key not in required
    }
    fixed = st.fixed_dictionaries(required, optional=optional)
    more = rule.get("additionalProperties")
    for part in (*rule.get("patternProperties", {}).values(), more):
        if isinstance(part, dict):
            extra = st.dictionaries(_KEYS, _values(part, kind, depth + 1), max_size=2)
            fixed = st.builds(lambda one, other: {**other, **one}, fixed, extra)
    return fixed


_KEYS = st.sampled_from(["ko", "en", "zh-Hant", "a", "b", "sandbox", "stage", "name", "favourite"])
