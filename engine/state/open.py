"""The door to the state: where it is, the key that it is bound to, and whether it may be opened."""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path

from engine.kernel.errors import MismatchError, UnavailableError, UsageError
from engine.model.ports import Clock, Ledger, Pace
from engine.state.clock import boot_id

KEY_BYTES = 32
_LEAST_KEY_BYTES = 16
_HEX = re.compile(r"(?:[0-9a-fA-F]{2}){16,}")


def open_state(
    url: str,
    environment: str,
    key: bytes,
    clock: Clock,
    *,
    create: bool,
    root: Path | None = None,
    boot: str | None = None,
) -> tuple[Ledger, Pace]:
    """Open the state of `environment` at `url` (`sqlite:///path`, relative to `root`).

    With `create` a missing file or environment is made; without it that is a MismatchError: an
    operator who cannot find his state must not be given an empty one. `boot` names the boot that
    steady readings belong to (None: this machine's).

    Raises MismatchError (no state, another key, damage), UnsupportedError (newer format),
    UnavailableError (cannot be read or written), LockedError (busy too long), UsageError (`url`).
    """
    if len(key) < _LEAST_KEY_BYTES:
        raise _short_key(len(key))
    path = state_path(url, root)
    if not create and not _exists(path):
        raise MismatchError(
            f"there is no state at `{path}`",
            "check `state.url`; if the state is lost, restore it from a backup before you send",
        )
    # SQLAlchemy takes longer to import than most commands take to run.
    from engine.state.connect import connect

    return connect(
        path, environment, key, clock, boot_id() if boot is None else boot, create=create
    )


def state_exists(url: str, root: Path | None = None) -> bool:
    """Tell whether there is a file at `url`, without opening it.

    Raises UsageError for the url, UnavailableError if its folder cannot be searched.
    """
    return _exists(state_path(url, root))


def state_path(url: str, root: Path | None = None) -> Path:
    """Return the file that `url` names. Raises UsageError for anything but `sqlite:///path`."""
    scheme, separator, rest = url.partition("://")
    if not separator or scheme != "sqlite" or not rest.startswith("/"):
        # A URL may carry a password: only its scheme is shown.
        raise UsageError(
            f"`{scheme}` is not a kind of state that this version opens",
            "write `sqlite:///.pushform/state.db`, or four slashes for an absolute path",
        )
    name = rest[1:]
    if not name or name.startswith(":") or "?" in name or "#" in name:
        raise UsageError(
            f"`{url}` names no file",
            "write `sqlite:///.pushform/state.db`, a file without options",
        )
    return (root or Path()) / name


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError as error:
        raise UnavailableError(
            f"the state `{path}` cannot be looked for: {error.strerror}",
            "check who owns the folders above it",
        ) from error


def key_from_text(text: str) -> bytes:
    """Return the key that `state.key` holds: 32 or more hex digits, or any text of ≥ 16 bytes.

    Raises MismatchError if there is less of it: a missing key must never look like a new one.
    """
    stripped = text.strip()
    if _HEX.fullmatch(stripped):
        return bytes.fromhex(stripped)
    key = stripped.encode()
    if len(key) < _LEAST_KEY_BYTES:
        raise _short_key(len(key))
    return key


def load_or_make_key(path: Path, url: str | None = None, root: Path | None = None) -> bytes:
    """Return the key in the file `path`, made now (32 random bytes, 0600) if none is needed yet.

    `url` is the state that the key is for: if that exists and the key does not, this raises
    MismatchError instead of making a key that could not recognise anybody. Raises UnavailableError
    if the file cannot be read or written.
    """
    try:
        if not path.exists():
            if url is not None and state_exists(url, root):
                raise MismatchError(
                    f"the key `{path}` is missing, but the state it belongs to is there",
                    "restore the key file, or set `state.key`: without it nobody can tell who "
                    "already got a message",
                )
            _make_key(path)
        return key_from_text(path.read_text(encoding="ascii"))
    except UnicodeDecodeError as error:
        raise MismatchError(
            f"the key `{path}` is not text", "restore the key file from a backup"
        ) from error
    except OSError as error:
        raise UnavailableError(
            f"the key `{path}` cannot be read or written: {error.strerror}",
            "check who owns the file and its folder",
        ) from error


def _make_key(path: Path) -> None:
    """Write a key beside `path` and link it there, so that two first runs agree on one key."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    building = path.with_name(f".{path.name}.{secrets.token_hex(8)}.new")
    descriptor = os.open(building, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(KEY_BYTES) + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(building, path)
    except FileExistsError:
        pass  # another process was faster: its key is the one
    finally:
        building.unlink(missing_ok=True)


def _short_key(length: int) -> MismatchError:
    return MismatchError(
        f"the state key has {length} bytes; it needs at least {_LEAST_KEY_BYTES}",
        "set the variable of `state.key` to the key that the state was made with; "
        "for a new state take 64 random hex digits",
    )
