"""Members × channels × addresses: the rows that facts count and that a snapshot freezes
(`@target`).

Nobody is left out for a refusal: the door names the reason. `refusal` is that reason as of the
moment, in the door's own order (`engine.law.door.refusal_of`); `duplicate` marks the second person
behind one address on one channel, in the order of their ids.
"""

# ruff: noqa: S608 - values are parameters, names are quoted (engine.audience.sql)
from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from engine.audience.addresses import address_rows, app_rows, web_rows
from engine.audience.condition import Scope
from engine.audience.members import exception_source, variable_sources
from engine.audience.session import Session
from engine.audience.sql import literal, trimmed
from engine.audience.suppression import refuse_whole_devices, write_none, write_refusals
from engine.model.campaign import SendTo
from engine.model.chain import before
from engine.model.channel import Channel
from engine.model.channel_settings import AppSettings, WebSettings
from engine.model.delivery import SkipReason
from engine.model.locale import pick_locale
from engine.model.resolved import ResolvedCampaign

PRIMARY, ALTERNATIVE = "primary", "alternative"

REFUSALS = (
    SkipReason.NO_ADDRESS,
    SkipReason.DISABLED,
    SkipReason.SERVICE_OFF,
    SkipReason.SUPPRESSED,
    SkipReason.MINOR,
    SkipReason.NO_CONSENT,
    SkipReason.UNKNOWN_CONSENT,
)
"""The order of reasons: of a person's several addresses the one that came furthest counts."""


_NO_CHANNEL = "WHEN '' THEN NULL "
"""Keeps a CASE over channels whole where a workspace has none yet."""


def role_of(channel: Channel, campaign: ResolvedCampaign) -> str:
    """Return `alternative` for a channel that only stands in for another, else `primary`."""
    return ALTERNATIVE if channel in campaign.alternative.values() else PRIMARY


def find_shared(session: Session, campaign: ResolvedCampaign, scope: Scope) -> None:
    """Fill `@shared_value` with the hashes of addresses that stand more than once among members.

    64-bit hashes of values only, so this stays small: who is second is decided for these alone.
    """
    devices, zone = scope.tables["devices"], session.workspace.timezone
    written = ["SELECT '' AS channel, CAST(0 AS UBIGINT) AS value WHERE false"]
    for channel, settings in campaign.channels.items():
        match settings:
            case AppSettings():
                rows = f"SELECT key, value FROM ({app_rows(devices, zone)})"
            case WebSettings():
                rows = f"SELECT key, value FROM ({web_rows(devices, zone)})"
            case _:
                rows = 'SELECT key, phone AS value FROM "@chosen" WHERE phone IS NOT NULL'
        written.append(
            f"SELECT {literal(channel)} AS channel, hash(value) AS value FROM ({rows})"
            ' SEMI JOIN "@chosen" USING (key) GROUP BY ALL HAVING count(*) > 1'
        )
    session.run(f'CREATE OR REPLACE TEMP TABLE "@shared_value" AS {" UNION ALL ".join(written)}')
    for table in ("@shared", "@beside"):
        session.run(f'DROP TABLE IF EXISTS "{table}"')


def write_targets(session: Session, campaign: ResolvedCampaign, scope: Scope) -> None:
    """Fill `@row` (all rows) and `@target` (those that are targeted) from one part's `@person`.

    They differ only with `send_to: preferred`. Rows whose address may be somebody else's as well
    are marked `shared` and collected in `@shared` over all parts.
    """
    if campaign.advertising:
        refusals = scope.tables["suppression"]
        write_refusals(session, refusals, '"@person"', scope.moment, campaign.country)
        refuse_whole_devices(session, scope.tables["devices"])
    else:
        write_none(session)
    _write_wording(session, campaign)
    _write_rows(session, campaign, scope)
    narrowed = '"@row"'
    if campaign.send_to is SendTo.PREFERRED:
        narrowed = f"({_preferred(campaign)})"
    session.run(
        'CREATE OR REPLACE TEMP TABLE "@target" AS SELECT t.*, false AS duplicate,'
        f" s.value IS NOT NULL AS shared, {_stands_in(campaign)} AS stands_in"
        f' FROM {narrowed} t LEFT JOIN "@shared_value" s'
        " ON s.channel = t.channel AND s.value = hash(t.value)"
    )
    session.run('CREATE TEMP TABLE IF NOT EXISTS "@shared" AS FROM "@target" LIMIT 0')
    session.run('INSERT INTO "@shared" FROM "@target" WHERE shared')


def _stands_in(campaign: ResolvedCampaign) -> str:
    """Return SQL over `t`: not an alternative, or one whose primaries have no usable address."""
    written = [f"t.role = {literal(PRIMARY)}"]
    for channel in campaign.channels:
        if role_of(channel, campaign) == PRIMARY:
            continue
        names = ", ".join(literal(first) for first in before(campaign.alternative, channel))
        written.append(
            f"(t.role = {literal(ALTERNATIVE)} AND t.channel = {literal(channel)}"
            f' AND t.user_id NOT IN (SELECT user_id FROM "@row" WHERE channel IN ({names})'
            " AND enabled))"
        )
    return f"({' OR '.join(written)})"


def mark_duplicates(session: Session) -> None:
    """Fill `@target` with the shared rows of all parts, the second person of each one marked."""
    session.run(
        'CREATE OR REPLACE TEMP TABLE "@target" AS SELECT * REPLACE ('
        "row_number() OVER (PARTITION BY channel, kind, value ORDER BY user_id) > 1 AS duplicate,"
        ' false AS shared) FROM "@shared"'
    )


def _write_wording(session: Session, campaign: ResolvedCampaign) -> None:
    """Decide for every locale that people want which of the written ones they read."""
    wanted = [row[0] for row in session.rows('SELECT DISTINCT wanted FROM "@person" ORDER BY ALL')]
    rows: list[tuple[str, str, str, str, str]] = []
    for variant in campaign.variants:
        for channel in campaign.channels:
            available: Collection[str] = variant.template.locales_of(channel)
            for name in wanted:
                locale, step = pick_locale(available, name, campaign.locale) or ("", "")
                rows.append((variant.id, str(channel), name or "", locale, step))
    columns: Mapping[str, Sequence[object]] = {
        name: [row[index] for row in rows]
        for index, name in enumerate(("variant", "channel", "wanted", "locale", "step"))
    }
    session.keep("@wording", columns, "VARCHAR,VARCHAR,VARCHAR,VARCHAR,VARCHAR")


def _write_rows(session: Session, campaign: ResolvedCampaign, scope: Scope) -> None:
    addresses = address_rows(campaign.channels, scope.tables["devices"], session.workspace.timezone)
    roles = _NO_CHANNEL + " ".join(
        f"WHEN {literal(channel)} THEN {literal(role_of(channel, campaign))}"
        for channel in campaign.channels
    )
    consents = ", ".join(
        f"CASE a.channel {_by_channel(campaign.channels, column)} END AS {column}"
        for column in ("ad", "night", "service", "confirmed")
    )
    session.run(
        f'CREATE OR REPLACE TEMP TABLE "@row" AS SELECT {_carried(campaign)}, '
        f"{refusal(campaign.advertising)} AS refusal FROM ("
        "SELECT p.user_id, a.*, p.preferred, p.zone, p.wave, p.jurisdiction, p.region, p.minor, p.bought,"
        " p.in_korea,"
        f" p.held_out, p.variant, p.read, {consents}, CASE a.channel {roles} END AS role,"
        " coalesce(w.locale, '') AS locale, coalesce(w.step, '') AS step,"
        " (ru.user_id IS NOT NULL OR ra.value IS NOT NULL) AS suppressed"
        f' FROM ({addresses}) a JOIN "@person" p ON p.key = a.key'
        ' LEFT JOIN "@wording" w ON w.variant = p.variant AND w.channel = a.channel'
        " AND w.wanted = coalesce(p.wanted, '')"
        ' LEFT JOIN "@refused_user" ru ON ru.user_id = p.user_id AND ru.channel = a.channel'
        ' LEFT JOIN "@refused_address" ra'
        f" ON ra.value = {trimmed('a.value')} AND ra.channel = a.channel)"
    )


def _carried(campaign: ResolvedCampaign) -> str:
    """Return SQL for all columns, without the day of a purchase that must not stand in for a consent.

    The door trusts the day that it is given, and does not know who lives in Korea. Where a text tells
    it, who agreed keeps it: their consent is what they get it on.
    """
    source = exception_source(campaign)
    if source is None:
        return "* EXCLUDE (in_korea)"
    keeps = "in_korea OR ad = 'yes'" if source in variable_sources(campaign) else "in_korea"
    without = f"CAST(json_merge_patch(read, json_object({literal(source)}, NULL)) AS VARCHAR)"
    return f"* EXCLUDE (in_korea) REPLACE (CASE WHEN {keeps} THEN read ELSE {without} END AS read)"


def _by_channel(channels: Collection[Channel], column: str) -> str:
    written = (f'WHEN {literal(channel)} THEN p."{channel} {column}"' for channel in channels)
    return _NO_CHANNEL + " ".join(written)


def refusal(advertising: bool) -> str:
    """Return SQL for the reason why a row gets nothing (the door's, as of now), or NULL."""
    cases = [
        ("NOT enabled", SkipReason.DISABLED),
        ("service = 'no'", SkipReason.SERVICE_OFF),
    ]
    if advertising:
        cases += [
            ("suppressed", SkipReason.SUPPRESSED),
            ("minor", SkipReason.MINOR),
            ("ad = 'no'", SkipReason.NO_CONSENT),
            ("ad <> 'yes' AND NOT bought", SkipReason.UNKNOWN_CONSENT),
        ]
    written = " ".join(f"WHEN {test} THEN {literal(reason)}" for test, reason in cases)
    return f"CASE {written} END"


def _preferred(campaign: ResolvedCampaign) -> str:
    """Keep one primary channel a person: the preferred one if it is possible, else the first that
    is.

    Where none is possible the preferred one stays (else the first), so that the books name a
    reason. An alternative stays where it stands in for the chosen channel, or where there is none.
    """
    order = " ".join(f"WHEN {literal(name)} THEN {index}" for index, name in enumerate(Channel))
    score = (
        "CASE WHEN refusal IS NULL THEN 0 ELSE 100 END"
        " + CASE WHEN channel = preferred THEN 0 ELSE 10 END"
        f" + CASE channel {order} END"
    )
    pairs = [
        f"(c.chosen = {literal(first)} AND r.channel = {literal(second)})"
        for second in sorted(set(campaign.alternative.values()))
        for first in before(campaign.alternative, second)
    ]
    stands_in = " OR ".join(pairs) or "false"
    return (
        'SELECT r.* FROM "@row" r LEFT JOIN (SELECT user_id, arg_min(channel, '
        f'{score}) AS chosen FROM "@row" WHERE role = {literal(PRIMARY)} GROUP BY user_id) c'
        " ON c.user_id = r.user_id"
        f" WHERE (r.role = {literal(PRIMARY)} AND r.channel = c.chosen)"
        f" OR (r.role = {literal(ALTERNATIVE)} AND (c.chosen IS NULL OR {stands_in}))"
    )
