"""What a vendor's lists say of a time, listed once for many questions.

Of hand-overs without an answer the vendor's name is not known, and some messages are a request each:
all messages of their time are listed, and our references looked for among them. The ledger asks for
500 at a time: what was listed for the first is kept a moment for those that follow, or the work grows
with the square.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from engine.kernel.frozen import frozen
from engine.model.outcome import Awaited, Outcome

SPAN = timedelta(minutes=10)
"""Time is listed in pieces of this length, which begin at the same instants for everybody. Ours."""

KEPT_S = 30.0
"""How long a piece is answered from memory; one pass of questions takes half of it. Ours."""

MOST_KEPT = 500_000
"""So many outcomes are remembered at most, about 160 MB; the oldest pieces are forgotten first. Ours."""


Outcomes = Mapping[str, Outcome | None]
"""By our reference what a list says of a message: None is not final."""

List = Callable[[datetime, datetime], Outcomes]
"""Returns what a vendor lists between two instants, both included."""


@frozen(kw_only=False)
class _Piece:
    outcomes: Outcomes
    listed_at: float


class TimeLists:
    """The lists of one provider. `monotonic` gives seconds."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._pieces: dict[tuple[str, datetime], _Piece] = {}

    def find(
        self,
        lists: Mapping[str, List],
        awaited: Sequence[Awaited],
        *,
        before: timedelta,
        after: timedelta,
    ) -> Outcomes:
        """Return by our reference what the vendor says of those that it lists: None is not final.

        `lists` are the vendor's by name. `before` and `after` are how far a message's time there may
        lie from the one at which we handed it over. An answer may be `KEPT_S` old: what became final
        since is found by the next question.
        """
        self._forget()
        left = {one.reference for one in awaited}
        found: dict[str, Outcome | None] = {}
        # Two clocks seldom differ by minutes: what lies around is listed for those who are missing.
        for around in ((timedelta(), timedelta()), (before, after)):
            missing = [one for one in awaited if one.reference in left]
            for start in sorted({start for one in missing for start in _pieces_of(one, *around)}):
                for name, listing in lists.items():
                    outcomes = self._outcomes(name, listing, start)
                    here = [reference for reference in left if reference in outcomes]
                    found.update((reference, outcomes[reference]) for reference in here)
                    left.difference_update(here)
        return found

    def _outcomes(self, name: str, listing: List, start: datetime) -> Outcomes:
        piece = self._pieces.get((name, start))
        if piece is None:
            piece = _Piece(listing(start, start + SPAN), self._monotonic())
            self._pieces[name, start] = piece
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


def _pieces_of(one: Awaited, before: timedelta, after: timedelta) -> Iterator[datetime]:
    """Return where the pieces begin that touch the time from `before` to `after` the hand-over."""
    seconds, whole = (one.handed_over_at - before).timestamp(), SPAN.total_seconds()
    start = datetime.fromtimestamp(seconds // whole * whole, UTC)
    while start <= one.handed_over_at + after:
        yield start
        start += SPAN
