"""Refusals: rows of the suppression source that hold at a moment, by person and by address.

A row names a `user_id`, a `phone` (the person behind it) or a `token` (that address only). A person
whose own number cannot be read is found where it is refused in the same digits. Whatever
cannot be read refuses: a channel that is none of ours means all, a `since` that is no time means
always. What cannot be matched at all, a row that names nobody or a column that nobody reads, is an
error: advertisements are held.
"""

# ruff: noqa: S608 - values are parameters, names are quoted (engine.audience.sql)
from __future__ import annotations

from engine.audience.bounds import Moment
from engine.audience.columns import Table
from engine.audience.lines import places
from engine.audience.refusal_sql import (
    channel_of,
    holds,
    names_nobody,
    refused_numbers,
    user_of,
)
from engine.audience.session import Session
from engine.audience.sql import Params, identifier, literal, trimmed
from engine.audience.tables import ROW
from engine.kernel.errors import UnavailableError
from engine.model.channel import Channel

_CHANNELS = " UNION ALL ".join(f"SELECT {literal(channel)} AS channel" for channel in Channel)
_NAMED = 5
"""So many lines are named; a file that is wrong is wrong in all of them."""


def write_refusals(
    session: Session, table: Table, people: str, moment: Moment, country: str, *, check: bool = True
) -> None:
    """Fill `@refused_user` (user_id, channel) and `@refused_address` (value, channel).

    `people` is a relation with `user_id` and `number` (`number_of`): whom a refused phone belongs to. With
    `check` a row that names nobody is an UnavailableError: whom it refuses is not known.
    """
    if check:
        _check_rows(session, table, country)
    params = Params()
    session.run(
        'CREATE OR REPLACE TEMP TABLE "@refusal" AS'
        f" SELECT {user_of(table.text('s', 'user_id'))} AS user_id,"
        f" {refused_numbers(table, country)} AS numbers,"
        f" {trimmed(table.text('s', 'token'))} AS token, c.channel"
        f" FROM suppression s, ({_CHANNELS}) c"
        f" WHERE {holds(table, moment, params)}"
        f" AND (c.channel = {channel_of(table)} OR {channel_of(table)} = 'all')",
        params.values,
    )
    session.run(
        'CREATE OR REPLACE TEMP TABLE "@refused_user" AS'
        f' SELECT p.user_id, r.channel FROM {people} p JOIN "@refusal" r'
        f" ON r.user_id = {user_of('p.user_id')}"
        f" UNION SELECT p.user_id, r.channel FROM {people} p"
        ' JOIN (SELECT DISTINCT unnest(numbers) AS number, channel FROM "@refusal") r'
        " ON r.number = p.number"
    )
    session.run(
        'CREATE OR REPLACE TEMP TABLE "@refused_address" AS'
        ' SELECT DISTINCT token AS value, channel FROM "@refusal" WHERE token IS NOT NULL'
    )


def refuse_whole_devices(session: Session, devices: Table) -> None:
    """Add to `@refused_address` the token of a device whose installation id (`fid`) is refused.

    A device that has both is sent to by its token; whoever refused named either.
    """
    if not devices.has("fid") or not session.number('SELECT count(*) FROM "@refused_address"'):
        return
    token, fid = (trimmed(devices.text("d", name)) for name in ("token", "fid"))
    session.run(
        'CREATE OR REPLACE TEMP TABLE "@refused_address" AS FROM "@refused_address"'
        f' UNION SELECT {token} AS value, r.channel FROM devices d JOIN "@refused_address" r'
        f" ON r.value = {fid} WHERE {token} IS NOT NULL"
    )


def write_none(session: Session) -> None:
    """Fill the same two relations with nobody: refusals are of advertisements."""
    for name, column in (("@refused_user", "user_id"), ("@refused_address", "value")):
        session.run(
            f"CREATE OR REPLACE TEMP TABLE {identifier(name)} ({column} VARCHAR, channel VARCHAR)"
        )


def unread_places(session: Session, table: Table, country: str) -> tuple[int, str]:
    """Return how many rows name nobody, and where the first of them stand in the file."""
    nobody = names_nobody(table, country)
    found = session.rows(f"SELECT s.{identifier(ROW)} FROM suppression s WHERE {nobody} ORDER BY 1")
    return len(found), places_of(session, [row for (row,) in found])


def places_of(session: Session, rows: list[int]) -> str:
    """Return in words where rows of suppression (from 0) stand in their file; the first few of them."""
    count = session.number("SELECT count(*) FROM suppression")
    source = session.workspace.sources.suppression
    path = session.root / source.path if source and source.path else None
    return places(path, rows, count, _NAMED)


def _check_rows(session: Session, table: Table, country: str) -> None:
    count, where = unread_places(session, table, country)
    if count:
        raise UnavailableError(
            f"source `suppression` (`{table.file}`): {count:,}"
            f" {'row names' if count == 1 else 'rows name'} nobody who can be found: {where}",
            "write a `user_id`, a `token` or a `phone` such as `010-1234-5678` there, or delete the"
            " row; until then advertisements are held",
        )
