"""Small questions about conditions and people: how many, which for the terminal, what changes."""

# ruff: noqa: S608 - values are parameters, names are quoted (engine.audience.sql)
from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from engine.audience.bounds import make_moment
from engine.audience.condition import predicate
from engine.audience.members import belongs
from engine.audience.phone import normalise_phone, number_of, phone_of
from engine.audience.session import Session
from engine.audience.sql import Params, bucket_of, identifier, keyed_hash_of, literal, trimmed
from engine.audience.suppression import write_refusals
from engine.model.audience import Condition, DerivedAttribute
from engine.model.channel import Channel
from engine.model.facts import Membership
from engine.model.resolved import ResolvedCampaign


def count(
    session: Session,
    condition: Condition,
    attributes: Mapping[str, DerivedAttribute],
    at: datetime,
) -> int:
    """Return how many people `condition` holds for at `at`."""
    scope = session.scope((condition,), attributes, at)
    where = predicate(condition, scope)
    return session.number(f"SELECT count(*) FROM {scope.source} WHERE {where}", scope.params.values)


def sample(
    session: Session,
    condition: Condition,
    attributes: Mapping[str, DerivedAttribute],
    at: datetime,
    limit: int,
) -> tuple[str, ...]:
    """Return the ids of up to `limit` people for whom `condition` holds: always the same ones."""
    scope = session.scope((condition,), attributes, at)
    where = predicate(condition, scope)
    order = bucket_of(("sample",), "u.user_id", (), scope.params)
    rows = session.rows(
        f"SELECT u.user_id FROM {scope.source} WHERE {where}"
        f" ORDER BY {order}, u.user_id LIMIT {int(limit)}",
        scope.params.values,
    )
    return tuple(row[0] for row in rows)


def compare(
    session: Session, before: ResolvedCampaign | None, after: ResolvedCampaign, at: datetime
) -> Membership:
    """Compare two audiences at the same instant. `before` None: everybody enters."""
    now = _write_ids(session, "@now", after, at)
    if before is None:
        return Membership(before=None, now=now, entering=now, leaving=0)
    then = _write_ids(session, "@before", before, at)
    both = session.number('SELECT count(*) FROM "@now" WHERE key IN (SELECT key FROM "@before")')
    return Membership(before=then, now=now, entering=now - both, leaving=then - both)


def find_by_phone(session: Session, number: str) -> tuple[str, ...]:
    """Return the ids of the people whose number this is, however it is written."""
    country = session.workspace.country
    wanted = normalise_phone(number, country)
    if wanted is None:
        return ()
    session.tables.refresh()
    users = session.tables.open("users")
    own = f"coalesce({users.text('u', 'country')}, {literal(country)})"
    found = session.rows(
        f"SELECT u.user_id FROM users u WHERE {phone_of(users.text('u', 'phone'), own)} = $wanted"
        " ORDER BY u.user_id",
        {"wanted": wanted},
    )
    return tuple(row[0] for row in found)


def knows(session: Session, identifier: str, value: str) -> bool:
    """Tell whether somebody has this `user_id`, `phone` (E.164) or `token` (or web endpoint)."""
    if identifier == "phone":
        return bool(find_by_phone(session, value))
    session.tables.refresh()
    table = session.tables.open("users" if identifier == "user_id" else "devices")
    names = ("user_id",) if identifier == "user_id" else ("token", "fid", "endpoint")
    tests = " OR ".join(f"{table.text('t', name)} = $wanted" for name in names)
    source = f"SELECT count(*) FROM {table.source} t WHERE {tests}"
    return session.number(source, {"wanted": value}) > 0


def refused_channels(
    session: Session, user_id: str | None, phone: str | None, address: str, at: datetime
) -> frozenset[Channel]:
    """Return the channels on which a person, a number (E.164) or an address is refused at `at`.

    The number that users has of the person counts as well as the one that is given.
    """
    session.tables.refresh()
    table, country = session.tables.open("suppression"), session.workspace.country
    columns: Mapping[str, Sequence[object]] = {"user_id": [user_id or ""], "number": [phone]}
    session.keep("@somebody", columns, "VARCHAR,VARCHAR")
    if user_id is not None:
        users = session.tables.open("users")
        own = f"coalesce({users.text('u', 'country')}, {literal(country)})"
        written = users.text("u", "phone")
        session.run(
            f'INSERT INTO "@somebody" SELECT u.user_id, {number_of(phone_of(written, own), written)}'
            " FROM users u WHERE u.user_id = $wanted",
            {"wanted": user_id},
        )
    moment = make_moment(at, session.workspace.timezone)
    write_refusals(session, table, '"@somebody"', moment, country)
    found = session.rows(
        'SELECT channel FROM "@refused_user" UNION SELECT channel FROM "@refused_address"'
        f" WHERE value = {trimmed('$wanted')}",
        {"wanted": address},
    )
    return frozenset(Channel(channel) for (channel,) in found)


def find_owners(session: Session, hashes: Sequence[str]) -> dict[str, str]:
    """Return user ids by their recipient hash; one pass over the users."""
    session.tables.refresh()
    session.tables.open("users")
    params = Params()
    hashed = keyed_hash_of("'recipient'", "u.user_id", session.state_key, params)
    found = session.rows(
        f"SELECT DISTINCT hashed, user_id FROM (SELECT {hashed} AS hashed, u.user_id FROM users u)"
        f" WHERE hashed IN (SELECT unnest({params.add(list(hashes))}::VARCHAR[]))",
        params.values,
    )
    return dict(found)


def _write_ids(session: Session, name: str, campaign: ResolvedCampaign, at: datetime) -> int:
    scope = session.scope((campaign.audience, *campaign.exclude), campaign.attributes, at)
    where = belongs(campaign, scope)
    session.run(
        f"CREATE OR REPLACE TEMP TABLE {identifier(name)} AS"
        f" SELECT u.{identifier('@key')} AS key FROM {scope.source} WHERE {where}",
        scope.params.values,
    )
    return session.number(f"SELECT count(*) FROM {identifier(name)}")
