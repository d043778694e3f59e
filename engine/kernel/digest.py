"""Canonical JSON, digests that anybody may compute, and keyed hashes that only the state's key can."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

Plain = Any
"""What JSON can say: None, bool, int, float, str, lists and string-keyed dicts of these."""


def canonical(value: Plain) -> bytes:
    """Return the one JSON form of `value`: sorted keys, no blanks, UTF-8, no NaN."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def digest(value: Plain) -> str:
    """Return `sha256:<64 hex>` over the canonical form of `value`."""
    return digest_bytes(canonical(value))


def digest_bytes(data: bytes) -> str:
    """Return `sha256:<64 hex>` over `data`."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def keyed_hash(key: bytes, purpose: str, value: str) -> str:
    """Return 32 hex digits of HMAC-SHA256: a person or an address that only `key` can recognise.

    128 bits: two of 10^9 values collide with a probability below 10^-20.
    """
    return hmac.new(key, f"{purpose}\0{value}".encode(), hashlib.sha256).hexdigest()[:32]


def bucket(*parts: str) -> float:
    """Return a number in [0, 1) that depends on `parts` alone: SHA-256, unkeyed, 53 bits."""
    raw = hashlib.sha256("\0".join(parts).encode()).digest()
    return (int.from_bytes(raw[:8], "big") >> 11) / (1 << 53)
