"""The filters a template may use, each bounded in what it takes and makes.

They are the same functions for Jinja and for the fast path (`engine.message.plain`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import lru_cache
from urllib.parse import quote

from engine.message.arguments import as_number, as_text, as_whole
from engine.message.failure import RenderError, bounded, check_length
from engine.message.particles import with_particle
from engine.message.printed import printed

Filter = Callable[..., object]
_MAX_DECIMALS = 6


def josa(value: object, pair: str) -> str:
    """`{{ item|josa('을/를') }}`: the word with the Korean particle that fits it."""
    if type(value) is str and type(pair) is str:
        return with_particle(value, pair)
    return with_particle(printed(value), as_text("josa", pair))


def upper(value: object) -> str:
    """Capital letters."""
    return bounded(printed(value).upper())


def lower(value: object) -> str:
    """Small letters."""
    return bounded(printed(value).lower())


def capitalize(value: object) -> str:
    """The first letter capital, the others small."""
    return bounded(printed(value).capitalize())


def trim(value: object) -> str:
    """Without blanks at both ends."""
    return printed(value).strip()


def truncate(value: object, length: int, end: str = "…") -> str:
    """At most `length` characters, the last of them `end` where something was cut off."""
    text, size = printed(value), as_whole("truncate", length)
    tail = as_text("truncate", end)
    return text if len(text) <= size else text[: max(0, size - len(tail))] + tail


def replace(value: object, old: str, new: str) -> str:
    """Every `old` replaced by `new`."""
    text, found, instead = printed(value), as_text("replace", old), as_text("replace", new)
    if not found:
        raise RenderError("`replace` needs something to look for")
    # Judged before it is made: a chain of replacements multiplies.
    check_length(len(text) + text.count(found) * (len(instead) - len(found)))
    return text.replace(found, instead)


def length(value: object) -> int:
    """How many characters a text, or how many items a list has."""
    return len(value) if isinstance(value, list | tuple) else len(printed(value))


def urlencode(value: object) -> str:
    """Percent-encoded for use inside a link, UTF-8."""
    return bounded(quote(printed(value), safe=""))


def absolute(value: object) -> int | float:
    """Without the sign."""
    return abs(as_number("abs", value))


def rounded(value: object, digits: int = 0) -> int | float:
    """Rounded half up to `digits` after the point; a whole number without."""
    places = as_whole("round", digits)
    if places > _MAX_DECIMALS:
        raise RenderError(f"`round` keeps at most {_MAX_DECIMALS} digits")
    scale = (1, 10, 100, 1_000, 10_000, 100_000, 1_000_000)[places]
    scaled = math.floor(as_number("round", value) * scale + 0.5)
    return scaled / scale if places else scaled


_EVERYWHERE: Mapping[str, Filter] = {
    "josa": josa,
    "upper": upper,
    "lower": lower,
    "capitalize": capitalize,
    "trim": trim,
    "truncate": truncate,
    "replace": replace,
    "length": length,
    "urlencode": urlencode,
    "abs": absolute,
    "round": rounded,
}
_BY_LOCALE = (
    *("number", "percent", "money", "date", "time", "datetime"),
    *("list", "plural", "unit", "relative_day"),
)
FILTER_NAMES = frozenset({*_EVERYWHERE, *_BY_LOCALE})


@lru_cache(maxsize=256)
def filters_of(locale: str) -> Mapping[str, Filter]:
    """Return every filter by name, those that depend on a locale bound to `locale`."""
    return {**_EVERYWHERE, **{name: _bind(name, locale) for name in _BY_LOCALE}}


def _bind(name: str, locale: str) -> Filter:
    found: list[Filter] = []

    def apply(value: object, *given: object, **named: object) -> object:
        if not found:
            # Babel is imported by the first text that needs it.
            from engine.message.formats import FILTERS
            from engine.message.phrases import PHRASES

            found.append({**FILTERS, **PHRASES}[name])
        return found[0](value, *given, **named, locale=locale)

    return apply
