"""Dates of birth as Korean tables write them; where several days are meant, the latest counts.

Later means younger, and a younger person gets fewer advertisements: a year alone is its last day,
two digits of a year are the later century that has begun, and what is written but no date is a day
that nobody has reached. An hour beside the day may be that of London, when in Seoul the next day
had begun: past midnight the next day counts.
"""

from __future__ import annotations

from datetime import date

from engine.audience.columns import Table
from engine.audience.sql import identifier, literal

BIRTHS = "@births"
"""The column of users with all that is written of who stands there more than once; else NULL."""
UNREADABLE = "DATE '9999-12-31'"
"""SQL for the day of who has something written that is no date: younger than anybody."""

_BLANKS = "[\\s\u00a0\u3000]"
_SEP = rf"{_BLANKS}*[-./년월]{_BLANKS}*"
_END = rf"{_BLANKS}*[.일]?{_BLANKS}*(?:[T ]{_BLANKS}*[0-9]{{1,2}}:.*)?"
_MIDNIGHT = ".*[T ]0{1,2}:00(?::00(?:[.,]0+)?)?[ ]*(?:Z|[+-][0-9:]{2,5})?"
_ISO = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_BORN = "{0} BETWEEN DATE '1900-01-01' AND DATE '9999-12-30'"
_YMD = rf"([0-9]{{4}}){_SEP}([0-9]{{1,2}}){_SEP}([0-9]{{1,2}}){_END}"
_SHORT = rf"([0-9]{{2}}){_SEP}([0-9]{{1,2}}){_SEP}([0-9]{{1,2}}){_END}"
_THREE = rf"([0-9]{{1,2}}){_SEP}([0-9]{{1,2}}){_SEP}([0-9]{{2}}|[0-9]{{4}}){_END}"
_MONTH = rf"([0-9]{{4}}){_SEP}([0-9]{{1,2}})(){_BLANKS}*[.월]?"
_YEAR = rf"([0-9]{{4}})()(){_BLANKS}*년?"
_EIGHT = "([0-9]{4})([0-9]{2})([0-9]{2})"
_SIX = "([0-9]{2})([0-9]{2})([0-9]{2})"
_YEAR_MONTH = "((?:19|20)[0-9]{2})([0-9]{2})()"

_YEAR_FIRST, _MONTH_FIRST, _DAY_FIRST = ("a", "b", "c"), ("c", "a", "b"), ("c", "b", "a")
"""Which of a shape's three groups are year, month and day."""


def youngest_of(users: Table, today: date) -> str:
    """Return SQL over `u` for the day of birth that counts, as `birth_of`; NULL without a column.

    Of somebody who stands in users more than once it is the latest that any row may mean.
    """
    if not users.has("birth_date"):
        return "CAST(NULL AS DATE)"
    written = users.text("u", "birth_date")
    if not users.has(BIRTHS):
        return birth_of(written, today)
    all_of = f"coalesce(u.{identifier(BIRTHS)}, [{written}])"
    return f"list_max(list_transform({all_of}, lambda b: {birth_of('b', today)}))"


def birth_of(text: str, today: date) -> str:
    """Return SQL for the latest day that `text` (SQL) may mean, as seen on `today`.

    NULL where nothing is written, `UNREADABLE` where something else than a date is.
    """
    bare = f"trim({text}, {literal(chr(32) + chr(9) + chr(0xA0) + chr(0x3000))})"
    number = f"regexp_replace({bare}, '^([0-9]{{4,8}})[.]0$', '\\1')"
    six = _days(_SIX, _two(_YEAR_FIRST), today)
    short = _days(_SHORT, _two(_YEAR_FIRST), today)
    three = _days(_THREE, (*_two(_MONTH_FIRST), *_two(_DAY_FIRST)), today)
    cases = (
        (_YMD, _days(_YMD, (_whole(_YEAR_FIRST),))),
        (_EIGHT, _days(_EIGHT, (_whole(_YEAR_FIRST),))),
        (_SIX, f"greatest({six}, last_day({_days(_YEAR_MONTH, (_first('a', 'b'),))}))"),
        (_YEAR, f"last_day({_days(_YEAR, (_first('a', literal('12')),))})"),
        (_MONTH, f"last_day({_days(_MONTH, (_first('a', 'b'),))})"),
        (f"{_SHORT}|{_THREE}", f"greatest({short}, {three})"),
    )
    written = " ".join(
        f"WHEN regexp_full_match(t, {literal(shape)}) THEN {day}" for shape, day in cases
    )
    late = (
        f"CASE WHEN contains(t, ':') AND NOT regexp_full_match(t, {literal(_MIDNIGHT)})"
        " THEN 1 ELSE 0 END"
    )
    read = f"coalesce(CASE {written} END + {late}, {UNREADABLE})"
    found = f"CASE WHEN coalesce(t, '') = '' THEN NULL ELSE {read} END"
    # Lambdas give the steps names: written out into each other every step is taken many times.
    plain = f"CASE WHEN ends_with({bare}, '.0') THEN {number} ELSE {bare} END"
    return (
        f"CASE WHEN regexp_full_match({text}, {literal(_ISO)})"
        f" THEN coalesce(CASE WHEN {_BORN.format(f'TRY_CAST({text} AS DATE)')}"
        f" THEN TRY_CAST({text} AS DATE) END, {UNREADABLE})"
        f" ELSE list_transform([{plain}], lambda t: {found})[1] END"
    )


def _days(shape: str, days: tuple[str, ...], today: date | None = None) -> str:
    """Return SQL for the latest of `days` (SQL over the groups `g` of `shape`), NULL for none.

    Nobody was born before 1900, and of two centuries only one that has come counts.
    """
    groups = f"regexp_extract(t, {literal(f'^(?:{shape})$')}, ['a', 'b', 'c'])"
    come = f" AND (length(g.a) = 4 OR length(g.c) = 4 OR d <= DATE '{today}')" if today else ""
    cast = ", ".join(f"TRY_CAST({day} AS DATE)" for day in days)
    kept = f"list_filter([{cast}], lambda d: {_BORN.format('d')}{come})"
    return f"list_transform([{groups}], lambda g: list_max({kept}))[1]"


def _whole(order: tuple[str, str, str]) -> str:
    """Return SQL for a day whose year is written in full, NULL for the 13th month."""
    year, month, day = order
    # What no calendar has is told apart before it is cast: casts that fail cost the most.
    there = (
        f"(strlen(g.{month}) = 1 OR g.{month} <= '12') AND (strlen(g.{day}) = 1 OR g.{day} <= '31')"
    )
    return f"CASE WHEN {there} THEN g.{year} || '-' || g.{month} || '-' || g.{day} END"


def _two(order: tuple[str, str, str]) -> tuple[str, str, str]:
    """Return SQL for a day as it is written, and in either century."""
    whole = _whole(order)
    return whole, f"'19' || {whole}", f"'20' || {whole}"


def _first(year: str, month: str) -> str:
    """Return SQL for the first day of a month; both are groups, or `month` is a text."""
    named = month if month.startswith("'") else f"g.{month}"
    return f"g.{year} || '-' || {named} || '-1'"
