"""Providers of one vendor, opened as the registry opens them, against a server on this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from engine.channels.registry import open_provider
from engine.model.channel import Channel
from engine.model.ports import Clock
from tests.channels.making import StillClock, provider_settings
from tests.servers.http2 import Exchange
from tests.servers.loopback import Loopback


@contextmanager
def opened_at(
    answer: Callable[[Exchange], None],
    vendor: str,
    keys: Mapping[str, str],
    *,
    protocols: tuple[str, ...] = ("h2", "http/1.1"),
    **usual: Any,
) -> Iterator[Callable[..., Any]]:
    """Yield what opens a provider: `(channel, clock=None, **options)`. All are closed at the end.

    `keys` are the environment's variables; `usual` are the options that a call can replace.
    """
    opened: list[Any] = []
    with Loopback(answer, protocols=protocols) as loopback:

        def open_one(channel: Channel, clock: Clock | None = None, **options: Any) -> Any:
            written = {"ca_file": loopback.ca_file, "timeout": 1, **usual, **options}
            provider = open_provider(
                channel,
                provider_settings(vendor, loopback.base_url, **written),
                environment="sandbox",
                sandbox=True,
                outbox=Path(),
                resolve=lambda variable: keys[variable.name],
                clock=clock or StillClock(),
            )
            opened.append(provider)
            return provider

        yield open_one
        for provider in opened:
            provider.close()
