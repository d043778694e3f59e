"""The envelope of every JSON object that a command prints, also on failure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from engine import __version__
from engine.kernel.digest import Plain
from engine.kernel.errors import ExitCode, PushformError
from engine.kernel.instant import format_instant

FORMAT_VERSION = "1.0"
"""Minor: keys were added, ignore those you do not know. Major: refuse what you do not know."""


def document(
    kind: str,
    *,
    as_of: datetime | None,
    environment: str | None,
    exit_code: ExitCode,
    body: Mapping[str, Plain],
) -> dict[str, Plain]:
    """Return `body` under the keys that every object has."""
    return {
        "kind": kind,
        "format_version": FORMAT_VERSION,
        "tool_version": __version__,
        "as_of": format_instant(as_of) if as_of else None,
        "environment": environment,
        "exit_code": int(exit_code),
        "exit_name": exit_code.name.lower(),
        **body,
    }


def failure(error: PushformError, *, as_of: datetime | None, environment: str | None) -> Plain:
    """Return the object that stands for a command that could not do its work."""
    return document(
        "error",
        as_of=as_of,
        environment=environment,
        exit_code=error.exit_code,
        body={"message": error.message, "hint": error.hint},
    )
