"""Hours by weekday, holiday and region, against days looked up by hand."""

from __future__ import annotations

from datetime import date, time

import pytest

from engine.law.daily import daily_hours, lifted_by_consent, rows_for
from engine.law.days_off import days_off, is_day_off
from engine.law.jurisdiction import find_region
from engine.model.channel import Channel

SATURDAY, SUNDAY, MONDAY = date(2026, 9, 26), date(2026, 9, 27), date(2026, 9, 28)


def texts(country: str, day: date, region: str | None = None) -> tuple[time, time] | None:
    return daily_hours("ad_window", country, region, Channel.SMS, day)


@pytest.mark.parametrize(
    ("region", "day", "expected"),
    [
        ("US-TX", SATURDAY, (time(9), time(21))),
        ("US-TX", SUNDAY, (time(12), time(21))),
        ("US-RI", MONDAY, (time(9), time(18))),
        ("US-RI", SUNDAY, (time(10), time(17))),
        ("US-AL", MONDAY, (time(8), time(20))),
        ("US-AL", SUNDAY, None),
        ("US-AL", date(2026, 4, 27), None),  # Confederate Memorial Day, in Alabama only
        ("US-LA", date(2026, 4, 27), (time(8), time(20))),
        ("US-LA", date(2026, 2, 17), None),  # Mardi Gras
        ("US-MS", SUNDAY, None),
        ("US-MS", date(2026, 12, 25), (time(8), time(20))),  # only Sundays are named there
        ("US-NY", SUNDAY, (time(8), time(21))),
        (None, MONDAY, (time(10), time(18))),
        (None, SATURDAY, (time(10), time(17))),
        (None, SUNDAY, None),
    ],
)
def test_texts_in_the_united_states(
    region: str | None, day: date, expected: tuple[time, time] | None
) -> None:
    assert texts("US", day, region) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (SATURDAY, (time(8), time(22))),
        (SUNDAY, None),
        (date(2026, 5, 1), None),
        (date(2026, 5, 14), None),  # Ascension Day: a Thursday that moves with Easter
        (date(2027, 5, 6), None),
        (date(2026, 11, 11), None),
        (date(2026, 11, 12), (time(8), time(22))),
    ],
)
def test_texts_in_france(day: date, expected: tuple[time, time] | None) -> None:
    assert texts("FR", day) == expected


def test_lands_with_a_code_of_their_own_have_the_law_of_their_country() -> None:
    assert texts("RE", SUNDAY) is None
    assert texts("PR", SUNDAY) == (time(8), time(21))  # federal; no state's


def test_push_abroad_knows_no_sunday_and_korea_no_holiday() -> None:
    for country in ("FR", "US"):
        assert daily_hours("ad_window", country, None, Channel.APP, SUNDAY) == (time(8), time(21))
    chuseok = date(2026, 9, 25)
    assert is_day_off("KR", chuseok)
    for channel in Channel:
        assert daily_hours("ad_window", "KR", None, channel, chuseok) == (time(8), time(21))


def test_a_year_without_a_calendar_is_closed_where_holidays_matter() -> None:
    assert days_off("FR", 2150) is None
    assert days_off("ZZ", 2026) is None
    assert texts("FR", date(2150, 6, 3)) is None
    assert texts("JP", date(2150, 6, 3)) == (time(8), time(21))


def test_before_its_first_row_a_state_is_no_laxer() -> None:
    assert texts("US", date(2024, 1, 10), "US-TX") == (time(9), time(21))


def test_consent_to_the_night_opens_korea_and_practice_only() -> None:
    assert lifted_by_consent("ad_window", "KR", None)
    assert lifted_by_consent("ad_window", "KR", Channel.SMS)
    assert lifted_by_consent("ad_window", "FR", None)
    assert not lifted_by_consent("ad_window", "FR", Channel.SMS)
    assert not lifted_by_consent("ad_window", "US", Channel.SMS)
    assert not lifted_by_consent("kakao_brand_window", "KR", None)


def test_every_row_that_binds_can_be_cited() -> None:
    found = rows_for("ad_window", "US", "US-FL", Channel.SMS, MONDAY)
    assert [row.jurisdiction for row in found] == ["US", "US-FL"]
    assert "501.616" in found[1].article
    assert len(rows_for("ad_window", "US", None, Channel.SMS, MONDAY)) == 20


@pytest.mark.parametrize(
    ("written", "country", "expected"),
    [
        ("US-FL", "US", "US-FL"),
        ("tx", "US", "US-TX"),
        (" us_ri ", "US", "US-RI"),
        ("Texas", "US", None),
        ("US-ZZ", "US", None),
        ("CA", "CA", None),
        ("FR-75", "FR", None),
        ("서울특별시", "KR", None),
        ("", "US", None),
        (None, "US", None),
        ("../us", "US", None),
    ],
)
def test_regions_are_iso_codes_of_their_country(
    written: str | None, country: str, expected: str | None
) -> None:
    assert find_region(written, country) == expected
