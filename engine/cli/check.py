"""What `pushform doctor` says of one thing that it looked at."""

from __future__ import annotations

from dataclasses import dataclass

from engine.kernel.errors import ExitCode


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at."""

    name: str
    message: str
    exit_code: ExitCode = ExitCode.OK
    hint: str | None = None
