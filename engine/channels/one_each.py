"""What providers that send one request per address share: slots, lots, and what no answer means."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from engine.channels.exchange import Answered, NeverSent, NoAnswer, Request
from engine.channels.retry_after import read_unanswered
from engine.channels.transport import Transport
from engine.kernel.frozen import frozen
from engine.model.outcome import Outcome, Outgoing, Refused, Settled

_LOT = 200


@frozen(kw_only=False)
class Hand:
    """One delivery under way; `extra` is what its provider wants to remember with it."""

    outgoing: Outgoing
    extra: Any = None


class OneEach:
    """Sends one request per delivery over `transport`.

    `prepare` returns the request, tagged with a `Hand`, or the refusal of what cannot be sent;
    `read` returns what an answer means.
    """

    def __init__(
        self,
        transport: Transport,
        prepare: Callable[[Outgoing], Request | Refused],
        read: Callable[[Hand, Answered], Outcome],
    ) -> None:
        self._transport = transport
        self._prepare = prepare
        self._read = read
        self._ready: list[Settled] = []

    def free_slots(self) -> int:
        """Return how many deliveries `submit` takes."""
        return max(0, self._transport.free_slots() - len(self._ready))

    def submit(self, batch: Sequence[Outgoing]) -> None:
        """Start sending `batch`. Raises ValueError if there are more than free slots."""
        if len(batch) > self.free_slots():
            raise ValueError(f"{len(batch)} deliveries for {self.free_slots()} free slots")
        # In small lots, so that the first are under way while the others are still encoded.
        for first in range(0, len(batch), _LOT):
            requests = []
            for outgoing in batch[first : first + _LOT]:
                prepared = self._prepare(outgoing)
                if isinstance(prepared, Refused):
                    self._ready.append(Settled(outgoing=outgoing, outcome=prepared))
                else:
                    requests.append(prepared)
            self._transport.submit(requests)

    def poll(self, timeout_s: float) -> Sequence[Settled]:
        """Return what is settled by now, waiting up to `timeout_s` for the first."""
        ready, self._ready = self._ready, []
        finished = self._transport.poll(0.0 if ready else timeout_s)
        return [*ready, *(self._settle(one.tag, one.result) for one in finished)]

    def close(self) -> Sequence[Settled]:
        """Drain what is in flight for up to 5 s and return what it came to."""
        ready, self._ready = self._ready, []
        finished = self._transport.close()
        return [*ready, *(self._settle(one.tag, one.result) for one in finished)]

    def _settle(self, hand: Hand, result: Answered | NeverSent | NoAnswer) -> Settled:
        if isinstance(result, Answered):
            return Settled(outgoing=hand.outgoing, outcome=self._read(hand, result))
        return Settled(outgoing=hand.outgoing, outcome=read_unanswered(result))
