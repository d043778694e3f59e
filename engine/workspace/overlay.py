"""An environment's changes laid over the workspace: which values hold, and where they stand."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from engine.channels.option_names import FACTS
from engine.kernel.errors import UsageError
from engine.kernel.frozen import frozen
from engine.kernel.origin import Key, Origin
from engine.model.channel import Channel
from engine.workspace.suggest import did_you_mean

Raw = Mapping[str, Any]
SANDBOX, PRODUCTION = "sandbox", "production"
DEFAULT_ENVIRONMENT = SANDBOX
"""Nothing leaves the machine until somebody writes `-e production`."""

_PARTS = ("channels", "sources", "state", "safety")


@frozen(kw_only=False)
class Overlaid:
    """A workspace as one environment sees it.

    `data` has no key `environments`. `written` holds the paths that the environment wrote.
    """

    data: Raw
    environment: str
    sandbox: bool
    file: str
    written: frozenset[tuple[Key, ...]]

    def at(self, *path: Key) -> Origin:
        """Return where the value at `path` was written: in the environment or in the base."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.written:
                return Origin(self.file, ("environments", self.environment, *path))
        return Origin(self.file, path)


def known_environments(data: Raw) -> tuple[str, ...]:
    """Return the environments of a workspace. `sandbox` always exists, `production` by default."""
    named = data.get("environments")
    if not named:
        return (SANDBOX, PRODUCTION)
    return tuple(dict.fromkeys([*named, SANDBOX]))


def overlay(data: Raw, environment: str | None, file: str) -> Overlaid:
    """Return `data` with the changes of `environment` (None: the default) laid over.

    Raises UsageError for an environment that is not known.
    """
    name = DEFAULT_ENVIRONMENT if environment is None else environment
    known = known_environments(data)
    if name not in known:
        raise UsageError(f"there is no environment `{name}`", did_you_mean(name, known))
    over: Raw = (data.get("environments") or {}).get(name) or _implicit(name)
    sandbox = over.get("sandbox", name == SANDBOX)
    base = {key: deepcopy(value) for key, value in data.items() if key != "environments"}
    if sandbox:
        # NOTE: a sandbox never opens the state of real sends, so the base's `state` is not for it.
        base.pop("state", None)
    written: set[tuple[Key, ...]] = set()
    for part in _PARTS:
        if part in over:
            base[part] = _merge(base.get(part), over[part], (part,), written)
    return Overlaid(base, name, sandbox, file, frozenset(written))


def _implicit(name: str) -> Raw:
    """Return what `sandbox` holds where nothing is written for it; nothing for the others."""
    if name != SANDBOX:
        return {}
    return {
        "sandbox": True,
        "channels": {channel.value: {"provider": SANDBOX} for channel in Channel},
    }


def _merge(base: Any, over: Any, path: tuple[Key, ...], written: set[tuple[Key, ...]]) -> Any:
    """Lay `over` over `base`: maps by key, anything else replaces."""
    if not isinstance(base, dict) or not isinstance(over, dict):
        written.add(path)
        return deepcopy(over)
    if not over:
        return base
    if path[0] == "channels" and len(path) == 2:
        base = _of_provider(base, over)
    if path[0] == "sources" and len(path) == 2:
        base = _of_place(base, over)
    for key, value in over.items():
        base[key] = _merge(base.get(key), value, (*path, key), written)
    return base


def _of_provider(base: dict[str, Any], over: Raw) -> dict[str, Any]:
    """Return what of the channel `base` still holds under the provider of `over`."""
    if "provider" not in over or over["provider"] == base.get("provider"):
        return base
    return {key: value for key, value in base.items() if key in FACTS}


def _of_place(base: dict[str, Any], over: Raw) -> dict[str, Any]:
    """Return the source `base` without the place that `over` replaces by another kind of place."""
    gone = {"path": ("url", "table"), "url": ("path",)}
    drop = {old for new, olds in gone.items() if new in over for old in olds}
    return {key: value for key, value in base.items() if key not in drop}
