"""What a provider is opened with, and how one is named: the whole interface of a plug-in.

A provider is one module with a function `open_provider(opening)`. Ours stand in
`engine.channels.registry`; anybody else's are entry points of the group `pushform.providers` whose
object is a `Plugin`:

    [project.entry-points."pushform.providers"]
    acme = "acme_pushform:PLUGIN"
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from engine.channels.options import Options
from engine.kernel.frozen import frozen
from engine.model.channel import Channel, ProviderSettings
from engine.model.ports import Clock, Provider

GROUP = "pushform.providers"
"""The group of entry points in which other packages offer providers."""


@frozen
class Opening:
    """What a provider may use. `outbox` is `.pushform/outbox` of the workspace."""

    channel: Channel
    settings: ProviderSettings
    options: Options
    environment: str
    sandbox: bool
    outbox: Path
    clock: Clock

    @property
    def workspace(self) -> Path:
        """The folder of `pushform.yaml`, where relative paths begin."""
        return self.outbox.parent.parent


OpenProvider = Callable[[Opening], Provider]


@frozen
class Plugin:
    """A provider of another package: the channels that it can carry, and what opens it."""

    channels: frozenset[Channel]
    open_provider: OpenProvider
