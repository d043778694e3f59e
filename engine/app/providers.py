"""Which providers a session has: one for every channel that is configured."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from engine.app.session import CONFIG, Session
from engine.kernel.errors import UsageError
from engine.model.channel import Channel
from engine.workspace.options import open_option, open_options

if TYPE_CHECKING:
    from engine.model.channel import EnvironmentVariable
    from engine.model.ports import Provider


def provider_opener(session: Session) -> Callable[[Channel], Provider]:
    """Return what opens a channel's provider; its secrets are read only then."""
    from engine.channels.registry import open_provider

    workspace = session.workspace

    def resolve(variable: EnvironmentVariable) -> str:
        return open_option(variable, session.environ, "this channel", session.loaded.sources)

    def open_one(channel: Channel) -> Provider:
        settings = workspace.channels.get(channel)
        if settings is None:
            raise UsageError(
                f"channel `{channel}` has no provider in `{workspace.environment}`",
                f"add `channels.{channel}` to {CONFIG}",
            )
        return open_provider(
            channel,
            settings,
            environment=workspace.environment,
            sandbox=workspace.sandbox,
            outbox=session.hidden("outbox"),
            resolve=resolve,
            clock=session.clock,
        )

    return open_one


def read_secrets(session: Session, channel: Channel) -> None:
    """Read every `${NAME}` of a channel's provider. Raises CredentialsError where one is not set."""
    settings = session.workspace.channels[channel]
    open_options(settings.options, session.environ, f"channels.{channel}", session.loaded.sources)


def unavailable_channels(session: Session) -> dict[str, str]:
    """Return the channels that could not be sent to in this environment, and why."""
    from engine.channels.registry import known_providers

    workspace = session.workspace
    found: dict[str, str] = {}
    for channel in Channel:
        settings = workspace.channels.get(channel)
        if settings is None:
            found[channel] = f"no provider is configured in `{workspace.environment}`"
        elif settings.provider not in known_providers(channel):
            found[channel] = (
                f"provider `{settings.provider}` is not in this version "
                f"(there are: {', '.join(known_providers(channel))})"
            )
    return found
