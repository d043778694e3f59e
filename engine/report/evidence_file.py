"""The file of an evidence pack: its owner's alone, whole or not there, digested as it is written."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from engine.kernel.errors import UnavailableError, UsageError


class Hashing:
    """Writes to a file and digests what it writes."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.hash = sha256()
        self.size = 0

    def write(self, data: bytes) -> None:
        """Write all of `data`."""
        self._file.write(data)
        self.hash.update(data)
        self.size += len(data)


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """Open a file that only its owner can read; it stands at `path` when it is whole, or never."""
    part = path.with_name(path.name + ".part")
    if os.path.lexists(path):
        raise UsageError(
            f"`{path}` is there already",
            "evidence is not written over: name another file, or move that one away",
        )
    try:
        with suppress(FileNotFoundError):
            part.unlink()
        descriptor = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        finally:
            with suppress(FileNotFoundError):
                part.unlink()
    except OSError as error:
        raise UnavailableError(
            f"`{path}` cannot be written: {error.strerror or error}",
            "the ledger has everything: write the evidence again where there is room",
        ) from error
