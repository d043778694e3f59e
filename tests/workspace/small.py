"""A small Korean shop on disk: always valid, so that a test changes the one thing it is about."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from engine.kernel.finding import Finding
from engine.workspace.read import Loaded, read_workspace

WORKSPACE = """\
kind: workspace
name: sample-shop
timezone: Asia/Seoul
locale: ko
country: KR
sender:
  name: 샘플샵
  contact: "1588-0000"
  opt_out: {app: {ko: "수신거부: 앱 > 설정 > 알림"}, sms: {ko: "무료수신거부 080-000-0000"}}
sources:
  users:
    path: audiences/data/users.csv
    sample: true
    consent: {app: {ad: push_ad_agreed, night: night_ad_agreed}, web: web_ad_agreed, sms: sms_ad}
  devices: {path: audiences/data/devices.csv}
  events: {path: audiences/data/events.csv}
  suppression: none
channels:
  app: {provider: fcm, project: sample-shop, credentials: "${FCM_CREDENTIALS}", rate: 10000/s}
  web: {provider: webpush, private_key: "${VAPID_PRIVATE_KEY}", subject: "mailto:push@shop.example"}
  kakao:
    provider: nhn
    app_key: "${NHN_APP_KEY}"
    secret: "${NHN_SECRET}"
    profiles: {main: {sender_key: "${KAKAO_SENDER_KEY}", friends: 62000}}
  sms: {provider: solapi, api_key: "${SOLAPI_KEY}", secret: "${SOLAPI_SECRET}", senders: ["1588-0000"]}
state: {url: "sqlite:///.pushform/state.db", key: "${PUSHFORM_STATE_KEY}"}
safety: {max_recipients: 100000, per_user: {max: 2, within: 24h}}
environments:
  sandbox:
    sandbox: true
    channels:
      app: {provider: sandbox}
      web: {provider: sandbox}
      kakao: {provider: sandbox}
      sms: {provider: sandbox}
  production: {}
"""
CAMPAIGN = """\
kind: campaign
id: chuseok-sale
title: 추석 특가
purpose: 재구매 유도
owner: growth@shop.example
type: advertising
audience: loyal-shoppers
exclude: [bought-this-week, {campaign: early-bird, outcome: sent, within: 7d}]
channels:
  app: {android: {channel_id: marketing}, ios: {interruption_level: active}, devices: all}
  web: {}
  kakao: {product: brand, bubble: text, profile: main, targeting: I}
  sms: {from: "15880000", format: auto}
alternative: {kakao: sms}
message: {template: chuseok-sale, with: {discount: 30}}
action: {app: "sampleshop://sale/chuseok", web: {ko: "https://shop.example/ko", b: "https://shop.example/b"}}
schedule: {at: "2026-09-24 10:00", timezone: Asia/Seoul, pace: 2000/s, late: 45m}
experiment:
  variants: [{id: a, weight: 50}, {id: b, weight: 50, message: {template: chuseok-sale-b}}]
  holdout: 5%
  winner: {metric: open, test_share: 20%, after: 2h}
kpi: [{event: purchase, within: 3d, value: amount}]
acknowledge: [{limit: max_recipients, up_to: 400000, reason: 명절 특가, until: "2026-09-25"}]
"""
EARLY_BIRD = """\
kind: campaign
id: early-bird
type: informational
basis: requested
audience: everyone
channels: {app: }
message: {ko: {title: 사전 예약 안내, body: 신청하신 알림입니다}}
schedule: {at: "2026-09-20 11:00", timezone: recipient}
"""
TEMPLATE = """\
kind: template
id: chuseok-sale
variables:
  name: {type: string, from: user.name, default: 고객, sample: 민지}
  item: {type: string, from: derived.favourite, on_missing: skip, sample: 송편}
  discount: {type: integer, from: with.discount, sample: 30}
locales:
  ko: {title: "{{ name }}님, 추석 특가", body: "{{ item|josa('을/를') }} {{ discount }}% 할인"}
  en: {title: "Chuseok sale", body: "{{ discount }}% off"}
redefine:
  sms: {ko: {body: "{{ discount }}% 할인 {{ link }}"}}
  kakao:
    universal: true
    ko: {body: "{{ discount }}% 할인", buttons: [{name: 보러 가기, link: "{{ link }}"}]}
"""
LOYAL = """\
kind: audience
id: loyal-shoppers
where:
  all:
    - {attribute: country, eq: KR}
    - {event: purchase, where: [{property: amount, gte: 10000}], within: 30d, count: {gte: 2}}
    - {event: purchase, between: ["2026-01-01", "2026-07-01"], sum: {property: amount, gt: 100000}}
    - {event: open_app, within: 7d, never: true}
    - {device: [{property: platform, in: [android, ios]}]}
    - not: {audience: staff}
attributes:
  favourite: {event: view, most_frequent: category, within: 90d}
expect: {size: {min: 10, max: 100000}}
"""
FILES: Mapping[str, str] = {
    "pushform.yaml": WORKSPACE,
    "campaigns/chuseok-sale.yaml": CAMPAIGN,
    "campaigns/early-bird.yaml": EARLY_BIRD,
    "templates/chuseok-sale.yaml": TEMPLATE,
    "templates/event/chuseok-sale-b.yaml": TEMPLATE.replace(
        "id: chuseok-sale", "id: chuseok-sale-b"
    ),
    "audiences/loyal-shoppers.yaml": LOYAL,
    "audiences/bought-this-week.yaml": (
        "kind: audience\nid: bought-this-week\nwhere: {event: purchase, within: 7d}\n"
    ),
    "audiences/staff.yaml": "kind: audience\nid: staff\nwhere: {attribute: grade, eq: 직원}\n",
}


def write(root: Path, changes: Mapping[str, str | None] | None = None) -> Path:
    """Write the shop below `root`, with `changes` (None: no such file)."""
    for path, text in {**FILES, **(changes or {})}.items():
        if text is not None:
            file = root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
    return root


def load(
    root: Path, changes: Mapping[str, str | None] | None = None, environment: str | None = None
) -> Loaded:
    """Write the shop with `changes` and read it."""
    return read_workspace(write(root, changes), environment)


def place(loaded: Loaded, finding: Finding) -> tuple[int, int]:
    """Return the line and the column where `finding` is shown."""
    span = loaded.sources.locate(finding.at, key=finding.key)
    return finding.line or span.line, finding.column or span.column


def said(loaded: Loaded) -> list[str]:
    """Return the findings as `file:line rule message`, in the order of file and line."""
    shown = [
        (finding.at.file, *place(loaded, finding), finding.rule, finding.message)
        for finding in loaded.findings
    ]
    return [f"{file}:{line} {rule} {message}" for file, line, _, rule, message in sorted(shown)]
