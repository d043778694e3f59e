"""libyaml through PyYAML, with PyYAML's own ideas about scalars and tags left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from operator import is_

from yaml._yaml import CParser
from yaml.error import MarkedYAMLError, YAMLError
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    NodeEvent,
    ScalarEvent,
)
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from engine.kernel.frozen import frozen

__all__ = [
    "MAX_DEPTH",
    "MAX_NODES",
    "MappingNode",
    "MarkedYAMLError",
    "Node",
    "Oddity",
    "ScalarNode",
    "SequenceNode",
    "YAMLError",
    "compose",
    "is_suspicious",
    "survey",
]

MAX_DEPTH = 40
MAX_NODES = 50_000
_SMALL = 65_536
_FEW = 800
_INDICATOR = re.compile(r"[&*!](?<![^\s\[{,].)")


class _Parser(CParser):
    """The composer of libyaml's events; every untagged node gets the empty tag.

    It asks these three for every node: functions of C's answer in a fifth of the time.
    """

    resolve = "".format
    descend_resolver = staticmethod(is_)
    ascend_resolver = tuple


@frozen(kw_only=False)
class Oddity:
    """Something in the event stream that this product does not read. Line and column from 1."""

    rule: str
    message: str
    hint: str
    line: int
    column: int


def compose(text: str) -> Node | None:
    """Return the node tree of the one document in `text`. Raises YAMLError."""
    parser = _Parser(text)
    try:
        node: Node | None = parser.get_single_node()
    finally:
        parser.dispose()
    return node


def is_suspicious(text: str) -> bool:
    """Tell whether `text` may hold tags, anchors, or more depth or nodes than `compose` bears.

    NOTE: libyaml composes recursively in C, so depth must be bounded before. Every level costs one
    of these characters, or a line with one blank more than the last: 800 of them, or 65,536
    characters, are far from the end of any stack.
    """
    if len(text) > _SMALL:
        return True
    # Most files hold none of the three, which costs a tenth of the search to know.
    if ("&" in text or "*" in text or "!" in text) and _INDICATOR.search(text):
        return True
    return sum(map(text.count, "[{-?")) > _FEW


def survey(text: str) -> tuple[tuple[Oddity, ...], bool]:
    """Return the oddities of `text`, and whether it is safe to compose. Raises YAMLError."""
    found: list[Oddity] = []
    parser = _Parser(text)
    nodes = depth = 0
    try:
        while parser.check_event():
            event = parser.get_event()
            if isinstance(event, CollectionEndEvent):
                depth -= 1
                continue
            if not isinstance(event, NodeEvent):
                continue
            found.extend(_oddities(event))
            nodes += 1
            depth += isinstance(event, CollectionStartEvent)
            if depth > MAX_DEPTH or nodes > MAX_NODES:
                found.append(_beyond(event, depth))
                return tuple(found), False
    finally:
        parser.dispose()
    return tuple(found), True


def _oddities(event: NodeEvent) -> Iterator[Oddity]:
    line, column = _start(event)
    if isinstance(event, AliasEvent):
        message = f"the alias `*{event.anchor}` is not read"
        yield Oddity("yaml-anchor", message, "write the value out", line, column)
        return
    if event.anchor is not None:
        message = f"the anchor `&{event.anchor}` is not read"
        hint = "delete it; text that starts with `&` needs quotes"
        yield Oddity("yaml-anchor", message, hint, line, column)
    tag = event.tag if isinstance(event, CollectionStartEvent | ScalarEvent) else None
    if tag is not None:
        shown = tag.replace("tag:yaml.org,2002:", "!!")
        hint = "delete it; text that starts with `!` needs quotes"
        yield Oddity("yaml-tag", f"the tag `{shown}` is not read", hint, line, column)


def _beyond(event: NodeEvent, depth: int) -> Oddity:
    if depth > MAX_DEPTH:
        message = f"the file is nested deeper than {MAX_DEPTH} levels"
        hint = "name a part of it in a file of its own"
    else:
        message = f"the file has more than {MAX_NODES:,} values"
        hint = "split it up"
    line, column = _start(event)
    return Oddity("yaml-bounds", message, hint, line, column)


def _start(event: NodeEvent) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)
