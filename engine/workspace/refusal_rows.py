"""What the rows of a suppression file say, read as the door reads them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from unicodedata import normalize

from engine.kernel.frozen import frozen
from engine.kernel.instant import find_zone, parse_instant, parse_local
from engine.model.channel import Channel
from engine.model.refusal import IDENTIFIERS

HEADER = (*IDENTIFIERS, "channel", "since")
"""The first line of a file that is made; `reason` is added to it where one is given."""
ALL = "all"
_BLANKS = " \t\r\n\u00a0\u3000\u200b\ufeff"
_FRACTION = re.compile(r"([0-9]+)\.0", re.ASCII)
_POWER = re.compile(r"[0-9](?:\.[0-9]+)?[Ee]\+[0-9]{2}", re.ASCII)
"""What spreadsheets make of long numbers: digits are lost, and nobody is named."""


@frozen
class WrittenRefusal:
    """A row of the file: `since` None holds always, `channel` None on every channel."""

    identifier: str
    value: str
    channel: Channel | None
    since: datetime | None
    reason: str | None = None


@frozen
class WrittenRows:
    """What a file says: its refusals, and the lines (from 1) on which a row cannot be read.

    Such a row names nobody, has a phone that is none, or more or fewer fields than the header; what
    can be read of it is among the refusals. Empty lines are no rows.
    """

    refusals: tuple[WrittenRefusal, ...] = ()
    unreadable: tuple[int, ...] = ()


def read_rows(
    text: str,
    columns: Mapping[str, str],
    zone: str,
    phone_of: Callable[[str], str | None],
) -> WrittenRows:
    """Return what the rows of `text` say; one that names a person and a token says two things.

    `columns` are the file's own names of ours, `zone` is where dates without an offset are read,
    `phone_of` brings numbers to E.164 (None: no number). Raises csv.Error for what is no CSV.
    """
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    names = [plain_name(name) for name in next(reader, [])]
    refusals: list[WrittenRefusal] = []
    unreadable: list[int] = []
    begins = reader.line_num + 1
    for record in reader:
        line, begins = begins, reader.line_num + 1
        if not record:
            continue
        named = dict(zip(names, record, strict=False))
        row = {ours: named.get(theirs, "") for ours, theirs in _names(columns).items()}
        found = tuple(_refusals(row, zone))
        refusals += found
        phone = row["phone"].strip(_BLANKS)
        if not found or len(record) != len(names) or (phone and phone_of(phone) is None):
            unreadable.append(line)
    return WrittenRows(
        refusals=tuple(one for one in refusals if one.identifier != "phone" or phone_of(one.value)),
        unreadable=tuple(unreadable),
    )


def plain_name(name: str) -> str:
    """Return a column's name as it is compared: in small letters, put together, without blanks."""
    return normalize("NFC", name).strip(_BLANKS).lower()


def _names(columns: Mapping[str, str]) -> Mapping[str, str]:
    return {ours: plain_name(columns.get(ours, ours)) for ours in (*HEADER, "reason")}


def _refusals(row: Mapping[str, str], zone: str) -> Iterator[WrittenRefusal]:
    for identifier in IDENTIFIERS:
        value = row[identifier].strip(_BLANKS)
        if identifier == "user_id":
            value = _FRACTION.sub(r"\1", value) if _FRACTION.fullmatch(value) else value
            if _POWER.fullmatch(value):
                continue
        if value:
            yield WrittenRefusal(
                identifier=identifier,
                value=value,
                channel=_channel(row["channel"]),
                since=_instant(row["since"], zone),
                reason=row["reason"] or None,
            )


def _channel(written: str) -> Channel | None:
    """Read a channel as the door does: whatever is none of ours means all."""
    name = written.strip().lower()
    return Channel(name) if name in tuple(Channel) else None


def _instant(written: str, zone: str) -> datetime | None:
    """Read `since`; None, hence always, for what is no time."""
    text = written.strip()
    try:
        return parse_instant(text)
    except ValueError:
        pass
    try:
        local = parse_local(text if len(text) > len("2026-09-24") else f"{text} 00:00")
    except ValueError:
        return None
    return local.replace(tzinfo=find_zone(zone) or UTC).astimezone(UTC)
