"""Lines that are added to a file of one's own, and are on the disk when the call returns."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path


def append_lines(path: Path, data: bytes) -> None:
    """Add `data`, whole lines, to `path` and to the disk. Only its owner may read file and folder.

    Several processes may do so at once: their lines do not mix. Raises OSError; what was written
    by then may end in the middle of a line, which the next call closes.
    """
    handle = open_private(path)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        size = os.fstat(handle).st_size
        # A line that a crash tore off must not swallow the next one.
        if size and os.pread(handle, 1, size - 1) != b"\n":
            data = b"\n" + data
        while data:
            data = data[os.write(handle, data) :]
        os.fsync(handle)
    finally:
        os.close(handle)


def open_private(path: Path) -> int:
    """Return a handle for adding to `path` (0600), making the folders above it (0700).

    Raises OSError.
    """
    _make_private_folder(path.parent)
    return os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _make_private_folder(folder: Path) -> None:
    # `parents=True` would give the folders above it the usual rights.
    missing = [above for above in (folder, *folder.parents) if not above.exists()]
    for above in reversed(missing):
        above.mkdir(mode=0o700, exist_ok=True)
