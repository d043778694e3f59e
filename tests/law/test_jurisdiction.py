"""Whose law: Korean by country, by number, or by clock where no country is known."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from engine.law.book import has_profile
from engine.law.calling_codes import country_of_number
from engine.law.jurisdiction import (
    find_country,
    jurisdiction_of,
    lives_in_korea,
    zones_of,
)


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


@pytest.mark.parametrize(
    ("phone", "zone", "expected"),
    [
        ("+33612345678", None, "FR"),
        ("+3361", "Europe/Paris", "FR"),
        ("+819012345678", "Asia/Tokyo", "JP"),
        ("+353861234567", None, "IE"),
        # Behind +1 stand several countries: the United States have the most law.
        ("+12125550100", None, "US"),
        ("+1416", "America/Toronto", "CA"),
        ("+1787", "America/Puerto_Rico", "PR"),
        ("+1876", "America/Jamaica", "US"),
        ("+1212", "Europe/Paris", "US"),
        # The clock of Seoul is a sign of Korea, whatever the number.
        ("+12125550100", "Asia/Seoul", "KR"),
        ("+821012345678", "America/New_York", "KR"),
        # Nobody guesses.
        ("+79161234567", None, "KR"),
        (None, "America/New_York", "KR"),
    ],
)
def test_without_a_country_the_number_tells(
    phone: str | None, zone: str | None, expected: str
) -> None:
    for nothing in (None, "", " ", "XX"):
        assert jurisdiction_of(nothing, phone, zone, "KR") == expected
    assert jurisdiction_of("GB", phone if expected != "KR" else None, zone, "KR") == "GB"


@pytest.mark.parametrize(
    ("country", "phone", "zone", "expected"),
    [
        ("KR", None, None, True),
        ("kor", "+12125550100", "America/New_York", True),
        ("", "", None, True),
        (None, "+821012345678", "Asia/Seoul", True),
        ("", "+8210", "ROK", True),
        ("", "", "Etc/UTC", True),
        ("", "", "UTC", True),
        # One sign against Korea is enough.
        ("", "", "America/New_York", False),
        ("", "", "Asia/Tokyo", False),
        ("", "", "Japan", False),
        ("", "", "Etc/GMT+5", False),
        ("", "+12125550100", None, False),
        ("", "+7916", None, False),
        ("", "+12125550100", "Asia/Seoul", False),
        ("", "+821012345678", "America/New_York", False),
        ("US", "+821012345678", "Asia/Seoul", False),
        # Something is written, and it is not Korea as far as anybody can read.
        ("Japan", "", None, False),
        ("XX", "+8210", "Asia/Seoul", False),
    ],
)
def test_in_korea_is_only_who_is_there_for_all_that_is_known(
    country: str | None, phone: str | None, zone: str | None, expected: bool
) -> None:
    assert lives_in_korea(country, phone, zone, "KR") is expected
    if expected:
        assert jurisdiction_of(country, phone, zone, "KR") == "KR"


def test_in_a_foreign_shop_nobody_is_in_korea_without_a_sign() -> None:
    assert not lives_in_korea("", "", None, "JP")
    assert lives_in_korea("", "+8210", None, "JP")
    assert lives_in_korea("", "", "Asia/Seoul", "JP")


def test_numbers_tell_only_countries_that_have_law() -> None:
    found = {country_of_number(f"+{code}12") for code in range(10, 1000)} - {None}
    assert {"KR", "JP", "FR", "GB", "DE", "AE", "IE", "PT"} <= found
    assert [country for country in found if country and not has_profile(country)] == []
    assert country_of_number("+1212") is None
    assert country_of_number("821012345678") is None
