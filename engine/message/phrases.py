"""Lists, plurals, units and days as people of a locale say them (Babel, CLDR).

Imported, as `engine.message.formats` is, when the first such filter runs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Literal

from babel import localedata
from babel.dates import format_timedelta
from babel.lists import format_list
from babel.units import format_unit

from engine.kernel.frozen import frozen
from engine.message.arguments import PLURALS, as_number, as_text
from engine.message.failure import RenderError, bounded
from engine.message.formats import find_babel_locale, number
from engine.message.printed import printed

_LIST_STYLES: Mapping[str, Literal["standard", "or"]] = {"and": "standard", "or": "or"}
_UNIT_LENGTHS = ("short", "long", "narrow")
_MAX_ITEMS = 50

_DAYS: Mapping[str, tuple[str | None, str, str, str, str | None]] = {
    "ko": ("그저께", "어제", "오늘", "내일", "모레"),
    "en": (None, "yesterday", "today", "tomorrow", None),
    "ja": ("一昨日", "昨日", "今日", "明日", "明後日"),
    "zh": ("前天", "昨天", "今天", "明天", "后天"),
    "zh_Hant": ("前天", "昨天", "今天", "明天", "後天"),
    "de": ("vorgestern", "gestern", "heute", "morgen", "übermorgen"),
    "fr": ("avant-hier", "hier", "aujourd’hui", "demain", "après-demain"),
    "es": ("anteayer", "ayer", "hoy", "mañana", "pasado mañana"),
    "vi": ("Hôm kia", "Hôm qua", "Hôm nay", "Ngày mai", "Ngày kia"),
    "th": ("เมื่อวานซืน", "เมื่อวาน", "วันนี้", "พรุ่งนี้", "มะรืนนี้"),
    "id": ("kemarin dulu", "kemarin", "hari ini", "besok", "lusa"),
}
"""The day before yesterday to the day after tomorrow: CLDR's `relative` day fields, which Babel 2
does not carry. Other languages, and days further away, are counted (`in 3 days`)."""


def list_filter(value: object, style: object = "and", *, locale: str) -> str:
    """`{{ [first, second]|list }}`: 송편 및 한우; `list('or')`: 송편 또는 한우."""
    if not isinstance(value, list | tuple) or len(value) > _MAX_ITEMS:
        raise RenderError(f"`list` needs a list of at most {_MAX_ITEMS} items")
    wanted = as_text("list", style)
    if wanted not in _LIST_STYLES:
        raise RenderError("`list` joins with 'and' or 'or'")
    texts = [printed(item) for item in value]
    joined = format_list(texts, style=_LIST_STYLES[wanted], locale=find_babel_locale(locale))
    return bounded(str(joined))


def plural_filter(value: object, *, locale: str, **forms: object) -> str:
    """`{{ n|plural(one='# item', other='# items') }}`; `#` is the number as the locale writes it."""
    amount = as_number("plural", value)
    category = find_babel_locale(locale).plural_form(amount)
    if "other" not in forms or not forms.keys() <= set(PLURALS):
        raise RenderError("`plural` needs `other`, and knows zero, one, two, few and many")
    text = as_text("plural", forms.get(category, forms["other"]))
    return text.replace("#", number(amount, None, locale))


def unit_filter(value: object, unit: object, wanted: object = "short", *, locale: str) -> str:
    """`{{ distance|unit('kilometer') }}`: 5km; `unit('hour', 'long')`: 3시간. CLDR's unit names."""
    style = as_text("unit", wanted)
    if style not in _UNIT_LENGTHS:
        raise RenderError("`unit` is 'short', 'long' or 'narrow'")
    name, amount = as_text("unit", unit), as_number("unit", value)
    known = _units(locale).get(name)
    if known is None:
        raise RenderError(f"`{name[:40]}` is not a unit like 'kilometer' or 'hour'")
    # Where a language has no longer form than the short one, CLDR leaves it out and Babel gives up.
    length = style if style in known.lengths else "short"
    return str(format_unit(amount, known.id, length, locale=find_babel_locale(locale)))  # type: ignore[arg-type]


@frozen(kw_only=False)
class _Unit:
    id: str
    lengths: frozenset[str]


@lru_cache(maxsize=64)
def _units(locale: str) -> Mapping[str, _Unit]:
    """Return CLDR's units by their names without their kind: `hour` for `duration-hour`.

    Babel by itself takes the first unit that ends in the name, which is a kilowatt-hour.
    """
    patterns = localedata.load(str(find_babel_locale(locale)))["unit_patterns"]
    return {
        name.partition("-")[2]: _Unit(
            name, frozenset(length for length in _UNIT_LENGTHS if "other" in forms.get(length, {}))
        )
        for name, forms in sorted(patterns.items(), reverse=True)
    }


def relative_day_filter(value: object, today: object, *, locale: str) -> str:
    """`{{ visit|relative_day(today) }}`: 오늘, 내일, 3일 후; whole days between the two dates.

    A template has no clock: `today` is a variable, like the day of sending (`from: campaign.at`).
    """
    days = (_as_date(value) - _as_date(today)).days
    babel_locale = find_babel_locale(locale)
    script = f"{babel_locale.language}_{babel_locale.script}"
    words = _DAYS.get(script, _DAYS.get(babel_locale.language))
    word = words[days + 2] if words is not None and -2 <= days <= 2 else None
    if word is not None:
        return word
    away = timedelta(days=days)
    text = format_timedelta(away, "day", 10**9, add_direction=True, locale=babel_locale)
    return str(text)


def _as_date(value: object) -> date:
    if isinstance(value, datetime):
        return value.date()
    if not isinstance(value, date):
        raise RenderError("`relative_day` needs two dates or instants")
    return value


PHRASES: Mapping[str, Callable[..., str]] = {
    "list": list_filter,
    "plural": plural_filter,
    "unit": unit_filter,
    "relative_day": relative_day_filter,
}
