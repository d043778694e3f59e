"""The last result of lint, kept in a file for a run over the same bytes.

Kept is what depends on files and on the law of the day (`Part` without `now`), as JSON, under a key
that the caller makes of everything it depends on. A file that is missing, broken, of another key, or
that others could have written is no error: the work is done again.
"""

from __future__ import annotations

import json
import os
import stat
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import TZPATH

from engine.kernel.digest import Plain, digest
from engine.kernel.finding import Citation, Confidence, Finding, Korean, Severity
from engine.kernel.origin import Origin
from engine.law.book import last_checked
from engine.lint.catalog import OF_FILES
from engine.lint.parts import Part

_METAS = {rule.META.id: rule.META for rule in OF_FILES}


def toolchain() -> str:
    """Return a digest of the program itself: a file kept by another one says nothing.

    The engine's files, the folders of installed packages and of time zones count by size and time of
    change, so an edited rule, another version of a library or new zone data ask for a new run.
    """
    engine = Path(__file__).parent.parent
    seen = [sys.version]
    for folder, _, names in os.walk(engine):
        if not folder.endswith("__pycache__"):
            seen.extend(_stamp(f"{folder}/{name}") for name in sorted(names))
    installed = (path for path in sys.path if path.endswith(("site-packages", "dist-packages")))
    schemas = (engine / "schemas", engine.parent / "schemas")
    files = (str(file) for folder in schemas for file in sorted(folder.glob("*.json")))
    seen.extend(map(_stamp, (*installed, *TZPATH, *map(str, schemas), *files)))
    return digest(seen)


def _stamp(path: str) -> str:
    try:
        status = os.stat(path)  # noqa: PTH116 - hundreds of them, with as little around as can be
    except OSError:
        return path
    return f"{path} {status.st_size} {status.st_mtime_ns}"


class _Comment:
    """A comment as it was kept."""

    __slots__ = ("line", "text")

    def __init__(self, line: int, text: str) -> None:
        self.line, self.text = line, text


def load_part(file: Path, key: str, on: date) -> Part | None:
    """Return what was kept under `key`, with citations as of `on`; None where there is nothing.

    The file counts only if it is this user's own and nobody else can read or write it (0600), which a
    file that came with a checkout is not.
    """
    try:
        descriptor = os.open(file, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
        with os.fdopen(descriptor, "rb") as opened:
            status = os.fstat(opened.fileno())
            if status.st_uid != os.geteuid() or stat.S_IMODE(status.st_mode) != 0o600:
                return None
            if opened.readline() != f"{key}\n".encode():
                return None
            return _part(json.loads(opened.read()), on)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def keep_part(file: Path, key: str, part: Part) -> None:
    """Keep `part` under `key`. Where that cannot be written, nothing is kept."""
    if any(f.flips_at or f.citation for f in part.read) or any(f.flips_at for f in part.found):
        return  # what holds for a while only, or has a citation of its own, has no form here
    text = f"{key}\n{json.dumps(_plain(part), ensure_ascii=False, separators=(',', ':'))}"
    new = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        (file.parent / ".gitignore").write_text("*\n", encoding="utf-8")
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as opened:
            os.fchmod(opened.fileno(), 0o600)
            opened.write(text.encode("utf-8", "surrogateescape"))
        new.replace(file)
    except OSError:
        new.unlink(missing_ok=True)


def _plain(part: Part) -> Plain:
    return {
        "read": [_plain_finding(finding) for finding in part.read],
        "found": [_plain_finding(finding) for finding in part.found],
        "comments": {
            file: [[comment.line, comment.text] for comment in comments]
            for file, comments in part.comments.items()
        },
        "due": [[at.timestamp(), file] for at, file in part.due],
    }


def _part(plain: Any, on: date) -> Part:
    return Part(
        read=tuple(_finding(finding, None) for finding in plain["read"]),
        found=tuple(_finding(finding, on) for finding in plain["found"]),
        comments={
            file: tuple(_Comment(line, text) for line, text in comments)
            for file, comments in plain["comments"].items()
        },
        due=tuple((datetime.fromtimestamp(at, UTC), file) for at, file in plain["due"]),
    )


def _plain_finding(finding: Finding) -> Plain:
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "message": finding.message,
        "file": finding.at.file,
        "path": finding.at.path,
        "hint": finding.hint,
        "key": finding.key,
        "campaign": finding.campaign,
        "locale": finding.locale,
        "channel": finding.channel,
        "jurisdiction": finding.jurisdiction,
        "line": finding.line,
        "column": finding.column,
        "korean": finding.korean and [finding.korean.message, finding.korean.hint],
        "citation": _own_citation(finding),
    }


def _own_citation(finding: Finding) -> Plain:
    """Return the citation of a finding where its rule and the day of reading do not tell it, else None.

    What names a campaign cites the law of the day of its sending, whenever it is read again.
    """
    cited = finding.citation
    meta = _METAS.get(finding.rule)
    if cited is None or meta is None:
        return None
    if finding.campaign is None and cited.id == meta.citation(last_checked()).id:
        return None
    return [cited.id, cited.title, cited.confidence, cited.title_ko]


def _citation(plain: Any, on: date | None) -> Citation | None:
    own = plain["citation"]
    if own is not None:
        id_, title, confidence, title_ko = own
        sure = Confidence(confidence)
        return Citation(id=id_, title=title, confidence=sure, title_ko=title_ko)
    return None if on is None else _METAS[plain["rule"]].citation(on)


def _finding(plain: Any, on: date | None) -> Finding:
    return Finding(
        rule=plain["rule"],
        severity=Severity(plain["severity"]),
        message=plain["message"],
        at=Origin(plain["file"], tuple(plain["path"])),
        hint=plain["hint"],
        key=plain["key"],
        campaign=plain["campaign"],
        locale=plain["locale"],
        channel=plain["channel"],
        jurisdiction=plain["jurisdiction"],
        citation=_citation(plain, on),
        line=plain["line"],
        column=plain["column"],
        korean=Korean(*plain["korean"]) if plain["korean"] else None,
    )
