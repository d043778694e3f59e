"""The sandbox's outbox: one JSON line per message that would have gone out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import orjson

from engine.channels.appending import append_lines
from engine.kernel.digest import Plain
from engine.kernel.errors import UnavailableError
from engine.kernel.frozen import frozen


@frozen
class OutboxEntry:
    """One message: when, to whom (masked), what they would read, and the vendor's request.

    `at` and `expires_at` are RFC 3339 in UTC; `address` shows its last four characters only.
    """

    at: str
    campaign: str
    channel: str
    platform: str
    locale: str
    variant: str
    address_kind: str
    address: str
    address_hash: str
    attempt: int
    provider_id: str
    collapse_key: str
    expires_at: str | None
    title: str | None
    body: str | None
    request: Plain


def append_entries(path: Path, entries: Sequence[OutboxEntry]) -> None:
    """Add `entries` to the file and to the disk. Only its owner may read file and folder.

    Raises UnavailableError if it cannot be written.
    """
    data = b"".join(orjson.dumps(entry) + b"\n" for entry in entries)
    try:
        append_lines(path, data)
    except OSError as error:
        raise UnavailableError(
            f"the outbox `{path.name}` cannot be written: {error.strerror}",
            "free some space or check the rights of `.pushform`",
        ) from error


def read_outbox(path: Path) -> Iterator[OutboxEntry]:
    """Return what stands in `path`: a file, or a folder with all files below it in name order.

    A line torn by a crash is left out; nothing at all is an empty outbox.
    """
    files = sorted(path.rglob("*.jsonl")) if path.is_dir() else [path]
    for file in files:
        if file.is_file():
            with file.open("rb") as lines:
                for line in lines:
                    entry = _parse_line(line)
                    if entry is not None:
                        yield entry


def _parse_line(line: bytes) -> OutboxEntry | None:
    try:
        plain: Any = orjson.loads(line)
        return OutboxEntry(**plain)
    except (orjson.JSONDecodeError, TypeError):
        return None
