"""Refusals: rows of the suppression source that hold at a moment, by person and by address.

A row names a `user_id`, a `phone` (the person behind it) or a `token` (that address only). Whatever
cannot be read refuses: a channel that is none of ours means all, a `since` that is no time means
always.
"""

# ruff: noqa: S608 - values are parameters, names are quoted (engine.audience.sql)
from __future__ import annotations

from engine.audience.bounds import Moment, before
from engine.audience.columns import Table
from engine.audience.phone import phone_of
from engine.audience.session import Session
from engine.audience.sql import Params, literal, literals
from engine.model.channel import Channel

_CHANNELS = " UNION ALL ".join(f"SELECT {literal(channel)} AS channel" for channel in Channel)


def write_refusals(
    session: Session, table: Table, people: str, moment: Moment, country: str
) -> None:
    """Fill `@refused_user` (user_id, channel) and `@refused_address` (value, channel).

    `people` is a relation with `user_id` and `phone` (E.164): whom a refused phone belongs to.
    """
    params = Params()
    holds = "true"
    if table.has("since"):
        since = table.value("s", "since")
        holds = f"coalesce({before(since, moment.end, moment.zone, params)}, true)"
    phone = phone_of(table.text("s", "phone"), literal(country))
    session.run(
        'CREATE OR REPLACE TEMP TABLE "@refusal" AS'
        f" SELECT {table.text('s', 'user_id')} AS user_id, {phone} AS phone,"
        f" {table.text('s', 'token')} AS token, c.channel"
        f" FROM suppression s, ({_CHANNELS}) c"
        f" WHERE {holds} AND (c.channel = {_named(table)} OR {_named(table)} = 'all')",
        params.values,
    )
    session.run(
        'CREATE OR REPLACE TEMP TABLE "@refused_user" AS'
        ' SELECT user_id, channel FROM "@refusal" WHERE user_id IS NOT NULL'
        f" UNION SELECT p.user_id, r.channel FROM {people} p"
        ' JOIN "@refusal" r ON r.phone = p.phone'
    )
    session.run(
        'CREATE OR REPLACE TEMP TABLE "@refused_address" AS'
        ' SELECT DISTINCT token AS value, channel FROM "@refusal" WHERE token IS NOT NULL'
    )


def _named(table: Table) -> str:
    written = f"lower(trim(coalesce({table.text('s', 'channel')}, '')))"
    return f"CASE WHEN {written} IN ({literals(Channel)}) THEN {written} ELSE 'all' END"
