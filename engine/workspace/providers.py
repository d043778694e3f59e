"""Providers as pushform.yaml names them: options that they do not have, and sandboxes that could send."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.channels.loopback import is_loopback
from engine.channels.option_names import OPTIONS, owners_of
from engine.kernel.origin import Origin
from engine.model.channel import Channel
from engine.workspace.notes import Notes, name
from engine.workspace.overlay import SANDBOX, Overlaid
from engine.workspace.suggest import closest, did_you_mean

Raw = Mapping[str, Any]


def note_options(channels: Raw, at: Callable[..., Origin], told: set[Origin], notes: Notes) -> None:
    """Note every option that the provider beside it does not have, unless its place is in `told`.

    `channels` are those of the file, or of an environment laid over them; `at` tells where the value
    at a path was written. Providers of other packages have options that nobody here knows.
    """
    for word, raw in channels.items():
        known = OPTIONS.get(raw.get("provider", ""))
        if known is None:
            continue
        for key in (key for key in raw if key not in known):
            here = at("channels", word, key)
            if here not in told:
                told.add(here)
                _note_option(key, raw, known, here, notes)


def _note_option(key: str, raw: Raw, known: frozenset[str], here: Origin, notes: Notes) -> None:
    channel = name(Origin(here.file, here.path[:-1]))
    message = f"the provider `{raw['provider']}` has no option `{key}` (`{channel}`)"
    near, owners = closest(key, known - raw.keys()), owners_of(key)
    hint = "delete it"
    if near is not None:
        hint = f"did you mean `{near}`?"
    elif owners:
        listed = ", ".join(f"`{owner}`" for owner in owners)
        hint = f"delete it; it is an option of {listed}"
    notes.add("schema-unknown-key", message, here, hint, key=True)


def note_sandbox(view: Overlaid, notes: Notes) -> None:
    """Note every channel of a sandbox from which a message could leave this machine."""
    for word, raw in view.data.get("channels", {}).items():
        provider, base_url = raw.get("provider"), raw.get("base_url")
        if provider in (None, SANDBOX) or (base_url and is_loopback(base_url)):
            continue
        if _note_stranger(Channel(word), provider, view.at("channels", word, "provider"), notes):
            continue
        at = view.at("channels", word, "base_url" if base_url else "provider")
        used = f"`{base_url}`" if base_url else f"the provider `{provider}`"
        notes.add(
            "sandbox-provider",
            f"the sandbox `{view.environment}` would send over {used} (`channels.{word}`)",
            at,
            "use `provider: sandbox`, or a `base_url` on this machine (http://127.0.0.1:…)",
        )


def _note_stranger(channel: Channel, provider: str, at: Origin, notes: Notes) -> bool:
    """Note a provider that neither we nor an installed package have; tell whether it is one."""
    if provider in OPTIONS:
        return False
    # Looking for packages takes 50 ms, and only a name that is not ours needs it.
    from engine.channels.registry import listed_providers

    known = listed_providers(channel)
    if provider in known:
        return False
    message = f"there is no provider `{provider}` (`{name(at)}`)"
    notes.add("reference", message, at, did_you_mean(provider, known))
    return True
