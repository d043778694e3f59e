"""From an origin to a line and a column, and the snippet that is shown for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from unicodedata import east_asian_width

from engine.kernel.frozen import frozen
from engine.kernel.origin import Key, Origin


@frozen(kw_only=False)
class Span:
    """A stretch of text. Lines and columns count from 1 in code points; the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


START = Span(1, 1, 1, 2)
"""Where a finding about a whole file points."""


@frozen(kw_only=False)
class Positions:
    """The places of one file's keys and values, by path."""

    keys: Mapping[tuple[Key, ...], Span]
    values: Mapping[tuple[Key, ...], Span]


@dataclass(slots=True)
class SourceFile:
    """One file's text. Positions are read from it again only when somebody asks for them."""

    path: str
    text: str
    read_positions: Callable[[str], Positions]
    _positions: Positions | None = field(default=None, repr=False)

    @property
    def positions(self) -> Positions:
        if self._positions is None:
            self._positions = self.read_positions(self.text)
        return self._positions

    def locate(self, path: tuple[Key, ...], *, key: bool = False) -> Span:
        """Return the span of `path`, or of its nearest ancestor that is written."""
        positions = self.positions
        if key and path in positions.keys:
            return positions.keys[path]
        while path:
            if path in positions.values:
                return positions.values[path]
            path = path[:-1]
        return positions.values.get((), START)

    def line(self, number: int) -> str:
        """Return line `number` (from 1) without its line end, or '' past the end."""
        lines = self.text.splitlines()
        return lines[number - 1] if 0 < number <= len(lines) else ""


class SourceMap:
    """All files that were read, by path. Unknown files locate to their first character."""

    def __init__(self, files: Mapping[str, SourceFile] | None = None) -> None:
        self._files = dict(files or {})

    def __iter__(self) -> Iterator[SourceFile]:
        return iter(self._files.values())

    def add(self, file: SourceFile) -> None:
        self._files[file.path] = file

    def get(self, path: str) -> SourceFile | None:
        return self._files.get(path)

    def locate(self, origin: Origin, *, key: bool = False) -> Span:
        file = self._files.get(origin.file)
        return file.locate(origin.path, key=key) if file else START

    def snippet(self, file: str, span: Span) -> str:
        """Return the line of `span` with a caret line under it, or '' for an unknown file."""
        source = self._files.get(file)
        text = source.line(span.line) if source else ""
        if not text:
            return ""
        end = span.end_column if span.end_line == span.line else len(text) + 1
        lead = "".join("\t" if c == "\t" else _blank(c) for c in text[: span.column - 1])
        carets = "^" * max(1, sum(len(_blank(c)) for c in text[span.column - 1 : end - 1]))
        number = str(span.line)
        return f"{number} | {text}\n{' ' * len(number)} | {lead}{carets}"


def _blank(char: str) -> str:
    """Return as many blanks as a terminal gives `char`: Hangul and other wide text takes two."""
    return "  " if east_asian_width(char) in "WF" else " "
