"""Public holidays, from the maintained library `holidays`, for the few laws that close on them.

The library is read only when such a law is looked at: it takes longer to import than lint to run.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache


def is_day_off(jurisdiction: str, day: date) -> bool:
    """Tell whether `day` is a public holiday in `jurisdiction` (ISO 3166-1 or 3166-2, `US-AL`).

    Observed days count as well. In a year that the calendar does not cover every day does: what
    nobody knows is closed.
    """
    days = days_off(jurisdiction, day.year)
    return days is None or day in days


@lru_cache(maxsize=1024)
def days_off(jurisdiction: str, year: int) -> Mapping[date, str] | None:
    """Return the public holidays of `year` with their names, or None without a calendar for it."""
    from holidays import country_holidays

    country, _, part = jurisdiction.partition("-")
    try:
        found = country_holidays(country, subdiv=part or None, years=year, expand=False)
    except NotImplementedError:
        return None
    if not found.start_year <= year <= found.end_year:
        return None
    return dict(found.items())
