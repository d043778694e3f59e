"""Loopback vendors, and providers that send to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from engine.channels.fcm import FcmProvider
from tests.channels.making import StillClock, some_options
from tests.channels.solapi_side import open_solapi, solapi_server
from tests.servers.fcm import LoopbackFcm
from tests.servers.webpush import LoopbackPushService

__all__ = ["open_solapi", "solapi_server"]


@pytest.fixture
def server() -> Iterator[LoopbackFcm]:
    with LoopbackFcm() as running:
        yield running


@pytest.fixture
def push_service() -> Iterator[LoopbackPushService]:
    with LoopbackPushService() as running:
        yield running


@pytest.fixture
def open_fcm(server: LoopbackFcm) -> Iterator[Callable[..., FcmProvider]]:
    opened: list[FcmProvider] = []

    def open_one(clock: StillClock | None = None, **options: Any) -> FcmProvider:
        options = {"project": "sample-shop", "ca_file": server.ca_file, "timeout": 1, **options}
        provider = FcmProvider(
            some_options(**options), clock or StillClock(), base_url=server.base_url, sandbox=True
        )
        opened.append(provider)
        return provider

    yield open_one
    for provider in opened:
        provider.close()
