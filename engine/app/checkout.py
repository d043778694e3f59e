"""What git says of the checkout that a workspace lies in, if it lies in one."""

from __future__ import annotations

import subprocess
from pathlib import Path

_GIT_SECONDS = 30


def tracked_paths(root: Path) -> frozenset[str]:
    """Return the paths below `root` that git tracks; none without git."""
    answer = _git(root, "ls-files", "-z", "--", ".")
    return frozenset((answer or "").split("\0"))


def checked_out(root: Path) -> str | None:
    """Return the commit that is checked out in `root`, if any."""
    answer = _git(root, "rev-parse", "--verify", "--quiet", "HEAD")
    return (answer or "").strip() or None


def _git(root: Path, *words: str) -> str | None:
    try:
        done = subprocess.run(  # noqa: S603
            ["git", "-C", str(root), *words],  # noqa: S607
            capture_output=True,
            text=True,
            check=False,
            timeout=_GIT_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
