"""One part of an audience in full width: `@person`, what targets are made of.

The database reads the rows; Python decides what depends on a place: zone, wave, jurisdiction, the age
limit of the day and whether a purchase may stand in for a consent, once for every distinct (country,
phone prefix, zone, region).
"""

# ruff: noqa: S608 - values are parameters, names are quoted (engine.audience.sql)
from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from engine.audience.birth import youngest_of
from engine.audience.columns import KEY, Kind, Table, Value
from engine.audience.condition import Scope
from engine.audience.consent import consent_columns
from engine.audience.members import Chosen, exception_source, sources_read
from engine.audience.phone import number_of
from engine.audience.session import Session
from engine.audience.sql import (
    Params,
    Query,
    answer_of,
    bucket_of,
    identifier,
    literal,
)
from engine.audience.waves import Waves, make_waves
from engine.kernel.instant import find_zone
from engine.law.consent import ended_on, korean_day, stands_in
from engine.law.jurisdiction import KOREA, SEOUL, find_region, jurisdiction_of, lives_in_korea
from engine.model.resolved import ResolvedCampaign
from engine.model.workspace import ConsentColumns

MINOR_BELOW = 14
"""Years: consent of somebody younger needs the guardian's (개인정보 보호법 제22조의2)."""
_PREFIX = 5
"""A calling code has at most three digits: enough for a jurisdiction, and few are distinct."""


def find_waves(session: Session, campaign: ResolvedCampaign) -> Waves:
    """Return the waves that the members in `@chosen` fall into."""
    rows = session.rows('SELECT DISTINCT timezone FROM "@chosen"')
    zones = {_zone(row[0]) for row in rows}
    return make_waves(campaign.schedule, zones, campaign.workspace_timezone)


def write_persons(
    session: Session,
    campaign: ResolvedCampaign,
    scope: Scope,
    chosen: Chosen,
    waves: Waves,
    part: str,
) -> None:
    """Fill `@person` with the members of one part (SQL over `c`)."""
    _write_members(session, campaign, scope.tables["users"], chosen, part, scope.moment.at)
    _write_places(session, campaign, scope.moment.at, waves)
    _write_bought(session, scope.moment.at, _ended(campaign, scope.tables["users"], chosen))
    query = _buckets(campaign)
    session.run(
        'CREATE OR REPLACE TEMP TABLE "@person" AS SELECT m.*, p.zone, p.wave, p.jurisdiction,'
        " p.region, p.in_korea,"
        " (m.birth IS NOT NULL AND m.birth > p.cutoff AND m.guardian <> 'yes') AS minor,"
        ' (p.in_korea AND m.ended IN (FROM "@bought")) IS TRUE AS bought,'
        f" {query.text}"
        ' FROM "@member" m JOIN "@place" p ON p.country = coalesce(m.country, \'\')'
        f" AND p.prefix = coalesce(left(m.phone, {_PREFIX}), '')"
        " AND p.timezone = coalesce(m.timezone, '') AND p.written = coalesce(m.written_region, '')",
        query.values,
    )


def _write_members(
    session: Session,
    campaign: ResolvedCampaign,
    users: Table,
    chosen: Chosen,
    part: str,
    at: datetime,
) -> None:
    columns = {
        "key": "c.key",
        "user_id": "u.user_id",
        "timezone": "c.timezone",
        "phone": "c.phone",
        "number": number_of("c.phone", users.text("u", "phone")),
        "wanted": users.text("u", "locale"),
        "country": users.text("u", "country"),
        "written_region": users.text("u", "region"),
        "preferred": f"lower(trim({users.text('u', 'preferred_channel')}))",
        # Nobody's today is further than UTC+14; what is past there may be a day of birth.
        "birth": youngest_of(users, (at + timedelta(hours=14)).date()),
        "guardian": answer_of(users.text("u", "guardian_consent")),
        "read": _values(campaign, users, chosen),
        "ended": _ended(campaign, users, chosen).sql,
    }
    for channel in campaign.channels:
        mapped = campaign.consent.get(channel, ConsentColumns())
        columns |= consent_columns(
            users, channel, mapped, answered=exception_source(campaign) is not None
        )
    listed = ", ".join(f"{sql} AS {identifier(name)}" for name, sql in columns.items())
    session.run(
        f'CREATE OR REPLACE TEMP TABLE "@member" AS SELECT {listed}'
        f' FROM users u JOIN "@chosen" c ON c.key = u.{identifier(KEY)} WHERE {part}'
    )


def _zone(written: str | None) -> str | None:
    """Return the person's own zone, or None where nothing valid is written."""
    return written if written and find_zone(written) else None


def _write_places(session: Session, campaign: ResolvedCampaign, at: datetime, waves: Waves) -> None:
    found = session.rows(
        f"SELECT DISTINCT coalesce(country, ''), coalesce(left(phone, {_PREFIX}), ''),"
        " coalesce(timezone, ''), coalesce(written_region, '') FROM \"@member\" ORDER BY ALL"
    )
    rows: list[tuple[object, ...]] = []
    days: dict[str, date] = {}
    for country, prefix, written, place in found:
        zone = _zone(written)
        law = jurisdiction_of(country, prefix, zone, campaign.country)
        clock = SEOUL if law == KOREA else zone or campaign.workspace_timezone
        if clock not in days:
            days[clock] = years_before(_today(at, clock), MINOR_BELOW)
        region = find_region(place, law)
        wave = waves.by_zone[zone]
        here = lives_in_korea(country, prefix, zone, campaign.country)
        rows.append((country, prefix, written, place, zone, wave, law, region, days[clock], here))
    names = (
        "country", "prefix", "timezone", "written", "zone", "wave", "jurisdiction", "region",
        "cutoff", "in_korea",
    )  # fmt: skip
    session.keep(
        "@place",
        {name: [row[index] for row in rows] for index, name in enumerate(names)},
        "VARCHAR,VARCHAR,VARCHAR,VARCHAR,VARCHAR,INTEGER,VARCHAR,VARCHAR,DATE,BOOLEAN",
    )


def years_before(day: date, years: int) -> date:
    """Return the day `years` before `day`: who was born later has not had that birthday yet."""
    year = day.year - years
    last = monthrange(year, day.month)[1]
    return date(year, day.month, min(day.day, last))


def _today(at: datetime, zone: str) -> date:
    return at.astimezone(find_zone(zone) or ZoneInfo("UTC")).date()


def _buckets(campaign: ResolvedCampaign) -> Query:
    """Holdout first, then the variant (design §8.11). Nobody is held out of information."""
    params = Params()
    held = "false"
    if campaign.advertising and campaign.holdout > 0:
        bucket = bucket_of((campaign.id,), "m.user_id", ("holdout",), params)
        held = f"{bucket} < {params.add(campaign.holdout)}::DOUBLE"
    variants = campaign.variants
    chosen = params.add(variants[-1].id) + "::VARCHAR" if variants else "''"
    total = sum(variant.weight for variant in variants)
    if len(variants) > 1 and total > 0:
        bucket = bucket_of((campaign.id,), "m.user_id", ("variant",), params)
        cases, reached = [], 0
        for variant in variants[:-1]:
            reached += variant.weight
            limit, name = params.add(reached / total), params.add(variant.id)
            cases.append(f"WHEN {bucket} < {limit}::DOUBLE THEN {name}::VARCHAR")
        chosen = f"CASE {' '.join(cases)} ELSE {chosen} END"
    return Query(f"{held} AS held_out, {chosen} AS variant", params.values)


def _ended(campaign: ResolvedCampaign, users: Table, chosen: Chosen) -> Value:
    """Return when a person's purchase ended, as the snapshot carries it; NULL without an exception."""
    source = exception_source(campaign)
    if source is None:
        return Value("CAST(NULL AS VARCHAR)", Kind.TEXT)
    value = _value_of(source, users, chosen)
    return Value(f"CAST({plain_value(value)} AS VARCHAR)", value.kind)


def _write_bought(session: Session, at: datetime, ended: Value) -> None:
    """Fill `@bought` with those values of `ended` that stand in for a consent at `at`."""
    rows = session.rows('SELECT DISTINCT ended FROM "@member" WHERE ended IS NOT NULL')
    numeric, today = ended.kind is Kind.NUMBER, korean_day(at)
    days = {text: ended_on(float(text) if numeric else text, at) for (text,) in rows}
    good = [text for text, day in days.items() if day is not None and stands_in(day, today)]
    session.keep("@bought", {"ended": good}, "VARCHAR")


def _value_of(source: str, users: Table, chosen: Chosen) -> Value:
    where, _, name = source.partition(".")
    if where == "user":
        return users.value("u", name)
    return Value(f"c.{identifier(source)}", chosen.derived[source])


def _values(campaign: ResolvedCampaign, users: Table, chosen: Chosen) -> str:
    """Return SQL for the JSON object of what the variants' variables read about a person."""
    pairs = []
    for source in sources_read(campaign):
        if source.startswith(("user.", "derived.")):
            value = _value_of(source, users, chosen)
            pairs.append(f"{literal(source)}, {plain_value(value)}")
    return f"CAST(json_object({', '.join(pairs)}) AS VARCHAR)" if pairs else "'{}'"


def plain_value(value: Value) -> str:
    """Return SQL for the value as a snapshot carries it: JSON's types, NULL where it is missing."""
    match value.kind:
        case Kind.NUMBER:
            # NaN and infinities are not JSON.
            return f"CASE WHEN isfinite(CAST({value.sql} AS DOUBLE)) THEN {value.sql} END"
        case Kind.BOOLEAN:
            return value.sql
        case Kind.INSTANT:
            return f"strftime({value.sql}, '%Y-%m-%dT%H:%M:%SZ')"
        case _:
            return f"nullif({value.text}, '')"
