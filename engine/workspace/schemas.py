"""The JSON Schemas: where they are, and the two validators that read them.

`jsonschema-rs` decides (4 µs a file); `jsonschema` explains the few files that fail, because its
errors carry the schema that they come from.
"""

from __future__ import annotations

import json
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from jsonschema_rs import Draft202012Validator, Registry

from engine.kernel.errors import UnsupportedError
from engine.workspace.document import Data

_BASE = "https://pushform.invalid/schemas/"
"""Only makes the references between the schemas absolute; nothing is ever fetched (RFC 2606)."""


class Kind(StrEnum):
    """What a file is; the value of its `kind:`."""

    WORKSPACE = "workspace"
    CAMPAIGN = "campaign"
    AUDIENCE = "audience"
    TEMPLATE = "template"
    POLICIES = "policies"


class _Explainer(Protocol):
    def iter_errors(self, instance: Data) -> Any: ...


def find_schema(kind: Kind) -> Path:
    """Return the schema file of `kind`: in the installed package, else in the checkout.

    Raises UnsupportedError where neither has it.
    """
    engine = Path(__file__).resolve().parent.parent
    for folder in (engine / "schemas", engine.parent / "schemas"):
        file = folder / f"{kind}.schema.json"
        if file.is_file():
            return file
    raise UnsupportedError(
        f"the schema of `{kind}` is not installed", "install pushform again from its wheel"
    )


def modeline(kind: Kind, depth: int) -> str:
    """Return the comment that tells editors the schema of a file `depth` folders down."""
    return f"# yaml-language-server: $schema={'../' * depth}schemas/{kind}.schema.json"


def is_valid(kind: Kind, data: Data) -> bool:
    """Tell whether `data` fits the schema of `kind`."""
    return bool(_decider(kind).is_valid(data))


@lru_cache(maxsize=len(Kind))
def load_schema(kind: Kind) -> dict[str, Any]:
    """Return the schema of `kind` with an absolute `$id`."""
    schema: dict[str, Any] = json.loads(find_schema(kind).read_text("utf-8"))
    return {**schema, "$id": f"{_BASE}{kind}.schema.json"}


@lru_cache(maxsize=len(Kind))
def explainer(kind: Kind) -> _Explainer:
    """Return the validator that tells every error of a file and where in the schema it arose."""
    import jsonschema  # 70 ms, and only for files that fail
    import referencing

    resources = [
        (str(schema["$id"]), referencing.Resource.from_contents(schema))
        for schema in map(load_schema, Kind)
    ]
    registry: Any = referencing.Registry().with_resources(resources)
    return jsonschema.Draft202012Validator(load_schema(kind), registry=registry)


@lru_cache(maxsize=len(Kind))
def _decider(kind: Kind) -> Draft202012Validator:
    registry = Registry([(str(schema["$id"]), schema) for schema in map(load_schema, Kind)])
    return Draft202012Validator(load_schema(kind), registry=registry)
