"""Every provider by name. A new vendor is one file and one line here."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from functools import lru_cache
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path

from engine.channels.loopback import is_loopback
from engine.channels.opening import GROUP, Opening, OpenProvider, Plugin
from engine.channels.options import Options, Resolve
from engine.kernel.errors import UsageError
from engine.model.channel import Channel, ProviderSettings
from engine.model.ports import Clock, Provider

_PROVIDERS: Mapping[str, tuple[frozenset[Channel], str]] = {
    "apns": (frozenset({Channel.APP}), "engine.channels.apns"),
    "fcm": (frozenset({Channel.APP}), "engine.channels.fcm"),
    "file": (frozenset(Channel), "engine.channels.file"),
    "nhn": (frozenset({Channel.KAKAO, Channel.SMS}), "engine.channels.nhn"),
    "sandbox": (frozenset(Channel), "engine.channels.sandbox"),
    "sens": (frozenset({Channel.KAKAO, Channel.SMS}), "engine.channels.sens"),
    "solapi": (frozenset({Channel.KAKAO, Channel.SMS}), "engine.channels.solapi"),
    "twilio": (frozenset({Channel.SMS}), "engine.channels.twilio"),
    "webhook": (frozenset(Channel), "engine.channels.webhook"),
    "webpush": (frozenset({Channel.WEB}), "engine.channels.webpush"),
}
"""By name: what it can carry, and the module whose `open_provider` opens it, imported only then."""


def known_providers(channel: Channel) -> tuple[str, ...]:
    """Return the names of the providers that can carry `channel`, in alphabetical order."""
    ours = {name for name, (able, _) in _PROVIDERS.items() if channel in able}
    theirs = {name for name, plugin in _plugins().items() if channel in plugin.channels}
    return tuple(sorted(ours | theirs))


def listed_providers(channel: Channel) -> tuple[str, ...]:
    """Return what could be a provider of `channel`, in alphabetical order, importing none of them.

    What other packages offer is listed whatever it can carry: only importing it would tell.
    """
    ours = {name for name, (able, _) in _PROVIDERS.items() if channel in able}
    return tuple(sorted(ours | {point.name for point in entry_points(group=GROUP)}))


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
    return _opener(settings.provider)(opening)


def _opener(name: str) -> OpenProvider:
    if name in _PROVIDERS:
        opener: OpenProvider = import_module(_PROVIDERS[name][1]).open_provider
        return opener
    return _plugins()[name].open_provider


@lru_cache(maxsize=1)
def _plugins() -> Mapping[str, Plugin]:
    """Return the providers of other packages. Raises UsageError for one that is not a `Plugin`."""
    found: dict[str, Plugin] = {}
    for point in entry_points(group=GROUP):
        if point.name in _PROVIDERS:
            continue
        plugin = point.load()
        if not isinstance(plugin, Plugin):
            raise UsageError(
                f"the provider `{point.name}` ({point.value}) is not a `Plugin`",
                f"its entry point in `{GROUP}` must name an `engine.channels.opening.Plugin`",
            )
        found[point.name] = plugin
    return found
