"""The rows of a ledger as lines of an evidence pack: canonical JSON, in the order of their key."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from engine.kernel.digest import Plain, canonical
from engine.kernel.instant import format_instant
from engine.model.deployment import LedgerRow

ROWS_OF_SHARD = 100_000
BYTES_OF_SHARD = 64 * 2**20
"""A shard ends at whichever comes first."""

KEYS = frozenset(
    {
        "address",
        "attempt",
        "channel",
        "claimed_at",
        "consent",
        "jurisdiction",
        "locale",
        "platform",
        "reason",
        "recipient",
        "retried_after_error",
        "retry_at",
        "revision",
        "role",
        "settled_at",
        "shard",
        "state",
        "variant",
    }
)
"""The keys of every row. What the vendor called the message is not among them."""

_DIMENSIONS = ("channel", "locale", "jurisdiction", "variant", "platform", "state", "reason")
_WORDS = ("address", "recipient", *_DIMENSIONS[:-1])
Tally = Counter[tuple[str | None, ...]]
"""Rows by channel, locale, jurisdiction, variant, platform, state and reason: the books' lines."""


def row_line(row: LedgerRow, revisions: Mapping[str, int]) -> bytes:
    """Return `row` as one line without its end; `revisions` numbers the digests of its applies."""
    return canonical(
        {
            "address": row.address_hash,
            "attempt": row.attempt,
            "channel": row.channel,
            "claimed_at": _instant(row.claimed_at),
            "consent": _consent(row.consent),
            "jurisdiction": row.jurisdiction,
            "locale": row.locale,
            "platform": row.platform,
            "reason": row.reason,
            "recipient": row.recipient_hash,
            "retried_after_error": row.retried_after_error,
            "retry_at": _instant(row.retry_at),
            "revision": revisions.get(row.revision, row.revision),
            "role": row.role,
            "settled_at": _instant(row.settled_at),
            "shard": row.shard,
            "state": row.state,
            "variant": row.variant,
        }
    )


def read_line(line: bytes) -> Mapping[str, Plain]:
    """Return the row of a line. Raises ValueError unless it is exactly as `row_line` writes it."""
    row: Plain = None
    try:
        row = json.loads(line)
        written = canonical(row)
    except RecursionError:
        written = b""
    if written != line or not isinstance(row, dict) or row.keys() != KEYS:
        raise ValueError("not a row of a ledger")
    if not (all(isinstance(row[key], str) for key in _WORDS) and _is_word(row["reason"])):
        raise ValueError("not a row of a ledger: a value of another type")
    return row


def _is_word(value: Plain) -> bool:
    return value is None or isinstance(value, str)


def key_of(row: Mapping[str, Plain]) -> tuple[bytes, bytes]:
    """Return what rows are sorted by, and what no two of them share."""
    return row["channel"].encode(), row["address"].encode()


def dimensions_of(row: Mapping[str, Plain] | LedgerRow) -> tuple[str | None, ...]:
    """Return the line of the books that a row is counted in."""
    if isinstance(row, LedgerRow):
        return tuple(getattr(row, name) for name in _DIMENSIONS)
    return tuple(row[name] for name in _DIMENSIONS)


def _consent(text: str) -> Plain:
    """Return the consent as it was read; a text of an older version that is no JSON as it is."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def _instant(instant: datetime | None) -> str | None:
    return format_instant(instant) if instant else None
