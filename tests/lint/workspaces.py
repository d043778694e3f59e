"""A small valid workspace, and fragments laid over it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import yaml

from engine.kernel.instant import parse_instant
from engine.kernel.origin import Origin
from engine.lint.context import LintContext, Sample, compose_samples
from engine.lint.rule import Setting
from engine.model.channel import Channel
from engine.model.channel_settings import SmsFormat
from engine.model.message import Message
from engine.model.resolved import ResolvedCampaign
from engine.model.vendor import SavedFacts
from engine.report.vendor import parse_vendor
from engine.workspace.read import Loaded, read_workspace

FILES = {
    "workspace": "pushform.yaml",
    "audience": "audiences/buyers.yaml",
    "campaign": "campaigns/sale.yaml",
    "template": "templates/sale.yaml",
}
BASE = """
workspace:
  kind: workspace
  name: sample-shop
  timezone: Asia/Seoul
  locale: ko
  country: KR
  sender:
    name: 샘플샵
    contact: "1588-0000"
    opt_out:
      app: {ko: "수신거부: 앱 > 설정 > 알림", en: "Opt out: app > settings"}
      web: {ko: "수신거부: 설정 > 알림"}
      sms: {ko: "무료수신거부 080-000-0000"}
  sources:
    users:
      path: audiences/data/users.csv
      sample: true
      consent:
        app: {ad: push_ad_agreed, night: night_ad_agreed, confirmed_at: ad_confirmed_at}
        web: {ad: web_ad_agreed, confirmed_at: ad_confirmed_at}
        kakao: {ad: kakao_ad_agreed, confirmed_at: ad_confirmed_at}
        sms: {ad: sms_ad_agreed, confirmed_at: ad_confirmed_at}
    devices: {path: audiences/data/devices.csv}
    suppression: {path: audiences/data/suppression.csv}
  channels:
    app: {provider: sandbox}
    web: {provider: sandbox}
    kakao: {provider: sandbox, profiles: {main: {sender_key: "${KAKAO_SENDER_KEY}"}}}
    sms: {provider: sandbox, senders: ["15880000"]}
  state: {url: "${PUSHFORM_STATE_URL}"}
campaign:
  kind: campaign
  id: sale
  title: 추석 특가
  type: advertising
  audience: everyone
  channels:
    app: {android: {channel_id: marketing}}
    sms: {from: "15880000"}
  message: {template: sale}
  action: {app: "sampleshop://sale", web: "https://shop.example/sale"}
  schedule: {at: "2026-09-24 10:00", timezone: Asia/Seoul}
template:
  kind: template
  id: sale
  variables:
    name: {type: string, from: user.name, default: 고객, sample: 민지}
  locales:
    ko: {title: "{{ name }}님, 추석 특가", body: "전 상품 20% 할인"}
    en: {title: "{{ name }}, Chuseok sale", body: "20% off everything"}
  redefine:
    sms:
      ko: {body: "최대 50% {{ link }}"}
      en: {body: "Up to 50% off {{ link }}"}
"""
PLAIN = Setting()
_COMMENT = re.compile(r"^\s*(?P<key>\w+):.*?(?P<comment>#\s*pushform:.*)$", re.MULTILINE)


def write_workspace(root: Path, *fragments: str) -> Path:
    """Write the base, with the fragments laid over it, as files into `root`."""
    files = yaml.safe_load(BASE)
    comments: dict[str, str] = {}
    for fragment in fragments:
        files = merge(files, _read(fragment))
        comments |= {match["key"]: match["comment"] for match in _COMMENT.finditer(fragment)}
    for name in files:
        path = file_of(name)
        text = yaml.safe_dump(files[name], allow_unicode=True, sort_keys=False, width=1000)
        for key, comment in comments.items():
            text = re.sub(rf"^(\s*{key}: [^#\n]*)$", rf"\1  {comment}", text, flags=re.MULTILINE)
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return root


def file_of(name: str) -> str:
    """Return the file of a part of the workspace; a part that the base lacks is another campaign."""
    return FILES.get(name, f"campaigns/{name}.yaml")


def merge(below: Any, above: Any) -> Any:
    """Lay `above` over `below`: mappings key by key, null takes a key away, the rest replaces."""
    if not isinstance(below, Mapping) or not isinstance(above, Mapping):
        return above
    merged = deepcopy(dict(below))
    for key, value in above.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = merge(merged.get(key), value)
    return merged


def open_context(root: Path, setting: Setting = PLAIN) -> tuple[Loaded, LintContext]:
    """Read the workspace in `root` and return it with its context."""
    loaded = read_workspace(root, None)
    assert loaded.workspace is not None, loaded.findings
    context = LintContext(
        workspace=loaded.workspace,
        campaigns=loaded.resolved,
        written=loaded.campaigns,
        audiences=loaded.audiences,
        templates=loaded.templates,
        as_of=parse_instant(setting.as_of),
        changed=None if setting.changed else frozenset(),
        reported=frozenset({"sale"}) if setting.reported else frozenset(),
        tracked=lambda path: path in setting.tracked,
        texts=_composing(setting.composed) if setting.composed else compose_samples,
        vendor=_vendor(setting.vendor) if setting.vendor else {},
        sources=loaded.sources,
        comments=loaded.comments,
    )
    return loaded, context


def _vendor(said: Mapping[str, Any]) -> dict[str, SavedFacts]:
    empty = {"kind": "vendor", "as_of": "2026-09-19T00:00:00Z", "profiles": {}, "templates": {}}
    return {"production": parse_vendor(json.dumps({**empty, **said}), "production")}


def _read(fragment: str) -> Any:
    # PyYAML reads `2026-09-24 10:00` and `off` its own way; examples quote what matters.
    return yaml.safe_load(fragment)


def _composing(composed: Mapping[str, str]) -> Any:
    channel = Channel(composed.get("channel", "app"))
    locale = composed.get("locale", "ko")

    def texts(campaign: ResolvedCampaign, jurisdictions: object) -> list[Sample]:
        text = campaign.variants[0].template.text(channel, locale)
        origin = text.origin if text is not None else Origin(FILES["template"])
        message = Message(
            channel=channel,
            locale=locale,
            jurisdiction=composed.get("jurisdiction", "KR"),
            variant="default",
            title=composed.get("title"),
            body=composed.get("body"),
            image=composed.get("image"),
            sms_format=SmsFormat.LMS if channel is Channel.SMS else None,
        )
        return [(message, origin)]

    return texts
