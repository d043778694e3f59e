"""The sandbox: any channel, every message accepted, nothing leaves the machine.

What would have been sent is kept in `<outbox>/<environment>/<campaign>/<channel>.jsonl`, in the
form of the real vendor where there is one.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

from engine.channels.opening import Opening
from engine.channels.outbox import OutboxEntry, append_entries
from engine.kernel.digest import Plain
from engine.kernel.instant import format_instant
from engine.model.channel import Channel
from engine.model.kakao import plain_part
from engine.model.message import Envelope
from engine.model.outcome import Accepted, Outgoing, Settled
from engine.model.ports import Clock, Provider

_SLOTS = 1000


def open_provider(opening: Opening) -> Provider:
    """Return the sandbox of a channel, which writes below `<outbox>/<environment>`."""
    folder = opening.outbox / opening.environment
    return SandboxProvider(opening.channel, folder, opening.clock, _usual_body(opening.channel))


def _usual_body(channel: Channel) -> Callable[[Envelope], Plain]:
    """Return the encoder of the vendor that usually carries `channel`."""
    if channel is Channel.APP:
        from engine.channels.fcm_body import preview_body

        return preview_body
    if channel is Channel.WEB:
        from engine.channels.webpush_body import preview_body as web_preview_body

        return web_preview_body
    return plain_body


def plain_body(envelope: Envelope) -> Plain:
    """Return the message as it stands: for channels whose vendor has no encoder here."""
    message = envelope.message
    plain: dict[str, Plain] = {
        "channel": message.channel.value,
        "title": message.title,
        "body": message.body,
        "image": message.image,
        "icon": message.icon,
        "link": message.link,
        "buttons": [
            {"name": button.name, "link": button.link, **plain_part(button)}
            for button in message.buttons
        ],
        "format": message.sms_format.value if message.sms_format else None,
        "data": dict(message.data),
        "kakao": plain_part(message.kakao),
    }
    expires_at = envelope.expires_at
    return {
        "expires_at": format_instant(expires_at) if expires_at else None,
        "message": {key: value for key, value in plain.items() if value not in (None, [], {})},
    }


class SandboxProvider:
    """`provider: sandbox`. `folder` is the environment's outbox, `encode` makes the request."""

    def __init__(
        self, channel: Channel, folder: Path, clock: Clock, encode: Callable[[Envelope], Plain]
    ) -> None:
        self._channel = channel
        self._folder = folder
        self._clock = clock
        self._encode = encode
        self._ready: list[Settled] = []

    @property
    def account(self) -> str:
        """The channel: a sandbox has no vendor whose quota could be shared."""
        return f"sandbox:{self._channel.value}"

    def encode(self, envelope: Envelope) -> Plain:
        """Return the request that the outbox shows."""
        return self._encode(envelope)

    def free_slots(self) -> int:
        """Return how many deliveries `submit` takes until the next `poll`."""
        return _SLOTS - len(self._ready)

    def submit(self, batch: Sequence[Outgoing]) -> None:
        """Write `batch` to the outbox. Raises UnavailableError if that fails."""
        if len(batch) > self.free_slots():
            raise ValueError(f"{len(batch)} deliveries for {self.free_slots()} free slots")
        at = format_instant(self._clock.now())
        entries: defaultdict[str, list[OutboxEntry]] = defaultdict(list)
        settled: list[Settled] = []
        for outgoing in batch:
            entry = self._entry(outgoing, at)
            entries[entry.campaign].append(entry)
            outcome = Accepted(provider_id=entry.provider_id)
            settled.append(Settled(outgoing=outgoing, outcome=outcome))
        for campaign, lines in entries.items():
            append_entries(self._folder / campaign / f"{self._channel.value}.jsonl", lines)
        self._ready += settled

    def poll(self, timeout_s: float) -> Sequence[Settled]:  # noqa: ARG002 - nothing to wait for
        """Return everything that was handed over."""
        ready, self._ready = self._ready, []
        return ready

    def close(self) -> Sequence[Settled]:
        """Return what was not fetched yet."""
        return self.poll(0.0)

    def _entry(self, outgoing: Outgoing, at: str) -> OutboxEntry:
        envelope, key = outgoing.envelope, outgoing.key
        message, expires_at = envelope.message, envelope.expires_at
        return OutboxEntry(
            at=at,
            campaign=key.campaign,
            channel=key.channel.value,
            platform=envelope.platform.value,
            locale=message.locale,
            variant=message.variant,
            address_kind=outgoing.address.kind,
            address=mask_address(outgoing.address.value),
            address_hash=key.address_hash,
            attempt=outgoing.attempt,
            provider_id=sandbox_id(outgoing),
            collapse_key=envelope.collapse_key,
            expires_at=format_instant(expires_at) if expires_at else None,
            title=message.title,
            body=message.body,
            request=self._encode(envelope),
        )


def mask_address(value: str) -> str:
    """Return the last four characters of a long address behind dots; of a short one nothing."""
    return f"…{value[-4:]}" if len(value) >= 8 else "…"


def sandbox_id(outgoing: Outgoing) -> str:
    """Return the name that the sandbox gives this attempt: the same in every run."""
    key = outgoing.key
    parts = (key.campaign, key.channel.value, key.address_hash, str(outgoing.attempt))
    return "sandbox-" + hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]
