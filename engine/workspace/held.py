"""A workspace's files, read once: what is judged is what was hashed, whoever writes meanwhile."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from engine.workspace.files import ENDINGS, WORKSPACE_FILE, Tree, ids_of, is_partial, stem_of
from engine.workspace.named import named_file


@dataclass(frozen=True)
class HeldTree:
    """The bytes of every file by path, or the error of reading it."""

    files: Mapping[str, bytes | OSError]
    apart: frozenset[str] = frozenset({WORKSPACE_FILE})
    """Those that are no campaign, audience or template: pushform.yaml, and what it names."""

    def list(self) -> Sequence[str]:
        return self._paths

    def ids(self) -> Mapping[str, Mapping[str, str]]:
        return self._ids

    @cached_property
    def _paths(self) -> Sequence[str]:
        # Whatever is no YAML here is a partial; `is_partial` takes longer to say so.
        found = [path for path in self.files if path.endswith(ENDINGS) and path not in self.apart]
        return tuple(found)

    @cached_property
    def _ids(self) -> Mapping[str, Mapping[str, str]]:
        return ids_of(self._paths)

    def partials(self) -> Sequence[str]:
        return [path for path in self.files if is_partial(path)]

    def read(self, path: str) -> bytes:
        found = self.files.get(path, FileNotFoundError(2, "No such file or directory"))
        if isinstance(found, OSError):
            raise found
        return found

    @property
    def whole(self) -> bool:
        """Whether every file could be read."""
        return not any(isinstance(found, OSError) for found in self.files.values())

    def digest(self) -> str:
        """Return 64 hex digits of SHA-256 over all paths and bytes."""
        state = hashlib.sha256()
        for path, found in self.files.items():
            raw = found if isinstance(found, bytes) else b""
            state.update(f"{path}\0{len(raw)}\0".encode("utf-8", "surrogateescape"))
            state.update(raw)
        return state.hexdigest()


def hold(tree: Tree) -> HeldTree:
    """Return all files of `tree` with their bytes, sorted by path."""
    held: dict[str, bytes | OSError] = {}
    policies = named_file(tree, "policies")
    apart = (WORKSPACE_FILE,) if policies is None else (WORKSPACE_FILE, policies)
    for path in (*tree.list(), *tree.partials(), *apart):
        try:
            held[path] = tree.read(path)
        except OSError as error:
            held[path] = error
    return HeldTree(held, frozenset(apart))


def shares(paths: Iterable[str], number: int) -> tuple[frozenset[str], ...]:
    """Return `paths` in `number` shares of about one size.

    Every share has all audiences, which know each other. Campaigns and templates go by their names, so
    that a campaign stands with the template that is called like it, and the shares are in the order
    of the campaigns' ids.
    """
    every = [(stem_of(path), path) for path in paths]
    audiences = {path for _, path in every if path.startswith("audiences/")}
    rest = sorted(pair for pair in every if pair[1] not in audiences)
    bounds = [rest[len(rest) * cut // number][0] for cut in range(1, number)] if rest else []
    found = [set(audiences) for _ in range(len(bounds) + 1)]
    for stem, path in rest:
        found[bisect_right(bounds, stem)].add(path)
    return tuple(map(frozenset, found))
