"""Numbers, money, dates and times as people of a locale write them (Babel, CLDR).

Only this module imports Babel, and it is imported when the first such filter runs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, tzinfo
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal, format_percent, is_currency

from engine.message.arguments import as_number, as_text, as_whole
from engine.message.failure import RenderError

_STYLES = ("short", "medium", "long", "full")
_MAX_PATTERN = 64
_MAX_DECIMALS = 6
_WON_AND_YEN = {("ko", "KRW"): "원", ("ja", "JPY"): "円"}


@lru_cache(maxsize=256)
def find_babel_locale(locale: str) -> Locale:
    """Return Babel's data for `locale`, for its language, or else for English."""
    parts = locale.replace("_", "-").split("-")
    while parts:
        try:
            return Locale.parse("-".join(parts), sep="-")
        except (UnknownLocaleError, ValueError):
            parts.pop()
    return Locale("en")


def number(value: float, decimals: int | None, locale: str) -> str:
    """Return `value` with the locale's separators; `decimals` digits after the point if given."""
    if not decimals and isinstance(value, int):
        separator = _thousands(locale)
        if separator is not None:
            return f"{value:,}".replace(",", separator)
    return _number(value, decimals, locale)


@lru_cache(maxsize=4096)
def _number(value: float, decimals: int | None, locale: str) -> str:
    return str(format_decimal(value, format=_pattern(decimals), locale=find_babel_locale(locale)))


@lru_cache(maxsize=256)
def _thousands(locale: str) -> str | None:
    """Return what `locale` writes between groups of three digits; None where it groups otherwise.

    Python writes such a whole number forty times faster than Babel; probes of every length and sign
    decide whether it writes the same.
    """
    symbols = find_babel_locale(locale).number_symbols.get("latn", {})
    separator = str(symbols.get("group", ","))
    probes = (0, 7, -7, 1234, -1234, 12_345, 123_456, 1_234_567, -98_765_432_109, 10**18)
    same = all(
        f"{probe:,}".replace(",", separator) == _number(probe, pattern, locale)
        for probe in probes
        for pattern in (None, 0)
    )
    return separator if same else None


@lru_cache(maxsize=4096)
def money(value: float, currency: str, locale: str) -> str:
    """Return an amount: `30,000원` and `3,000円` at home, `₩30,000` or `US$12.50` elsewhere.

    CLDR writes won as `₩` in Korean too; shops write 원, and cp949 (SMS) has no `₩`.
    Raises RenderError if `currency` is no ISO 4217 code.
    """
    if not is_currency(currency):
        raise RenderError(f"`{currency[:8]}` is not a currency code like `KRW`")
    babel_locale = find_babel_locale(locale)
    unit = _WON_AND_YEN.get((babel_locale.language, currency))
    if unit is not None:
        return number(round(value), None, locale) + unit
    return str(format_currency(value, currency, locale=babel_locale))


@lru_cache(maxsize=4096)
def percent(value: float, decimals: int | None, locale: str) -> str:
    """Return a fraction of 1 as per cent: 0.3 is `30%`."""
    pattern = _pattern(decimals)
    pattern = None if pattern is None else pattern + "%"
    return str(format_percent(value, format=pattern, locale=find_babel_locale(locale)))


@lru_cache(maxsize=4096)
def day(value: date, style: str, locale: str) -> str:
    """Return a date in a style (`short medium long full`) or an LDML pattern (`M월 d일`)."""
    _check_pattern(style)
    return str(format_date(value, style, locale=find_babel_locale(locale)))


def clock(value: datetime, style: str, locale: str) -> str:
    """Return the time of day, without seconds, in the zone that `value` carries.

    `style` is one of the four names (which all say the same) or an LDML pattern (`HH:mm`).
    """
    # Equal instants of two zones are equal keys: a cache must see the wall clock and the zone.
    return _clock(value.replace(tzinfo=None), value.tzinfo, style, locale)


@lru_cache(maxsize=4096)
def _clock(local: datetime, zone: tzinfo | None, style: str, locale: str) -> str:
    _check_pattern(style)
    babel_locale = find_babel_locale(locale)
    pattern = _clock_pattern(babel_locale) if style in _STYLES else style
    aware = local.replace(tzinfo=zone)
    return str(format_datetime(aware, pattern, tzinfo=zone, locale=babel_locale))


def instant(value: datetime, style: str, locale: str) -> str:
    """Return a date in `style` with the time of day, or an LDML pattern of both."""
    if style not in _STYLES:
        return clock(value, style, locale)
    joined = str(find_babel_locale(locale).datetime_formats["medium"]).replace("'", "")
    written = {"{1}": day(value.date(), style, locale), "{0}": clock(value, "short", locale)}
    for slot, text in written.items():
        joined = joined.replace(slot, text)
    return joined


def _pattern(decimals: int | None) -> str | None:
    if decimals is None:
        return None
    return "#,##0." + "0" * decimals if decimals else "#,##0"


def _clock_pattern(locale: Locale) -> str:
    pattern = str(locale.time_formats["short"].pattern)
    # CLDR's short Korean pattern says `PM 2:30`; people write 오후 2:30, which is the wide form.
    return pattern.replace("a", "aaaa") if locale.language == "ko" else pattern


def _check_pattern(style: str) -> None:
    if len(style) > _MAX_PATTERN:
        raise RenderError(f"a date pattern may have {_MAX_PATTERN} characters")


def number_filter(value: object, decimals: object = None, *, locale: str) -> str:
    """`{{ price|number }}`, `{{ rate|number(2) }}`."""
    if decimals is None and type(value) is int:
        return number(value, None, locale)
    return number(as_number("number", value), _decimals("number", decimals), locale)


def percent_filter(value: object, decimals: object = None, *, locale: str) -> str:
    """`{{ share|percent }}` of a fraction of 1."""
    return percent(as_number("percent", value), _decimals("percent", decimals), locale)


def money_filter(value: object, currency: object, *, locale: str) -> str:
    """`{{ price|money('KRW') }}`."""
    return money(as_number("money", value), as_text("money", currency), locale)


def date_filter(value: object, style: object = "medium", *, locale: str) -> str:
    """`{{ due|date }}`, `{{ due|date('M월 d일') }}`; an instant is read in its zone."""
    if not isinstance(value, date):
        raise RenderError("`date` needs a date or an instant")
    plain = value.date() if isinstance(value, datetime) else value
    return day(plain, as_text("date", style), locale)


def time_filter(value: object, style: object = "short", *, locale: str) -> str:
    """`{{ visit|time }}`: 오후 2:30."""
    if not isinstance(value, datetime):
        raise RenderError("`time` needs an instant")
    return clock(value, as_text("time", style), locale)


def datetime_filter(value: object, style: object = "medium", *, locale: str) -> str:
    """`{{ visit|datetime }}`, `{{ visit|datetime('long') }}`."""
    if not isinstance(value, date):
        raise RenderError("`datetime` needs an instant")
    full = value if isinstance(value, datetime) else datetime.combine(value, time())
    return instant(full, as_text("datetime", style), locale)


FILTERS: Mapping[str, Callable[..., str]] = {
    "number": number_filter,
    "percent": percent_filter,
    "money": money_filter,
    "date": date_filter,
    "time": time_filter,
    "datetime": datetime_filter,
}


def _decimals(name: str, value: object) -> int | None:
    if value is None:
        return None
    decimals = as_whole(name, value)
    if decimals > _MAX_DECIMALS:
        raise RenderError(f"`{name}` writes at most {_MAX_DECIMALS} decimals")
    return decimals
