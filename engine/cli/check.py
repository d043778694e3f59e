"""What `pushform doctor` says of one thing that it looked at."""

from __future__ import annotations

from engine.kernel.errors import ExitCode
from engine.kernel.frozen import frozen


@frozen
class Check:
    """One thing that was looked at."""

    name: str
    message: str
    exit_code: ExitCode = ExitCode.OK
    hint: str | None = None
