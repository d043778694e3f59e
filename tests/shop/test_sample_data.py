"""The people of the sample shop: made up, repeatable, and dirty in the ways that matter."""

from __future__ import annotations

import csv
import importlib.util
import re
from base64 import urlsafe_b64decode
from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from zoneinfo import ZoneInfo, available_timezones

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

ROOT = Path(__file__).parents[2]
DATA = ROOT / "audiences" / "data"
TABLES = ("users.csv", "devices.csv", "events.csv", "suppression.csv")


@lru_cache
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_sample", DATA / "make_sample.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@lru_cache
def rows(table: str) -> list[Mapping[str, str]]:
    with (DATA / table).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_committed_tables_are_what_the_script_writes(tmp_path: Path) -> None:
    script().write_sample(tmp_path)
    for table in TABLES:
        assert (tmp_path / table).read_bytes() == (DATA / table).read_bytes(), table


def test_the_tables_stay_small() -> None:
    assert sum((DATA / table).stat().st_size for table in TABLES) <= 1_500_000


def test_every_phone_is_fictional() -> None:
    fictional = re.compile(
        r"(?:010-?0000-?|\+82100000)\d{4}|\+1\d{3}55501\d\d|\+81900000\d{4}|\+447700900\d{3}|\+3363998\d{4}"
    )
    numbers = [row["phone"] for table in ("users.csv", "suppression.csv") for row in rows(table)]
    assert [number for number in numbers if number and not fictional.fullmatch(number)] == []


@pytest.mark.parametrize(
    "column", ["push_ad_agreed", "night_ad_agreed", "web_ad_agreed", "kakao_ad_agreed"]
)
def test_consents_are_yes_no_and_neither(column: str) -> None:
    answers = {row[column].strip().lower() for row in rows("users.csv")}
    assert {"true", "yes", "y", "1"} <= answers
    assert {"false", "no", "n", "0"} <= answers
    assert {"", "null", "동의"} <= answers


def test_zones_are_right_missing_and_wrong() -> None:
    written = {row["timezone"] for row in rows("users.csv")}
    wrong = {zone for zone in written if zone and zone not in available_timezones()}
    assert wrong == {"KST", "GMT+9", "JST"}
    assert "" in written
    assert ZoneInfo("Asia/Seoul").key in written


def test_some_are_children_and_some_of_them_may_be_written_to() -> None:
    children = [row for row in rows("users.csv") if row["birth_date"] > "2012-09-20"]
    assert {row["guardian_consent"] for row in children} == {"yes", "no", ""}


def test_some_addresses_belong_to_two_people() -> None:
    owners = defaultdict(set)
    for row in rows("devices.csv"):
        owners[row["token"]].add(row["user_id"])
    del owners[""]
    assert sum(len(people) == 2 for people in owners.values()) >= 5
    assert max(len(people) for people in owners.values()) == 2


def test_devices_are_of_every_kind() -> None:
    devices = rows("devices.csv")
    assert {row["platform"] for row in devices} == {"android", "ios", "web"}
    assert {row["enabled"] for row in devices} == {"true", "false"}
    for row in devices:
        kinds = [kind for kind in ("token", "fid", "endpoint") if row[kind]]
        assert len(kinds) == 1, row["device_id"]
        assert (kinds == ["endpoint"]) == (row["platform"] == "web") == bool(row["p256dh"])


def test_web_push_keys_are_points_of_the_curve() -> None:
    keys = [row["p256dh"] for row in rows("devices.csv") if row["p256dh"]]
    assert len(set(keys)) == len(keys) > 100
    for key in keys[::20]:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), urlsafe_b64decode(key + "="))


def test_events_end_before_the_pinned_day() -> None:
    instants = [row["occurred_at"] for row in rows("events.csv")]
    assert instants == sorted(instants)
    assert "2026-09-19" < instants[-1] < "2026-09-20T00:00:00Z"


def test_refusals_name_a_person_a_number_or_a_token() -> None:
    refusals = rows("suppression.csv")
    for row in refusals:
        assert sum(bool(row[column]) for column in ("user_id", "phone", "token")) == 1
    assert {row["channel"] for row in refusals} >= {"all", "", "app", "web", "sms", "kakao"}
    assert any(row["since"] > "2026-09-20T00:00:00Z" for row in refusals)
