"""What the rows of a suppression file say, read as the door reads them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from engine.kernel.instant import find_zone, parse_instant, parse_local
from engine.model.channel import Channel
from engine.model.refusal import IDENTIFIERS

HEADER = (*IDENTIFIERS, "channel", "since")
"""The first line of a file that is made; `reason` is added to it where one is given."""
ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenRefusal:
    """A row of the file: `since` None holds always, `channel` None on every channel."""

    identifier: str
    value: str
    channel: Channel | None
    since: datetime | None
    reason: str | None = None


def read_rows(text: str, columns: Mapping[str, str], zone: str) -> Iterator[WrittenRefusal]:
    """Yield what the rows of `text` say; one that names a person and a token says two things.

    `columns` are the file's own names of ours, `zone` is where dates without an offset are read.
    Raises csv.Error for what is no CSV.
    """
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    theirs = {ours: columns.get(ours, ours).lower() for ours in (*HEADER, "reason")}
    for raw in rows:
        row = {str(name).lower(): value for name, value in raw.items() if isinstance(value, str)}
        channel = _channel(row.get(theirs["channel"], ""))
        since = _instant(row.get(theirs["since"], ""), zone)
        for identifier in IDENTIFIERS:
            value = row.get(theirs[identifier], "")
            if value:
                yield WrittenRefusal(
                    identifier=identifier,
                    value=value,
                    channel=channel,
                    since=since,
                    reason=row.get(theirs["reason"]) or None,
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
