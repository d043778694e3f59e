"""The files of a workspace as git has them at a revision."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import field
from pathlib import Path

from engine.kernel.errors import UsageError
from engine.kernel.frozen import frozen
from engine.workspace.files import ENDINGS, FOLDERS, WORKSPACE_FILE, ids_of, is_partial

_GIT_SECONDS = 60


@frozen(kw_only=False)
class RevisionTree:
    """A workspace as it was at a revision; read through `git`, without touching the checkout."""

    root: Path
    blobs: Mapping[str, str]
    _read: dict[str, bytes] = field(default_factory=dict)

    def list(self) -> Sequence[str]:
        return sorted(
            path for path in self.blobs if path != WORKSPACE_FILE and not is_partial(path)
        )

    def ids(self) -> Mapping[str, Mapping[str, str]]:
        return ids_of(self.list())

    def partials(self) -> Sequence[str]:
        return sorted(path for path in self.blobs if is_partial(path))

    def read(self, path: str) -> bytes:
        if path not in self.blobs:
            raise FileNotFoundError(path)
        if not self._read:
            self._read.update(_read_blobs(self.root, self.blobs))
        return self._read[path]


def open_revision(root: Path, revision: str) -> RevisionTree:
    """Return the workspace below `root` at `revision`.

    Raises UsageError where there is no git, no repository or no such revision.
    """
    verify = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    try:
        commit = _git(root, *verify).decode().strip()
    except subprocess.CalledProcessError:
        raise UsageError(
            f"there is no revision `{revision}` here",
            "name a commit, branch or tag of this repository; a shallow clone may lack it",
        ) from None
    listed = _git(root, "ls-tree", "-r", "-z", commit, "--", WORKSPACE_FILE, *FOLDERS)
    blobs = {}
    for entry in listed.split(b"\0"):
        head, _, raw_path = entry.partition(b"\t")
        path = raw_path.decode("utf-8", errors="surrogateescape")
        # Links (mode 120000) and submodules are no files of this workspace.
        if not head.startswith(b"100") or any(part.startswith(".") for part in path.split("/")):
            continue
        if path.endswith(ENDINGS) or is_partial(path):
            blobs[path] = head.split()[2].decode()
    return RevisionTree(root, blobs)


def _read_blobs(root: Path, blobs: Mapping[str, str]) -> dict[str, bytes]:
    wanted = "".join(f"{oid}\n" for oid in blobs.values()).encode()
    raw = _git(root, "cat-file", "--batch", stdin=wanted)
    found, at = {}, 0
    for path in blobs:
        end = raw.index(b"\n", at)
        size = int(raw[at:end].split()[2])
        found[path] = raw[end + 1 : end + 1 + size]
        at = end + 1 + size + 1
    return found


def _git(root: Path, *arguments: str, stdin: bytes | None = None) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603 - fixed words; the revision stands behind --end-of-options
            ["git", "-C", str(root), *arguments],  # noqa: S607 - the git of the PATH is wanted
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            capture_output=True,
            check=True,
            timeout=_GIT_SECONDS,
        )
    except FileNotFoundError:
        raise UsageError("there is no `git` to read a revision with", "install git") from None
    except subprocess.TimeoutExpired:
        raise UsageError(f"git did not answer in {_GIT_SECONDS} s", "try again") from None
    return done.stdout
