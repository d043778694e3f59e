"""The deliveries of one request, and how a request that was refused as a whole is divided."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from engine.kernel.frozen import frozen
from engine.model.outcome import (
    Accepted,
    AnsweredError,
    NotActed,
    Outcome,
    Outgoing,
    Refused,
    Settled,
    Silent,
)

MOST_DIVISIONS = 64
"""How often one request is divided to find who is at fault: enough for six among 1,000."""


@dataclass(slots=True)
class Divisions:
    """What became of one request so far, and how often it may still be divided.

    `parts` are under way. `looked` says that the vendor took one of them, or refused it for itself.
    `alone` are those who were refused alone: whose fault that is shows when all parts are done.
    """

    left: int = MOST_DIVISIONS
    parts: int = 1
    looked: bool = False
    alone: list[Settled] = field(default_factory=list)


@frozen(kw_only=False)
class Lot:
    """The deliveries of one request. `part`: of a larger one that was refused."""

    outgoings: tuple[Outgoing, ...]
    divisions: Divisions
    part: bool = False

    def halves(self) -> tuple[Lot, Lot]:
        """Return both halves, which share the divisions that are left."""
        middle = len(self.outgoings) // 2
        first, second = self.outgoings[:middle], self.outgoings[middle:]
        return Lot(first, self.divisions, part=True), Lot(second, self.divisions, part=True)


def lots_of(groups: Iterable[Sequence[Outgoing]], most: int) -> Iterator[Lot]:
    """Return every group in lots of at most `most` deliveries."""
    for group in groups:
        for first in range(0, len(group), most):
            yield Lot(tuple(group[first : first + most]), Divisions())


def own_fault(settled: Settled) -> Settled:
    """Return a refusal as one person's own: it was found alone among others that were taken."""
    outcome = settled.outcome
    if not isinstance(outcome, Refused):
        return settled
    return replace(settled, outcome=replace(outcome, systemic=False))


def still_trusted(outcomes: Sequence[Outcome], *, before: bool) -> bool:
    """Tell whether the outcomes of a request speak for sending many more: `before` if they are mute."""
    if any(is_answer(outcome) for outcome in outcomes):
        return True
    if any(isinstance(outcome, Refused | AnsweredError | Silent) for outcome in outcomes):
        return False
    if any(isinstance(outcome, NotActed) and outcome.systemic for outcome in outcomes):
        return False
    return before


def is_answer(outcome: Outcome) -> bool:
    """Tell whether the vendor looked at this message for itself."""
    if isinstance(outcome, Refused):
        return not outcome.systemic
    return isinstance(outcome, Accepted)
