"""Numbers, money, dates and times in Korean, Japanese and English."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from engine.message.compiled import compile_source
from engine.message.failure import RenderError

SEOUL = ZoneInfo("Asia/Seoul")
VALUES = {
    "price": 19900,
    "cents": 12.5,
    "rate": 0.3,
    "day": date(2026, 9, 24),
    "visit": datetime(2026, 9, 24, 14, 30, tzinfo=SEOUL),
    "name": "춘향",
    "vip": True,
}


def show(source: str, locale: str = "ko") -> str:
    return compile_source(source, locale)(VALUES)


@pytest.mark.parametrize(
    ("source", "ko", "ja", "en"),
    [
        ("{{ price|number }}", "19,900", "19,900", "19,900"),
        ("{{ cents|number(2) }}", "12.50", "12.50", "12.50"),
        ("{{ rate|percent }}", "30%", "30%", "30%"),
        ("{{ rate|percent(1) }}", "30.0%", "30.0%", "30.0%"),
        ("{{ price|money('KRW') }}", "19,900원", "₩19,900", "₩19,900"),
        ("{{ price|money('JPY') }}", "JP¥19,900", "19,900円", "¥19,900"),
        ("{{ cents|money('USD') }}", "US$12.50", "$12.50", "$12.50"),
        ("{{ day|date }}", "2026. 9. 24.", "2026/09/24", "Sep 24, 2026"),
        ("{{ day|date('long') }}", "2026년 9월 24일", "2026年9月24日", "September 24, 2026"),
        ("{{ visit|date('M/d') }}", "9/24", "9/24", "9/24"),
        ("{{ visit|time }}", "오후 2:30", "14:30", "2:30\u202fPM"),
        ("{{ visit|time('HH:mm') }}", "14:30", "14:30", "14:30"),
        ("{{ visit|datetime('M월 d일 HH시') }}", "9월 24일 14시", "9월 24일 14시", "9월 24일 14시"),
    ],
)
def test_as_people_of_a_locale_write_it(source, ko, ja, en):
    shown = tuple(show(source, locale) for locale in ("ko", "ja", "en"))
    assert shown == (ko, ja, en)


def test_date_and_time_together():
    assert show("{{ visit|datetime }}") == "2026. 9. 24. 오후 2:30"
    assert show("{{ visit|datetime('long') }}", "en") == "September 24, 2026, 2:30\u202fPM"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{{ price }}", "19900"),
        ("{{ cents }}", "12.5"),
        ("{{ day }}", "2026-09-24"),
        ("{{ visit }}", "2026-09-24 14:30"),
        ("{{ name|truncate(1) }}", "…"),
        ("{{ name|replace('춘', '향') }}", "향향"),
        ("{{ name|urlencode }}", "%EC%B6%98%ED%96%A5"),
        ("{{ cents|round }}", "13"),
        ("{{ name|length }}", "2"),
    ],
)
def test_without_a_locale(source, text):
    assert show(source) == text


def test_the_region_does_not_have_to_be_known():
    assert show("{{ price|money('KRW') }}", "ko-KR") == "19,900원"
    assert show("{{ price|number }}", "xx-YY") == "19,900"


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("{{ name|number }}", "`number` needs a number"),
        ("{{ vip|number }}", "`number` needs a number"),
        ("{{ price|money('WON') }}", "`WON` is not a currency code like `KRW`"),
        ("{{ name|date }}", "`date` needs a date or an instant"),
        ("{{ day|time }}", "`time` needs an instant"),
        ("{{ price|number(7) }}", "`number` writes at most 6 decimals"),
        ("{{ vip }}", "a yes/no value cannot be printed: use it in `{% if … %}`"),
        ("{{ day|date('" + "y" * 65 + "') }}", "a date pattern may have 64 characters"),
        ("{{ price|money }}", "a filter of `price` fails: TypeError"),
        ("{{ nobody }}", "`nobody` has no value"),
    ],
)
def test_a_filter_that_does_not_fit_says_so_without_the_value(source, reason):
    with pytest.raises(RenderError) as caught:
        show(source)
    assert caught.value.reason == reason


def test_equal_instants_of_two_zones_are_shown_in_their_own():
    seoul = datetime(2026, 9, 25, 0, 30, tzinfo=SEOUL)
    paris = seoul.astimezone(ZoneInfo("Europe/Paris"))
    render = compile_source("{{ at|date('d') }} {{ at|time('HH:mm') }} {{ at|datetime }}", "ko")
    assert render({"at": seoul}) == "25 00:30 2026. 9. 25. 오전 12:30"
    assert render({"at": paris}) == "24 17:30 2026. 9. 24. 오후 5:30"
