"""Whether an advertisement is due outside the hours of a country, row by row of its law.

The door judges every delivery on its recipient's own clock. Before anybody is counted only the
country is known, so every zone and every region of it is looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from engine.kernel.frozen import frozen
from engine.law.book import ANYWHERE, provision
from engine.law.daily import Hours, rows_for, weekly_hours
from engine.law.jurisdiction import zones_of
from engine.law.provision import Provision
from engine.law.windows import AD_WINDOW
from engine.lint.due import Due
from engine.model.channel import Channel

_WEEKDAYS_KO = ("월", "화", "수", "목", "금", "토", "일")


@frozen
class Shut:
    """A row whose hours are over when an advertisement is due.

    `hours` are those of that day (None: closed all day); `local` is the recipient's clock, in the
    first of `zones` (empty: everybody's own clock) of `of` in the country.
    """

    row: Provision
    hours: Hours | None
    local: datetime
    zones: tuple[str, ...]
    of: int

    @property
    def allowed(self) -> str:
        """The hours as people write them: `08:00 to 21:00`, `nothing on a Sunday`."""
        if self.hours is None:
            return f"nothing on a {self.local:%A}"
        return f"{self.hours[0]:%H:%M} to {self.hours[1]:%H:%M}"

    @property
    def allowed_ko(self) -> str:
        if self.hours is None:
            return f"{_WEEKDAYS_KO[self.local.weekday()]}요일은 하루 종일 금지"
        return f"{self.hours[0]:%H:%M}–{self.hours[1]:%H:%M}"


def clocks_of(due: Due, country: str) -> tuple[tuple[str, datetime], ...]:
    """Return (zone, wall clock) wherever in `country` the campaign is due; recipient-local: (``, …)."""
    schedule = due.campaign.schedule
    if schedule.recipient_local:
        return (("", schedule.at.replace(tzinfo=None)),)
    return _clocks(country, due.at)


def shut_rows(due: Due, country: str, *, texts: bool) -> tuple[Shut, ...]:
    """Return the rows that are closed: of the country first, then of its regions.

    For texts all rows that the door asks. For push the country's hours for texts and the practice
    that the door holds push to; regions' hours are for texts alone.
    """
    return _shut(country, clocks_of(due, country), texts)


@lru_cache(maxsize=4096)
def _clocks(country: str, at: datetime) -> tuple[tuple[str, datetime], ...]:
    return tuple(
        (zone, at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)) for zone in zones_of(country)
    )


@lru_cache(maxsize=4096)
def _shut(country: str, clocks: tuple[tuple[str, datetime], ...], texts: bool) -> tuple[Shut, ...]:
    found: dict[Provision, list[tuple[str, datetime]]] = {}
    for zone, local in clocks:
        for row in _rows(country, local.date(), texts):
            hours = weekly_hours(row, local.date())
            if hours is None or not hours[0] <= local.time() < hours[1]:
                found.setdefault(row, []).append((zone, local))
    return tuple(
        Shut(
            row=row,
            hours=weekly_hours(row, places[0][1].date()),
            local=places[0][1],
            zones=tuple(zone for zone, _ in places if zone),
            of=len(clocks),
        )
        for row, places in found.items()
    )


def _rows(country: str, day: date, texts: bool) -> Iterator[Provision]:
    if texts:
        yield from rows_for(AD_WINDOW, country, None, Channel.SMS, day)
        return
    asked = provision(AD_WINDOW, country, day, Channel.APP)
    yield asked
    advised = provision(AD_WINDOW, country, day, Channel.SMS)
    if advised is not asked and advised.jurisdiction != ANYWHERE:
        yield advised
