"""A vendor's answer as JSON. Vendors in trouble answer in HTML, or break off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson


def read_object(body: bytes) -> Mapping[str, Any]:
    """Return the JSON object of `body`, empty where it is none."""
    try:
        parsed = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return parsed if isinstance(parsed, dict) else {}
