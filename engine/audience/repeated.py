"""Somebody who stands in users more than once: the first row counts, but the least of what was agreed.

A table of users that was joined or appended to holds a person twice, with a yes here and a no there.
Which of them came later nobody knows, so a refusal in any row is one: any no is a no, else anything
unknown is unknown, and yes is only what every row says. The oldest day of a consent counts, and of
several days of birth the youngest. Name, language, zone and all the rest are the first row's.
"""

# ruff: noqa: S608 - names are quoted (engine.audience.sql), the rest is written here
from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING
from unicodedata import normalize

from engine.audience.birth import BIRTHS
from engine.audience.bounds import instant_of
from engine.audience.columns import Kind, Value
from engine.audience.sql import answer_of, identifier, trimmed
from engine.kernel.frozen import frozen
from engine.law.jurisdiction import SEOUL
from engine.model.workspace import ConsentColumns

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

GUARDIAN = "guardian_consent"
_FIRST, _POSITION, _PERSON = '"@first"', '"@position"', '"@person key"'


@frozen
class FirstRows:
    """The first row of everybody.

    `relation` is SQL to read FROM. `expressions` stand, by our names, instead of columns of it, and
    `more` are columns that a file has not.
    """

    relation: str
    expressions: Mapping[str, str]
    more: Mapping[str, str]


def write_first_rows(
    connection: DuckDBPyConnection,
    relation: str,
    position: str,
    key: str,
    names: Mapping[str, str],
    consent: Iterable[ConsentColumns],
) -> FirstRows:
    """Return the first row of everybody in `relation` with the least answer of all their rows.

    `position` and `key` are SQL for the place of a row in its file and for whose it is, `names` our
    names of columns with the file's. The cost is that of the rows of who is repeated.
    """
    connection.execute(
        f'CREATE OR REPLACE TEMP TABLE "@repeated" AS SELECT {position} AS position, {key} AS key'
        f" FROM {relation} WHERE {key} IS NOT NULL"
        f" QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY {position}) > 1"
    )
    least = dict(_least(names, tuple(consent)))
    births = {}
    if "birth_date" in names:
        written = trimmed(_text(names["birth_date"]))
        births[BIRTHS] = f"list(DISTINCT {written}) FILTER ({written} IS NOT NULL)"
    listed = [f"min({_POSITION}) AS {_FIRST}"]
    listed += [f"{sql} AS {_name(ours)}" for ours, sql in (least | births).items()]
    connection.execute(
        f'CREATE OR REPLACE TEMP TABLE "@least" AS SELECT {", ".join(listed)}'
        f" FROM (SELECT *, {position} AS {_POSITION}, {key} AS {_PERSON} FROM {relation}"
        f' WHERE {key} IN (SELECT key FROM "@repeated")) GROUP BY {_PERSON}'
    )
    return FirstRows(
        relation=(
            f"(SELECT *, {position} AS {_POSITION} FROM {relation} WHERE {position} NOT IN"
            f' (SELECT position FROM "@repeated")) LEFT JOIN "@least" ON {_FIRST} = {_POSITION}'
        ),
        expressions={
            ours: f"CASE WHEN {_FIRST} IS NULL THEN {identifier(names[ours])} ELSE {_name(ours)} END"
            for ours in least
        },
        more={ours: _name(ours) for ours in births},
    )


def _least(
    names: Mapping[str, str], consent: tuple[ConsentColumns, ...]
) -> Iterator[tuple[str, str]]:
    """Yield, by our names, SQL for what counts of all rows of a person: the value as it is written."""
    answers = [GUARDIAN, *(name for one in consent for name in (one.ad, one.night, one.service))]
    days = [one.confirmed_at for one in consent]
    for wanted, order in ((days, _oldest), (answers, _strictest)):
        for name in wanted:
            ours = normalize("NFC", name or "")
            if ours in names:
                value = identifier(names[ours])
                # A struct is kept where its value is NULL, and of equal ones the first row's.
                ranked = f"{{{order(_text(names[ours]))}, 'row': {_POSITION}, 'value': {value}}}"
                yield ours, f"min({ranked}).value"


def _strictest(text: str) -> str:
    """Return a rank: who wrote something that cannot be read was asked, who wrote nothing was not."""
    unread = f"CASE WHEN {trimmed(text)} IS NULL THEN 2 ELSE 1 END"
    return f"'rank': CASE {answer_of(text)} WHEN 'no' THEN 0 WHEN 'yes' THEN 3 ELSE {unread} END"


def _oldest(text: str) -> str:
    instant = instant_of(Value(text, Kind.TEXT), SEOUL)
    rank = f"CASE WHEN {trimmed(text)} IS NULL THEN 2 WHEN {instant} IS NULL THEN 1 ELSE 0 END"
    return f"'rank': {rank}, 'at': coalesce({instant}, TIMESTAMPTZ '1970-01-01 00:00:00+00')"


def _text(theirs: str) -> str:
    return f"CAST({identifier(theirs)} AS VARCHAR)"


def _name(ours: str) -> str:
    return identifier(f"@least {ours}")
