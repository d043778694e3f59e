"""Counts about the sources themselves, for whoever keeps them: what is there and what cannot be read."""

# ruff: noqa: S608 - values are parameters, names are quoted (engine.audience.sql)
from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from engine.audience.birth import UNREADABLE, youngest_of
from engine.audience.columns import Table
from engine.audience.condition import Scope
from engine.audience.phone import number_of, phone_of
from engine.audience.refusal_sql import holds, names_nobody, refused_numbers, refused_phone, user_of
from engine.audience.session import Session
from engine.audience.sql import Params, answer_of, identifier, literal, trimmed
from engine.audience.suppression import places_of, unread_places, write_refusals
from engine.audience.tables import ROW
from engine.kernel.frozen import frozen
from engine.model.audience import Everyone
from engine.model.channel import Channel


@frozen
class BirthProfile:
    """Days of birth: how many people have one, and of how many it cannot be read."""

    written: int
    unreadable: int


@frozen
class RefusalProfile:
    """Rows of suppression, and whom they hold back.

    `later` rows hold from a day that has not come. `nobody` cannot be read at all, and hold all
    advertisements; `where` says in words where they stand. `phones` name somebody, but have a number
    beside it that cannot be read. `strangers` can be read, and nobody in the sources is meant;
    `strangers_where` says where they stand. `alike` of them name the id of somebody who is there but
    for zeros in front or capitals, and stand in `alike_where`. `people` are held back per channel,
    `devices` are addresses that are refused as such.
    """

    rows: int
    later: int
    nobody: int
    where: str
    phones: int
    strangers: int
    strangers_where: str
    alike: int
    alike_where: str
    people: Mapping[Channel, int]
    devices: int


_OPTIONAL = (
    ("users", "birth_date", "nobody counts as a minor"),
    ("users", "timezone", "everybody is judged by the zones of their country"),
    ("users", "locale", "everybody reads the workspace's language"),
    ("users", "country", "who has no foreign number lives in the workspace's country"),
    ("devices", "enabled", "every device counts as switched on"),
)
"""Columns that may be missing, and what that means for everybody."""


def missing_columns(session: Session) -> tuple[tuple[str, str, str], ...]:
    """Return (source, column, what that means) for columns that are read where they exist."""
    session.tables.refresh()
    return tuple(
        (source, column, meaning)
        for source, column, meaning in _OPTIONAL
        if not session.tables.open(source).has(column)
    )


def profile_consent(session: Session) -> Mapping[Channel, Mapping[str, int]]:
    """Count yes, no and unknown per channel whose consent to advertising is mapped."""
    session.tables.refresh()
    users = session.tables.open("users")
    profile: dict[Channel, Mapping[str, int]] = {}
    for channel, columns in sorted(session.workspace.sources.consent.items()):
        if columns.ad is None:
            continue
        answer = answer_of(users.value("u", columns.ad).text)
        rows = session.rows(f"SELECT {answer}, count(*) FROM users u GROUP BY ALL")
        profile[channel] = {"yes": 0, "no": 0, "unknown": 0} | dict(rows)
    return profile


def profile_births(session: Session, at: datetime) -> BirthProfile | None:
    """Count days of birth as of `at`; None where users have no such column."""
    session.tables.refresh()
    users = session.tables.open("users")
    if not users.has("birth_date"):
        return None
    # Nobody's today is further than UTC+14, as for the age itself.
    day = youngest_of(users, (at + timedelta(hours=14)).date())
    ((written, unreadable),) = session.rows(
        f"SELECT count(day), count(*) FILTER (day = {UNREADABLE})"
        f" FROM (SELECT {day} AS day FROM users u)"
    )
    return BirthProfile(written=written, unreadable=unreadable)


def profile_refusals(session: Session, at: datetime) -> RefusalProfile | None:
    """Count refusals as of `at`; None where the workspace has no list of them."""
    if session.workspace.sources.suppression is None:
        return None
    scope = session.scope((Everyone(),), {}, at, also=("suppression", "devices"))
    table, country = scope.tables["suppression"], session.workspace.country
    _write_everybody(session, scope.tables["users"])
    write_refusals(session, table, '"@everybody"', scope.moment, country, check=False)
    nobody, where = unread_places(session, table, country)
    strangers = _find_strangers(session, scope, country)
    alike = [row for row, similar in strangers if similar]
    params = Params()
    later = session.number(
        f"SELECT count(*) FROM suppression s WHERE NOT {holds(table, scope.moment, params)}",
        params.values,
    )
    held = dict(
        session.rows('SELECT channel, count(DISTINCT user_id) FROM "@refused_user" GROUP BY ALL')
    )
    unread = f"{trimmed(table.text('s', 'phone'))} IS NOT NULL AND {refused_phone(table, country)}"
    return RefusalProfile(
        rows=session.number("SELECT count(*) FROM suppression"),
        later=later,
        nobody=nobody,
        where=where,
        phones=session.number(
            f"SELECT count(*) FROM suppression s WHERE {unread} IS NULL"
            f" AND NOT {names_nobody(table, country)}"
        ),
        strangers=len(strangers),
        strangers_where=places_of(session, [row for row, _ in strangers]),
        alike=len(alike),
        alike_where=places_of(session, alike),
        people={channel: held.get(str(channel), 0) for channel in Channel},
        devices=session.number(
            f"SELECT count(*) FROM devices d WHERE {_token(scope.tables['devices'])}"
            ' IN (SELECT value FROM "@refused_address")'
        ),
    )


def _write_everybody(session: Session, users: Table) -> None:
    country = f"coalesce({users.text('u', 'country')}, {literal(session.workspace.country)})"
    written = users.text("u", "phone")
    session.run(
        'CREATE OR REPLACE TEMP TABLE "@everybody" AS SELECT u.user_id,'
        f" {number_of(phone_of(written, country), written)} AS number FROM users u"
    )


def _find_strangers(session: Session, scope: Scope, country: str) -> list[tuple[int, bool]]:
    """Return the rows (from 0) that mean nobody who is there, and whether somebody's id is alike."""
    table = scope.tables["suppression"]
    user, token = user_of(table.text("s", "user_id")), trimmed(table.text("s", "token"))
    numbers = '(SELECT number FROM "@everybody" WHERE number IS NOT NULL)'
    written = refused_numbers(table, country)
    tokens = f"(SELECT {_token(scope.tables['devices'])} AS t FROM devices d WHERE t IS NOT NULL)"
    known = (
        f'coalesce({user} IN (SELECT {user_of("user_id")} FROM "@everybody"), false)',
        *(f"coalesce({written}[{place}] IN {numbers}, false)" for place in (1, 2, 3)),
        f"coalesce({token} IN {tokens}, false)",
    )
    rows = session.rows(
        f"SELECT s.{identifier(ROW)}, coalesce({_bare(user)} IN"
        f' (SELECT {_bare(user_of("user_id"))} FROM "@everybody"), false)'
        f" FROM suppression s WHERE NOT {names_nobody(table, country)}"
        f" AND NOT ({' OR '.join(known)}) ORDER BY 1"
    )
    return [(row, similar) for row, similar in rows]


def _bare(user: str) -> str:
    """Return SQL for an id without what programs change: zeros in front, and capitals."""
    return f"nullif(ltrim(lower({user}), '0'), '')"


def _token(devices: Table) -> str:
    """Return SQL over `d` for what a refused token is compared with."""
    names = ("token", "fid", "endpoint")
    return f"coalesce({', '.join(trimmed(devices.text('d', name)) for name in names)})"
