"""Dates of birth as Korean tables write them; where several days are meant, the latest counts.

Later means younger, and a younger person gets fewer advertisements: a year alone is its last day,
two digits of a year are the later century that has begun, and what is written but no date is a day
that nobody has reached. 년, 월 and 일 say which number is which: there no other order is tried, and
what no calendar has is no date. So it is between dots and dashes, where the year stands first in
Korea: `13.11.31` is nobody's day of 1931. An hour beside the day may be that of London, when in
Seoul the next day had begun: past midnight the next day counts.
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
_AFTER_YEAR = rf"{_BLANKS}*[-./년]{_BLANKS}*"
_AFTER_MONTH = rf"{_BLANKS}*[-./월]{_BLANKS}*"
_END = rf"{_BLANKS}*[.일]?{_BLANKS}*(?:[T ]{_BLANKS}*[0-9]{{1,2}}:.*)?"
_MIDNIGHT = ".*[T ]0{1,2}:00(?::00(?:[.,]0+)?)?[ ]*(?:Z|[+-][0-9:]{2,5})?"
_ISO = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_BORN = "{0} BETWEEN DATE '1900-01-01' AND DATE '9999-12-30'"
_OUTER = "([0-9]{1,2}|[0-9]{4})"
_PARTS = rf"{_OUTER}{_AFTER_YEAR}([0-9]{{1,2}}){_AFTER_MONTH}{_OUTER}{_END}"
_MONTH = rf"[0-9]{{4}}{_AFTER_YEAR}([0-9]{{1,2}}){_BLANKS}*[.월]?"
_YEAR = rf"[0-9]{{4}}{_BLANKS}*년?"


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
    groups = f"regexp_extract(t, {literal(f'^(?:{_PARTS})$')}, ['a', 'b', 'c'])"
    month = f"left(t, 4)::INTEGER * 100 + regexp_extract(t, {literal(_MONTH)}, 1)::INTEGER"
    cases = (
        ("'[0-9]{8}|[0-9]{6}'", f"list_transform([t::INTEGER], lambda n: {_digits(today)})[1]"),
        (literal(_PARTS), f"list_transform([{_numbers(groups)}], lambda g: {_parts(today)})[1]"),
        (literal(_YEAR), _end_of("(left(t, 4) || '12')::INTEGER")),
        (literal(_MONTH), f"list_transform([{month}], lambda n: {_end_of('n')})[1]"),
    )
    written = " ".join(f"WHEN regexp_full_match(t, {shape}) THEN {day}" for shape, day in cases)
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


def _digits(today: date) -> str:
    """Return SQL for the day that eight or six digits (`t`, as a number `n`) mean."""
    parts = ("n // 10000", "n // 100 % 100", "n % 100")
    ends = f"CASE WHEN n BETWEEN 190000 AND 209999 THEN {_end_of('n')} END"
    return (
        f"CASE WHEN strlen(t) = 8 THEN {_whole(*parts)}"
        f" ELSE greatest({_short(*parts, today)}, {ends}) END"
    )


def _numbers(groups: str) -> str:
    """Return SQL for three groups of digits of `t` as numbers, and for what tells their order."""
    numbers = ", ".join(f"'{name}': g.{name}::INTEGER" for name in "abc")
    sizes = "'first': strlen(g.a), 'last': strlen(g.c)"
    marks = "'named': regexp_matches(t, '[년월일]'), 'slash': contains(t, '/')"
    return f"list_transform([{groups}], lambda g: {{{numbers}, {sizes}, {marks}}})[1]"


def _parts(today: date) -> str:
    """Return SQL for the latest day that three numbers (`g`) mean.

    The year stands first; or last behind month and day in either order, unless a mark says otherwise.
    """
    a, b, c = "g.a", "g.b", "g.c"
    first = f"CASE WHEN g.first = 2 THEN {_short(a, b, c, today)} END"
    last = f"greatest({_short(c, a, b, today)}, {_short(c, b, a, today)})"
    return (
        f"CASE WHEN g.first = 4 THEN CASE WHEN g.last < 4 THEN {_whole(a, b, c)} END"
        f" WHEN g.named THEN CASE WHEN g.last < 4 THEN {first} END"
        f" WHEN g.last = 4 THEN greatest({_whole(c, a, b)}, {_whole(c, b, a)})"
        f" WHEN g.first = 2 AND NOT g.slash AND {first} IS NULL THEN NULL"
        f" ELSE greatest({first}, CASE WHEN g.last = 2 THEN {last} END) END"
    )


def _whole(year: str, month: str, day: str) -> str:
    """Return SQL for a day whose year is written in full, NULL for one that no calendar has."""
    leap = f"({year} % 4 = 0 AND {year} % 100 <> 0 OR {year} % 400 = 0)"
    return f"CASE WHEN {year} BETWEEN 1900 AND 9998 THEN {_day(year, month, day, leap)} END"


def _short(year: str, month: str, day: str, today: date) -> str:
    """Return SQL for a day with two digits of its year: of two centuries the later that has come."""
    come = f"({year} * 10000 + {month} * 100 + {day} <= {today:%Y%m%d} - 20000000)"
    # Both centuries have their leap years together: 1900 had none, but 2000 has come.
    return _day(
        f"{year} + CASE WHEN {come} THEN 2000 ELSE 1900 END", month, day, f"({year} % 4 = 0)"
    )


def _day(year: str, month: str, day: str, leap: str) -> str:
    """Return SQL for a date, NULL where there is none: what cannot be made must not be tried."""
    last = f"CASE WHEN {month} = 2 THEN 28 + {leap}::INTEGER ELSE 30 + ({month} + {month} // 8) % 2 END"
    made = f"CASE WHEN {day} BETWEEN 1 AND {last} THEN make_date({year}, {month}, {day}) END"
    return f"CASE WHEN {month} BETWEEN 1 AND 12 THEN {made} END"


def _end_of(month: str) -> str:
    """Return SQL for the last day of a month, written as a number of six digits."""
    year, number = f"{month} // 100", f"{month} % 100"
    made = f"last_day(make_date({year}, {number}, 1))"
    return f"CASE WHEN {year} >= 1900 AND {number} BETWEEN 1 AND 12 THEN {made} END"
