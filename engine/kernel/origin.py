"""Where a value was written, symbolically: a file and a path of keys, no line numbers.

A line number is looked up only when a finding is shown (`engine.kernel.source`), so moving
a file or adding a comment changes nothing that is compared.
"""

from __future__ import annotations

from engine.kernel.frozen import frozen

Key = str | int


@frozen(kw_only=False)
class Origin:
    """A value's place: `file` is POSIX and relative to the workspace, `path` leads from its root."""

    file: str
    path: tuple[Key, ...] = ()

    def __truediv__(self, key: Key) -> Origin:
        return Origin(self.file, self.path + (key,))  # noqa: RUF005 - half the time

    def __str__(self) -> str:
        return f"{self.file}:{'.'.join(map(str, self.path))}" if self.path else self.file


NOWHERE = Origin("")
"""The origin of a value that no file holds (a built-in or a value given by a test)."""
