"""A delivery as plain JSON, for teams whose own system does the sending (`webhook`, `file`)."""

from __future__ import annotations

import orjson

from engine.channels.sandbox import plain_body
from engine.kernel.digest import Plain
from engine.kernel.instant import format_duration, format_instant
from engine.model.message import Envelope
from engine.model.outcome import Outgoing, reference_of


def preview_delivery(envelope: Envelope) -> Plain:
    """Return what is handed on, without who gets it and the name of the hand-over.

    `message` is what `sandbox.plain_body` makes of it; `links` are the app's own, by platform;
    `settings` are the campaign's for this channel.
    """
    message = envelope.message
    expires_at = envelope.expires_at
    return {
        "expires_at": format_instant(expires_at) if expires_at else None,
        "channel": message.channel.value,
        "platform": envelope.platform.value,
        "locale": message.locale,
        "jurisdiction": message.jurisdiction,
        "variant": message.variant,
        "advertising": envelope.advertising,
        "collapse_key": envelope.collapse_key,
        "settings": orjson.loads(orjson.dumps(envelope.settings, default=format_duration)),
        "message": plain_body(envelope)["message"],
        "links": {where.value: link for where, link in sorted(message.platform_links.items())},
    }


def delivery_id(outgoing: Outgoing) -> str:
    """Return the name of the delivery: the same for every attempt at it, and in every run."""
    return reference_of(outgoing.key, 1)


def whole_delivery(outgoing: Outgoing) -> dict[str, Plain]:
    """Return everything: `id` is the delivery's name, `reference` this attempt's."""
    address = outgoing.address
    return {
        "id": delivery_id(outgoing),
        "reference": outgoing.reference,
        "attempt": outgoing.attempt,
        "campaign": outgoing.key.campaign,
        "address": {"kind": address.kind, "value": address.value, "keys": dict(address.keys)},
        **preview_delivery(outgoing.envelope),
    }
