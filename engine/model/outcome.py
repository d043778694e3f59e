"""What a provider did with one delivery. Providers map every answer to one of these."""

from __future__ import annotations

import hashlib
from datetime import datetime

from engine.kernel.frozen import frozen
from engine.model.delivery import DeliveryKey, FailReason
from engine.model.message import Address, Envelope


@frozen
class Accepted:
    """The provider took it; `provider_id` is its name for it."""

    provider_id: str | None = None


@frozen
class NotActed:
    """Surely nothing was done (429, connection refused, REFUSED_STREAM): it may be tried again.

    `retry_after_s` is what the provider asked for; `opens_breaker` says that everything to this
    provider waits that long. `systemic` says that our keys or our account were refused, so that the
    next one would be as well: the dispatcher halts the campaign, and whoever was refused gets it
    once that is mended. `setting` names what was refused where it is not the keys: a key of
    `pushform.yaml` or of the campaign (`senders`, `topic`, `template_code`).
    """

    code: str
    retry_after_s: float | None = None
    opens_breaker: bool = False
    systemic: bool = False
    setting: str | None = None


@frozen
class AnsweredError:
    """An answer that does not say whether anything was done (500, 502, 503, 504)."""

    code: str
    retry_after_s: float | None = None


@frozen
class Silent:
    """No answer after bytes were written: it may have been sent."""

    code: str


@frozen
class Refused:
    """Refused for good. `dead_address`: this address will never work again.

    `spoilt_address`: not as it is written, and its owner may mend it; it is listed for them and tried
    again in the next campaign. `systemic` says that the next one would be refused as well (a bad
    payload): the dispatcher stops the campaign instead of burning through it.
    """

    reason: FailReason
    code: str
    dead_address: bool = False
    systemic: bool = False
    spoilt_address: bool = False


Outcome = Accepted | NotActed | AnsweredError | Silent | Refused


@frozen
class Outgoing:
    """One delivery handed to a provider."""

    key: DeliveryKey
    attempt: int
    envelope: Envelope
    address: Address

    @property
    def reference(self) -> str:
        """Our own name for this hand-over, for vendors that keep one."""
        return reference_of(self.key, self.attempt)


def reference_of(key: DeliveryKey, attempt: int) -> str:
    """Return a name of 32 hexadecimal digits: the same for the same hand-over in every run."""
    parts = (key.campaign, key.channel.value, key.address_hash, str(attempt))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


@frozen
class Awaited:
    """A hand-over whose vendor says later what became of it.

    `provider_id` is the vendor's name (None where no answer came), `reference` ours.
    """

    reference: str
    provider_id: str | None
    handed_over_at: datetime


@frozen
class Settled:
    """What became of one `Outgoing`."""

    outgoing: Outgoing
    outcome: Outcome
