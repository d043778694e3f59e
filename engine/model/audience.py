"""Audiences: a tree of conditions over people, and attributes derived per person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import timedelta
from enum import StrEnum

from engine.kernel.frozen import frozen
from engine.kernel.origin import NOWHERE, Origin
from engine.model.channel import Channel

Scalar = str | int | float | bool


class Operator(StrEnum):
    """How an attribute is compared. Comparison with a missing value is false, also for `ne`."""

    EQ = "eq"
    NE = "ne"
    IN = "in"
    NOT_IN = "not_in"
    LT = "lt"
    LTE = "lte"
    GT = "gt"
    GTE = "gte"
    BETWEEN = "between"
    EXISTS = "exists"
    CONTAINS = "contains"
    STARTS_WITH = "starts_with"
    MATCHES = "matches"
    BEFORE = "before"
    AFTER = "after"
    WITHIN = "within"


@frozen(kw_only=False)
class Test:
    """One comparison. `value` is a scalar, a tuple (`in not_in between`), a bool (`exists`).

    `before after` take a date or instant as text, `within` a duration as text; `between` is
    half-open. Bare dates start at 00:00 in the workspace zone.
    """

    __test__ = False  # not a test class, whatever pytest thinks of its name

    operator: Operator
    value: Scalar | tuple[Scalar, ...]


@frozen
class Everyone:
    """Every person of the users source: the built-in audience `everyone`."""


@frozen
class All:
    """People for whom every one of `of` holds."""

    of: tuple[Condition, ...]


@frozen
class AnyOf:
    """People for whom at least one of `of` holds."""

    of: tuple[Condition, ...]


@frozen
class Not:
    """Everybody for whom `of` does not hold."""

    of: Condition


@frozen
class AttributeIs:
    """A column of users, or a derived attribute of the audience, passes every test."""

    attribute: str
    tests: tuple[Test, ...]
    origin: Origin = field(default=NOWHERE, compare=False, repr=False)


@frozen
class PropertyTest:
    """A property of an event (or a column of devices) passes every test."""

    property: str
    tests: tuple[Test, ...]


@frozen
class EventHappened:
    """People with events `event` in a stretch of time, counted, summed, or with none at all.

    Without `count`, `total` and `never` one event is enough. `first` and `last` test the instant
    of the earliest and the latest matching event.
    """

    event: str
    where: tuple[PropertyTest, ...] = ()
    within: timedelta | None = None
    between: tuple[str, str] | None = None
    count: tuple[Test, ...] = ()
    total: PropertyTest | None = None
    never: bool = False
    first: tuple[Test, ...] = ()
    last: tuple[Test, ...] = ()
    origin: Origin = field(default=NOWHERE, compare=False, repr=False)


@frozen
class DeviceHas:
    """People with at least one enabled device that passes every test."""

    where: tuple[PropertyTest, ...]
    origin: Origin = field(default=NOWHERE, compare=False, repr=False)


@frozen
class InAudience:
    """Members of the audience `audience`; replaced by its condition when a campaign is resolved."""

    audience: str
    origin: Origin = field(default=NOWHERE, compare=False, repr=False)


class Reached(StrEnum):
    """What must have happened to a person in a campaign for `campaign:` to hold."""

    TARGETED = "targeted"
    SENT = "sent"
    FAILED = "failed"
    SKIPPED = "skipped"
    UNKNOWN = "unknown"
    HELD_OUT = "held_out"


@frozen
class InCampaign:
    """People whom campaign `campaign` reached with `outcome` in the last `within` (None: ever)."""

    campaign: str
    outcome: Reached = Reached.SENT
    within: timedelta | None = None
    origin: Origin = field(default=NOWHERE, compare=False, repr=False)


@frozen
class InShare:
    """A stable sample: people whose bucket for `salt` lies below `share` (0 to 1)."""

    share: float
    salt: str


@frozen
class Suppressed:
    """People who are among the refusals for `channel`, or for every channel: in person or by number."""

    channel: Channel


Condition = (
    Everyone
    | All
    | AnyOf
    | Not
    | AttributeIs
    | EventHappened
    | DeviceHas
    | InAudience
    | InCampaign
    | InShare
    | Suppressed
)


class Aggregate(StrEnum):
    """How a derived attribute sums up a person's events."""

    COUNT = "count"
    SUM = "sum"
    MEAN = "mean"
    FIRST = "first"
    LAST = "last"
    MOST_FREQUENT = "most_frequent"
    DAYS_SINCE = "days_since"


@frozen
class DerivedAttribute:
    """One value per person, computed from events; `property` is None for `count` and `days_since`."""

    name: str
    event: str
    aggregate: Aggregate
    property: str | None = None
    where: tuple[PropertyTest, ...] = ()
    within: timedelta | None = None
    origin: Origin = field(default=NOWHERE, compare=False, repr=False)


@frozen
class ExpectedSize:
    """`expect.size`: how many people the author thinks the audience has."""

    minimum: int | None = None
    maximum: int | None = None


@frozen
class Audience:
    """An audience file as written. An inline condition becomes one with the id of its campaign."""

    id: str
    where: Condition
    attributes: Mapping[str, DerivedAttribute] = field(default_factory=dict)
    expect: ExpectedSize = ExpectedSize()
    title: str | None = None
    origin: Origin = field(default=NOWHERE, compare=False, repr=False)


def parts(condition: Condition) -> tuple[Condition, ...]:
    """Return `condition` and everything inside it, outermost first."""
    match condition:
        case All(of=inner) | AnyOf(of=inner):
            return (condition, *(part for child in inner for part in parts(child)))
        case Not(of=child):
            return (condition, *parts(child))
        case _:
            return (condition,)
