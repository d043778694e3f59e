"""Read again, just before sending, what a person may have taken back since the snapshot."""

# ruff: noqa: S608 - values are parameters, names are quoted (engine.audience.sql)
from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from engine.audience.addresses import app_rows, web_rows
from engine.audience.columns import KEY, Table
from engine.audience.consent import consent_columns
from engine.audience.phone import number_of, phone_of
from engine.audience.rows import make_reading
from engine.audience.session import Session
from engine.audience.sql import identifier, literal, trimmed
from engine.audience.suppression import refuse_whole_devices, write_none, write_refusals
from engine.kernel.frozen import frozen
from engine.model.audience import Everyone
from engine.model.channel import Channel
from engine.model.delivery import ConsentReading, Target
from engine.model.workspace import ConsentColumns

_PHONES = (Channel.KAKAO, Channel.SMS)


@frozen
class Reading:
    """What the sources say about one target now."""

    consent: ConsentReading
    suppressed: bool
    enabled: bool


def read_again(
    session: Session,
    targets: Sequence[Target],
    at: datetime,
    *,
    advertising: bool,
    answered: bool,
) -> Mapping[tuple[Channel, str], Reading]:
    """Return the readings at `at` by channel and address hash.

    Missing are targets whose person is gone or no longer has that address. The cost is that of one
    look through users, devices and suppression however many targets are asked for. Suppression is
    opened for `advertising` only: no list of refusals holds back a notice. `answered` is as in
    `consent_columns`.
    """
    if not targets:
        return {}
    channels = {target.channel for target in targets}
    push = bool(channels - set(_PHONES))
    also = {"devices": push, "suppression": advertising}
    scope = session.scope((Everyone(),), {}, at, also=[name for name in also if also[name]])
    users = scope.tables["users"]
    _write_asked(session, targets)
    _write_people(session, users, answered=answered)
    if advertising:
        refusals, country = scope.tables["suppression"], session.workspace.country
        write_refusals(session, refusals, '"@fresh"', scope.moment, country)
    else:
        write_none(session)
    found = _phone_readings()
    if push:
        refuse_whole_devices(session, scope.tables["devices"])
        found += f" UNION ALL {_device_readings(scope.tables['devices'], session)}"
    return _answers(session, found, targets, at)


def _write_asked(session: Session, targets: Sequence[Target]) -> None:
    columns: dict[str, Sequence[object]] = {
        "number": range(len(targets)),
        "user_id": [target.user_id for target in targets],
        "channel": [str(target.channel) for target in targets],
        "value": [target.address.value for target in targets],
    }
    session.keep("@asked", columns, "INTEGER,VARCHAR,VARCHAR,VARCHAR")


def _write_people(session: Session, users: Table, *, answered: bool) -> None:
    """Fill `@fresh` with what users says about the people who were asked for."""
    default = session.workspace.country
    country = f"coalesce({users.text('u', 'country')}, {literal(default)})"
    written = users.text("u", "phone")
    phone = phone_of(written, country)
    columns = {
        "key": f"u.{identifier(KEY)}",
        "user_id": "u.user_id",
        "phone": phone,
        "number": number_of(phone, written),
    }
    for channel in Channel:
        mapped = session.workspace.sources.consent.get(channel, ConsentColumns())
        columns |= consent_columns(users, channel, mapped, answered=answered)
    listed = ", ".join(f"{sql} AS {identifier(name)}" for name, sql in columns.items())
    session.run(
        f'CREATE OR REPLACE TEMP TABLE "@fresh" AS SELECT {listed} FROM users u'
        ' WHERE u.user_id IN (SELECT user_id FROM "@asked")'
    )


def _phone_readings() -> str:
    names = ", ".join(literal(channel) for channel in _PHONES)
    return (
        'SELECT a.number, true AS enabled FROM "@asked" a JOIN "@fresh" f ON f.user_id = a.user_id'
        f" AND f.phone = a.value WHERE a.channel IN ({names})"
    )


def _device_readings(devices: Table, session: Session) -> str:
    zone = session.workspace.timezone
    written = [
        f"SELECT key, channel, value, enabled FROM ({rows})"
        for rows in (app_rows(devices, zone), web_rows(devices, zone))
    ]
    return (
        f"SELECT a.number, bool_and(d.enabled) FROM ({' UNION ALL '.join(written)}) d"
        ' JOIN "@fresh" f ON f.key = d.key JOIN "@asked" a ON a.user_id = f.user_id'
        " AND a.channel = d.channel AND a.value = d.value GROUP BY a.number"
    )


def _answers(
    session: Session, found: str, targets: Sequence[Target], at: datetime
) -> Mapping[tuple[Channel, str], Reading]:
    columns = ", ".join(
        "CASE a.channel "
        + " ".join(f'WHEN {literal(channel)} THEN f."{channel} {name}"' for channel in Channel)
        + " END"
        for name in ("ad", "night", "service", "confirmed")
    )
    rows = session.rows(
        f"SELECT a.number, x.enabled, {columns},"
        " (ru.user_id IS NOT NULL OR ra.value IS NOT NULL)"
        f' FROM ({found}) x JOIN "@asked" a ON a.number = x.number'
        ' JOIN "@fresh" f ON f.user_id = a.user_id'
        ' LEFT JOIN "@refused_user" ru ON ru.user_id = a.user_id AND ru.channel = a.channel'
        ' LEFT JOIN "@refused_address" ra'
        f" ON ra.value = {trimmed('a.value')} AND ra.channel = a.channel"
    )
    answers: dict[tuple[Channel, str], Reading] = {}
    for number, enabled, ad, night, service, confirmed, suppressed in rows:
        target = targets[number]
        answers[target.channel, target.address_hash] = Reading(
            consent=make_reading(ad, night, service, confirmed, at),
            suppressed=suppressed,
            enabled=enabled,
        )
    return answers
