"""What reading a template's source brings to light, whoever read it."""

from __future__ import annotations

from dataclasses import dataclass

Partials = tuple[tuple[str, str], ...]
"""The partial files that a source may import from: (name, source), sorted by name."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a source: it never runs. `line` counts from 1 inside the value."""

    message: str
    line: int
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class Use:
    """A variable that a source reads: its name, dotted where fields are asked for."""

    name: str
    line: int
