"""A YAML file as `pushform fmt` prints it: order, quotes, indentation, comments in their places.

What somebody wrote in one line stays in one line while it fits; what stands in a block stays a
block. Text keeps being quoted or not, because both read well; quotes are double, and text that
other YAML readers would take for a date, a number or a switch gets them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import lru_cache
from unicodedata import category

from engine.workspace.document import Data
from engine.workspace.key_order import Shape, inner_shape, order_keys
from engine.workspace.scalars import read_scalar
from engine.workspace.written import BLANK, Collection, Entry, Scalar

WIDTH = 120
"""Longer `{…}` and `[…]` are written as blocks. In code points; texts are never broken."""

_STEP = 2
_WORD = re.compile(r"[A-Za-z0-9_가-힣][A-Za-z0-9_가-힣./ -]*(?<! )")
_DATE = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}")
_BREAKS = re.compile("[\x85\u2028\u2029\ufeff]")


def print_file(root: Collection, shape: Shape, data: Data, header: list[str]) -> str:
    """Return the text of the file `root`, whose values are `data`, below the lines of `header`."""
    lines = [*header, *_block(root, shape, data, 0)]
    return "\n".join(lines) + "\n"


def _block(node: Collection, shape: Shape, data: Data, indent: int) -> list[str]:
    lines: list[str] = []
    for entry, key in _sorted(node, shape, data):
        inner = inner_shape(shape, data, key)
        above, after = entry.above, entry.after
        if len(after) > 1 or (after and not node.is_mapping and _opens(entry, inner, indent)):
            above, after = [*above, *after], []
        lines += _comment_lines(above, indent, first=not lines)
        lines += _entry(entry, inner, data[key], indent, after)
    foot = list(node.foot)
    while foot and foot[-1] == BLANK:
        foot.pop()
    return lines + _comment_lines(foot, indent, first=not lines)


def _entry(entry: Entry, shape: Shape, data: Data, indent: int, after: list[str]) -> list[str]:
    pad = " " * indent
    remark = f" {after[0]}" if after else ""
    lead = f"{pad}{_key(entry)}:" if entry.key is not None else f"{pad}-"
    value = entry.value
    if isinstance(value, Scalar):
        if _is_block(value):
            head, *rest = _block_scalar(value, indent + _STEP)
            return [f"{lead} {head}{remark}", *rest]
        text = _scalar(value, flow=False)
        if not text and entry.key is None:
            text = "null"
        return [f"{lead} {text}{remark}" if text else f"{lead}{remark}"]
    if not _opens(entry, shape, indent):
        return [f"{lead} {_flow(value, shape, data)}{remark}"]
    inner = _block(value, shape, data, indent + _STEP)
    if entry.key is not None:
        return [lead + remark, *inner]
    # Comments cannot stand between a dash and what it begins: they go above it.
    first = next((n for n, line in enumerate(inner) if line and not _is_comment(line)), 0)
    above = [pad + line.strip() if line else BLANK for line in inner[:first]]
    return [*above, f"{lead} {inner[first].lstrip()}", *inner[first + 1 :]]


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("#")


def _opens(entry: Entry, shape: Shape, indent: int) -> bool:
    """Tell whether the entry's value is printed as a block below it."""
    value = entry.value
    if isinstance(value, Scalar):
        return False
    if not value.entries and not value.foot:
        return False
    if not value.flow or _has_comments(value) or _has_block_scalar(value):
        return True
    if any("pushform:" in comment for comment in (*entry.above, *entry.after)):
        return False  # it speaks for this line: findings must not move to others
    lead = len(_key(entry)) + 2 if entry.key is not None else 2
    return indent + lead + len(_flow(value, shape, None)) > WIDTH


def _sorted(node: Collection, shape: Shape, data: Data) -> list[tuple[Entry, str | int]]:
    if not node.is_mapping:
        return [(entry, index) for index, entry in enumerate(node.entries)]
    by_key = {entry.key.value: entry for entry in node.entries if entry.key is not None}
    keys = order_keys(shape, data) if isinstance(data, dict) else list(by_key)
    return [(by_key[key], key) for key in keys]


def _flow(node: Scalar | Collection, shape: Shape, data: Data) -> str:
    """Return a value in one line; without `data` its length counts and not its order."""
    if isinstance(node, Scalar):
        return _scalar(node, flow=True) or "null"
    parts = []
    for entry, key in _sorted(node, shape, data):
        known = data[key] if data is not None else None
        inner = inner_shape(shape, data, key) if data is not None else shape
        text = _flow(entry.value, inner, known)
        parts.append(f"{_key(entry)}: {text}" if entry.key is not None else text)
    joined = ", ".join(parts)
    return f"{{{joined}}}" if node.is_mapping else f"[{joined}]"


def _comment_lines(comments: list[str], indent: int, *, first: bool) -> list[str]:
    """Return comments at `indent`, blank lines at most one at a time and none at the start."""
    lines: list[str] = []
    for comment in comments:
        if comment != BLANK:
            lines.append(" " * indent + comment)
        elif lines[-1:] != [BLANK] and (lines or not first):
            lines.append(BLANK)
    return lines


def _has_comments(node: Scalar | Collection) -> bool:
    if isinstance(node, Scalar):
        return False
    return bool(node.foot) or any(
        entry.after or any(entry.above) or _has_comments(entry.value) for entry in node.entries
    )


def _has_block_scalar(node: Scalar | Collection) -> bool:
    if isinstance(node, Scalar):
        return _is_block(node)
    return any(_has_block_scalar(entry.value) for entry in node.entries)


def _is_block(scalar: Scalar) -> bool:
    """Tell whether a text is printed as a block: not if blank lines at its end belong to it."""
    text = scalar.node.value
    if scalar.node.style not in ("|", ">") or not text.strip() or text.endswith("\n\n"):
        return False
    return not _BREAKS.search(text)


def _block_scalar(scalar: Scalar, indent: int) -> list[str]:
    """Return the lines of a text in `|` or `>` at a new indentation."""
    head, *rest = scalar.raw.split("\n")
    head = head.strip()
    pad = " " * indent
    if head in (">", ">-"):
        while rest and not rest[-1].strip():
            rest.pop()
        first = next(line for line in rest if line.strip())
        old = len(first) - len(first.lstrip(" "))
        return [head, *(pad + line[old:] if line[old:] else "" for line in rest)]
    lines = scalar.node.value.removesuffix("\n").split("\n")
    start = next(line for line in lines if line)
    strip = "" if scalar.node.value.endswith("\n") else "-"
    head = "|" + (str(_STEP) if start.startswith(" ") else "") + strip
    return [head, *(pad + line if line else "" for line in lines)]


def _key(entry: Entry) -> str:
    node = entry.key
    assert node is not None  # noqa: S101 - only asked for in mappings
    if not node.style or is_plain(node.value):
        return str(node.value)
    return quoted(node.value)


def _scalar(scalar: Scalar, *, flow: bool) -> str:
    text, style = scalar.node.value, scalar.node.style
    single = "\n" not in scalar.raw
    if not style:
        typed = read_scalar(text)
        if typed is None:
            return ""
        if isinstance(typed, bool):
            return "true" if typed else "false"
        if not isinstance(typed, str) or (single and is_text(text)):
            return str(text)
        return str(text) if not flow and is_text(text) and "\n" not in text else quoted(text)
    if style == '"' and single:
        return scalar.raw
    if style == "'" and single and ('"' in text or "\\" in text):
        return scalar.raw
    return quoted(text)


@lru_cache(maxsize=4096)
def is_text(text: str) -> bool:
    """Tell whether a plain `text` is text to every YAML reader: 1.1 reads `NO`, `21:00`, dates."""
    from yaml.nodes import ScalarNode
    from yaml.resolver import Resolver

    resolve: Callable[..., str] = Resolver().resolve
    if _DATE.match(text) or not isinstance(read_scalar(text), str):
        return False
    return resolve(ScalarNode, text, (True, False)) == "tag:yaml.org,2002:str"


def is_plain(text: str) -> bool:
    """Tell whether `text` needs no quotes anywhere: words, ids, zones, paths of names."""
    return _WORD.fullmatch(text) is not None and is_text(text)


def quoted(text: str) -> str:
    """Return `text` in double quotes; what nobody could see is written as an escape."""
    inside = json.dumps(text, ensure_ascii=False)
    return "".join(_visible(char) for char in inside)


def _visible(char: str) -> str:
    # U+200D joins emoji; other format characters would hide in the text.
    if char == "\u200d" or category(char) not in ("Cc", "Cf", "Zl", "Zp"):
        return char
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"
