"""The optional column `region`: whose state's law holds, as the snapshot freezes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.model.channel import Channel
from tests.audience.test_targets import SMS, freeze
from tests.audience.world import USER, a_campaign, a_world, user, write_csv


@pytest.mark.parametrize(
    ("written", "country", "expected"),
    [
        ("US-FL", "US", "US-FL"),
        ("fl", "US", "US-FL"),
        (" us_fl ", "US", "US-FL"),
        ("Florida", "US", None),
        ("", "US", None),
        ("US-FL", "KR", None),  # no part of that country
        ("KR-11", "KR", None),  # Korea has one law
        ("서울", "KR", None),
    ],
)
def test_a_region_counts_only_where_its_law_differs(
    tmp_path: Path, written: str, country: str, expected: str | None
) -> None:
    one = user(1, country=country, phone="+12125550101", timezone="America/New_York")
    people = a_world(tmp_path)
    write_csv(tmp_path / "users.csv", [*USER, "region"], [one | {"region": written}])
    _, found = freeze(people, a_campaign(channels=SMS), tmp_path / "snapshot")
    assert [(target.channel, target.region) for target in found] == [(Channel.SMS, expected)]


def test_without_the_column_every_region_is_unknown(tmp_path: Path) -> None:
    people = a_world(tmp_path, [user(1, country="US", phone="+12125550101")], [])
    _, found = freeze(people, a_campaign(channels=SMS), tmp_path / "snapshot")
    assert [target.region for target in found] == [None]
