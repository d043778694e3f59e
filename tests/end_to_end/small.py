"""A workspace of one campaign and as many people as a test needs, written into a folder."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.cli_run import Result, pushform

PLANNED = "2026-09-20T00:00:00Z"
"""Sunday 09:00 in Seoul."""

DUE = "2026-09-20T02:00:00Z"
"""11:00 in Seoul, when the campaign is due."""

USERS = (
    "user_id",
    "name",
    "country",
    "locale",
    "timezone",
    "phone",
    "app_ad",
    "night_ad",
    "sms_ad",
    "sms_night",
    "kakao_ad",
    "push_on",
)


@dataclass(kw_only=True)
class Shop:
    """A small workspace; change its files and run commands in it."""

    root: Path
    people: int = 10
    advertising: bool = True
    at: str = "2026-09-20 11:00"
    timezone: str = "Asia/Seoul"
    schedule: str = ""
    extra: str = ""
    channels: str = "  app: {}\n"
    consent: str = "sms: sms_ad"
    app: str = "{provider: sandbox}"
    safety: str = "{max_recipients: 100000}"
    user: Callable[[int], Mapping[str, str]] = lambda _: {}
    device: Callable[[int], Mapping[str, str] | None] = lambda i: {"token": f"ok-{i:06d}"}
    suppressed: Sequence[str] = ()
    template: str = "가을 상품이 도착했어요"
    campaign: str = "sale"
    planned: str = PLANNED
    write: bool = field(default=True, repr=False)

    def __post_init__(self) -> None:
        if self.write:
            self.write_all()

    def write_all(self) -> None:
        """Write every file."""
        (self.root / "pushform.yaml").write_text(self._workspace(), "utf-8")
        self.write_campaign()
        self.write_template()
        self.write_people()

    def write_campaign(self, *, schedule: str | None = None, **lines: str) -> None:
        """Write the campaign; `lines` are added as they are."""
        kind = "type: advertising" if self.advertising else "type: informational\nbasis: account"
        night = self.schedule if schedule is None else schedule
        text = (
            f"kind: campaign\nid: {self.campaign}\ntitle: 가을 특가\n{kind}\n"
            f"audience: everyone\nchannels:\n{self.channels}"
            f"message: {{template: words}}\n"
            'action: {app: "sampleshop://sale", web: "https://shop.example/sale"}\n'
            f'schedule: {{at: "{self.at}", timezone: {self.timezone}{night}}}\n'
            f"{self.extra}" + "".join(f"{key}: {value}\n" for key, value in lines.items())
        )
        self._put(f"campaigns/{self.campaign}.yaml", text)

    def write_template(self) -> None:
        """Write the template, whose text is `template`."""
        self._put(
            "templates/words.yaml",
            "kind: template\nid: words\n"
            "variables:\n  name: {type: string, from: user.name, default: 고객, sample: 민지}\n"
            f'locales:\n  ko: {{title: "{{{{ name }}}}님, 안녕하세요", body: "{self.template}"}}\n'
            "redefine:\n  sms: {universal: true}\n  kakao: {universal: true}\n",
        )

    def write_people(self) -> None:
        """Write users, devices and suppression from the shop's functions."""
        users = [self._user(i) for i in range(self.people)]
        devices = [self._device(i) for i in range(self.people)]
        self._table("users", USERS, users)
        self._table(
            "devices",
            ("device_id", "user_id", "platform", "token", "fid", "enabled"),
            [device for device in devices if device is not None],
        )
        self._table("events", ("event_id", "user_id", "name", "occurred_at", "properties"), [])
        self._table("suppression", ("user_id",), [{"user_id": id_} for id_ in self.suppressed])

    # commands

    def run(self, *words: str | Path, as_of: str | None = None) -> Result:
        """Run a command in the workspace."""
        clock = ["--as-of", as_of] if as_of else []
        return pushform(words[0], *words[1:], "-C", self.root, *clock)

    def apply(self, as_of: str | None = None) -> Result:
        """Apply everything as of `as_of`; it must succeed."""
        result = self.run("apply", "--auto-approve", as_of=as_of or self.planned)
        assert result.code == 0, result.err
        return result

    def dispatch(self, as_of: str = DUE, *words: str) -> Result:
        """Dispatch as of an instant."""
        return self.run("dispatch", *words, as_of=as_of)

    def report(self, as_of: str = "2026-09-21T00:00:00Z") -> dict[str, object]:
        """Return the campaign's report, with its books checked."""
        plain = self.run("report", self.campaign, "--format", "json", as_of=as_of).json()
        for books in plain["books"].values():
            assert_balanced(books)
        return dict(plain)

    def device_books(self, as_of: str = "2026-09-21T00:00:00Z") -> dict[str, object]:
        """Return the books by delivery."""
        books = self.report(as_of)["books"]
        assert isinstance(books, dict)
        return dict(books["device"])

    def outbox(self) -> list[dict[str, object]]:
        """Return everything that the sandbox would have sent."""
        lines: list[dict[str, object]] = []
        for path in sorted((self.root / ".pushform" / "outbox").rglob("*.jsonl")):
            lines.extend(json.loads(line) for line in path.read_text("utf-8").splitlines())
        return lines

    # parts

    def _workspace(self) -> str:
        return f"""kind: workspace
name: small-shop
timezone: Asia/Seoul
locale: ko
country: KR
sender:
  name: 샘플샵
  contact: "1588-0000"
  opt_out:
    app: {{ko: "수신거부: 앱 > 설정 > 알림"}}
    web: {{ko: "수신거부: 설정 > 알림"}}
    kakao: {{ko: "수신거부: 채널 차단"}}
    sms: {{ko: "무료수신거부 080-000-0000"}}
sources:
  users:
    path: data/users.csv
    sample: true
    consent:
      app: {{ad: app_ad, night: night_ad, service: push_on}}
      {self.consent}
      kakao: kakao_ad
  devices: {{path: data/devices.csv, sample: true}}
  events: {{path: data/events.csv, sample: true}}
  suppression: {{path: data/suppression.csv, sample: true}}
channels:
  app: {self.app}
  kakao: {{provider: sandbox, profiles: {{main: {{friends: 100}}}}}}
  sms: {{provider: sandbox, senders: ["15880000"], certified: true}}
state: {{url: "sqlite:///.pushform/state.db", key: "${{PUSHFORM_STATE_KEY}}"}}
safety: {self.safety}
environments:
  sandbox:
    sandbox: true
  production: {{}}
"""

    def _user(self, i: int) -> dict[str, str]:
        row = {
            "user_id": f"u{i:06d}",
            "name": f"손님{i}",
            "country": "KR",
            "locale": "ko-KR",
            "timezone": "Asia/Seoul",
            "phone": f"010-0000-{i:04d}",
            "app_ad": "yes",
            "night_ad": "no",
            "sms_ad": "yes",
            "sms_night": "",
            "kakao_ad": "yes",
            "push_on": "yes",
        }
        return {**row, **self.user(i)}

    def _device(self, i: int) -> dict[str, str] | None:
        given = self.device(i)
        if given is None:
            return None
        row = {
            "device_id": f"d{i:06d}",
            "user_id": f"u{i:06d}",
            "platform": "android",
            "token": "",
            "fid": "",
            "enabled": "true",
        }
        return {**row, **given}

    def _table(self, name: str, columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> None:
        path = self.root / "data" / f"{name}.csv"
        path.parent.mkdir(exist_ok=True)
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            writer.writerows(rows)

    def _put(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")


def assert_balanced(books: Mapping[str, object]) -> None:
    """Hold a set of books to its equation."""
    skipped, failed = books["skipped"], books["failed"]
    assert isinstance(skipped, dict)
    assert isinstance(failed, dict)
    numbers = [books[name] for name in ("held_out", "sent", "unknown", "pending")]
    assert all(isinstance(n, int) and n >= 0 for n in numbers), books
    total = sum(n for n in numbers if isinstance(n, int))
    assert books["targeted"] == total + sum(skipped.values()) + sum(failed.values()), books
