"""How big a provider's transport is, and what its options say about the way out."""

from __future__ import annotations

import math
from collections.abc import Callable
from urllib.parse import urlsplit

from engine.channels.options import Options
from engine.channels.slot import AllowAddress
from engine.channels.transport import Transport
from engine.kernel.errors import UsageError

STREAMS = 100
"""Requests at once on one connection: what Google, Apple and push services allow, and RFC 9113
§6.5.2 recommends to allow at least."""

EXPECTED_ANSWER_S = 0.2
USUAL_RATE_PER_S = 5000.0
MOST_CONNECTIONS = 20
_PROXY_SCHEMES = ("http", "https", "socks5", "socks5h")


def connections_for(
    rate_per_s: float | None, *, answer_s: float = EXPECTED_ANSWER_S, streams: int = STREAMS
) -> int:
    """Return how many connections carry `rate_per_s` when an answer takes `answer_s`.

    Little's law: as many requests are under way as arrive while one is answered. At least one, at
    most 20; without a rate for 5,000/s.
    """
    wanted = math.ceil((rate_per_s or USUAL_RATE_PER_S) * answer_s / streams)
    return min(max(wanted, 1), MOST_CONNECTIONS)


def open_transport(
    options: Options,
    *,
    monotonic: Callable[[], float],
    rate_per_s: float | None,
    answer_s: float = EXPECTED_ANSWER_S,
    timeout_s: float = 10.0,
    allow_address: AllowAddress | None = None,
) -> Transport:
    """Return a transport for `rate_per_s` with a channel's `timeout`, `ca_file` and `proxy`.

    `allow_address` is the transport's. Raises UsageError where one of them is off.
    """
    return Transport(
        monotonic=monotonic,
        connections=connections_for(rate_per_s, answer_s=answer_s),
        streams=STREAMS,
        timeout_s=options.seconds("timeout", timeout_s),
        ca_file=options.text("ca_file"),
        proxy=read_proxy(options),
        allow_address=allow_address,
    )


def read_proxy(options: Options) -> str | None:
    """Return the URL of the option `proxy`, '' for `none`, None where the environment decides.

    Raises UsageError, without repeating the URL (it may hold a password), if it is none.
    """
    text = options.text("proxy")
    if text is None or text.lower() == "none":
        return text and ""
    try:
        parts = urlsplit(text)
        fitting = parts.scheme in _PROXY_SCHEMES and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fitting = False
    if not fitting:
        raise UsageError(
            "`proxy` is not the address of a proxy",
            "write `http://host:3128`, or `none` to use none",
        )
    return text
