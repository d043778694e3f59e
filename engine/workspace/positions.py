"""Where the keys and values of one file stand, read again from its text when somebody asks."""

from __future__ import annotations

import re

from engine.kernel.frozen import frozen
from engine.kernel.origin import Key
from engine.kernel.source import Positions, SourceFile, Span
from engine.workspace import parser
from engine.workspace.parser import MappingNode, Node, ScalarNode, SequenceNode

_COMMENT = re.compile(r"(?:^|(?<=\s))#\s*(pushform:.*)$")


@frozen
class Comment:
    """A `# pushform: …` comment: its line (from 1) and its text from `pushform:` on."""

    file: str
    line: int
    text: str


def read_positions(text: str) -> Positions:
    """Return the span of every key and value in `text`; none where it is not YAML."""
    keys: dict[tuple[Key, ...], Span] = {}
    values: dict[tuple[Key, ...], Span] = {}
    try:
        if parser.is_suspicious(text) and not parser.survey(text)[1]:
            return Positions(keys, values)
        root = parser.compose(text)
    except parser.YAMLError:
        return Positions(keys, values)
    if root is not None:
        _walk(root, (), keys, values)
    return Positions(keys, values)


def read_comments(source: SourceFile) -> tuple[Comment, ...]:
    """Return the `# pushform:` comments of `source`, without those inside texts."""
    if "pushform:" not in source.text:
        return ()
    found = []
    for number, line in enumerate(source.text.splitlines(), 1):
        match = _COMMENT.search(line)
        if match and not _inside_text(source.positions, number, match.start()):
            found.append(Comment(file=source.path, line=number, text=match.group(1).rstrip()))
    return tuple(found)


def _inside_text(positions: Positions, line: int, index: int) -> bool:
    """Tell whether the character after `index` in `line` lies inside a leaf's span."""
    here = (line, index + 1)
    parents = {path[:-1] for path in positions.values if path}
    return any(
        (span.line, span.column) <= here < (span.end_line, span.end_column)
        for path, span in positions.values.items()
        if path not in parents
    )


def _walk(
    node: Node,
    path: tuple[Key, ...],
    keys: dict[tuple[Key, ...], Span],
    values: dict[tuple[Key, ...], Span],
) -> None:
    if len(path) > parser.MAX_DEPTH or len(values) > parser.MAX_NODES:
        return
    values[path] = _span(node)
    if isinstance(node, SequenceNode):
        for index, child in enumerate(node.value):
            _walk(child, (*path, index), keys, values)
    elif isinstance(node, MappingNode):
        for key_node, value_node in node.value:
            key = key_node.value
            if isinstance(key_node, ScalarNode) and (*path, key) not in keys:
                keys[(*path, key)] = _span(key_node)
                _walk(value_node, (*path, key), keys, values)


def _span(node: Node) -> Span:
    start, end = node.start_mark, node.end_mark
    if end.line == start.line and end.column == start.column:
        return Span(start.line + 1, start.column + 1, end.line + 1, end.column + 2)
    return Span(start.line + 1, start.column + 1, end.line + 1, end.column + 1)
