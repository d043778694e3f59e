"""Dates of birth as Korean tables write them; where several days are meant, the latest counts.

Later means younger, and a younger person gets fewer advertisements: a year alone is its last day,
two digits of a year are the later century that has begun, and what is written but no date is a day
that nobody has reached.
"""

from __future__ import annotations

from datetime import date

from engine.audience.sql import literal

UNREADABLE = "DATE '9999-12-31'"
"""SQL for the day of who has something written that is no date: younger than anybody."""

_BLANKS = "[\\s\u00a0\u3000]"
_SEP = rf"{_BLANKS}*[-./년월]{_BLANKS}*"
_END = rf"{_BLANKS}*[.일]?{_BLANKS}*(?:[T ]{_BLANKS}*[0-9]{{1,2}}:.*)?"
_YMD = rf"([0-9]{{4}}){_SEP}([0-9]{{1,2}}){_SEP}([0-9]{{1,2}}){_END}"
_THREE = rf"([0-9]{{1,2}}){_SEP}([0-9]{{1,2}}){_SEP}([0-9]{{2}}|[0-9]{{4}}){_END}"
_SHORT = rf"([0-9]{{2}}){_SEP}([0-9]{{1,2}}){_SEP}([0-9]{{1,2}}){_END}"
_MONTH = rf"([0-9]{{4}}){_SEP}([0-9]{{1,2}}){_BLANKS}*[.월]?"

_YEAR_MONTH = "((?:19|20)[0-9]{2})([0-9]{2})"
_FIRST = r"\1-\2-1"


def birth_of(text: str, today: date) -> str:
    """Return SQL for the latest day that `text` (SQL) may mean, as seen on `today`.

    NULL where nothing is written, `UNREADABLE` where something else than a date is.
    """
    t = f"trim({text}, {literal(chr(32) + chr(9) + chr(0xA0) + chr(0x3000))})"
    t = f"regexp_replace({t}, '^([0-9]{{4,8}})[.]0$', '\\1')"
    short = [_century(t, _SHORT, r"\1-\2-\3", today)]
    short += [_century(t, _THREE, order, today) for order in (r"\3-\1-\2", r"\3-\2-\1")]
    six = _century(t, "([0-9]{2})([0-9]{2})([0-9]{2})", r"\1-\2-\3", today)
    month = f"last_day({_day(t, _MONTH, _FIRST)})"
    cases = (
        (_YMD, _day(t, _YMD, r"\1-\2-\3")),
        (r"[0-9]{8}", _day(t, r"([0-9]{4})([0-9]{2})([0-9]{2})", r"\1-\2-\3")),
        (
            r"[0-9]{6}",
            f"greatest({six}, last_day({_day(t, _YEAR_MONTH, _FIRST)}))",
        ),
        (rf"[0-9]{{4}}{_BLANKS}*년?", _day(t, rf"([0-9]{{4}}){_BLANKS}*년?", r"\1-12-31")),
        (_MONTH, month),
        (rf"{_SHORT}|{_THREE}", f"greatest({', '.join(short)})"),
    )
    written = " ".join(
        f"WHEN regexp_full_match({t}, {literal(shape)}) THEN coalesce({day}, {UNREADABLE})"
        for shape, day in cases
    )
    return f"CASE WHEN coalesce({t}, '') = '' THEN NULL {written} ELSE {UNREADABLE} END"


def _day(text: str, shape: str, order: str) -> str:
    """Return SQL for a day with a whole year; NULL for what is none, and before 1900."""
    day = _cast(text, shape, order)
    return f"CASE WHEN {day} >= DATE '1900-01-01' THEN {day} END"


def _century(text: str, shape: str, order: str, today: date) -> str:
    """Return SQL for a day whose year may have two digits: of those up to `today` the later."""
    late, early = (_cast(text, shape, f"{century}{order}") for century in ("20", "19"))
    whole = _day(text, shape, order)
    two = f"CASE WHEN {late} <= DATE '{today.isoformat()}' THEN {late} ELSE {early} END"
    return f"coalesce({whole}, {two})"


def _cast(text: str, shape: str, order: str) -> str:
    match = f"regexp_full_match({text}, {literal(shape)})"
    made = f"regexp_replace({text}, {literal(f'^(?:{shape})$')}, {literal(order)})"
    return f"CASE WHEN {match} THEN TRY_CAST({made} AS DATE) END"
