"""What the owner of the user table has to clean up: addresses that vendors have called dead.

One CSV file per campaign, for its owner only and never in git. It is a help, not a memory: whom to
skip from now on stands in the ledger (`dead_addresses`), with this file or without it.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from engine.kernel.errors import UnavailableError
from engine.kernel.frozen import frozen
from engine.kernel.instant import format_instant

COLUMNS = ("user_id", "device_id", "channel", "reason", "at")


@frozen
class DeadAddress:
    """One address that will never work again; `device_id` is None for phone numbers."""

    user_id: str
    device_id: str | None
    channel: str
    reason: str
    at: datetime

    @property
    def key(self) -> tuple[str, str, str]:
        return self.user_id, self.device_id or "", self.channel


class HygieneFile:
    """A file that only grows: whole lines, on the disk before `add` returns, none of them twice."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: set[tuple[str, str, str]] | None = None

    def add(self, dead: Sequence[DeadAddress]) -> None:
        """Append those that are not in the file yet. Raises UnavailableError."""
        try:
            if self._known is None:
                self._known = {(row[0], row[1], row[2]) for row in read_rows(self._path)}
            fresh = {one.key: one for one in dead if one.key not in self._known}
            if fresh:
                _append(self._path, [_row(one) for one in fresh.values()])
                self._known.update(fresh)
        except OSError as error:
            raise UnavailableError(
                f"`{self._path}` cannot be written: {error.strerror or error}",
                "the ledger knows which addresses are dead; make room, then dispatch again",
            ) from error


def read_rows(path: Path) -> list[list[str]]:
    """Return the lines of a hygiene file without its head; a torn last line is left out."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    whole = text[: text.rfind("\n") + 1]
    rows = list(csv.reader(io.StringIO(whole)))[1:]
    return [row for row in rows if len(row) == len(COLUMNS)]


def count_dead(folder: Path) -> int:
    """Return how many addresses the hygiene files below `folder` name."""
    return sum(len(read_rows(path)) for path in sorted(folder.glob("*.csv")))


def _row(one: DeadAddress) -> tuple[str, ...]:
    return (*one.key, one.reason, format_instant(one.at))


def _append(path: Path, rows: Sequence[Sequence[str]]) -> None:
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    descriptor = os.open(path, os.O_CREAT | os.O_APPEND | os.O_RDWR, 0o600)
    try:
        size = os.fstat(descriptor).st_size
        if size == 0:
            writer.writerow(COLUMNS)
        elif os.pread(descriptor, 1, size - 1) != b"\n":
            lines.write("\n")  # what a crash tore off stays a line of its own
        writer.writerows(rows)
        # One write: lines of two processes do not mix.
        os.write(descriptor, lines.getvalue().encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
