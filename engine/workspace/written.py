"""A YAML file with everything that its author wrote: entries, styles, comments and blank lines.

libyaml knows nothing of comments. They are found between its nodes, and each is given to the entry
that it belongs to: after a value on the same line to that one, on lines of its own to the entry
below, or to the end of the block that it is indented like.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.kernel.frozen import frozen
from engine.workspace import parser
from engine.workspace.parser import MappingNode, Node, ScalarNode, SequenceNode

BLANK = ""
"""Stands for blank lines among comments."""


@dataclass(slots=True, eq=False)
class Entry:
    """A key with its value, or an item of a list (`key` is None), with its comments.

    `above` holds the comments on the lines before it, and `BLANK`; `after` those that follow on
    its own line.
    """

    key: ScalarNode | None
    value: Scalar | Collection
    above: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Scalar:
    """A leaf. `raw` is its text as written, without the comment of a block scalar's first line."""

    node: ScalarNode
    raw: str


@dataclass(slots=True, eq=False)
class Collection:
    """A mapping or a list. `foot` holds the comments after its last entry."""

    node: MappingNode | SequenceNode
    entries: list[Entry]
    foot: list[str] = field(default_factory=list)

    @property
    def flow(self) -> bool:
        return bool(self.node.flow_style)

    @property
    def is_mapping(self) -> bool:
        return isinstance(self.node, MappingNode)


def read_written(text: str) -> Collection | None:
    """Return the file in `text` (lines end with LF), or None where its root is no collection.

    The text must be YAML without findings. Raises YAMLError.
    """
    root = parser.compose(text)
    if root is None:
        return None
    places = _Places(text)
    whole = places.collect(root)
    if isinstance(whole, Scalar):
        return None
    for comment in _comments(text, places.leaves):
        places.give(comment, whole)
    return whole


def read_comments_of(text: str) -> list[str]:
    """Return the comments of `text`, in their order. Raises YAMLError."""
    root = parser.compose(text)
    if root is None:
        return []
    places = _Places(text)
    places.collect(root)
    return [remark.text for remark in _comments(text, places.leaves) if remark.text != BLANK]


@frozen(kw_only=False)
class _Remark:
    """A comment (or `BLANK`) at `index` and `column`; `alone` on its line."""

    text: str
    index: int
    column: int
    line_start: int
    alone: bool


@frozen(kw_only=False)
class _Event:
    """Something of `entry` (None: of the root) at `index`; `holder` is the block it stands in."""

    index: int
    entry: Entry | None
    holder: Collection | None
    column: int
    starts: bool
    whole: bool = False
    """Whether the entry itself starts here, not only its value."""


class _Places:
    """Where the entries of one text stand."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.leaves: list[tuple[int, int]] = []
        self._events: list[_Event] = []
        self._parents: dict[Collection, Collection | None] = {}
        self._flows: list[tuple[int, Collection]] = []

    def collect(self, root: Node) -> Scalar | Collection:
        """Build the tree below `root` and remember where its parts are."""
        whole = self._build(root, None, None)
        self._events.sort(key=lambda event: event.index)
        self._indices = [event.index for event in self._events]
        self._flows.sort(key=lambda flow: flow[0])
        self.leaves.sort(key=lambda leaf: leaf[0])
        return whole

    def _build(
        self, node: Node, entry: Entry | None, holder: Collection | None
    ) -> Scalar | Collection:
        start, end = node.start_mark.index, node.end_mark.index
        if isinstance(node, ScalarNode):
            return self._leaf(node, start, end)
        assert isinstance(node, MappingNode | SequenceNode)  # noqa: S101 - there is no other kind
        found = Collection(node, [])
        self._parents[found] = holder
        if node.flow_style:
            self._flows.append((start, found))
            self._events.append(_Event(start, entry, holder, node.start_mark.column, False))
        pairs = node.value if isinstance(node, MappingNode) else [(None, v) for v in node.value]
        for key, value in pairs:
            first = key if key is not None else value
            child = Entry(key, Scalar(first, ""))
            at = first.start_mark
            # An item of a block stands where its dash does.
            column = node.start_mark.column if key is None else at.column
            self._events.append(_Event(at.index, child, found, column, True, True))
            if key is not None:
                self._leaf(key, at.index, key.end_mark.index)
                self._events.append(_Event(key.end_mark.index - 1, child, found, column, False))
            child.value = self._build(value, child, found)
            self._note_value(child, value, found, column)
            found.entries.append(child)
        if node.flow_style:
            self._events.append(_Event(end - 1, entry, holder, node.start_mark.column, False))
        return found

    def _note_value(self, child: Entry, value: Node, holder: Collection, column: int) -> None:
        if isinstance(value, ScalarNode) or _is_flow(value):
            start, end = value.start_mark.index, value.end_mark.index
            if end > start:
                self._events.append(_Event(start, child, holder, column, True))
                self._events.append(_Event(end - 1, child, holder, column, False))

    def _leaf(self, node: ScalarNode, start: int, end: int) -> Scalar:
        raw = self.text[start:end]
        if node.style in ("|", ">"):
            head, _, rest = raw.partition("\n")
            match = re.search(r"[ \t]#.*$", head)
            if match:
                # The comment of the first line is found like any other.
                self.leaves.append((start, start + match.start()))
                start += len(head) + 1
                raw = head[: match.start()] + "\n" + rest
            # Blank lines after it belong to what follows, unless they are part of the text.
            kept = raw.removesuffix("\n") if "+" in head[:3] else raw.rstrip()
            end -= len(raw) - len(kept)
        if end > start:
            self.leaves.append((start, end))
        return Scalar(node, raw)

    def give(self, remark: _Remark, root: Collection) -> None:
        """Hand a comment to the entry that it belongs to."""
        after = bisect_right(self._indices, remark.index)
        before = self._events[after - 1] if after else None
        on_line = before is not None and before.index >= remark.line_start
        if not remark.alone and on_line and before is not None and before.entry is not None:
            before.entry.after.append(remark.text)
            return
        while after < len(self._events) and not self._events[after].starts:
            after += 1
        following = self._events[after] if after < len(self._events) else None
        inside = self._innermost_flow(remark.index)
        if inside is not None:
            if remark.text == BLANK:
                return
            if following is not None and following.index < inside.node.end_mark.index:
                self._above(following, remark)
            else:
                inside.foot.append(remark.text)
            return
        if following is None or remark.column > following.column:
            block = self._block_at(before, remark.column, root)
            if following is None or block is not following.holder:
                block.foot.append(remark.text)
                return
        self._above(following, remark)

    def _above(self, event: _Event, remark: _Remark) -> None:
        if event.entry is not None and (event.whole or remark.text != BLANK):
            event.entry.above.append(remark.text)

    def _innermost_flow(self, index: int) -> Collection | None:
        number = bisect_left(self._flows, index, key=lambda flow: flow[0]) - 1
        found = self._flows[number][1] if number >= 0 else None
        # The last one that begins before may have ended; then only those around it are left.
        while found is not None and not (found.flow and index < found.node.end_mark.index):
            found = self._parents[found]
        return found

    def _block_at(self, before: _Event | None, column: int, root: Collection) -> Collection:
        """Return the innermost block around the last entry that is indented no deeper."""
        block = before.holder if before is not None and before.holder else root
        while block.flow or block.node.start_mark.column > column:
            parent = self._parents[block]
            if parent is None:
                return block
            block = parent
        return block


def _is_flow(node: Node) -> bool:
    return isinstance(node, MappingNode | SequenceNode) and bool(node.flow_style)


def _comments(text: str, leaves: list[tuple[int, int]]) -> Iterator[_Remark]:
    """Yield the comments of `text` outside of its leaves, and the blank lines above what follows."""
    masked, at = [], 0
    for start, end in leaves:
        masked += [text[at:start], "x" * (end - start)]
        at = end
    blank = False
    for line in re.finditer(r"[^\n]+|\n(?=\n)", "".join([*masked, text[at:]])):
        seen = line.group()
        if not seen.strip():
            blank = True
            continue
        column = len(seen) - len(seen.lstrip(" "))
        mark = seen.find("#")
        alone = mark >= 0 and not seen[:mark].strip()
        if blank:
            yield _Remark(BLANK, line.start() + column - 1, column, line.start(), True)
            blank = False
        if mark >= 0:
            content = text[line.start() + mark : line.end()].rstrip()
            yield _Remark(content, line.start() + mark, column, line.start(), alone)
