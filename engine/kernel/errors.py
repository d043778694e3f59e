"""Exit codes, and the exceptions that carry them.

A user's mistake in a file is a `Finding`, not an exception. An exception here says that the
environment failed or that a guard refused; anything else that is raised is a bug (exit 70).
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum


class ExitCode(IntEnum):
    """One code, one meaning, in every command."""

    OK = 0
    FINDINGS = 1
    USAGE = 2
    CHANGES = 3
    BLOCKED = 4
    MISMATCH = 5
    CLOCK = 6
    APPROVAL = 7
    PARTIAL = 8
    LOCKED = 9
    CREDENTIALS = 10
    UNAVAILABLE = 11
    UNSUPPORTED = 12
    BUG = 70
    INTERRUPTED = 130
    TERMINATED = 143


_PRECEDENCE = (70, 130, 143, 2, 12, 10, 11, 9, 5, 6, 7, 4, 8, 1, 3, 0)


def worst(codes: Iterable[ExitCode]) -> ExitCode:
    """Return the code that decides when several apply; `OK` for none."""
    return min(codes, key=_PRECEDENCE.index, default=ExitCode.OK)


class PushformError(Exception):
    """The environment failed or a guard refused: `message` says what, `hint` what to do."""

    exit_code = ExitCode.BUG

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(PushformError):
    """The call's words are off, or there is no readable `pushform.yaml`."""

    exit_code = ExitCode.USAGE


class BlockedError(PushformError):
    """A guard or a policy refused."""

    exit_code = ExitCode.BLOCKED


class MismatchError(PushformError):
    """A digest, an environment, a key or the state is not the one that was expected."""

    exit_code = ExitCode.MISMATCH


class ClockError(PushformError):
    """A plan expired, a time has passed, or the clock goes back."""

    exit_code = ExitCode.CLOCK


class ApprovalError(PushformError):
    """Nobody approved what would be written."""

    exit_code = ExitCode.APPROVAL


class LockedError(PushformError):
    """Another run holds the lease."""

    exit_code = ExitCode.LOCKED


class CredentialsError(PushformError):
    """A credential is missing or was refused."""

    exit_code = ExitCode.CREDENTIALS


class UnavailableError(PushformError):
    """A provider or a source does not answer."""

    exit_code = ExitCode.UNAVAILABLE


class UnsupportedError(PushformError):
    """A file was written in a format that this version does not read."""

    exit_code = ExitCode.UNSUPPORTED
