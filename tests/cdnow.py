"""CDNOW's purchases (1997-01 to 1998-06, 23,570 customers) as a workspace of their own.

The file ships in the PyPI package `lifetimes`; the package itself is not imported. Purchases are
real; names, devices, phones and consents are made up, always the same by the customer's number.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import files
from pathlib import Path
from typing import NamedTuple

AUDIENCE = "twice-and-fifty"
CAMPAIGN = "spring-records"

_FILES = {
    "pushform.yaml": """\
kind: workspace
name: cdnow
timezone: Asia/Seoul
locale: ko
country: KR
sender:
  name: 씨디나우
  contact: "1588-0000"
  opt_out:
    app: {ko: "수신거부: 앱 > 설정 > 알림", en: "Opt out: App > Settings > Notifications"}
sources:
  users:
    path: audiences/data/users.csv
    sample: true
    consent:
      app:
        ad: push_ad_agreed
        night: night_ad_agreed
        confirmed_at: ad_confirmed_at
        service: push_enabled
  devices: {path: audiences/data/devices.csv, sample: true}
  events: {path: audiences/data/events.csv, sample: true}
  suppression: {path: audiences/data/suppression.csv, sample: true}
channels:
  app: {provider: fcm, project: cdnow, credentials: "${FCM_CREDENTIALS}", rate: 10000/s}
state: {url: "sqlite:///.pushform/state.db", key: "${PUSHFORM_STATE_KEY}"}
safety: {max_recipients: 30000, max_failed: 5%, consent_max_age: 10m}
environments:
  sandbox:
    sandbox: true
    channels:
      app: {provider: sandbox}
  production: {}
""",
    f"audiences/{AUDIENCE}.yaml": f"""\
kind: audience
id: {AUDIENCE}
title: 90일 안에 두 번 이상, 50 넘게 산 고객
where:
  event: purchase
  between: ["1997-12-01", "1998-03-01"]
  count: {{gte: 2}}
  sum: {{property: amount, gt: 50}}
attributes:
  bought: {{event: purchase, count: true}}
""",
    f"templates/{CAMPAIGN}.yaml": f"""\
kind: template
id: {CAMPAIGN}
variables:
  name: {{type: string, from: user.name, default: 고객, sample: 민지}}
  bought: {{type: integer, from: derived.bought, default: 0, sample: 3}}
locales:
  ko:
    title: "{{{{ name }}}}님, 봄 신보"
    body: "지금까지 {{{{ bought }}}}번 함께했어요. 새 음반을 만나 보세요."
  en:
    title: "Spring records for {{{{ name }}}}"
    body: "{{{{ bought }}}} orders so far. Meet the new ones."
""",
    f"campaigns/{CAMPAIGN}.yaml": f"""\
kind: campaign
id: {CAMPAIGN}
title: 봄 신보
purpose: 재구매 유도
owner: growth@cdnow.example
type: advertising
audience: {AUDIENCE}
channels:
  app: {{android: {{channel_id: marketing}}, ios: {{interruption_level: active}}, devices: all}}
message: {{template: {CAMPAIGN}}}
schedule: {{at: "1998-03-02 10:00", timezone: Asia/Seoul, late: 30m}}
""",
}


class Purchase(NamedTuple):
    """One line of the file: `day` is `YYYY-MM-DD`, `amount` in dollars as it is written."""

    customer: str
    day: str
    cds: int
    amount: str


def read_purchases() -> Iterator[Purchase]:
    """Yield the purchases in the order of the file."""
    with _find_file().open(encoding="ascii") as file:
        next(file)
        for line in file:
            customer, day, cds, amount = line.split()
            yield Purchase(customer, f"{day[:4]}-{day[4:6]}-{day[6:]}", int(cds), amount)


def _find_file() -> Path:
    for path in files("lifetimes") or ():
        if path.name == "CDNOW_master.txt":
            return Path(str(path.locate()))
    raise FileNotFoundError("`lifetimes` has no CDNOW_master.txt: install the `dev` extra")


def write_workspace(path: Path) -> None:
    """Write a complete workspace with CDNOW's customers and purchases into the folder `path`."""
    for name, text in _FILES.items():
        file = path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    data = path / "audiences" / "data"
    data.mkdir(parents=True, exist_ok=True)
    purchases = list(read_purchases())
    customers = sorted({purchase.customer for purchase in purchases})
    _write(data / "users.csv", _USER_COLUMNS, map(_user, customers))
    _write(
        data / "devices.csv",
        ("device_id", "user_id", "platform", "token", "fid", "enabled", "last_seen_at"),
        (device for customer in customers for device in _devices(customer)),
    )
    _write(
        data / "events.csv",
        ("event_id", "user_id", "name", "occurred_at", "properties"),
        (_event(number, purchase) for number, purchase in enumerate(purchases, 1)),
    )
    refused = [customer for customer in customers if int(customer) % 50 == 7]
    _write(
        data / "suppression.csv",
        ("user_id", "phone", "token", "channel", "since"),
        ((customer, "", "", "all", "1998-01-15") for customer in refused),
    )


_USER_COLUMNS = (
    "user_id",
    "name",
    "country",
    "locale",
    "timezone",
    "phone",
    "birth_date",
    "push_ad_agreed",
    "night_ad_agreed",
    "ad_confirmed_at",
    "push_enabled",
)


def _user(customer: str) -> tuple[str, ...]:
    number = int(customer)
    return (
        customer,
        ("민지", "서준", "하은", "Alex", "도윤")[number % 5],
        "KR",
        ("ko-KR", "ko", "en-US", "")[number % 4],
        ("Asia/Seoul", "", "Asia/Seoul")[number % 3],
        f"010-{number // 10_000:04d}-{number % 10_000:04d}",
        f"{1950 + number % 30}-{number % 12 + 1:02d}-{number % 28 + 1:02d}",
        ("yes", "yes", "TRUE", "no", "")[number % 5],
        ("no", "yes")[number % 2],
        "1997-12-01",
        ("yes", "yes", "yes", "no", "yes", "")[number % 6],
    )


def _devices(customer: str) -> Iterator[tuple[str, ...]]:
    number = int(customer)
    for index in range(0 if number % 10 == 0 else 2 if number % 7 == 0 else 1):
        yield (
            f"{customer}-{index}",
            customer,
            ("android", "ios")[(number + index) % 2],
            f"token-{customer}-{index}",
            "",
            "no" if number % 11 == 0 else "yes",
            f"1998-02-{index + 1:02d}T00:00:00Z",
        )


def _event(number: int, purchase: Purchase) -> tuple[str, ...]:
    properties = {"amount": float(purchase.amount), "cds": purchase.cds}
    return (
        f"e{number:05d}",
        purchase.customer,
        "purchase",
        purchase.day,
        json.dumps(properties),
    )


def _write(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
