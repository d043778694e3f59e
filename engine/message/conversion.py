"""From what a source holds to what a template sees; a value that does not fit counts as missing."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from unicodedata import category, is_normalized, normalize
from zoneinfo import ZoneInfo

from engine.kernel.instant import parse_date, parse_local, resolve_local
from engine.message.printed import Value
from engine.model.audience import Scalar
from engine.model.template import VariableType

_WHOLE = re.compile(r"[+-]?[0-9]{1,18}", re.ASCII)
_DECIMAL = re.compile(r"[+-]?[0-9]{1,18}(\.[0-9]{1,18})?", re.ASCII)
_YES = frozenset({"true", "yes", "y", "1"})
_NO = frozenset({"false", "no", "n", "0"})
_MAX_TEXT = 2_000
"""Characters of one person's value; what is longer is no name and no product."""


def to_text(raw: Scalar) -> str | None:
    """Return a non-empty text in composed form (NFC), control characters as blanks, or None.

    Decomposed Hangul (files made on macOS) looks the same and has no last sound and no cp949 form.
    """
    if not isinstance(raw, str):
        return None if isinstance(raw, bool) else _written(raw)
    text = raw.strip()
    if not text or len(text) > _MAX_TEXT:
        return None
    if not text.isprintable():
        # Line breaks would let a name look like a line of its own; surrogates cannot be encoded.
        text = "".join(" " if category(char) in ("Cc", "Cs", "Zl", "Zp") else char for char in text)
    if not text.isascii() and not is_normalized("NFC", text):
        text = normalize("NFC", text)
    return text.strip() or None


def to_texts(raws: Sequence[Scalar | None]) -> list[str | None] | None:
    """Return what `to_text` says of each, or None where they have to be looked at one by one.

    A whole column is judged at once: parts of a printable, composed text are printable and composed.
    """
    if not set(map(type, raws)) <= {str, type(None)}:
        return None
    texts = [raw.strip() if isinstance(raw, str) else "" for raw in raws]
    together = "".join(texts)
    if not together.isprintable() or max(map(len, texts), default=0) > _MAX_TEXT:
        return None
    if not together.isascii() and not is_normalized("NFC", together):
        return None
    return [text or None for text in texts]


def _written(raw: int | float) -> str | None:  # noqa: PYI041 - the two print differently
    if isinstance(raw, float):
        if not math.isfinite(raw):
            return None
        return str(int(raw)) if raw.is_integer() and abs(raw) < 1e15 else repr(raw)
    return str(raw) if abs(raw) < 10**18 else None


def to_integer(raw: Scalar) -> int | None:
    """Return a whole number of up to 18 digits (`30`, `"30"`, 30.0), or None."""
    if isinstance(raw, bool):
        return None
    if isinstance(raw, str):
        text = raw.strip()
        return int(text) if _WHOLE.fullmatch(text) else None
    if isinstance(raw, float) and not (math.isfinite(raw) and raw.is_integer()):
        return None
    return int(raw) if abs(raw) < 10**18 else None


def to_number(raw: Scalar) -> int | float | None:
    """Return a finite number, whole where it is written so, or None."""
    if isinstance(raw, bool):
        return None
    if isinstance(raw, str):
        text = raw.strip()
        if not _DECIMAL.fullmatch(text):
            return None
        return float(text) if "." in text else int(text)
    return raw if math.isfinite(raw) and abs(raw) < 10**18 else None


def to_boolean(raw: Scalar) -> bool | None:
    """Return yes or no (true/yes/y/1, false/no/n/0), or None."""
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, float):
        return None
    word = str(raw).strip().lower()
    return True if word in _YES else False if word in _NO else None


def to_instant(raw: Scalar, zone: ZoneInfo, workspace_zone: ZoneInfo) -> datetime | None:
    """Return an instant in `zone`, or None.

    Text without an offset is local time in `workspace_zone`; a bare date is the start of that day.
    """
    if not isinstance(raw, str):
        return None
    text = raw.strip()
    try:
        if len(text) <= 10:
            local = datetime.combine(parse_date(text), datetime.min.time())
        else:
            local = _parse_fraction(text)
        aware = local if local.tzinfo is not None else resolve_local(local, workspace_zone)
        return aware.astimezone(zone)
    except (ValueError, OverflowError):
        return None


def _parse_fraction(text: str) -> datetime:
    """Read a local time or instant, fractions of a second and `+0900` dropped to what we print."""
    return parse_local(re.sub(r"(?<=:[0-9]{2})\.[0-9]{1,9}", "", text))


def to_date(raw: Scalar, zone: ZoneInfo, workspace_zone: ZoneInfo) -> date | None:
    """Return a date; of an instant the date that people in `zone` have then. Else None."""
    if not isinstance(raw, str):
        return None
    if len(raw.strip()) > 10:
        found = to_instant(raw, zone, workspace_zone)
        return None if found is None else found.date()
    try:
        return parse_date(raw.strip())
    except ValueError:
        return None


_PLAIN: dict[VariableType, Callable[[Scalar], Value | None]] = {
    VariableType.STRING: to_text,
    VariableType.INTEGER: to_integer,
    VariableType.NUMBER: to_number,
    VariableType.BOOLEAN: to_boolean,
}


def convert_plainly(kind: VariableType) -> Callable[[Scalar], Value | None] | None:
    """Return the reader of a type that no zone changes; None for dates and instants."""
    return _PLAIN.get(kind)


def convert(
    raw: Scalar | None, kind: VariableType, zone: ZoneInfo, workspace_zone: ZoneInfo
) -> Value | None:
    """Return `raw` as `kind`, or None where it is missing or of another type.

    `zone` is the recipient's, in which dates and times are read and shown.
    """
    if raw is None:
        return None
    if plain := _PLAIN.get(kind):
        return plain(raw)
    read = to_date if kind is VariableType.DATE else to_instant
    return read(raw, zone, workspace_zone)
