"""Small worlds for the tests of this room: files of people and a campaign over them."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from engine.audience.people import DuckPeople, open_people
from engine.model.audience import Condition, Everyone
from engine.model.channel import Channel
from engine.model.channel_settings import AppSettings, KakaoSettings, SmsSettings, WebSettings
from engine.model.ports import Reached
from engine.model.resolved import ResolvedCampaign
from engine.model.schedule import Schedule
from engine.model.template import Redefinition, Template, Text, Variable, VariableType
from engine.model.workspace import (
    ConsentColumns,
    Safety,
    Sender,
    Sources,
    StateSettings,
    TableSource,
    Workspace,
)
from tests.resolved import an_advertisement

KEY = b"test-key"
AT = datetime(2026, 9, 24, 1, 0, tzinfo=UTC)
"""10:00 in Seoul."""

CONSENT = {
    Channel.APP: ConsentColumns(
        ad="push_ad_agreed",
        night="night_ad_agreed",
        confirmed_at="ad_confirmed_at",
        service="push_enabled",
    ),
    Channel.WEB: ConsentColumns(ad="web_ad_agreed"),
    Channel.KAKAO: ConsentColumns(ad="kakao_ad_agreed"),
    Channel.SMS: ConsentColumns(ad="sms_ad_agreed"),
}
USER = {
    "user_id": "u1",
    "name": "김민지",
    "country": "KR",
    "locale": "ko-KR",
    "timezone": "Asia/Seoul",
    "phone": "010-1234-5678",
    "birth_date": "1990-05-05",
    "guardian_consent": "",
    "preferred_channel": "",
    "push_ad_agreed": "yes",
    "night_ad_agreed": "no",
    "ad_confirmed_at": "2026-01-02",
    "push_enabled": "yes",
    "web_ad_agreed": "yes",
    "kakao_ad_agreed": "yes",
    "sms_ad_agreed": "yes",
    "bought_on": "",
}
DEVICE = {
    "device_id": "d1",
    "user_id": "u1",
    "platform": "android",
    "token": "token-1",
    "fid": "",
    "enabled": "",
    "last_seen_at": "2026-09-20T00:00:00Z",
    "endpoint": "",
    "p256dh": "",
    "auth": "",
}
EVENT = {
    "event_id": "e1",
    "user_id": "u1",
    "name": "purchase",
    "occurred_at": "2026-09-20T00:00:00Z",
    "properties": "{}",
    "message_id": "",
}
REFUSAL = {"user_id": "", "phone": "", "token": "", "channel": "", "since": ""}
Rows = Sequence[Mapping[str, str]]


def write_csv(path: Path, columns: Sequence[str], rows: Rows) -> None:
    """Write `rows` with a header, as a spreadsheet would."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def user(number: int, **changes: str) -> dict[str, str]:
    return {
        **USER,
        "user_id": f"u{number}",
        "phone": f"010-0000-{number:04d}",
        **changes,
    }


def device(number: int, **changes: str) -> dict[str, str]:
    return {
        **DEVICE,
        "device_id": f"d{number}",
        "user_id": f"u{number}",
        "token": f"token-{number}",
        **changes,
    }


def browser(number: int, **changes: str) -> dict[str, str]:
    return device(
        number,
        device_id=f"w{number}",
        platform="web",
        token="",
        endpoint=f"https://push.example/{number}",
        p256dh="BKey",
        auth="secret",
        **changes,
    )


def event(number: int, **changes: str) -> dict[str, str]:
    return {**EVENT, "event_id": f"e{number}", **changes}


def a_workspace(**changes: Any) -> Workspace:
    sources = Sources(
        users=TableSource(path="users.csv"),
        consent=CONSENT,
        devices=TableSource(path="devices.csv"),
        events=TableSource(path="events.csv"),
        suppression=TableSource(path="suppression.csv"),
    )
    workspace = Workspace(
        name="sample-shop",
        timezone="Asia/Seoul",
        locale="ko",
        country="KR",
        sender=Sender(name="샘플샵", contact="1588-0000"),
        sources=sources,
        channels={},
        state=StateSettings(url="sqlite://"),
        safety=Safety(),
        environment="sandbox",
        sandbox=True,
        environments=("sandbox",),
    )
    return replace(workspace, **changes)


def write_world(
    root: Path, users: Rows = (), devices: Rows = (), events: Rows = (), suppression: Rows = ()
) -> None:
    """Write the four sources as csv files in `root`."""
    write_csv(root / "users.csv", list(USER), users)
    write_csv(root / "devices.csv", list(DEVICE), devices)
    write_csv(root / "events.csv", list(EVENT), events)
    write_csv(root / "suppression.csv", list(REFUSAL), suppression)


def a_world(
    root: Path,
    users: Rows = (),
    devices: Rows = (),
    events: Rows = (),
    suppression: Rows = (),
    *,
    reached: Reached | None = None,
) -> DuckPeople:
    write_world(root, users, devices, events, suppression)
    return open_people(a_workspace(), root, KEY, reached)


def a_template(**changes: Any) -> Template:
    template = Template(
        id="chuseok",
        variables={
            "name": Variable(name="name", type=VariableType.STRING, source="user.name"),
        },
        locales={
            "ko": Text(title="추석 특가", body="{{ name }}님"),
            "en": Text(title="Sale", body="{{ name }}"),
        },
        redefine={
            Channel.SMS: Redefinition(locales={"ko": Text(body="문자")}),
            Channel.KAKAO: Redefinition(locales={"ko": Text(body="톡")}),
        },
    )
    return replace(template, **changes)


ALL_CHANNELS = {
    Channel.APP: AppSettings(),
    Channel.WEB: WebSettings(),
    Channel.KAKAO: KakaoSettings(),
    Channel.SMS: SmsSettings(from_="15880000"),
}


def a_campaign(audience: Condition | None = None, **changes: Any) -> ResolvedCampaign:
    """Return a campaign that is always valid; override one thing."""
    given: dict[str, Any] = {
        "consent": CONSENT,
        "channels": ALL_CHANNELS,
        "audience": audience or Everyone(),
        "schedule": Schedule(at=datetime(2026, 9, 24, 10, 0), timezone="Asia/Seoul"),
        **changes,
    }
    return an_advertisement(a_template(), **given)
