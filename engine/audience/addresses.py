"""Every address of every person in `@person`: devices for app and web, the phone for kakao and sms.

An address that stands twice for one person is one address, and switched off in any row it is off;
else the most recently seen row counts. Channels limit devices: `latest` and `one_per_platform` keep
the enabled, then the most recently seen.
"""

# ruff: noqa: S608 - values are parameters, names are quoted (engine.audience.sql)
from __future__ import annotations

from collections.abc import Mapping

from engine.audience.bounds import instant_of
from engine.audience.columns import Kind, Table
from engine.audience.condition import enabled_of
from engine.audience.sql import identifier, literal
from engine.model.channel import Channel, Platform
from engine.model.channel_settings import AppSettings, ChannelSettings, Devices, WebSettings

_LATEST = "seen DESC NULLS LAST, device_id NULLS LAST, value"


def address_rows(channels: Mapping[Channel, ChannelSettings], devices: Table, timezone: str) -> str:
    """Return SQL: key, channel, platform, kind, value, p256dh, auth, device_id, enabled."""
    written = [_phone_rows(Channel.SMS) + " AND false"]
    for channel in Channel:
        settings = channels.get(channel)
        match settings:
            case None:
                continue
            case AppSettings() | WebSettings():
                rows = (
                    app_rows(devices, timezone)
                    if isinstance(settings, AppSettings)
                    else web_rows(devices, timezone)
                )
                written.append(_limited(rows, settings.devices))
            case _:
                written.append(_phone_rows(channel))
    return " UNION ALL ".join(f"({sql})" for sql in written)


def app_rows(devices: Table, timezone: str) -> str:
    """Return SQL for the phones' addresses: the registration token, else the installation id."""
    token, fid = devices.text("d", "token"), devices.text("d", "fid")
    kind = f"CASE WHEN {token} IS NOT NULL THEN 'fcm_token' ELSE 'fcm_fid' END"
    platforms = f"{literal(Platform.ANDROID)}, {literal(Platform.IOS)}"
    return (
        f"SELECT * FROM (SELECT {_device(devices, timezone)}, {literal(Channel.APP)} AS channel,"
        f" {kind} AS kind, coalesce({token}, {fid}) AS value,"
        " CAST(NULL AS VARCHAR) AS p256dh, CAST(NULL AS VARCHAR) AS auth"
        f" FROM devices d) WHERE platform IN ({platforms}) AND value IS NOT NULL"
    )


def web_rows(devices: Table, timezone: str) -> str:
    """Return SQL for the browsers' subscriptions; one without both keys cannot be encrypted for."""
    endpoint = devices.text("d", "endpoint")
    return (
        f"SELECT * FROM (SELECT {_device(devices, timezone)}, {literal(Channel.WEB)} AS channel,"
        f" 'webpush' AS kind, {endpoint} AS value,"
        f" {devices.text('d', 'p256dh')} AS p256dh, {devices.text('d', 'auth')} AS auth"
        f" FROM devices d) WHERE platform = {literal(Platform.WEB)}"
        " AND value IS NOT NULL AND p256dh IS NOT NULL AND auth IS NOT NULL"
    )


def _device(devices: Table, timezone: str) -> str:
    seen = "CAST(NULL AS TIMESTAMPTZ)"
    if devices.has("last_seen_at"):
        written = devices.value("d", "last_seen_at")
        # Only the order counts, so times that share a kind need no zone.
        seen = instant_of(written, timezone) if written.kind is Kind.TEXT else written.sql
    return (
        f"d.{identifier('@key')} AS key,"
        f" lower(trim({devices.text('d', 'platform')})) AS platform,"
        f" {devices.text('d', 'device_id')} AS device_id,"
        f" {enabled_of(devices, 'd')} AS enabled, {seen} AS seen"
    )


def _limited(rows: str, devices: Devices) -> str:
    once = (
        f'SELECT * FROM ({rows}) SEMI JOIN "@person" USING (key)'
        f" QUALIFY row_number() OVER (PARTITION BY key, kind, value ORDER BY enabled, {_LATEST}) = 1"
    )
    if devices is Devices.ALL:
        return _columns(once)
    group = "key" if devices is Devices.LATEST else "key, platform"
    return _columns(
        f"SELECT * FROM ({once})"
        f" QUALIFY row_number() OVER (PARTITION BY {group} ORDER BY enabled DESC, {_LATEST}) = 1"
    )


def _columns(rows: str) -> str:
    return (
        "SELECT key, channel, platform, kind, value, p256dh, auth, device_id, enabled"
        f" FROM ({rows})"
    )


def _phone_rows(channel: Channel) -> str:
    return (
        f"SELECT key, {literal(channel)} AS channel, {literal(Platform.PHONE)} AS platform,"
        " 'phone' AS kind, phone AS value, CAST(NULL AS VARCHAR) AS p256dh,"
        " CAST(NULL AS VARCHAR) AS auth, CAST(NULL AS VARCHAR) AS device_id, true AS enabled"
        ' FROM "@person" WHERE phone IS NOT NULL'
    )
