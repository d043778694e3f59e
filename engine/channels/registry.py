"""Every provider by name. A new vendor is one file and one line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from engine.channels.loopback import is_loopback
from engine.channels.options import Options, Resolve
from engine.kernel.digest import Plain
from engine.kernel.errors import UsageError
from engine.model.channel import Channel, ProviderSettings
from engine.model.message import Envelope
from engine.model.ports import Clock, Provider

Encoder = Callable[[Envelope], Plain]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What a factory may use."""

    channel: Channel
    settings: ProviderSettings
    options: Options
    environment: str
    sandbox: bool
    outbox: Path
    clock: Clock


def _open_sandbox(opening: Opening) -> Provider:
    from engine.channels.sandbox import SandboxProvider

    folder = opening.outbox / opening.environment
    return SandboxProvider(opening.channel, folder, opening.clock, _vendor_encoder(opening.channel))


def _open_fcm(opening: Opening) -> Provider:
    from engine.channels.fcm import FcmProvider

    return FcmProvider(
        opening.options,
        opening.clock,
        base_url=opening.settings.base_url,
        rate_per_s=opening.settings.rate_per_s,
        sandbox=opening.sandbox,
    )


_FACTORIES: Mapping[str, tuple[frozenset[Channel], Callable[[Opening], Provider]]] = {
    "fcm": (frozenset({Channel.APP}), _open_fcm),
    "sandbox": (frozenset(Channel), _open_sandbox),
}


def known_providers(channel: Channel) -> tuple[str, ...]:
    """Return the names of the providers that can carry `channel`, in alphabetical order."""
    return tuple(sorted(name for name, (able, _) in _FACTORIES.items() if channel in able))


def open_provider(
    channel: Channel,
    settings: ProviderSettings,
    *,
    environment: str,
    sandbox: bool,
    outbox: Path,
    resolve: Resolve,
    clock: Clock,
) -> Provider:
    """Return the provider of `channel`. No connection is made and no secret is read yet.

    `outbox` is `.pushform/outbox`; `resolve` reads `${NAME}` when it is needed. Raises UsageError
    for an unknown provider, for one that cannot carry the channel, and in a sandbox for anything
    that could leave this machine.
    """
    known = known_providers(channel)
    if settings.provider not in known:
        near = get_close_matches(settings.provider, known, n=1)
        guess = f"did you mean `{near[0]}`? " if near else ""
        raise UsageError(
            f"channel `{channel.value}` has no provider `{settings.provider}`",
            f"{guess}known: {', '.join(f'`{name}`' for name in known)}",
        )
    if sandbox and settings.provider != "sandbox" and not is_loopback(settings.base_url or ""):
        raise UsageError(
            f"environment `{environment}` is a sandbox, but `{settings.provider}` would leave this"
            " machine",
            "use `provider: sandbox`, or a `base_url` on 127.0.0.1",
        )
    opening = Opening(
        channel=channel,
        settings=settings,
        options=Options(settings, resolve),
        environment=environment,
        sandbox=sandbox,
        outbox=outbox,
        clock=clock,
    )
    return _FACTORIES[settings.provider][1](opening)


def _vendor_encoder(channel: Channel) -> Encoder:
    """Return the encoder of the vendor that usually carries `channel`."""
    if channel is Channel.APP:
        from engine.channels.fcm_body import preview_body

        return preview_body
    from engine.channels.sandbox import plain_body

    return plain_body
