"""What a worker has in its hands: candidates in key order, those that wait, those that are claimed."""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterable, Mapping
from datetime import datetime

from engine.dispatch.gate import Candidate
from engine.model.channel import Channel
from engine.model.delivery import TERMINAL, Target
from engine.model.deployment import Claim, Settlement

Key = tuple[Channel, str]
"""A delivery within one campaign: channel and address hash."""


def key_of(candidate: Candidate) -> Key:
    """Return the key of a candidate."""
    return candidate.target.channel, candidate.target.address_hash


class Hand:
    """Every candidate is in exactly one place: ready, waiting for its retry, or claimed."""

    def __init__(self, attempts: Mapping[Key, int]) -> None:
        """`attempts` counts the claims that deferred deliveries have behind them."""
        self._attempts = dict(attempts)
        self._candidates: dict[Key, Candidate] = {}
        self._ready: dict[Channel, deque[Key]] = {}
        self._waiting: list[tuple[datetime, Key]] = []
        self._claimed: dict[Key, tuple[Claim, int]] = {}

    def __len__(self) -> int:
        return len(self._candidates)

    @property
    def in_flight(self) -> int:
        """How many are claimed and not settled."""
        return len(self._claimed)

    def in_flight_on(self, channel: Channel) -> int:
        """Return how many of a channel are claimed and not settled."""
        return sum(key[0] is channel for key in self._claimed)

    def add(self, candidate: Candidate, retry_at: datetime | None = None) -> None:
        """Take a candidate; with `retry_at` it is not ready before that instant."""
        key = key_of(candidate)
        self._candidates[key] = candidate
        if retry_at is None:
            self._ready.setdefault(key[0], deque()).append(key)
        else:
            heapq.heappush(self._waiting, (retry_at, key))

    def unclaimed(self) -> list[Candidate]:
        """Return every candidate that is not in flight."""
        return [c for key, c in self._candidates.items() if key not in self._claimed]

    def refresh(self, candidate: Candidate) -> None:
        """Put a newer reading of the same delivery in place of the old."""
        self._candidates[key_of(candidate)] = candidate

    def drop(self, key: Key) -> None:
        """Let go of a delivery that is not ours to send."""
        self._candidates.pop(key, None)
        self._claimed.pop(key, None)

    def channels(self, now: datetime) -> list[Channel]:
        """Return the channels with something ready at `now`."""
        self._wake(now)
        return [channel for channel, queue in sorted(self._ready.items()) if queue]

    def count_ready(self, channel: Channel) -> int:
        """Return how many of a channel are ready (at most: some may have been settled since)."""
        return len(self._ready.get(channel, ()))

    def take(self, channel: Channel, most: int) -> list[Candidate]:
        """Take up to `most` ready candidates of a channel, in key order; the caller claims them."""
        queue = self._ready.get(channel, deque())
        taken: list[Candidate] = []
        while queue and len(taken) < most:
            candidate = self._candidates.get(queue.popleft())
            if candidate is not None:
                taken.append(candidate)
        return taken

    def claimed(self, candidate: Candidate, claim: Claim, attempt: int) -> None:
        """Note that the ledger gave us the claim."""
        self._claimed[key_of(candidate)] = (claim, attempt)

    def find_claim(self, key: Key) -> tuple[Claim, int] | None:
        """Return the claim and attempt under which `key` is in flight."""
        return self._claimed.get(key)

    def find(self, key: Key) -> Target | None:
        """Return the target that stands under `key`."""
        candidate = self._candidates.get(key)
        return candidate.target if candidate is not None else None

    def attempts(self, claim: Claim) -> int:
        """Return how often the delivery of `claim` was claimed before."""
        return self._attempts.get((Channel(claim.channel), claim.address_hash), 0)

    def settle(self, settlements: Iterable[Settlement]) -> None:
        """Let go of what is settled; keep what is deferred for its time."""
        for item in settlements:
            key = (Channel(item.claim.channel), item.claim.address_hash)
            self._claimed.pop(key, None)
            self._attempts[key] = item.attempt
            if item.state in TERMINAL:
                self._candidates.pop(key, None)
            elif item.retry_at is not None and key in self._candidates:
                heapq.heappush(self._waiting, (item.retry_at, key))

    def _wake(self, now: datetime) -> None:
        while self._waiting and self._waiting[0][0] <= now:
            _, key = heapq.heappop(self._waiting)
            if key in self._candidates and key not in self._claimed:
                self._ready.setdefault(key[0], deque()).append(key)
