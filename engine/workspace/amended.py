"""A file of a workspace as somebody else would write it: keys taken out and put in, comments kept."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from engine.workspace.document import Data, parse_document
from engine.workspace.fmt import format_text
from engine.workspace.key_order import shape_of
from engine.workspace.parser import MappingNode, ScalarNode, SequenceNode
from engine.workspace.printed import is_plain, print_file, quoted
from engine.workspace.schemas import Kind
from engine.workspace.written import Collection, Entry, Scalar, read_written


@dataclass(slots=True)
class Amended:
    """One file in the making. Values are plain data; the text comes out in canonical form."""

    kind: Kind
    depth: int
    root: Collection
    data: dict[str, Data]

    def remove(self, *keys: str) -> None:
        """Take keys out, with the comments that are theirs."""
        kept = [entry for entry in self.root.entries if entry.key and entry.key.value not in keys]
        first = self.root.entries[0] if self.root.entries else None
        if first is not None and kept and first not in kept:
            # What stands above the first key may be about the file.
            kept[0].above[:0] = first.above
        self.root.entries[:] = kept
        for key in keys:
            self.data.pop(key, None)

    def put(self, key: str, value: Data) -> None:
        """Write `value` under `key`, in place of what stood there; its comments stay."""
        self.data[key] = value
        for entry in self.root.entries:
            if entry.key is not None and entry.key.value == key:
                entry.value = _tree(value)
                return
        self.root.entries.append(Entry(_leaf(key), _tree(value)))

    def put_block(self, key: str, value: dict[str, Data]) -> None:
        """Write the mapping `value` under `key`, one of its keys a line."""
        self.put(key, value)
        found = _find(self.root, key)
        assert isinstance(found.value, Collection)  # noqa: S101 - it is a mapping
        found.value = _mapping(found.value.entries, flow=False)

    def put_inside(self, keys: tuple[str, ...], key: str, value: Data) -> None:
        """Write `value` under `key` of the mapping at `keys`, which is made where it is missing."""
        holder, data = self.root, self.data
        for step in keys:
            if step not in data:
                data[step] = {}
                holder.entries.append(Entry(_leaf(step), _tree({})))
            entry = _find(holder, step)
            if not isinstance(entry.value, Collection):
                entry.value, data[step] = _tree({}), {}
            assert isinstance(entry.value, Collection)  # noqa: S101 - made so just now
            holder, data = entry.value, data[step]
        data[key] = value
        for entry in holder.entries:
            if entry.key is not None and entry.key.value == key:
                entry.value = _tree(value)
                return
        holder.entries.append(Entry(_leaf(key), _tree(value)))

    def append(self, key: str, *items: Data) -> None:
        """Add items to the end of the list under `key`, which is made where it is missing."""
        if key not in self.data:
            self.put(key, [])
        holder = _find(self.root, key).value
        assert isinstance(holder, Collection)  # noqa: S101 - the schema says so
        for item in items:
            self.data[key].append(item)
            holder.entries.append(Entry(None, _tree(item)))

    def remark(self, key: str, comment: str) -> None:
        """Write a comment after `key`."""
        _find(self.root, key).after.append(f"# {comment}")

    def text(self) -> str:
        """Return the file's text. Raises ValueError if it would not say what was asked for."""
        printed = print_file(self.root, shape_of(self.kind), self.data, [])
        whole = format_text(printed, self.kind, self.depth)
        if whole is None or _plain(parse_document(whole, "").data) != _plain(self.data):
            raise ValueError("the amended file does not say what was asked for")
        return whole


def amend(text: str, kind: Kind, depth: int) -> Amended | None:
    """Open `text`, YAML without findings, for changes; None where its root is no mapping."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    data = parse_document(text, "").data
    root = read_written(text)
    if root is None or not root.is_mapping or not isinstance(data, dict):
        return None
    return Amended(kind, depth, root, data)


def blank(kind: Kind, depth: int) -> Amended:
    """Open a file that says nothing yet."""
    return Amended(kind, depth, _mapping([], flow=False), {})


def _plain(data: Any) -> str:
    return json.dumps(data, sort_keys=True)


def _find(holder: Collection, key: str) -> Entry:
    for entry in holder.entries:
        if entry.key is not None and entry.key.value == key:
            return entry
    raise KeyError(key)


def _tree(value: Data) -> Scalar | Collection:
    if isinstance(value, dict):
        return _mapping(
            [Entry(_leaf(key), _tree(inner)) for key, inner in value.items()], flow=True
        )
    if isinstance(value, list):
        node = SequenceNode("", [], flow_style=True)
        return Collection(node, [Entry(None, _tree(item)) for item in value])
    if isinstance(value, str):
        return Scalar(_leaf(value), value if is_plain(value) else quoted(value))
    text = json.dumps(value)
    return Scalar(ScalarNode("", text, style=""), text)


def _mapping(entries: list[Entry], *, flow: bool) -> Collection:
    return Collection(MappingNode("", [], flow_style=flow), entries)


def _leaf(text: str) -> ScalarNode:
    return ScalarNode("", text, style="" if is_plain(text) else '"')
