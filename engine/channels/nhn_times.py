"""What NHN's lists say of a time, listed once for many questions.

Of hand-overs without an answer the number of their request is not known, and some messages are a
request each: all messages of their time are listed, and our references looked for among them. The
ledger asks for 500 at a time: what was listed for the first is kept a moment for those that follow,
or the work grows with the square.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from engine.channels.nhn_results import AROUND, Ask, outcome_of, pages, window
from engine.model.outcome import Awaited, Outcome

SPAN = timedelta(minutes=10)
"""Time is listed in pieces of this length, which begin at the same instants for everybody. Ours."""

KEPT_S = 30.0
"""How long a piece is answered from memory; one pass of questions takes half of it. Ours."""

MOST_KEPT = 500_000
"""So many outcomes are remembered at most, about 160 MB; the oldest pieces are forgotten first. Ours."""


@dataclass(frozen=True, slots=True)
class _Piece:
    outcomes: Mapping[str, Outcome | None]
    listed_at: float


class TimeLists:
    """The lists of one provider. `monotonic` gives seconds."""

    def __init__(self, service: str, monotonic: Callable[[], float]) -> None:
        self._service = service
        self._monotonic = monotonic
        self._pieces: dict[tuple[str, datetime], _Piece] = {}

    def __call__(
        self, doors: Mapping[str, str], ask: Ask, awaited: Sequence[Awaited]
    ) -> Mapping[str, Outcome | None]:
        """Return by our reference what NHN says of those that it lists: None is not final.

        `doors` are the lists' paths by product. An answer may be `KEPT_S` old: what became final
        since is found by the next question.
        """
        self._forget()
        left = {one.reference for one in awaited}
        found: dict[str, Outcome | None] = {}
        # Two clocks seldom differ by minutes: what lies around is listed for those who are missing.
        for around in (timedelta(), AROUND):
            missing = [one for one in awaited if one.reference in left]
            for start in sorted({start for one in missing for start in _pieces_of(one, around)}):
                for product, door in doors.items():
                    outcomes = self._outcomes(product, door, ask, start)
                    here = [reference for reference in left if reference in outcomes]
                    found.update((reference, outcomes[reference]) for reference in here)
                    left.difference_update(here)
        return found

    def _outcomes(
        self, product: str, door: str, ask: Ask, start: datetime
    ) -> Mapping[str, Outcome | None]:
        piece = self._pieces.get((product, start))
        if piece is None:
            outcomes = {
                str(row.get("recipientGroupingKey")): outcome_of(self._service, product, row)
                for row in pages(ask, door, window(self._service, start, start + SPAN))
            }
            piece = _Piece(outcomes, self._monotonic())
            self._pieces[product, start] = piece
        return piece.outcomes

    def _forget(self) -> None:
        oldest = self._monotonic() - KEPT_S
        kept, count = dict[tuple[str, datetime], _Piece](), 0
        for key, piece in reversed(self._pieces.items()):
            count += len(piece.outcomes)
            if piece.listed_at < oldest or count > MOST_KEPT:
                break
            kept[key] = piece
        self._pieces = dict(reversed(kept.items()))


def _pieces_of(one: Awaited, around: timedelta) -> Iterator[datetime]:
    """Return where the pieces begin that touch the hand-over and `around` before and after it."""
    seconds, whole = (one.handed_over_at - around).timestamp(), SPAN.total_seconds()
    start = datetime.fromtimestamp(seconds // whole * whole, UTC)
    while start <= one.handed_over_at + around:
        yield start
        start += SPAN
