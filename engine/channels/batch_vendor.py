"""What a vendor tells a `BatchProvider`: what shares a request, and how that is written and read."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Sequence
from datetime import datetime
from typing import Protocol

from engine.channels.exchange import Answered
from engine.kernel.digest import Plain
from engine.kernel.frozen import frozen
from engine.model.message import Envelope
from engine.model.outcome import NotActed, Outcome, Outgoing, Refused


@frozen(kw_only=False)
class Post:
    """One request of a vendor; headers are `Name: value` lines."""

    url: str
    headers: tuple[str, ...]
    body: bytes


class BatchVendor(Protocol):
    """What a vendor's module says. Nothing is opened, and no secret read, before `make_ready`."""

    @property
    def account(self) -> str:
        """What its quota is counted by: the key of its pace."""
        ...

    @property
    def max_batch(self) -> int:
        """How many deliveries one request carries at most; 1 for one message a request."""
        ...

    def encode(self, envelope: Envelope) -> Plain:
        """Return the request of one message before address and authentication, for preview."""
        ...

    def make_ready(self) -> None:
        """Read the credentials. Raises CredentialsError or UsageError where one is missing."""
        ...

    def refuse(self, outgoing: Outgoing) -> Refused | NotActed | None:
        """Return what is known without asking the vendor, or None.

        An impossible number is refused; where a setting is missing, nothing is done.
        """
        ...

    def group(self, outgoing: Outgoing) -> Hashable:
        """Return what all deliveries of one request have in common (sender, type, template)."""
        ...

    def request(self, batch: Sequence[Outgoing], now: datetime) -> Post:
        """Return the request for `batch`: 1 to `max_batch` deliveries of one group.

        The same batch gives the same idempotency key (`batch_reference`), where the vendor has one.
        """
        ...

    def read(self, answer: Answered, batch: Sequence[Outgoing], now: datetime) -> Sequence[Outcome]:
        """Return one outcome per delivery, in the order of `batch`."""
        ...


def for_all(batch: Sequence[Outgoing], outcome: Outcome) -> Sequence[Outcome]:
    """Return `outcome` for every delivery of `batch`: what befell the request befell them all."""
    return [outcome] * len(batch)


def batch_reference(batch: Sequence[Outgoing]) -> str:
    """Return 32 hexadecimal digits that are equal for equal batches: an idempotency key."""
    joined = "\0".join(outgoing.reference for outgoing in batch)
    return hashlib.sha256(joined.encode()).hexdigest()[:32]
