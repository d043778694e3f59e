"""What reading a template's source brings to light, whoever read it."""

from __future__ import annotations

from engine.kernel.frozen import frozen

Partials = tuple[tuple[str, str], ...]
"""The partial files that a source may import from: (name, source), sorted by name."""


@frozen(kw_only=False)
class Fault:
    """What is wrong with a source: it never runs. `line` counts from 1 inside the value."""

    message: str
    line: int
    hint: str | None = None


@frozen(kw_only=False)
class Use:
    """A variable that a source reads: its name, dotted where fields are asked for."""

    name: str
    line: int
