"""Which files a workspace has, and those of a folder (`revision.py`: as git has them).

Only `.yaml`, `.yml`, and the partials `_*.jinja` of templates.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from engine.kernel.frozen import frozen
from engine.workspace.schemas import Kind

WORKSPACE_FILE = "pushform.yaml"
FOLDERS: Mapping[str, Kind] = {
    "audiences": Kind.AUDIENCE,
    "templates": Kind.TEMPLATE,
    "campaigns": Kind.CAMPAIGN,
}
ENDINGS = (".yaml", ".yml")
_PARTIAL_ENDING = ".jinja"
_PIECE = 65_536


class Tree(Protocol):
    """The files of one workspace, by POSIX path from its root."""

    def list(self) -> Sequence[str]:
        """Return the YAML files in the three folders, sorted."""
        ...

    def ids(self) -> Mapping[str, Mapping[str, str]]:
        """Return per folder the id of every file in it, with the first that has it."""
        ...

    def partials(self) -> Sequence[str]:
        """Return the partial files `_*.jinja` below templates/, sorted."""
        ...

    def read(self, path: str) -> bytes:
        """Return the bytes of `path`. Raises OSError where it cannot be read."""
        ...


def ids_of(paths: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return per folder the ids that the names of `paths` are, each with the first that has it."""
    found: dict[str, dict[str, str]] = {folder: {} for folder in FOLDERS}
    for path in paths:
        found[path.split("/", 1)[0]].setdefault(stem_of(path), path)
    return found


def stem_of(path: str) -> str:
    """Return the name of a file without folders and ending; `pathlib` takes ten times as long."""
    return path.rsplit("/", 1)[-1].rsplit(".", 1)[0]


def is_partial(path: str) -> bool:
    """Tell whether `path` (POSIX, from the workspace's root) is a partial."""
    name = path.rsplit("/", 1)[-1]
    return path.startswith("templates/") and name[0] == "_" and name.endswith(_PARTIAL_ENDING)


@frozen(kw_only=False)
class FolderTree:
    """A workspace on disk. Hidden files are left out; links to folders are not followed."""

    root: Path

    def list(self) -> Sequence[str]:
        return sorted(path for folder in FOLDERS for path in _walk(f"{self.root}/{folder}", folder))

    def ids(self) -> Mapping[str, Mapping[str, str]]:
        return ids_of(self.list())

    def partials(self) -> Sequence[str]:
        walked = _walk(f"{self.root}/templates", "templates", _PARTIAL_ENDING)
        return sorted(path for path in walked if is_partial(path))

    def read(self, path: str) -> bytes:
        # Without a file object: half the time, and there are ten thousand files.
        descriptor = os.open(f"{self.root}/{path}", os.O_RDONLY | os.O_CLOEXEC)
        try:
            pieces = [os.read(descriptor, _PIECE)]
            while pieces[-1]:
                pieces.append(os.read(descriptor, _PIECE))
        finally:
            os.close(descriptor)
        return b"".join(pieces)


def _walk(folder: str, prefix: str, endings: str | tuple[str, ...] = ENDINGS) -> Iterator[str]:
    try:
        entries = list(os.scandir(folder))
    except (FileNotFoundError, NotADirectoryError):
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        path = f"{prefix}/{entry.name}"
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(entry.path, path, endings)
        elif entry.name.endswith(endings) and entry.is_file():
            yield path
