"""Counts about an audience: what `audience --count`, `plan` and the guards look at. Never people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum

from engine.kernel.frozen import frozen
from engine.model.audience import Scalar
from engine.model.channel import Channel


@frozen
class LocaleShare:
    """How many people read `locale`, reached by `step` of their chain (exact, language, workspace)."""

    locale: str
    step: str
    users: int


@frozen
class Whereabouts:
    """What the hours of a delivery depend on; `zone` and `region` are None where unknown."""

    channel: Channel
    jurisdiction: str
    zone: str | None
    region: str | None
    night: bool = False
    """Whether the person agreed to advertisements at night, where the campaign asks for it."""


@frozen
class AudienceFacts:
    """An audience at one instant.

    `users` counts members; `reachable` members with at least one enabled address on the channel, not
    suppressed and with the consent that the campaign's type needs; `recipients` those reachable on at
    least one channel; `deliveries` addresses per channel. `lost` says per channel how many members
    each reason took (a member counts under the first reason that applies).
    """

    evaluated_at: datetime
    users: int
    recipients: int
    reachable: Mapping[Channel, int]
    deliveries: Mapping[Channel, int]
    lost: Mapping[Channel, Mapping[str, int]] = field(default_factory=dict)
    held_out: int = 0
    locales: tuple[LocaleShare, ...] = ()
    jurisdictions: Mapping[str, int] = field(default_factory=dict)
    zones: Mapping[str, int] = field(default_factory=dict)
    """Deliveries per own zone of the recipient; `` (empty) where it is unknown."""
    overdue: Mapping[Channel, int] = field(default_factory=dict)
    """Members in Korea who agreed to advertisements and should have been asked again by now (every two
    years, 제50조제8항); only channels with some. They may be sent to: the duty is to ask."""
    variants: Mapping[str, int] = field(default_factory=dict)
    whereabouts: Mapping[Whereabouts, int] = field(default_factory=dict)
    """Deliveries by what their hours depend on: `deliveries` and `zones` are its sums."""
    people: Mapping[frozenset[Whereabouts], int] = field(default_factory=dict)
    """Members who get at least one of `deliveries`, by the whereabouts of all that they get."""


class SizeUnit(StrEnum):
    """What a channel counts: app and web UTF-8 bytes, kakao characters, sms cp949 bytes."""

    CHARACTERS = "characters"
    UTF8 = "utf8"
    CP949 = "cp949"


@frozen
class TextSlots:
    """Where values of a person stand in one text: what its size depends on from person to person.

    `times` says per source (`user.name`) how often it stands there, `instead` how much its default
    takes (in `unit`) where a person has no value. Who lacks a source without a default gets nothing.
    """

    channel: Channel
    locale: str
    variant: str
    unit: SizeUnit
    times: Mapping[str, int]
    instead: Mapping[str, int]


@frozen
class ValueRange:
    """What the members' values of one source span; numbers only where the source holds numbers.

    `longest` has the most characters, `widest` takes the most bytes as cp949 (characters that cp949
    lacks count as one); of several the greatest text. The values are of people: they are measured,
    never written into a plan, a log or a report, and `repr` leaves them out.
    """

    missing: int
    longest: str | None = field(repr=False)
    widest: str | None = field(repr=False)
    shortest: str | None = field(repr=False)
    lowest: float | None = field(default=None, repr=False)
    highest: float | None = field(default=None, repr=False)


@frozen
class Widest:
    """The values (`user.name`) of the one person whose text takes the most room, and of how many.

    `people` counts those who read this text: members whom consent lets reach on `channel` (sms and
    kakao: with a number). Nobody is named, but the values are a person's: see `ValueRange`.
    """

    channel: Channel
    locale: str
    jurisdiction: str
    variant: str
    people: int
    values: Mapping[str, Scalar | None] = field(repr=False)


@frozen
class Extremes:
    """What an audience's values span at one instant, and the person with the most per text."""

    evaluated_at: datetime
    users: int
    ranges: Mapping[str, ValueRange]
    widest: tuple[Widest, ...]


@frozen
class Membership:
    """Who would enter and leave an audience if the new condition replaced the old, now."""

    before: int | None
    now: int
    entering: int
    leaving: int


@frozen
class ShardFile:
    """One Parquet file of a snapshot. `alternative` shards wait for their primaries.

    `step` counts the channels before it in a chain: with `{app: kakao, kakao: sms}` kakao is step 1
    and sms step 2, which waits until kakao is decided.
    """

    number: int
    path: str
    rows: int
    due_at: datetime
    digest: str
    alternative: bool = False
    step: int = 0


@frozen
class TargetCount:
    """How many targets of a snapshot share these dimensions."""

    channel: Channel
    locale: str
    jurisdiction: str
    variant: str
    platform: str
    targets: int


@frozen
class Snapshot:
    """The frozen audience of a campaign: who, through which addresses, in which shards.

    `users` counts members; `users_without_address` those with no address on any of the channels
    (they have no target). `counts` covers primary targets only.
    """

    campaign: str
    evaluated_at: datetime
    users: int
    users_without_address: int
    users_defaulted_zone: int
    shards: tuple[ShardFile, ...]
    counts: tuple[TargetCount, ...]

    @property
    def targets(self) -> int:
        """How many primary targets there are."""
        return sum(count.targets for count in self.counts)


def outgrew(before: int, now: int, limit: float) -> bool:
    """Tell whether an audience grew from `before` to `now` people by more than `limit` (of 1).

    From nobody to anybody counts as doubling.
    """
    if before == 0:
        return now > 0 and limit < 1
    return now - before > round(before * limit, 6)
