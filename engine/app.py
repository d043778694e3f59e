"""The only place that picks implementations: which clock, which state, which people, which providers."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from engine.kernel.errors import UnavailableError, UsageError
from engine.kernel.instant import parse_instant
from engine.model.channel import Channel
from engine.state.clock import AsOfClock, SystemClock
from engine.workspace.options import open_option, open_options
from engine.workspace.read import Loaded, read_workspace

if TYPE_CHECKING:
    from engine.audience.people import DuckPeople
    from engine.model.audience import InCampaign
    from engine.model.channel import EnvironmentVariable
    from engine.model.ports import Clock, Ledger, Pace, Provider
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
        answer = _git(self.root, "ls-files", "-z", "--", ".")
        paths = frozenset((answer or "").split("\0"))
        return paths.__contains__

    @cached_property
    def commit(self) -> str | None:
        """The commit that is checked out, if any."""
        answer = _git(self.root, "rev-parse", "--verify", "--quiet", "HEAD")
        return (answer or "").strip() or None

    def hidden(self, *parts: str) -> Path:
        """Return a path below `.pushform/`, whose folders are made with mode 0700."""
        folder = self.root / HIDDEN
        _make_private(folder)
        for part in parts[:-1]:
            folder /= part
            _make_private(folder)
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


def state_key(session: Session, url: str) -> bytes:
    """Return the key that hashes people and addresses. Raises CredentialsError or MismatchError."""
    from engine.state.open import key_from_text, load_or_make_key

    setting = session.workspace.state.key
    if setting is None:
        return load_or_make_key(session.hidden("key"), url, session.root)
    return key_from_text(open_option(setting, session.environ, "state.key", session.loaded.sources))


@contextmanager
def open_ledger(session: Session, *, create: bool) -> Iterator[tuple[Ledger, Pace, bytes]]:
    """Open the state of the session's environment, with its key."""
    from engine.state.open import open_state

    workspace = session.workspace
    url = _state_url(session)
    session.hidden()
    key = state_key(session, url)
    ledger, pace = open_state(
        url, workspace.environment, key, session.clock, create=create, root=session.root
    )
    try:
        yield ledger, pace, key
    finally:
        ledger.close()


def shards_folder(session: Session, campaign: str) -> Path:
    """Return where a campaign's shards are: beside the state, which outlives a CI's checkout."""
    from engine.state.open import state_path

    folder = state_path(_state_url(session), session.root).parent
    for part in ("snapshots", session.workspace.environment):
        folder /= part
        _make_private(folder)
    return folder / campaign


def hygiene_file(session: Session, campaign: str) -> Path:
    """Return where the dead addresses that a campaign met are listed; never in git."""
    return session.hidden("hygiene", session.workspace.environment, f"{campaign}.csv")


def has_state(session: Session) -> bool:
    """Tell whether there is a state file for the session's environment."""
    from engine.state.open import state_exists

    return state_exists(_state_url(session), session.root)


def _state_url(session: Session) -> str:
    setting = session.workspace.state.url
    return open_option(setting, session.environ, "state.url", session.loaded.sources)


def open_people_of(session: Session, key: bytes, ledger: Ledger | None) -> DuckPeople:
    """Open the sources of the session's workspace. Without a state nobody was ever reached."""
    from engine.audience.people import open_people

    reached = ledger.reached if ledger is not None else nobody
    return open_people(session.workspace, session.root, key, reached)


def nobody(condition: InCampaign, at: datetime) -> Sequence[str]:
    """Answer `campaign:` conditions where there is no state yet."""
    del condition, at
    return ()


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


def new_holder() -> str:
    """Return a name for this process that no other has: host, process id, random."""
    import secrets

    return f"{os.uname().nodename}:{os.getpid()}:{secrets.token_hex(4)}"


def is_dead(holder: str) -> bool:
    """Tell whether `new_holder` of this machine named a process that has ended.

    Of another machine's process nobody here can know: its lease ends by itself.
    """
    host, pid, _ = [*holder.rsplit(":", 2), "", ""][:3]
    if host != os.uname().nodename or not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


def _make_private(folder: Path) -> None:
    """Make a folder with mode 0700. Raises UnavailableError where that cannot be done."""
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise UnavailableError(
            f"`{folder}` cannot be made: {error.strerror}",
            "pushform keeps states, keys and the outbox there: check the rights of the folder",
        ) from error


def _git(root: Path, *words: str) -> str | None:
    try:
        done = subprocess.run(  # noqa: S603
            ["git", "-C", str(root), *words],  # noqa: S607
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
