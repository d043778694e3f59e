"""Audiences by name → conditions without names: inlined, with circles and explosions found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.kernel.frozen import frozen
from engine.kernel.origin import Origin
from engine.model.audience import (
    All,
    AnyOf,
    Audience,
    Condition,
    DerivedAttribute,
    InAudience,
    InCampaign,
    Not,
)
from engine.workspace.build_audience import EVERYONE
from engine.workspace.notes import Notes
from engine.workspace.suggest import did_you_mean

MAX_CONDITIONS = 10_000
"""Audiences that name each other twice grow by doubling: 20 files would be a million nodes."""

MAX_STEPS = 30
"""How many audiences may stand inside each other; more is a tangle, and a deep recursion."""


@frozen(kw_only=False)
class Names:
    """Every id that exists, also of files that could not be read: those are no second mistake."""

    audiences: frozenset[str]
    templates: frozenset[str]
    campaigns: frozenset[str]


@frozen(kw_only=False)
class Inlined:
    """A condition without `audience:`, the attributes it can use, and its number of nodes."""

    where: Condition
    attributes: Mapping[str, DerivedAttribute]
    size: int


@dataclass(slots=True)
class Inliner:
    """Replaces `audience:` by the audience's condition. One for all campaigns of a workspace."""

    audiences: Mapping[str, Audience]
    names: Names
    _done: dict[str, Inlined | None] = field(default_factory=dict)
    _open: list[str] = field(default_factory=list)

    def audience(self, id: str, notes: Notes) -> Inlined | None:  # noqa: A002
        """Return the audience `id`, inlined. None where it, or one that it names, is broken."""
        if id in self._done:
            return self._done[id]
        written = self.audiences.get(id)
        if written is None:
            return None
        self._open.append(id)
        attributes = dict(written.attributes)
        inlined = self.condition(written.where, attributes, notes)
        self._open.pop()
        self._done[id] = Inlined(inlined[0], attributes, inlined[1]) if inlined else None
        return self._done[id]

    def condition(
        self, where: Condition, attributes: dict[str, DerivedAttribute], notes: Notes
    ) -> tuple[Condition, int] | None:
        """Return `where` inlined and its number of nodes; None if broken. Adds to `attributes`."""
        match where:
            case All(of=children):
                found = self._children(children, attributes, notes)
                return (All(of=found[0]), found[1]) if found else None
            case AnyOf(of=children):
                found = self._children(children, attributes, notes)
                return (AnyOf(of=found[0]), found[1]) if found else None
            case Not(of=child):
                one = self.condition(child, attributes, notes)
                return (Not(of=one[0]), one[1] + 1) if one else None
            case InAudience():
                return self._named(where, attributes, notes)
            case InCampaign(campaign=campaign, origin=at):
                if campaign not in self.names.campaigns:
                    hint = did_you_mean(campaign, self.names.campaigns)
                    message = f"the campaign `{campaign}` does not exist"
                    notes.add("reference", message, at, hint)
                    return None
        return where, 1

    def _children(
        self,
        children: tuple[Condition, ...],
        attributes: dict[str, DerivedAttribute],
        notes: Notes,
    ) -> tuple[tuple[Condition, ...], int] | None:
        built = [self.condition(child, attributes, notes) for child in children]
        good = [one for one in built if one is not None]
        if len(good) < len(built):
            return None
        return tuple(one[0] for one in good), 1 + sum(one[1] for one in good)

    def _named(
        self, use: InAudience, attributes: dict[str, DerivedAttribute], notes: Notes
    ) -> tuple[Condition, int] | None:
        if not self.exists(use.audience, use.origin, notes):
            return None
        if use.audience in self._open:
            circle = [*self._open[self._open.index(use.audience) :], use.audience]
            message = f"the audience `{use.audience}` contains itself: {' → '.join(circle)}"
            notes.add("reference", message, use.origin, "take one of these steps out")
            return None
        if len(self._open) >= MAX_STEPS:
            message = f"more than {MAX_STEPS} audiences stand inside each other"
            notes.value(message, use.origin, "write one of them out")
            return None
        inlined = self.audience(use.audience, notes)
        if inlined is None:
            return None
        if inlined.size > MAX_CONDITIONS:
            message = f"the audience `{use.audience}` comes to more than {MAX_CONDITIONS:,} nodes"
            notes.value(message, use.origin, "name fewer audiences inside each other")
            return None
        merge_attributes(attributes, inlined.attributes, use.origin, notes)
        return inlined.where, inlined.size

    def exists(self, audience: str, at: Origin, notes: Notes) -> bool:
        """Tell whether there is an audience `audience`; note it if not."""
        if audience == EVERYONE or audience in self.names.audiences:
            return True
        hint = did_you_mean(audience, self.names.audiences | {EVERYONE})
        notes.add("reference", f"the audience `{audience}` does not exist", at, hint)
        return False


def merge_attributes(
    into: dict[str, DerivedAttribute],
    more: Mapping[str, DerivedAttribute],
    at: Origin,
    notes: Notes,
) -> None:
    """Add `more` to `into`. One name for two different attributes is noted at `at`."""
    for word, attribute in more.items():
        if into.setdefault(word, attribute) != attribute:
            message = f"two audiences derive different attributes with the name `{word}`"
            notes.add("reference", message, at, "give one of them another name")
