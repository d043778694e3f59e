"""Advertisements that people of several countries get at one instant: looked at once, for two rules."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache

from engine.kernel.frozen import frozen
from engine.law.jurisdiction import KOREA
from engine.law.places import Place, clocks_closed, together_at
from engine.law.windows import Closed
from engine.lint.abroad import reached
from engine.lint.context import LintContext
from engine.lint.due import Due, due_times
from engine.lint.texts import used_channels
from engine.model.channel import Channel

_JUDGED = (Channel.APP, Channel.WEB, Channel.SMS)
"""Kakao reaches Korean numbers; its hours are `kakao-brand-window`'s."""


@frozen
class Shared:
    """A due time that is one instant for the people of several `countries`."""

    due: Due
    countries: tuple[str, ...]
    channels: tuple[Channel, ...]

    @property
    def names(self) -> str:
        return f"{', '.join(self.countries[:-1])} and {self.countries[-1]}"

    @property
    def names_ko(self) -> str:
        return ", ".join(self.countries)

    @property
    def words(self) -> str:
        return ", ".join(self.channels)


def shared_instants(context: LintContext) -> tuple[Shared, ...]:
    """Return the live advertisements that go out at one instant to several countries."""
    return tuple(_shared(context))


def is_never(one: Shared) -> bool:
    """Tell whether no instant within eight days is open for all countries and channels."""
    answer = together_at(
        _places(one),
        one.due.at,
        advertising=True,
        night_consented=one.due.campaign.schedule.night_consented_only,
    )
    return isinstance(answer, Closed) and answer.opens_at is None


@lru_cache(maxsize=4096)
def closed_abroad(place: Place, at: datetime) -> tuple[str, ...]:
    """Return the zones of `place`'s country in which the door is closed at `at`."""
    return clocks_closed(place, at)[0]


def foreign_places(one: Shared) -> tuple[Place, ...]:
    """Return the places outside Korea, whose night has rules of its own."""
    return tuple(place for place in _places(one) if place.jurisdiction != KOREA)


def _places(one: Shared) -> tuple[Place, ...]:
    return tuple(
        Place(jurisdiction=country, channel=channel)
        for country in one.countries
        for channel in one.channels
    )


def _shared(context: LintContext) -> Iterator[Shared]:
    for due in context.once(due_times):
        campaign = due.campaign
        named = context.jurisdictions[campaign.id]
        if len(named) < 2 or not campaign.advertising or campaign.schedule.recipient_local:
            continue
        countries = reached(campaign, named)
        channels = tuple(c for c in used_channels(campaign) if c in _JUDGED)
        if len(countries) > 1 and channels:
            yield Shared(due=due, countries=tuple(sorted(countries)), channels=channels)
