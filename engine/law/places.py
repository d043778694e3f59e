"""Windows of many people at once: an audience's places at lint and plan, judged as at the door."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from engine.kernel.frozen import frozen
from engine.kernel.instant import find_zone
from engine.law.jurisdiction import KOREA, SEOUL, zones_of
from engine.law.windows import Closed, Open, judge, window_at, windows_for
from engine.model.channel import Channel


@frozen
class Place:
    """What a recipient's hours depend on. `region` (ISO 3166-2) and `zone` are None where unknown.

    `brand`: a Kakao Brand Message, which has Kakao's own hours on top. `night`: the person agreed to
    the night; it counts where the campaign asks for it.
    """

    jurisdiction: str
    channel: Channel
    zone: str | None = None
    region: str | None = None
    brand: bool = False
    night: bool = True


@frozen
class Closing:
    """What an instant means for many: how many find it closed, and when the first open one ends."""

    closes_at: datetime | None
    closed: Mapping[Place, int]

    @property
    def count(self) -> int:
        """Deliveries that the door would refuse at that instant."""
        return sum(self.closed.values())


def closing_of(
    places: Mapping[Place, int], at: datetime, *, advertising: bool, night_consented: bool
) -> Closing:
    """Return for which of `places` (with counts of deliveries) the window is closed at `at`.

    `night_consented`: the campaign asks for consent to the night, which lifts it for who gave it.
    `closes_at` is the first closing among those that are open; None where nothing binds them.
    """
    answers = {
        place: _window(
            place, at, advertising=advertising, night_consented=night_consented and place.night
        )
        for place in places
    }
    ends = [answer.until for answer in answers.values() if isinstance(answer, Open)]
    return Closing(
        closes_at=min((end for end in ends if end is not None), default=None),
        closed={place: places[place] for place, a in answers.items() if isinstance(a, Closed)},
    )


def together_at(
    places: Iterable[Place], at: datetime, *, advertising: bool, night_consented: bool
) -> Open | Closed:
    """Return whether all of `places` are open at once at `at`, until when, or when they are next.

    `Closed(None)` means never within eight days: one instant cannot serve them all, recipient-local
    time can.
    """
    windows = dict.fromkeys(
        window
        for place in places
        for window in windows_for(
            advertising=advertising,
            brand=place.brand,
            jurisdiction=place.jurisdiction,
            zone=place.zone,
            night_consented=night_consented,
            channel=place.channel,
            region=place.region,
        )
    )
    return judge(tuple(windows), at)[2] if windows else Open(None)


def clocks_closed(place: Place, at: datetime) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return (zones in which an advertisement is closed at `at`, all zones of the jurisdiction).

    For a schedule without people: closed in every zone reaches nobody, closed in some loses those who
    live there. A zone of its own stands alone.
    """
    zones = (SEOUL,) if place.jurisdiction == KOREA else zones_of(place.jurisdiction)
    if place.zone is not None and find_zone(place.zone) is not None:
        zones = (place.zone,)
    closed = tuple(
        zone
        for zone in zones
        if isinstance(
            window_at(
                at,
                advertising=True,
                brand=place.brand,
                jurisdiction=place.jurisdiction,
                zone=zone,
                channel=place.channel,
                region=place.region,
            ),
            Closed,
        )
    )
    return closed, zones


def _window(
    place: Place, at: datetime, *, advertising: bool, night_consented: bool
) -> Open | Closed:
    return window_at(
        at,
        advertising=advertising,
        brand=place.brand,
        jurisdiction=place.jurisdiction,
        zone=place.zone,
        night_consented=night_consented,
        channel=place.channel,
        region=place.region,
    )
