"""JSON whose shape is encoded once and whose values are filled in for every message."""

from __future__ import annotations

import re
from collections.abc import Mapping

import orjson

from engine.kernel.digest import Plain
from engine.kernel.frozen import frozen

_HOLE = re.compile('"https://\ue000([^\ue001"]+)\ue001"'.encode())


def hole(name: str) -> str:
    """Return the text that stands for the value `name`: a URL, because some encoders want one."""
    return f"https://\ue000{name}\ue001"


def json_text(value: str) -> bytes:
    """Return `value` as a JSON string."""
    return orjson.dumps(value)


@frozen(kw_only=False)
class Stencil:
    """Literal bytes and, between them, the names of the values that go there."""

    literals: tuple[bytes, ...]
    names: tuple[str, ...]

    def fill(self, values: Mapping[str, bytes]) -> bytes:
        """Return the JSON with `values`, which are JSON already. Raises KeyError without one."""
        parts = [self.literals[0]]
        for name, literal in zip(self.names, self.literals[1:], strict=True):
            parts.append(values[name])
            parts.append(literal)
        return b"".join(parts)

    def size(self, values: Mapping[str, bytes]) -> int:
        """Return how many bytes `fill` would give."""
        return sum(map(len, self.literals)) + sum(len(values[name]) for name in self.names)


def cut_stencil(plain: Plain) -> Stencil:
    """Return the stencil of `plain`, in which strings made by `hole` are to be filled in."""
    parts = _HOLE.split(orjson.dumps(plain))
    return Stencil(tuple(parts[::2]), tuple(name.decode() for name in parts[1::2]))
