"""Google's discovery documents as JSON Schemas, so that our requests can be held against them."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import jsonschema

_FORMATS = {"google-duration": r"^[0-9]+(\.[0-9]{1,9})?s$", "google-datetime": r"^\d{4}-\d\d-\d\dT"}


def request_validator() -> jsonschema.Draft202012Validator:
    """Return a validator for the body of FCM's `messages:send`, with no unknown key allowed."""
    documents = files("googleapiclient") / "discovery_cache" / "documents"
    document = json.loads((documents / "fcm.v1.json").read_text("utf-8"))
    definitions = {name: _convert(schema) for name, schema in document["schemas"].items()}
    request = document["resources"]["projects"]["resources"]["messages"]["methods"]["send"]
    return jsonschema.Draft202012Validator(
        {"$ref": f"#/$defs/{request['request']['$ref']}", "$defs": definitions}
    )


def _convert(schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        return {"$ref": f"#/$defs/{schema['$ref']}"}
    kind = schema["type"]
    if kind == "any":
        return {}
    converted: dict[str, Any] = {"type": kind}
    if kind == "object":
        converted["properties"] = _properties(schema.get("properties", {}))
        extra = schema.get("additionalProperties")
        converted["additionalProperties"] = _convert(extra) if extra else False
    elif kind == "array":
        converted["items"] = _convert(schema["items"])
    elif "enum" in schema:
        # The reference writes `NORMAL`, and allows "normal" in words; firebase-admin sends that.
        converted["enum"] = [*schema["enum"], *(word.lower() for word in schema["enum"])]
    elif schema.get("format") in _FORMATS:
        converted["pattern"] = _FORMATS[schema["format"]]
    return converted


def _properties(properties: dict[str, Any]) -> dict[str, Any]:
    """Proto3 JSON takes lowerCamelCase and the original snake_case names alike."""
    both: dict[str, Any] = {}
    for name, schema in properties.items():
        both[name] = _convert(schema)
        snake = "".join(f"_{char.lower()}" if char.isupper() else char for char in name)
        both[snake] = both[name]
    return both
