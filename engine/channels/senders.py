"""The sending numbers that `pushform.yaml` lists for a channel (`senders`)."""

from __future__ import annotations

from engine.channels.options import Options


def first_sender(options: Options) -> str | None:
    """Return the number that sends where a campaign names none: the first, as it is written."""
    senders = options.settings.options.get("senders")
    return str(senders[0]) if isinstance(senders, tuple) and senders else None
