"""A provider for vendors that take many messages in one request, and say in one answer what became of each.

The vendor's own module says which deliveries may share a request, what the request is, and what an
answer means (`BatchVendor`). What no answer means is the same for all and is read here.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from datetime import datetime

from engine.channels.batch_vendor import BatchVendor, for_all
from engine.channels.exchange import (
    Answered,
    Finished,
    Request,
)
from engine.channels.lots import Lot, is_answer, lots_of, own_fault, still_trusted
from engine.channels.options import Options
from engine.channels.pool import read_proxy
from engine.channels.retry_after import read_unanswered
from engine.channels.transport import Transport
from engine.kernel.digest import Plain
from engine.model.message import Envelope
from engine.model.outcome import NotActed, Outcome, Outgoing, Refused, Settled
from engine.model.ports import Clock

REQUESTS_UNDER_WAY = 128
"""So many requests are begun at most, though few may share one: each waits for one of a few connections,
and its time-out runs meanwhile. Ours."""


class BatchProvider:
    """A `Provider` over a `BatchVendor`. It takes `requests` × `max_batch` deliveries at once.

    Of `options` it reads `timeout` (seconds; `timeout_s` where it is not written), `ca_file`, `proxy`.

    Where few may share a request it takes fewer, by what shared a request last: about
    `REQUESTS_UNDER_WAY` requests, of which libcurl makes some wait for a connection.

    With `first`, only so many are under way until the vendor took one of them, and again after it
    fell silent or refused what it would refuse of everybody: wrong keys are tried on ten people then,
    not on a thousand.

    `refused_whole` tells of an answer that the vendor read the request, did nothing of it, and might
    have taken a part. Such a request is sent again in halves, so that one person's odd number does
    not cost a thousand others their message. Where nobody of it is taken, and nobody was before, what
    is refused is the campaign and not each of them.
    """

    def __init__(
        self,
        vendor: BatchVendor,
        options: Options,
        clock: Clock,
        *,
        requests: int,
        timeout_s: float = 10.0,
        refused_whole: Callable[[Answered], bool] = lambda _: False,
        first: int | None = None,
    ) -> None:
        self._vendor = vendor
        self._options = options
        self._clock = clock
        self._requests = requests
        self._timeout_s = options.seconds("timeout", timeout_s)
        self._refused_whole = refused_whole
        self._first = first
        self._trusted = first is None
        self._transport: Transport | None = None
        self._ready: list[Settled] = []
        self._in_flight = 0
        self._shared = vendor.max_batch

    @property
    def account(self) -> str:
        """What the vendor counts its quota by."""
        return self._vendor.account

    def encode(self, envelope: Envelope) -> Plain:
        """Return the request of one message before address and authentication."""
        return self._vendor.encode(envelope)

    def free_slots(self) -> int:
        """Return how many deliveries `submit` takes.

        Credentials are read here, so that nothing is claimed in vain: raises CredentialsError or
        UsageError where one is missing.
        """
        self._vendor.make_ready()
        begun = max(self._requests, REQUESTS_UNDER_WAY)
        most = min(self._most(), begun * self._shared)
        if self._first is not None and not self._trusted:
            most = min(most, self._first)
        return max(0, most - self._in_flight - len(self._ready))

    def submit(self, batch: Sequence[Outgoing]) -> None:
        """Put `batch` into as few requests as may be and start them all.

        Raises ValueError if there are more deliveries than free slots.
        """
        free = self.free_slots()
        if len(batch) > free:
            raise ValueError(f"{len(batch)} deliveries for {free} free slots")
        groups: dict[Hashable, list[Outgoing]] = {}
        for outgoing in batch:
            refusal = self._vendor.refuse(outgoing)
            if refusal is None:
                groups.setdefault(self._vendor.group(outgoing), []).append(outgoing)
            else:
                self._ready.append(Settled(outgoing=outgoing, outcome=refusal))
        now = self._clock.now()
        requests = [
            self._make_request(lot, now) for lot in lots_of(groups.values(), self._vendor.max_batch)
        ]
        going = sum(len(request.tag.outgoings) for request in requests)
        self._in_flight += going
        if len(requests) == 1:  # nothing speaks against more of the same
            self._shared = self._vendor.max_batch
        elif requests:
            self._shared = -(-going // len(requests))
        self._open().submit(requests)

    def poll(self, timeout_s: float) -> Sequence[Settled]:
        """Return what is settled by now, waiting up to `timeout_s` for the first."""
        ready, self._ready = self._ready, []
        if self._transport is None:
            return ready
        return [*ready, *self._settle(self._transport.poll(0.0 if ready else timeout_s))]

    def close(self) -> Sequence[Settled]:
        """Drain what is in flight for up to 5 s and return what it came to."""
        ready, self._ready = self._ready, []
        if self._transport is None:
            return ready
        transport, self._transport = self._transport, None
        return [*ready, *self._settle(transport.close())]

    def _most(self) -> int:
        return self._requests * self._vendor.max_batch

    def _make_request(self, lot: Lot, now: datetime) -> Request:
        post = self._vendor.request(lot.outgoings, now)
        return Request(post.url, post.headers, post.body, lot)

    def _settle(self, finished: Sequence[Finished]) -> list[Settled]:
        settled: list[Settled] = []
        for one in finished:
            lot: Lot = one.tag
            if self._divides(one, lot) and self._transport is not None:
                lot.divisions.left -= 1
                lot.divisions.parts += 1
                now = self._clock.now()
                self._transport.submit([self._make_request(half, now) for half in lot.halves()])
                continue
            settled += self._settle_part(one, lot)
        self._in_flight -= len(settled)
        return settled

    def _settle_part(self, one: Finished, lot: Lot) -> list[Settled]:
        """Return what is settled by the end of a part: those who were refused alone with the last."""
        outcomes, divisions = self._read(one, lot), lot.divisions
        divisions.parts -= 1
        divisions.looked |= any(is_answer(outcome) for outcome in outcomes)
        settled = [
            Settled(outgoing=outgoing, outcome=outcome)
            for outgoing, outcome in zip(lot.outgoings, outcomes, strict=True)
        ]
        if lot.part and len(settled) == 1 and isinstance(outcomes[0], Refused):
            divisions.alone += settled
            settled = []
        if not divisions.parts and divisions.alone:
            # Where nobody of the request got through, it was not the fault of each of them.
            theirs = divisions.looked or self._trusted
            settled += [own_fault(each) if theirs else each for each in divisions.alone]
            divisions.alone.clear()
        if self._first is not None:
            outcomes = [each.outcome for each in settled]
            self._trusted = still_trusted(outcomes, before=self._trusted)
        return settled

    def _divides(self, finished: Finished, lot: Lot) -> bool:
        return (
            isinstance(finished.result, Answered)
            and len(lot.outgoings) > 1
            and lot.divisions.left > 0
            and self._refused_whole(finished.result)
        )

    def _read(self, finished: Finished, lot: Lot) -> Sequence[Outcome]:
        result = finished.result
        if not isinstance(result, Answered):
            return for_all(lot.outgoings, read_unanswered(result))
        if self._divides(finished, lot):
            # No time is left to find out who is at fault.
            return for_all(lot.outgoings, NotActed(code=f"HTTP_{result.status}"))
        return self._vendor.read(result, lot.outgoings, self._clock.now())

    def _open(self) -> Transport:
        if self._transport is None:
            # In the worst case no two deliveries may share a request.
            streams = -(-self._most() // self._requests)
            self._transport = Transport(
                monotonic=self._clock.monotonic,
                connections=self._requests,
                streams=streams,
                timeout_s=self._timeout_s,
                ca_file=self._options.text("ca_file"),
                proxy=read_proxy(self._options),
            )
        return self._transport
