"""Whom to ask again whether their consent still stands: every two years (제50조제8항). Counts only."""

# ruff: noqa: S608 - values are parameters, names are quoted (engine.audience.sql)
from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime

from engine.audience.bounds import instant_of
from engine.audience.columns import Kind, Value
from engine.audience.consent import consent_columns
from engine.audience.phone import number_of, phone_of
from engine.audience.session import Session
from engine.audience.sql import Params, identifier, literal
from engine.audience.suppression import write_refusals
from engine.kernel.frozen import frozen
from engine.law.consent import korean_day, overdue_until
from engine.law.jurisdiction import KOREA, SEOUL, jurisdiction_of
from engine.model.audience import Everyone
from engine.model.channel import Channel
from engine.model.resolved import ResolvedCampaign

_PREFIX = 5


def count_overdue(session: Session, campaign: ResolvedCampaign, at: datetime) -> Counter[Channel]:
    """Count the members of one part (`@person`) who should have been asked again before `at`."""
    found: Counter[Channel] = Counter()
    if not campaign.advertising:
        return found
    for channel in campaign.channels:
        columns = campaign.consent.get(channel)
        if columns is None or not columns.ad or not columns.confirmed_at:
            continue
        ad, confirmed = identifier(f"{channel} ad"), identifier(f"{channel} confirmed")
        params = Params()
        last = params.add(overdue_until(korean_day(at)))
        found[channel] += session.number(
            f"SELECT coalesce(sum(n), 0) FROM (SELECT {confirmed} AS written, count(*) AS n"
            f" FROM \"@person\" WHERE jurisdiction = {literal(KOREA)} AND {ad} = 'yes'"
            f" AND {confirmed} IS NOT NULL GROUP BY ALL)"
            f" WHERE {_day('written')} <= {last}::DATE",
            params.values,
        )
    return found


@frozen
class Agreed:
    """Who in Korea agrees to advertisements on one channel, per day of the last confirmation.

    None stands for those of whom nobody knows the day. `suppressed` agreed in the users source, but
    are among the refusals: they have withdrawn, are not asked again, and stand in no day.
    """

    days: Mapping[date | None, int]
    suppressed: int


def consents_by_day(session: Session, at: datetime) -> Mapping[Channel, Agreed]:
    """Count the consents of every channel whose column is mapped.

    A refusal that names nobody takes nobody out: these are counts, nothing is sent on them.
    """
    scope = session.scope((Everyone(),), {}, at, also=("suppression",))
    users, workspace = scope.tables["users"], session.workspace
    country, written = users.text("u", "country"), users.text("u", "phone")
    phone = phone_of(written, f"coalesce({country}, {literal(workspace.country)})")
    columns = {
        "user_id": "u.user_id",
        "country": f"coalesce({country}, '')",
        "phone": phone,
        "number": number_of(phone, written),
        "timezone": f"coalesce({users.text('u', 'timezone')}, '')",
    }
    mapped = {c: one for c, one in sorted(workspace.sources.consent.items()) if one.ad}
    for channel, one in mapped.items():
        columns |= consent_columns(users, channel, one)
    listed = ", ".join(f"{sql} AS {identifier(name)}" for name, sql in columns.items())
    session.run(f'CREATE OR REPLACE TEMP TABLE "@agreed" AS SELECT {listed} FROM users u')
    refusals = scope.tables["suppression"]
    write_refusals(session, refusals, '"@agreed"', scope.moment, workspace.country, check=False)
    return {channel: _of_channel(session, channel) for channel in mapped}


def _of_channel(session: Session, channel: Channel) -> Agreed:
    confirmed, ad = identifier(f"{channel} confirmed"), identifier(f"{channel} ad")
    rows = session.rows(
        f"SELECT {_day(f'p.{confirmed}')} AS day, p.country,"
        f" coalesce(left(p.phone, {_PREFIX}), ''), p.timezone,"
        " r.user_id IS NOT NULL AS refused, count(*)"
        ' FROM "@agreed" p LEFT JOIN "@refused_user" r'
        f" ON r.user_id = p.user_id AND r.channel = {literal(channel)}"
        f" WHERE p.{ad} = 'yes' GROUP BY ALL"
    )
    default = session.workspace.country
    days: Counter[date | None] = Counter()
    suppressed = 0
    for day, country, prefix, zone, refused, count in rows:
        if jurisdiction_of(country, prefix, zone or None, default) != KOREA:
            continue
        if refused:
            suppressed += count
        else:
            days[day] += count
    return Agreed(days=days, suppressed=suppressed)


def _day(written: str) -> str:
    """Return SQL for the day in Korea that a text means; NULL for what is no day."""
    instant = instant_of(Value(written, Kind.TEXT), SEOUL)
    return f"CAST(timezone({literal(SEOUL)}, {instant}) AS DATE)"
