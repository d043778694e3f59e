"""`pushform fmt`: one way to write a file, with everything that it says and every comment in it."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from difflib import unified_diff
from pathlib import Path

from engine.kernel.errors import UnavailableError
from engine.kernel.finding import Finding
from engine.kernel.frozen import frozen
from engine.kernel.source import SourceFile
from engine.workspace.decode import decode
from engine.workspace.document import Data, parse_document
from engine.workspace.files import FOLDERS, WORKSPACE_FILE, FolderTree
from engine.workspace.key_order import shape_of
from engine.workspace.named import named_file
from engine.workspace.parser import YAMLError
from engine.workspace.positions import read_positions
from engine.workspace.printed import print_file
from engine.workspace.schemas import Kind, modeline
from engine.workspace.written import BLANK, read_comments_of, read_written

_MODELINE = re.compile(r"#\s*yaml-language-server:")


@frozen
class Formatted:
    """One file. `after` equals `before` where nothing changes; findings say what cannot be read.

    `left` tells why a file that can be read is left as it is (None: it is not).
    """

    path: str
    before: str
    after: str
    findings: tuple[Finding, ...] = ()
    left: str | None = None

    @property
    def changes(self) -> bool:
        return self.before != self.after

    @property
    def source(self) -> SourceFile:
        """The file as it is, for showing findings."""
        return SourceFile(self.path, self.before, read_positions)


def files_to_format(root: Path, only: Collection[str]) -> tuple[str, ...]:
    """Return the files below `root` that `fmt` writes: pushform.yaml and the three folders.

    The file that `policies:` names is one of them; the list of testers is left out, it is no part
    of the workspace. With `only` (POSIX paths relative to `root`) just those, and those below them.
    Names in `only` that lead to no file are for the caller to find by comparing.
    """
    tree = FolderTree(root)
    testers, policies = named_file(tree, "testers"), named_file(tree, "policies")
    every = [path for path in (WORKSPACE_FILE, *tree.list()) if path != testers]
    if policies is not None and (root / policies).is_file():
        every.insert(1, policies)
    if not only or "." in only:
        return tuple(every)
    return tuple(path for path in every if any(is_below(path, wanted) for wanted in only))


def is_below(path: str, wanted: str) -> bool:
    """Tell whether `path` is `wanted` or lies below it; both POSIX, relative to the workspace."""
    return wanted == "." or path == wanted or path.startswith(f"{wanted}/")


def format_files(root: Path, paths: Sequence[str]) -> Iterator[Formatted]:
    """Yield every file of `paths` as it is and as it should be. Nothing is written."""
    for path in paths:
        try:
            raw = FolderTree(root).read(path)
        except OSError as error:
            raise UnavailableError(f"`{path}` cannot be read: {error.strerror}") from error
        yield format_bytes(raw, path)


def format_bytes(raw: bytes, path: str) -> Formatted:
    """Format the file `path` (POSIX, relative to the workspace), whose bytes are `raw`.

    A file with syntax findings is left alone and has them. So is one whose new form would not say
    the same, to the last comment; `left` says so.
    """
    text, finding = decode(raw, path)
    if finding is not None:
        return Formatted(path=path, before=text, after=text, findings=(finding,))
    # The byte order mark and CR are gone from what people see; they still differ from `after`.
    before = raw.decode("utf-8")
    document = parse_document(text, path)
    if document.findings:
        return Formatted(path=path, before=before, after=before, findings=document.findings)
    after = format_text(text, kind_of(path, document.data), path.count("/"))
    if after is None:
        left = (
            "left as it is: a comment or a value would not survive a new form"
            if isinstance(document.data, dict)
            else "left as it is: it is no mapping of keys to values"
        )
        return Formatted(path=path, before=before, after=before, left=left)
    return Formatted(path=path, before=before, after=after)


def kind_of(path: str, data: Data = None) -> Kind:
    """Return what the file `path` of a workspace is, by its folder, else by the kind it names."""
    policies = isinstance(data, dict) and data.get("kind") == Kind.POLICIES
    return FOLDERS.get(path.split("/", 1)[0], Kind.POLICIES if policies else Kind.WORKSPACE)


def format_text(text: str, kind: Kind, depth: int) -> str | None:
    """Return `text`, YAML without findings, in its canonical form; None where it has none.

    `depth` is how many folders below the workspace's root the file is: the schema's path in the
    modeline begins there. The new text reads as the same values and has the same comments; that is
    checked, not believed.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    data = parse_document(text, "").data
    try:
        root = read_written(text)
    except YAMLError:
        return None
    if root is None or not root.is_mapping or not isinstance(data, dict):
        return None
    header = _take_header(root.entries[0].above) if root.entries else []
    old = [line for line in header if _MODELINE.match(line)]
    rest = [line for line in header if not _MODELINE.match(line)]
    while rest[:1] == [BLANK]:
        rest.pop(0)
    line = old[:1] or [modeline(kind, depth)]
    after = print_file(root, shape_of(kind), data, [*line, *rest])
    return after if _says_the_same(text, after, added=not old, repeated=old[1:]) else None


def _take_header(above: list[str]) -> list[str]:
    """Take from the comments above the first key those that are about the file.

    That is the modeline, and everything above the last blank line.
    """
    last = max((number for number, line in enumerate(above) if line == BLANK), default=-1)
    for number in range(last + 1, len(above)):
        if _MODELINE.match(above[number]):
            last = number
    header = above[: last + 1]
    del above[: last + 1]
    return header


def _says_the_same(before: str, after: str, *, added: bool, repeated: list[str]) -> bool:
    document = parse_document(after, "")
    if document.findings or _plain(parse_document(before, "").data) != _plain(document.data):
        return False
    wanted = Counter(read_comments_of(before)) - Counter(repeated)
    found = Counter(read_comments_of(after))
    extra = found - wanted
    return not wanted - found and sum(extra.values()) == int(added)


def _plain(data: object) -> str:
    return json.dumps(data, sort_keys=True)


def difference(formatted: Formatted) -> str:
    """Return what changes in a file as a unified diff, as `git apply` reads it."""
    lines = unified_diff(
        formatted.before.splitlines(keepends=True),
        formatted.after.splitlines(keepends=True),
        f"a/{formatted.path}",
        f"b/{formatted.path}",
    )
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )


def write_whole(file: Path, text: str) -> None:
    """Replace the content of `file` at once: whoever reads it sees the old or the new text.

    Its mode stays, and a link goes on pointing to the same file. Raises UnavailableError.
    """
    target = Path(os.path.realpath(file))
    handle, name = -1, ""
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as new:
            new.write(text)
            new.flush()
            os.fsync(new.fileno())
        Path(name).chmod(_mode_of(target))
        Path(name).replace(target)
    except OSError as error:
        if name:
            with suppress(OSError):
                Path(name).unlink()
        raise UnavailableError(
            f"`{file}` cannot be written: {error.strerror}", "check its rights and the free space"
        ) from error


def _mode_of(target: Path) -> int:
    if target.exists():
        return target.stat().st_mode & 0o7777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
