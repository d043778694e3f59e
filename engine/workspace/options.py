"""Options that hold secrets: `${NAME}` is read when its part is opened, never earlier."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeGuard
from urllib.parse import urlsplit

from engine.kernel.errors import CredentialsError
from engine.kernel.origin import Key, Origin
from engine.kernel.source import SourceMap
from engine.model.channel import EnvironmentVariable, Option, OptionMap
from engine.workspace.notes import Notes, name
from engine.workspace.values import read_text

_SECRET = re.compile(
    r"(^|_)(credentials?|secret|password|passwd|passphrase|token|key)(_|$)", re.IGNORECASE
)
_NO_SECRET = re.compile(r"public|(^|_)(id|name|file_name)$", re.IGNORECASE)


def open_option(
    value: Option, environ: Mapping[str, str], what: str, sources: SourceMap | None = None
) -> str:
    """Return the text of `value`, read from `environ` where it is `${NAME}`.

    `what` names the option in the error; with `sources` the error names the line. Raises
    CredentialsError (exit 10) if the variable is not set or empty.
    """
    if not isinstance(value, EnvironmentVariable):
        return "" if value is None else str(value)
    found = environ.get(value.name, "")
    if found:
        return found
    raise CredentialsError(
        f"{what} needs the environment variable `{value.name}` ({_place(value.origin, sources)})",
        f"set {value.name} and run the command again",
    )


def open_options(
    options: OptionMap, environ: Mapping[str, str], what: str, sources: SourceMap | None = None
) -> dict[str, Any]:
    """Return `options` with every `${NAME}` read, as plain values. Raises CredentialsError."""

    def read(value: Option | OptionMap, word: str) -> Any:
        if isinstance(value, EnvironmentVariable):
            return open_option(value, environ, word, sources)
        if isinstance(value, tuple):
            return [read(item, word) for item in value]
        if isinstance(value, Mapping):
            return {key: read(item, f"{word}.{key}") for key, item in value.items()}
        return value

    return {key: read(value, f"{what}.{key}") for key, value in options.items()}


def build_options(
    raw: Mapping[str, Any], path: tuple[Key, ...], at: Callable[..., Origin], notes: Notes
) -> OptionMap:
    """Return provider options as written, with `${NAME}` as variables and lists as tuples.

    `at` tells where the value at a path was written.
    """
    return {key: _option(value, (*path, key), at, notes) for key, value in raw.items()}


def note_secrets(raw: Any, at: Origin, notes: Notes, key: Key = "") -> None:
    """Note every literal under a key that names a secret, and every password in a URL."""
    for value, here, word in _leaves(raw, at, key):
        if not value or not isinstance(value, str | int) or isinstance(value, bool):
            continue
        if isinstance(value, str) and value.startswith("${"):
            continue
        named = isinstance(word, str) and _SECRET.search(word) and not _NO_SECRET.search(word)
        if named or (isinstance(value, str) and has_password(value)):
            notes.add(
                "secret-in-yaml",
                f"`{name(here)}` holds a secret in the file",
                here,
                "write `${NAME}` and set the variable NAME; change the secret if it was committed",
            )


def has_password(url: str) -> bool:
    """Tell whether `url` carries a password: `scheme://user:password@host`."""
    if "://" not in url:
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return bool(parts.password) and not str(parts.password).startswith("${")


def _leaves(raw: Any, at: Origin, key: Key) -> Iterator[tuple[Any, Origin, Key]]:
    if isinstance(raw, dict):
        for word, value in raw.items():
            yield from _leaves(value, at / word, word)
    elif isinstance(raw, list):
        for index, value in enumerate(raw):
            yield from _leaves(value, at / index, key)
    else:
        yield raw, at, key


def _option(
    value: Any, path: tuple[Key, ...], at: Callable[..., Origin], notes: Notes
) -> Option | OptionMap:
    if isinstance(value, str):
        return read_text(value, at(*path), notes)
    if isinstance(value, list):
        items = (_option(item, (*path, index), at, notes) for index, item in enumerate(value))
        return tuple(item for item in items if _is_plain(item, at(*path), notes))
    if isinstance(value, dict):
        return build_options(value, path, at, notes)
    scalar: Option = value
    return scalar


def _is_plain(item: Option | OptionMap, at: Origin, notes: Notes) -> TypeGuard[Option]:
    if not isinstance(item, Mapping):
        return True
    notes.value(f"`{name(at)}` is a list of mappings", at, "give each of them a name instead")
    return False


def _place(origin: Origin, sources: SourceMap | None) -> str:
    if sources is None or sources.get(origin.file) is None:
        return str(origin)
    return f"{origin.file}:{sources.locate(origin).line}"
