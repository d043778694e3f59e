"""One command's workspace, environment and clock."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from engine.kernel.errors import UnavailableError, UsageError
from engine.kernel.instant import parse_instant
from engine.state.clock import AsOfClock, SystemClock
from engine.workspace.read import Loaded, read_workspace

if TYPE_CHECKING:
    from engine.model.ports import Clock
    from engine.model.workspace import Workspace

CONFIG = "pushform.yaml"
CLOCK_SINCE = "PUSHFORM_CLOCK_SINCE"
"""Set for worker processes: the steady instant at which their parent's `--as-of` clock began."""

HIDDEN = ".pushform"
"""Everything that is local and must not be committed: states, keys, shards, the outbox."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Session:
    """One command's workspace, environment and clock. Nothing is opened before it is asked for."""

    root: Path
    environment: str | None
    clock: Clock
    environ: Mapping[str, str]
    opened_at: datetime
    """The one instant that a whole command judges by: `--as-of`, or when it began."""
    set_clock: bool
    """Whether `--as-of` was given."""

    @cached_property
    def loaded(self) -> Loaded:
        """The files, read once."""
        return read_workspace(self.root, self.environment)

    @property
    def workspace(self) -> Workspace:
        """The workspace. Raises UsageError where pushform.yaml itself has mistakes."""
        if self.loaded.workspace is None:
            raise UsageError(
                f"`{CONFIG}` has mistakes", "`pushform lint` shows them with their lines"
            )
        return self.loaded.workspace

    @cached_property
    def tracked(self) -> Callable[[str], bool]:
        """Tells whether git tracks a path of the workspace; without git nothing is tracked."""
        from engine.app.checkout import tracked_paths

        return tracked_paths(self.root).__contains__

    @cached_property
    def commit(self) -> str | None:
        """The commit that is checked out, if any."""
        from engine.app.checkout import checked_out

        return checked_out(self.root)

    def hidden(self, *parts: str) -> Path:
        """Return a path below `.pushform/`, whose folders are made with mode 0700."""
        folder = self.root / HIDDEN
        make_private(folder)
        for part in parts[:-1]:
            folder /= part
            make_private(folder)
        return folder / parts[-1] if parts else folder


def open_session(
    directory: Path,
    environment: str | None,
    as_of: str | None,
    environ: Mapping[str, str] | None = None,
) -> Session:
    """Return a session for the workspace that holds `directory`.

    Raises UsageError (exit 2) where no pushform.yaml is found there or above, or `as_of` is no instant.
    """
    variables = os.environ if environ is None else environ
    clock = open_clock(as_of, variables.get(CLOCK_SINCE))
    now = clock.start if isinstance(clock, AsOfClock) else clock.now().replace(microsecond=0)
    return Session(
        root=find_root(directory),
        environment=environment,
        clock=clock,
        environ=variables,
        opened_at=now,
        set_clock=as_of is not None,
    )


def later(session: Session) -> Session:
    """Return the same session as of now: files and people are read again."""
    return replace(session, opened_at=session.clock.now().replace(microsecond=0))


def find_root(directory: Path) -> Path:
    """Return the nearest folder at or above `directory` that holds a pushform.yaml."""
    start = directory.resolve()
    for folder in (start, *start.parents):
        if (folder / CONFIG).is_file():
            return folder
    raise UsageError(
        f"there is no `{CONFIG}` in `{directory}` or above it",
        "change to your workspace, pass `-C DIR`, or start one with `pushform init`",
    )


def open_clock(as_of: str | None, since: str | None = None) -> Clock:
    """Return the machine's clock, or one that starts at `as_of` and ticks.

    `since` is the steady instant at which it showed `as_of` (None: now).
    """
    system = SystemClock()
    if as_of is None:
        return system
    try:
        began = float(since) if since else None
        return AsOfClock(parse_instant(as_of), system, began)
    except ValueError as error:
        raise UsageError(f"--as-of: {error}", "write for example 2026-09-24T01:00:00Z") from error


def only_sandbox_sets_the_clock(session: Session, command: str) -> None:
    """Refuse `--as-of` for commands that write or send, outside a sandbox."""
    if session.set_clock and not session.workspace.sandbox:
        raise UsageError(
            f"`{command}` takes --as-of only in a sandbox environment, "
            f"not in `{session.workspace.environment}`",
            "leave --as-of out: the real time counts there",
        )


def make_private(folder: Path) -> None:
    """Make a folder with mode 0700. Raises UnavailableError where that cannot be done."""
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise UnavailableError(
            f"`{folder}` cannot be made: {error.strerror}",
            "pushform keeps states, keys and the outbox there: check the rights of the folder",
        ) from error
