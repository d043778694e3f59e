"""`pushform verify`: hold an evidence pack to itself. Needs the file alone: no workspace, no state.

A pack that was forged as a whole agrees with itself, too. What it cannot have is the digest that was
written down when the pack was made: give that one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from engine.kernel.digest import Plain
from engine.kernel.document import FORMAT_VERSION
from engine.kernel.errors import UnavailableError, UnsupportedError
from engine.kernel.frozen import frozen
from engine.report import evidence_parts as parts
from engine.report.as_json import dump
from engine.report.evidence_agree import Problem, disagreements, read_object
from engine.report.evidence_rows import ROWS_OF_SHARD, Tally, dimensions_of, key_of, read_line
from engine.report.evidence_tree import HashTree
from engine.report.evidence_zip import DamagedError, read_members

_SHARD = re.compile(r"ledger/[0-9]{6}\.jsonl")
_CHUNK = 2**20


@frozen
class Verdict:
    """What a check came to. `about` is the manifest, as far as it could be read."""

    digest: str
    size: int
    about: Mapping[str, Plain]
    rows: int
    root: str
    problems: tuple[Problem, ...]


def verify(path: Path, expected: str | None = None) -> Verdict:
    """Check a pack, reading it twice and holding one member at a time.

    `expected` is the digest that was written down when the pack was made. Raises UnavailableError
    where the file cannot be read, UnsupportedError (exit 12) for a pack of a newer format.
    """
    try:
        with path.open("rb") as file:
            found, size = _digest(file)
            file.seek(0)
            check = _Check()
            problems = list(check.run(file))
    except OSError as error:
        raise UnavailableError(
            f"`{path}` cannot be read: {error.strerror or error}", "check the path and its rights"
        ) from error
    if expected is not None and found != expected:
        problems.append(Problem(member=None, message=f"its digest is `{found}`, not `{expected}`"))
    return Verdict(
        digest=found,
        size=size,
        about=check.manifest,
        rows=check.tree.rows,
        root=check.tree.root(),
        problems=tuple(problems),
    )


class _Check:
    """One pass over the members, then what they say of each other."""

    def __init__(self) -> None:
        self.manifest: Mapping[str, Plain] = {}
        self.tree = HashTree()
        self._small: dict[str, bytes] = {}
        self._listed: dict[str, Plain] = {}
        self._tally: Tally = Counter()
        self._last: tuple[bytes, bytes] | None = None

    def run(self, file: BinaryIO) -> Iterator[Problem]:
        """Yield every problem; those between members only where each for itself is sound."""
        sound = True
        for problem in self._members(file):
            sound = False
            yield problem
        if sound:
            for problem in self._against_manifest():
                sound = False
                yield problem
        if sound:
            yield from disagreements(self._small, self.manifest, self._tally)

    def _members(self, file: BinaryIO) -> Iterator[Problem]:
        try:
            for name, data, intact in read_members(file):
                yield from self._member(name, data, intact=intact)
        except DamagedError as error:
            yield Problem(member=error.member, message=error.message)
            return
        if parts.MANIFEST not in self._small:
            yield Problem(member=parts.MANIFEST, message="is missing")

    def _member(self, name: str, data: bytes, *, intact: bool) -> Iterator[Problem]:
        if name not in parts.MEMBERS and not _SHARD.fullmatch(name):
            yield Problem(member=name, message="does not belong into an evidence pack")
            return
        self._listed[name] = {"name": name, "bytes": len(data), "sha256": sha256(data).hexdigest()}
        if not intact:
            yield Problem(member=name, message="was changed: its CRC-32 is another one")
        if name in parts.MEMBERS:
            self._small[name] = data
        elif intact:
            yield from self._shard(name, data)
        if name == parts.MANIFEST and intact:
            yield from self._read_manifest(data)

    def _shard(self, name: str, data: bytes) -> Iterator[Problem]:
        """Read the rows of one shard, and stop at the first that is wrong."""
        lines = data.split(b"\n")
        if lines.pop() != b"" or not 0 < len(lines) <= ROWS_OF_SHARD:
            yield Problem(
                member=name, message="is not a shard: its number or ends of lines are off"
            )
            return
        for number, line in enumerate(lines, start=1):
            try:
                row = read_line(line)
            except ValueError as error:
                yield Problem(member=name, message=f"line {number} is {error}")
                return
            key = key_of(row)
            if self._last is not None and key <= self._last:
                word = "stands there twice" if key == self._last else "is out of order"
                yield Problem(member=name, message=f"the row in line {number} {word}")
                return
            self._last = key
            self._tally[dimensions_of(row)] += 1
            self.tree.add(line)

    def _read_manifest(self, data: bytes) -> Iterator[Problem]:
        plain = read_object(data)
        if plain.get("kind") == parts.MANIFEST_KIND:
            _check_version(plain.get("format_version"))
        if not _is_manifest(plain) or not _is_written_so(plain, data):
            yield Problem(member=parts.MANIFEST, message="is not the manifest of an evidence pack")
            return
        self.manifest = plain

    def _against_manifest(self) -> Iterator[Problem]:
        listed = {member["name"]: member for member in self.manifest["members"]}
        there = {name: own for name, own in self._listed.items() if name != parts.MANIFEST}
        for name in sorted({*listed, *there}):
            if name not in there:
                yield Problem(member=name, message="is missing: manifest.json lists it")
            elif name not in listed:
                yield Problem(member=name, message="was added: manifest.json does not list it")
            elif listed[name] != there[name]:
                yield Problem(member=name, message="was changed: its SHA-256 is another one")
        if self.manifest["ledger"] != {"rows": self.tree.rows, "root": self.tree.root()}:
            yield Problem(
                member=parts.MANIFEST, message="names another number or root of rows than there are"
            )


def _check_version(version: Plain) -> None:
    """Raise UnsupportedError for a newer format; a manifest without one is no manifest at all."""
    if isinstance(version, str) and version.partition(".")[0] != FORMAT_VERSION.partition(".")[0]:
        raise UnsupportedError(
            f"the evidence pack has format {version}; this version reads {FORMAT_VERSION}",
            "use the version of pushform that its manifest.json names",
        )


def _is_manifest(plain: Mapping[str, Plain]) -> bool:
    members, ledger = plain.get("members"), plain.get("ledger")
    words = (
        "format_version",
        "environment",
        "campaign",
        "status",
        "digest",
        "content_digest",
        "lineage",
    )
    return (
        plain.get("kind") == parts.MANIFEST_KIND
        and all(isinstance(plain.get(word), str) for word in words)
        and "commit" in plain
        and isinstance(ledger, dict)
        and isinstance(members, list)
        and all(isinstance(m, dict) and isinstance(m.get("name"), str) for m in members)
    )


def _is_written_so(plain: Plain, data: bytes) -> bool:
    """Tell whether `data` is how `plain` is written to files."""
    try:
        return dump(plain).encode() == data
    except (ValueError, RecursionError):
        return False


def _digest(file: BinaryIO) -> tuple[str, int]:
    whole, size = sha256(), 0
    while chunk := file.read(_CHUNK):
        whole.update(chunk)
        size += len(chunk)
    return "sha256:" + whole.hexdigest(), size
