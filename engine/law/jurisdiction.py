"""Whose law a person falls under: country and region; and which zones a country has."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from engine.law.calling_codes import NORTH_AMERICA, country_of_number
from engine.law.shelf import table

KOREA = "KR"
UNITED_STATES = "US"
SEOUL = "Asia/Seoul"

_KOREAN_ZONES = frozenset({SEOUL, "ROK"})
_KOREAN_NUMBER = "+82"
_NOWHERE = frozenset(
    {"UTC", "UCT", "GMT", "GMT0", "GMT+0", "GMT-0", "GMT-9", "Greenwich", "Universal", "Zulu"}
)
"""Zones that stand for no place; `Etc/GMT-9` has Korea's own clock."""
_ALSO_WRITTEN = {"KOR": KOREA, "UK": "GB"}

NO_PLACE = ("Etc/GMT-8", "Etc/UTC", "Etc/GMT+8")
"""Zones that stand for 'somewhere, we do not know': thirds of a day apart, never daytime in all."""


def jurisdiction_of(
    country: str | None, phone: str | None, zone: str | None, default_country: str
) -> str:
    """Return the ISO 3166 country (two capitals) whose law protects a person.

    Korean is whoever lives in KR, has a +82 number (E.164; the first five characters are enough), or
    whose clock is Asia/Seoul while no country is known. A country that ISO 3166 does not know counts
    as none. Without one it is the number's; behind +1 that of the zone if it lies there, else US,
    which has more law than the others. A number that does not tell leaves `default_country`. So does
    a zone alone: who has no number gets no texts, and elsewhere Korea's law is no laxer than theirs.
    """
    if phone and phone.startswith(_KOREAN_NUMBER):
        return KOREA
    known = find_country(country) if country else None
    if known is not None:
        return known
    if zone in _KOREAN_ZONES:
        return KOREA
    if phone and phone.startswith(NORTH_AMERICA):
        place = _country_of_zone().get(zone or "")
        return place if place in _north_america() else UNITED_STATES
    return country_of_number(phone) or default_country.upper()


def lives_in_korea(
    country: str | None, phone: str | None, zone: str | None, default_country: str
) -> bool:
    """Tell whether a person is in Korea for what Korean law alone allows: unknown is no.

    Whose country is written lives there and nowhere else, also where it cannot be read. Of all others
    neither number nor zone (IANA; None where none is known) may speak against Korea. UTC says nothing:
    it is what servers write for everybody.
    """
    if country and country.strip():
        return find_country(country) == KOREA
    if phone and not phone.startswith(_KOREAN_NUMBER):
        return False
    if zone and zone not in _KOREAN_ZONES and zone.removeprefix("Etc/") not in _NOWHERE:
        return False
    return jurisdiction_of(country, phone, zone, default_country) == KOREA


@lru_cache(maxsize=1024)
def find_country(text: str) -> str | None:
    """Return the ISO 3166 code that `text` means (`kr`, ` KR `, `KOR`), or None."""
    code = text.strip().upper()
    code = _ALSO_WRITTEN.get(code, code)
    return code if code in _countries() else None


@lru_cache(maxsize=4096)
def find_region(text: str | None, country: str) -> str | None:
    """Return the ISO 3166-2 code that `text` means in `country` (`US-FL`, `us-fl`, `FL`), or None.

    Only countries whose parts have law of their own have any: elsewhere nothing depends on it. What
    is not a region of `country` is unknown, which the strictest region's law covers.
    """
    found = table(country)
    if not text or found is None:
        return None
    code = text.strip().upper().replace("_", "-")
    for written in (code, f"{country}-{code}"):
        if written in found.regions:
            return written
    return None


def zones_of(country: str) -> tuple[str, ...]:
    """Return the IANA zones of `country`, from tzdata's zone.tab.

    A country without any gets `NO_PLACE`, in which no window is ever open: unknown fails closed.
    """
    return _zones().get(country, NO_PLACE)


@lru_cache(maxsize=1)
def _countries() -> frozenset[str]:
    return frozenset(row[0] for row in _read("iso3166.tab"))


@lru_cache(maxsize=1)
def _zones() -> Mapping[str, tuple[str, ...]]:
    zones: dict[str, list[str]] = {}
    for country, _, zone, *_ in _read("zone.tab"):
        zones.setdefault(country, []).append(zone)
    return {country: tuple(sorted(names)) for country, names in zones.items()}


@lru_cache(maxsize=1)
def _country_of_zone() -> Mapping[str, str]:
    return {zone: country for country, names in _zones().items() for zone in names}


@lru_cache(maxsize=1)
def _north_america() -> frozenset[str]:
    found = table(UNITED_STATES)
    members = found.members if found is not None else frozenset()
    return frozenset({UNITED_STATES, "CA"}) | members


def _read(table: str) -> list[list[str]]:
    # Not importlib.resources: it alone costs a tenth of a command's start.
    spec = find_spec("tzdata")
    folders = spec.submodule_search_locations if spec is not None else None
    if not folders:
        raise ModuleNotFoundError("No module named 'tzdata'", name="tzdata")
    text = (Path(folders[0]) / "zoneinfo" / table).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
