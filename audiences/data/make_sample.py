"""Write the sample shop's people: made up from one seed, byte for byte the same on any machine.

    python audiences/data/make_sample.py [DIRECTORY]

Nobody here exists. Names come from folk tales and novels, Korean phones lie in 010-0000-xxxx, the
others in ranges that are kept free for fiction (NANP 555-01xx, Ofcom 07700 900xxx, Arcep 06 39 98).
Dirt is on purpose: missing and invalid zones, consents that are neither yes nor no, two people
behind one token, disabled devices, refusals.
"""

from __future__ import annotations

import csv
import json
import sys
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import TypeVar

T = TypeVar("T")

SEED = 20260920
PEOPLE = 2_000
EVENTS = 7_000
END = datetime(2026, 9, 20, tzinfo=UTC)
"""The last event lies before this instant: the `--as-of` of the demo and the tests."""

KOREAN = [
    "길동",
    "춘향",
    "몽룡",
    "심청",
    "흥부",
    "놀부",
    "콩쥐",
    "향단",
    "방자",
    "우치",
    "견우",
    "온달",
]
ENGLISH = ["Alice", "Dorothy", "Huckleberry", "Sherlock", "Ishmael", "Jane", "Oliver", "Emma"]
JAPANESE = ["桃太郎", "金太郎", "浦島", "かぐや", "一寸", "花咲", "鶴子", "乙姫"]
GRADES = ["bronze"] * 6 + ["silver"] * 3 + ["gold"] * 2 + ["vip"]
CATEGORIES = ["송편", "한우", "과일", "홍삼", "한과", "전통주", "건어물", "굴비", "곶감", "도자기"]
YES = ["true", "true", "true", "yes", "Y", "1", "TRUE"]
NO = ["false", "false", "no", "N", "0"]
NEITHER = ["", "", "", "null", "-", "동의", "maybe"]
PREFERRED = ["app"] * 5 + ["kakao"] * 3 + ["web", "sms", "", "", "email"]
ZONES = {
    "KR": ["Asia/Seoul"] * 40 + ["", "", "KST", "GMT+9", "America/Los_Angeles"],
    "US": ["America/New_York"] * 3 + ["America/Chicago", "America/Los_Angeles", ""],
    "JP": ["Asia/Tokyo"] * 8 + ["", "JST"],
    "GB": ["Europe/London"] * 4 + [""],
    "FR": ["Europe/Paris"] * 4 + [""],
}
LOCALES = {
    "KR": ["ko-KR"] * 30 + ["ko", "ko", "ko_KR", "", "en-US"],
    "US": ["en-US"] * 6 + ["ko-KR", ""],
    "JP": ["ja-JP"] * 6 + ["ja", "en-US"],
    "GB": ["en-GB"] * 3 + ["en"],
    "FR": ["fr-FR"] * 3 + ["en-GB"],
}

# NIST P-256: web push keys must be points of the curve, or nothing can be encrypted for them.
P = 2**256 - 2**224 + 2**192 + 2**96 - 1
G = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)


def pick(rng: Random, items: Sequence[T]) -> T:
    """Return one of `items`. Only `random()` is promised to stay the same in every Python."""
    return items[int(rng.random() * len(items))]


def low(rng: Random, power: int) -> float:
    """Return a number in [0, 1), the lower the likelier. Multiplied: `pow` differs by platform."""
    drawn = result = rng.random()
    for _ in range(power - 1):
        result *= drawn
    return result


def consent(rng: Random, yes: float, neither: float) -> str:
    """Return a consent as people's systems write it: `yes` and `neither` are shares of 1."""
    drawn = rng.random()
    return pick(rng, YES if drawn < yes else NEITHER if drawn < yes + neither else NO)


def instant(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def phone(rng: Random, country: str, number: int) -> str:
    """Return a fictional number; Korean ones with and without hyphens, as they come in life."""
    four = f"{number:04d}"
    match country:
        case "US":
            return f"+1{pick(rng, ['212', '312', '415'])}55501{number % 100:02d}"
        case "JP":
            return f"+81900000{four}"
        case "GB":
            return f"+447700900{number % 1000:03d}"
        case "FR":
            return f"+3363998{four}"
        case _ if rng.random() < 0.03:
            return ""
        case _:
            return pick(rng, [f"010-0000-{four}", f"0100000{four}", f"+82100000{four}"])


def birth_date(rng: Random) -> tuple[str, str]:
    """Return a date of birth and a guardian's consent; some are missing, a few are under 14."""
    drawn = rng.random()
    if drawn < 0.08:
        return "", ""
    child = drawn < 0.10
    year = (2013 if child else 1955) + int(rng.random() * (10 if child else 52))
    born = f"{year}-{1 + int(rng.random() * 12):02d}-{1 + int(rng.random() * 28):02d}"
    return born, pick(rng, ["yes", "", "no"]) if child else ""


def users(rng: Random) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = []
    for number in range(1, PEOPLE + 1):
        home = pick(rng, ["KR"] * 86 + ["US"] * 6 + ["JP"] * 5 + ["GB", "GB", "FR"])
        names = {"KR": KOREAN, "JP": JAPANESE}.get(home, ENGLISH)
        born, guardian = birth_date(rng)
        ad, joined = consent(rng, 0.66, 0.12), END - timedelta(days=int(1 + rng.random() * 1500))
        confirmed = joined + timedelta(days=int(rng.random() * (END - joined).days))
        staff = number % 167 == 0
        rows.append(
            {
                "user_id": f"u{number:04d}",
                "country": "" if rng.random() < 0.02 else home,
                "locale": pick(rng, LOCALES[home]),
                "timezone": pick(rng, ZONES[home]),
                # Every 180th shares the number of the one before: a couple with one phone.
                "phone": rows[-1]["phone"] if number % 180 == 0 else phone(rng, home, number),
                "birth_date": born,
                "guardian_consent": guardian,
                "preferred_channel": pick(rng, PREFERRED),
                "name": "" if rng.random() < 0.03 else pick(rng, names),
                "grade": pick(rng, GRADES),
                "points": str(int(low(rng, 3) * 60_000)),
                "member_no": f"{'S' if staff else 'M'}-{joined.year}-{number:05d}",
                "tags": "staff|beta" if staff else pick(rng, ["", "", "", "beta", "app-review"]),
                "joined_at": joined.strftime("%Y-%m-%d"),
                "push_enabled": consent(rng, 0.93, 0.03),
                "push_ad_agreed": ad,
                "night_ad_agreed": consent(rng, 0.3, 0.2),
                "ad_confirmed_at": confirmed.strftime("%Y-%m-%d") if ad in YES else "",
                "web_ad_agreed": consent(rng, 0.5, 0.2),
                "kakao_ad_agreed": consent(rng, 0.55, 0.1),
                "sms_ad_agreed": consent(rng, 0.5, 0.1),
            }
        )
    return rows


def web_keys(count: int) -> Iterable[str]:
    """Yield `count` different public keys (65 bytes, base64url): multiples of the base point."""
    # Doubling G once and then adding G again and again is all the arithmetic that is needed.
    slope = 3 * (G[0] ** 2 - 1) * pow(2 * G[1], -1, P) % P
    x = (slope**2 - 2 * G[0]) % P
    y = (slope * (G[0] - x) - G[1]) % P
    for _ in range(count):
        yield base64url(b"\x04" + x.to_bytes(32, "big") + y.to_bytes(32, "big"))
        slope = (y - G[1]) * pow(x - G[0], -1, P) % P
        next_x = (slope**2 - x - G[0]) % P
        y = (slope * (G[0] - next_x) - G[1]) % P
        x = next_x


def base64url(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def devices(rng: Random, people: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = []
    keys = iter(web_keys(PEOPLE))
    blank = dict.fromkeys(("token", "fid", "endpoint", "p256dh", "auth"), "")
    for person in people:
        owned = [pick(rng, ["android", "android", "ios"])] if rng.random() < 0.82 else []
        owned += [pick(rng, ["android", "ios"])] if rng.random() < 0.12 else []
        owned += ["web"] if rng.random() < 0.3 else []
        for platform in owned:
            number, secret = (
                len(rows) + 1,
                base64url(bytes(int(rng.random() * 256) for _ in range(16))),
            )
            address = {"token": f"sample-token-{number:05d}-{secret}"}
            if platform == "web":
                endpoint = f"https://push.example.invalid/s/{number:05d}{secret}"
                address = {"endpoint": endpoint, "p256dh": next(keys), "auth": secret}
            elif rng.random() < 0.1:
                address = {"fid": f"c{secret}"[:22]}
            elif rows and rows[-1]["token"] and number % 97 == 0:
                address = {"token": rows[-1]["token"]}  # a tablet that the family shares
            seen = END - timedelta(minutes=int(1 + low(rng, 2) * 400 * 1440))
            rows.append(
                {
                    "device_id": f"d{number:05d}",
                    "user_id": person["user_id"],
                    "platform": platform,
                    **(blank | address),
                    "enabled": "false" if rng.random() < 0.06 else "true",
                    "seen_at": instant(seen),
                    "app_version": ""
                    if platform == "web"
                    else pick(rng, ["5.1.0", "5.2.0", "5.3.1"]),
                }
            )
    return rows


def events(rng: Random, people: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    drawn: list[tuple[datetime, str, str, dict[str, object]]] = []
    for _ in range(EVENTS):
        # Few people do most: the square puts a third of all events on a tenth of them.
        person = people[int(low(rng, 2) * len(people))]
        ago = low(rng, 2) if rng.random() < 0.2 else rng.random()  # somewhat more of late
        at = END - timedelta(seconds=int(1 + ago * 150 * 86_400))
        name = pick(rng, ["view"] * 6 + ["open_app"] * 4 + ["purchase"] * 4 + ["restock_request"])
        category = pick(rng, CATEGORIES)
        properties: dict[str, object] = {"category": category}
        if name == "purchase":
            properties["amount"] = 1_000 * int(5 + low(rng, 2) * 150)
        if name == "open_app":
            properties = {"source": pick(rng, ["push", "icon", "link"])}
        drawn.append((at, person["user_id"], name, properties))
    return [
        {
            "event_id": f"e{number:05d}",
            "user_id": user_id,
            "name": name,
            "occurred_at": instant(at),
            "properties": json.dumps(properties, ensure_ascii=False, separators=(",", ":")),
            "message_id": "",
        }
        for number, (at, user_id, name, properties) in enumerate(
            sorted(drawn, key=lambda row: (row[0], row[1], row[2])), start=1
        )
    ]


def suppression(
    rng: Random, people: Sequence[dict[str, str]], owned: Sequence[dict[str, str]]
) -> list[dict[str, str]]:
    """Refusals by person, by number or by token; a few come between the snapshot days."""
    rows: list[dict[str, str]] = []
    while len(rows) < 60:
        by = pick(rng, ["user_id", "user_id", "phone", "token"])
        value = pick(rng, owned if by == "token" else people)[by]
        if not value:
            continue
        since = END + timedelta(hours=int(rng.random() * 7_200) - 7_000)
        channel = {"phone": pick(rng, ["sms", "kakao", "all"]), "token": "app"}.get(
            by, pick(rng, ["all", "all", "", "app", "web"])
        )
        blank = {"user_id": "", "phone": "", "token": ""}
        rows.append({**(blank | {by: value}), "channel": channel, "since": instant(since)})
    return sorted(rows, key=lambda row: (row["since"], *row.values()))


def write_table(path: Path, rows: Sequence[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def write_sample(directory: Path) -> None:
    """Write users, devices, events and suppression as CSV files into `directory`."""
    people = users(Random(SEED))
    owned = devices(Random(SEED + 1), people)
    write_table(directory / "users.csv", people)
    write_table(directory / "devices.csv", owned)
    write_table(directory / "events.csv", events(Random(SEED + 2), people))
    write_table(directory / "suppression.csv", suppression(Random(SEED + 3), people, owned))


if __name__ == "__main__":
    write_sample(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
