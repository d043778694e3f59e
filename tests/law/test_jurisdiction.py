"""Whose law: Korean by country, by number, or by clock where no country is known."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from engine.law.jurisdiction import find_country, jurisdiction_of, zones_of


@pytest.mark.parametrize(
    ("country", "phone", "zone", "expected"),
    [
        ("KR", None, None, "KR"),
        (" kr ", None, "America/New_York", "KR"),
        ("KOR", None, None, "KR"),
        ("US", "+821012345678", "America/New_York", "KR"),
        ("US", "+12125550100", "Asia/Seoul", "US"),
        (None, None, "Asia/Seoul", "KR"),
        ("", "", "ROK", "KR"),
        ("대한민국?", None, "Asia/Seoul", "KR"),
        (None, None, "Asia/Tokyo", "JP"),
        ("us", None, None, "US"),
        ("UK", None, None, "GB"),
        ("XX", None, None, "JP"),
        (None, None, None, "JP"),
    ],
)
def test_jurisdiction(
    country: str | None, phone: str | None, zone: str | None, expected: str
) -> None:
    assert jurisdiction_of(country, phone, zone, "jp") == expected


def test_countries_are_those_of_iso_3166() -> None:
    assert find_country("nl") == "NL"
    assert find_country("Holland") is None


def test_zones_of_a_country_exist_and_a_stranger_has_none_in_common() -> None:
    assert zones_of("KR") == ("Asia/Seoul",)
    assert "Pacific/Honolulu" in zones_of("US")
    assert all(ZoneInfo(zone) for zone in zones_of("RU"))
    assert len(zones_of("ZZ")) == 3
