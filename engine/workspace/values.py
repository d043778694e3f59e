"""Texts that mean a number, a place or a person: shares, rates, zones, phones, `${NAME}`."""

from __future__ import annotations

import re
from functools import lru_cache
from zoneinfo import available_timezones

from engine.kernel.instant import find_zone
from engine.kernel.origin import Origin
from engine.model.channel import EnvironmentVariable
from engine.workspace.notes import Notes, name
from engine.workspace.suggest import did_you_mean

_GROWTH = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,4})?%", re.ASCII)
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}", re.ASCII)


def parse_share(text: str) -> float:
    """Return `5%` as 0.05. Raises ValueError above 100 %."""
    percent = float(text.removesuffix("%"))
    if percent > 100:
        raise ValueError(f"`{text}` is more than the whole")
    return percent / 100


def parse_growth(text: str) -> float:
    """Return `150%` as 1.5: unlike a share, growth may be more than the whole.

    Raises ValueError on anything but a percentage below 1,000,000 %.
    """
    if not _GROWTH.fullmatch(text):
        raise ValueError(f"`{text}` is not a share like `50%`")
    return float(text.removesuffix("%")) / 100


def parse_rate(text: str) -> float:
    """Return `2000/s` as 2000.0. Raises ValueError for zero."""
    rate = float(text.removesuffix("/s"))
    if rate <= 0:
        raise ValueError(f"`{text}` would never send anything")
    return rate


def parse_phone(text: str) -> str:
    """Return a sending number's digits: `1588-0000` → `15880000`. A leading `+` stays (E.164).

    Raises ValueError for fewer than 3 or more than 15 digits (ITU-T E.164 has at most 15).
    """
    digits = text.replace("-", "").replace(" ", "")
    count = len(digits.lstrip("+"))
    if not 3 <= count <= 15 or not digits.lstrip("+").isdigit():
        raise ValueError(f"`{text}` is not a phone number like `1588-0000`")
    return digits


@lru_cache(maxsize=1024)
def _is_zone(text: str) -> bool:
    return find_zone(text) is not None


def check_zone(text: str, at: Origin, notes: Notes) -> bool:
    """Tell whether `text` is an IANA zone; note it if not."""
    if _is_zone(text):
        return True
    hint = did_you_mean(text, tuple(available_timezones())) or ""
    if not hint.startswith("did"):
        hint = "write an IANA zone like `Asia/Seoul`"
    notes.value(f"`{name(at)}`: there is no time zone `{text}`", at, hint)
    return False


def read_text(text: str, at: Origin, notes: Notes) -> str | EnvironmentVariable:
    """Return `${NAME}` as an environment variable and anything else as it is."""
    if "${" not in text:
        return text
    match = _VARIABLE.fullmatch(text)
    if match is None:
        notes.value(
            f"`{name(at)}`: `${{NAME}}` must be the whole value",
            at,
            "put the whole text into one variable",
        )
        return text
    return EnvironmentVariable(match.group(1), at)
