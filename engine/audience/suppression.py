"""Refusals: rows of the suppression source that hold at a moment, by person and by address.

A row names a `user_id`, a `phone` (the person behind it) or a `token` (that address only). Whatever
cannot be read refuses: a channel that is none of ours means all, a `since` that is no time means
always. What cannot be matched at all, a row that names nobody or a column that nobody reads, is an
error: advertisements are held.
"""

# ruff: noqa: S608 - values are parameters, names are quoted (engine.audience.sql)
from __future__ import annotations

from engine.audience.bounds import Moment, before
from engine.audience.columns import Table
from engine.audience.phone import phone_of
from engine.audience.session import Session
from engine.audience.sql import Params, identifier, literal, literals
from engine.audience.tables import ROW
from engine.kernel.errors import UnavailableError
from engine.model.channel import Channel

_BLANKS = " \t\r\n\u00a0\u3000\u200b\ufeff"
_CHANNELS = " UNION ALL ".join(f"SELECT {literal(channel)} AS channel" for channel in Channel)


def write_refusals(
    session: Session,
    table: Table,
    people: str,
    moment: Moment,
    country: str,
    *,
    advertising: bool = True,
) -> None:
    """Fill `@refused_user` (user_id, channel) and `@refused_address` (value, channel).

    `people` is a relation with `user_id` and `phone` (E.164): whom a refused phone belongs to.
    Refusals are of advertisements: for those a row that names nobody is an UnavailableError.
    """
    params = Params()
    holds = "true"
    if table.has("since"):
        since = table.value("s", "since")
        holds = f"coalesce({before(since, moment.end, moment.zone, params)}, true)"
    phone = phone_of(table.text("s", "phone"), literal(country))
    session.run(
        'CREATE OR REPLACE TEMP TABLE "@refusal" AS'
        f" SELECT {trimmed(table.text('s', 'user_id'))} AS user_id, {phone} AS phone,"
        f" {trimmed(table.text('s', 'token'))} AS token, c.channel"
        f" FROM suppression s, ({_CHANNELS}) c"
        f" WHERE {holds} AND (c.channel = {_named(table)} OR {_named(table)} = 'all')",
        params.values,
    )
    if advertising:
        _check_rows(session, table, phone)
    session.run(
        'CREATE OR REPLACE TEMP TABLE "@refused_user" AS'
        f' SELECT p.user_id, r.channel FROM {people} p JOIN "@refusal" r'
        f" ON r.user_id = {trimmed('p.user_id')}"
        f" UNION SELECT p.user_id, r.channel FROM {people} p"
        ' JOIN "@refusal" r ON r.phone = p.phone'
    )
    session.run(
        'CREATE OR REPLACE TEMP TABLE "@refused_address" AS'
        ' SELECT DISTINCT token AS value, channel FROM "@refusal" WHERE token IS NOT NULL'
    )


def _check_rows(session: Session, table: Table, phone: str) -> None:
    """Raise UnavailableError where a row names nobody: whom it refuses is not known."""
    rows = session.rows(
        f"SELECT s.{identifier(ROW)} FROM suppression s WHERE {phone} IS NULL"
        f" AND {trimmed(table.text('s', 'user_id'))} IS NULL"
        f" AND {trimmed(table.text('s', 'token'))} IS NULL ORDER BY 1"
    )
    if rows:
        first = ", ".join(str(number + 1) for (number,) in rows[:5])
        raise UnavailableError(
            f"source `suppression` (`{table.file}`): {len(rows):,} rows name nobody who can be"
            f" found: row {first}{', …' if len(rows) > 5 else ''} below the header",
            "write a `user_id`, a `token` or a `phone` such as `010-1234-5678` there, or delete the"
            " row; until then advertisements are held",
        )


def trimmed(text: str) -> str:
    """Return SQL for a text without the blanks around it, `''` read as missing."""
    return f"nullif(trim({text}, {literal(_BLANKS)}), '')"


def _named(table: Table) -> str:
    written = f"lower(trim(coalesce({table.text('s', 'channel')}, '')))"
    return f"CASE WHEN {written} IN ({literals(Channel)}) THEN {written} ELSE 'all' END"
