"""Who is in an audience, and everything about a person that targets are made of.

Two relations follow each other: `@member` (one row a person, read from users) and `@person` (the
same with what Python decides for every distinct place: zone, wave, jurisdiction, age limit).
"""

# ruff: noqa: S608 - values are parameters, names are quoted (engine.audience.sql)
from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from engine.audience.columns import Kind, Table, Value
from engine.audience.condition import Scope, predicate
from engine.audience.phone import phone_of
from engine.audience.session import Session
from engine.audience.sql import Params, Query, answer_of, bucket_of, identifier, literal
from engine.audience.waves import Waves, make_waves
from engine.kernel.instant import find_zone
from engine.law.jurisdiction import KOREA, SEOUL, jurisdiction_of
from engine.model.audience import Condition
from engine.model.campaign import ResolvedCampaign
from engine.model.channel import Channel
from engine.model.workspace import ConsentColumns

MINOR_BELOW = 14
"""Years: consent of somebody younger needs the guardian's (개인정보 보호법 제22조의2)."""
_PREFIX = 5
"""`+82` and up to four digits: enough for a jurisdiction, and few of them are distinct."""


def belongs(campaign: ResolvedCampaign, scope: Scope) -> str:
    """Return SQL over `u` for members: the audience without those that are excluded."""
    return member_of(campaign.audience, campaign.exclude, scope)


def member_of(audience: Condition, exclude: tuple[Condition, ...], scope: Scope) -> str:
    """Return SQL over `u` that is true for members, false or NULL for everybody else."""
    written = [predicate(audience, scope)]
    written += [f"NOT coalesce({predicate(node, scope)}, false)" for node in exclude]
    return " AND ".join(written)


def write_members(session: Session, campaign: ResolvedCampaign, scope: Scope, where: str) -> int:
    """Fill `@member` with the people for whom `where` holds and return how many they are."""
    users = scope.tables["users"]
    country = f"coalesce({users.text('u', 'country')}, {literal(campaign.country)})"
    phone = phone_of(users.text("u", "phone"), country)
    columns = {
        "key": f"u.{identifier('@key')}",
        "user_id": "u.user_id",
        "wanted": users.text("u", "locale"),
        "country": users.text("u", "country"),
        "timezone": users.text("u", "timezone"),
        "phone": phone,
        "preferred": f"lower(trim({users.text('u', 'preferred_channel')}))",
        "birth": _birth(users),
        "guardian": answer_of(users.text("u", "guardian_consent")),
        "read": _values(campaign, scope),
    }
    for channel in Channel:
        mapped = campaign.consent.get(channel, ConsentColumns())
        columns |= consent_columns(users, channel, mapped)
    listed = ", ".join(f"{sql} AS {identifier(name)}" for name, sql in columns.items())
    session.run(
        f'CREATE OR REPLACE TEMP TABLE "@member" AS SELECT {listed}'
        f" FROM {scope.source} WHERE {where}",
        scope.params.values,
    )
    return session.number('SELECT count(*) FROM "@member"')


def write_persons(session: Session, campaign: ResolvedCampaign, scope: Scope) -> Waves:
    """Fill `@person` from `@member` and return the waves that they fall into."""
    waves = _write_places(session, campaign, scope)
    query = _buckets(campaign)
    session.run(
        'CREATE OR REPLACE TEMP TABLE "@person" AS SELECT m.*, p.zone, p.wave, p.jurisdiction,'
        " (m.birth IS NOT NULL AND m.birth > p.cutoff AND m.guardian <> 'yes') AS minor,"
        f" {query.text}"
        ' FROM "@member" m JOIN "@place" p ON p.country = coalesce(m.country, \'\')'
        f" AND p.prefix = coalesce(left(m.phone, {_PREFIX}), '')"
        " AND p.timezone = coalesce(m.timezone, '')",
        query.values,
    )
    return waves


def _write_places(session: Session, campaign: ResolvedCampaign, scope: Scope) -> Waves:
    found = session.rows(
        f"SELECT DISTINCT coalesce(country, ''), coalesce(left(phone, {_PREFIX}), ''),"
        " coalesce(timezone, '') FROM \"@member\" ORDER BY ALL"
    )
    zones = {row[2]: row[2] if row[2] and find_zone(row[2]) else None for row in found}
    waves = make_waves(campaign.schedule, {*zones.values()}, campaign.workspace_timezone)
    laws = [jurisdiction_of(row[0], row[1], zones[row[2]], campaign.country) for row in found]
    today = {zone: _today(scope.moment.at, zone) for zone in (SEOUL, campaign.workspace_timezone)}
    cutoffs = []
    for (_, _, written), law in zip(found, laws, strict=True):
        zone = SEOUL if law == KOREA else zones[written] or campaign.workspace_timezone
        day = today.setdefault(zone, _today(scope.moment.at, zone))
        cutoffs.append(years_before(day, MINOR_BELOW))
    session.keep(
        "@place",
        {
            "country": [row[0] for row in found],
            "prefix": [row[1] for row in found],
            "timezone": [row[2] for row in found],
            "zone": [zones[row[2]] for row in found],
            "wave": [waves.by_zone[zones[row[2]]] for row in found],
            "jurisdiction": laws,
            "cutoff": cutoffs,
        },
        "VARCHAR,VARCHAR,VARCHAR,VARCHAR,INTEGER,VARCHAR,DATE",
    )
    return waves


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


def _birth(users: Table) -> str:
    if not users.has("birth_date"):
        return "CAST(NULL AS DATE)"
    text = users.text("u", "birth_date")
    return f"coalesce(TRY_CAST({text} AS DATE), CAST(try_strptime({text}, '%Y%m%d') AS DATE))"


def consent_columns(users: Table, channel: Channel, mapped: ConsentColumns) -> dict[str, str]:
    """Unmapped: consent to ads is unknown, which never gets an ad; service is not refused."""

    def answer(column: str | None, unmapped: str) -> str:
        if column is None:
            return literal(unmapped)
        return answer_of(users.value("u", column).text)

    confirmed = mapped.confirmed_at
    return {
        f"{channel} ad": answer(mapped.ad, "unknown"),
        f"{channel} night": answer(mapped.night, "unknown"),
        f"{channel} service": answer(mapped.service, "yes"),
        f"{channel} confirmed": "CAST(NULL AS VARCHAR)"
        if confirmed is None
        else f"nullif({users.value('u', confirmed).text}, '')",
    }


def _values(campaign: ResolvedCampaign, scope: Scope) -> str:
    """Return SQL for the JSON object of what the variants' variables read about a person."""
    sources: Mapping[str, None] = {
        variable.source: None
        for variant in campaign.variants
        for variable in variant.template.variables.values()
    }
    pairs = []
    for source in sorted(sources):
        where, _, name = source.partition(".")
        if where == "user":
            value = scope.tables["users"].value("u", name)
        elif where == "derived":
            value = scope.derived(name)
        else:
            continue
        pairs.append(f"{literal(source)}, {_plain(value)}")
    return f"CAST(json_object({', '.join(pairs)}) AS VARCHAR)" if pairs else "'{}'"


def _plain(value: Value) -> str:
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
