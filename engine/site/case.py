"""What a contact sheet is made of: one composed message, whose it is, and how big it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from engine.kernel.frozen import frozen
from engine.message.limits import Measure
from engine.model.channel import Channel
from engine.model.message import Composed

Place = tuple[Channel, str, str, str]
"""Channel, locale, jurisdiction and variant of a message."""


class Person(StrEnum):
    """The people that every message is drawn for: made up, but for the masked widest of an audience."""

    SAMPLE = "sample"
    WIDEST = "widest"
    LONGEST = "longest"
    MISSING = "missing"


@frozen
class Case:
    """One message for one person. `measures` is empty where nothing was composed.

    `skipped_without` and `fails_without` are the variables of the text that have no default: people
    without a value are left out on purpose, or are an error.
    """

    channel: Channel
    locale: str
    jurisdiction: str
    variant: str
    person: Person
    composed: Composed
    measures: tuple[Measure, ...] = ()
    skipped_without: tuple[str, ...] = ()
    fails_without: tuple[str, ...] = ()

    @property
    def place(self) -> Place:
        """Which of the campaign's messages this is."""
        return self.channel, self.locale, self.jurisdiction, self.variant


@frozen
class Before:
    """The samples of the same campaign at another revision; none where it did not exist then."""

    revision: str
    cases: tuple[Case, ...]


def by_place(cases: Iterable[Case]) -> Mapping[Place, tuple[Case, ...]]:
    """Return `cases` grouped by place, in the order in which places first occur."""
    found: dict[Place, list[Case]] = {}
    for case in cases:
        found.setdefault(case.place, []).append(case)
    return {place: tuple(group) for place, group in found.items()}
