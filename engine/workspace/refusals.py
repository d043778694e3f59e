"""The suppression source as a file that pushform may add to: rows are appended, none is touched."""

from __future__ import annotations

import csv
import fcntl
import io
import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from engine.kernel.errors import UnavailableError, UsageError
from engine.kernel.frozen import frozen
from engine.kernel.instant import format_instant
from engine.model.channel import Channel
from engine.model.refusal import IDENTIFIERS, Refusal
from engine.model.workspace import TableSource
from engine.workspace.fmt import write_whole
from engine.workspace.refusal_rows import (
    ALL,
    HEADER,
    WrittenRefusal,
    WrittenRows,
    plain_name,
    read_rows,
)


@frozen(kw_only=False)
class RefusalFile:
    """The suppression source where it is a CSV file.

    `zone` is where dates without an offset are read, `phone_of` brings numbers to E.164 (None: no
    number).
    """

    path: Path
    shown: str
    columns: Mapping[str, str]
    zone: str
    phone_of: Callable[[str], str | None]

    def rows(self) -> WrittenRows:
        """Return what the file says; nothing where there is no file yet.

        Raises UsageError where it has no column for what names somebody, or lacks one that is mapped.
        """
        text = self._text()
        if not text:
            return WrittenRows()
        names = [plain_name(name) for name in self._first_line(text)]
        for ours, theirs in self.columns.items():
            self._check(ours, names, f"which `columns: {{{ours}: {theirs}}}` names")
        if not any(plain_name(self.columns.get(name, name)) in names for name in IDENTIFIERS):
            self._check(IDENTIFIERS[0], names, "no `phone` and no `token`, so it names nobody")
        return self._read(text)

    def add(self, refusals: Sequence[Refusal]) -> int:
        """Append those that do not hold yet; return how many. All of them are written, or none.

        A row that is there stays byte for byte as it is. Raises UsageError where the file has no
        column for what is to be said, UnavailableError where it cannot be written.
        """
        with _locked(self.path):
            text = self._text()
            names = self._header(text, refusals)
            fresh = self._fresh(self._read(text).refusals if text else (), refusals)
            if not fresh:
                return 0
            before = text or _line(names, "\n")
            newline = _newline(before)
            if not before.endswith(newline):
                before += newline
            added = "".join(_line(self._row(names, refusal), newline) for refusal in fresh)
            write_whole(self.path, before + added)
        return len(fresh)

    def _text(self) -> str:
        try:
            return self.path.read_bytes().decode()
        except FileNotFoundError:
            return ""
        except UnicodeDecodeError as error:
            raise UsageError(
                f"`{self.shown}` is not UTF-8 text", "save it as UTF-8; nothing was added"
            ) from error
        except OSError as error:
            raise UnavailableError(
                f"`{self.shown}` cannot be read: {error.strerror}", "check its rights"
            ) from error

    def _header(self, text: str, refusals: Sequence[Refusal]) -> tuple[str, ...]:
        """Return the file's own column names. Raises UsageError where one that is needed is missing."""
        reasons = any(refusal.reason for refusal in refusals)
        if not text:
            wanted = (*HEADER, "reason") if reasons else HEADER
            return tuple(self.columns.get(name, name) for name in wanted)
        names = self._first_line(text)
        known = [plain_name(name) for name in names]
        for needed in dict.fromkeys(refusal.identifier for refusal in refusals):
            self._check(needed, known, f"so no {needed} can be refused in it")
        # Without a column all channels are refused: more than was asked for, and nobody would know.
        if any(refusal.channel for refusal in refusals):
            self._check("channel", known, "so one channel alone cannot be refused in it")
        if reasons:
            self._check("reason", known, "so a reason cannot be kept in it")
        return names

    def _first_line(self, text: str) -> tuple[str, ...]:
        try:
            return tuple(next(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")), ()))
        except csv.Error as error:
            raise self._no_csv(error) from error

    def _no_csv(self, error: csv.Error) -> UsageError:
        return UsageError(f"`{self.shown}` is not CSV: {error}", "mend the file; nothing was added")

    def _check(self, ours: str, known: Collection[str], so: str) -> None:
        theirs = self.columns.get(ours, ours)
        if plain_name(theirs) not in known:
            raise UsageError(
                f"`{self.shown}` has no column `{theirs}`, {so}",
                "add the column to its first line (and a comma to every row); it has "
                + ", ".join(f"`{name}`" for name in known),
            )

    def _read(self, text: str) -> WrittenRows:
        try:
            return read_rows(text, self.columns, self.zone, self.phone_of)
        except csv.Error as error:
            raise self._no_csv(error) from error

    def _fresh(
        self,
        written: Sequence[WrittenRefusal],
        wanted: Sequence[Refusal],
    ) -> tuple[Refusal, ...]:
        """Return those of `wanted` that no row covers: of that person, then, on that channel."""
        asked = {(one.identifier, one.value) for one in wanted}
        held: dict[tuple[str, str], list[tuple[Channel | None, datetime | None]]] = {}
        for row in written:
            value = self.phone_of(row.value) if row.identifier == "phone" else row.value
            key = (row.identifier, value or row.value)
            if key in asked:
                held.setdefault(key, []).append((row.channel, row.since))
        fresh: list[Refusal] = []
        for one in wanted:
            rows = held.setdefault((one.identifier, one.value), [])
            if not any(_covers(row, one) for row in rows):
                rows.append((one.channel, one.since))
                fresh.append(one)
        return tuple(fresh)

    def _row(self, names: Sequence[str], refusal: Refusal) -> tuple[str, ...]:
        said = {
            refusal.identifier: refusal.value,
            "channel": str(refusal.channel or ALL),
            "since": format_instant(refusal.since),
            "reason": refusal.reason or "",
        }
        theirs = {plain_name(self.columns.get(ours, ours)): text for ours, text in said.items()}
        return tuple(theirs.get(plain_name(name), "") for name in names)


def open_refusals(
    source: TableSource | None,
    root: Path,
    zone: str,
    phone_of: Callable[[str], str | None],
    *,
    none: bool = False,
) -> RefusalFile:
    """Return the suppression source as a file to add to.

    Raises UsageError where there is no such source (`none`: it was declared that there is none), or
    where it is not a CSV file; the error names the way out.
    """
    if source is None:
        raise UsageError(
            "`sources.suppression` is `none`"
            if none
            else "`pushform.yaml` names no source `suppression`",
            "write `suppression: {path: audiences/data/suppression.csv}` under `sources`; "
            "the file is made when somebody is added",
        )
    if source.path is None:
        raise UsageError(
            "source `suppression` is a database table, which pushform only reads",
            f"add the row there: {', '.join(HEADER)}",
        )
    if not source.path.lower().endswith(".csv"):
        raise UsageError(
            f"source `suppression` (`{source.path}`) is not a CSV file, the only kind that "
            "pushform adds to",
            "add the row where the file is made, or keep suppression in a `.csv`",
        )
    return RefusalFile(root / source.path, source.path, source.columns, zone, phone_of)


def _covers(row: tuple[Channel | None, datetime | None], wanted: Refusal) -> bool:
    channel, since = row
    return channel in (None, wanted.channel) and (since is None or since <= wanted.since)


def _newline(text: str) -> str:
    """Return what ends the first line: lines that end in different ways are not read by the door."""
    first = text.partition("\n")[0]
    if first == text and "\r" in text:
        return "\r"
    return "\r\n" if first.endswith("\r") else "\n"


def _line(values: Sequence[str], newline: str) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator=newline).writerow(values)
    return text.getvalue()


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Keep others who add to the same file waiting: the folder is locked, so no file is left."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        folder = os.open(Path(os.path.realpath(path)).parent, os.O_RDONLY)
    except OSError as error:
        raise UnavailableError(
            f"`{path.parent}` cannot be opened: {error.strerror}", "check its rights"
        ) from error
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
        os.fsync(folder)
    finally:
        os.close(folder)
