"""A mistake in a template or its variables, as data: the linter makes findings of it."""

from __future__ import annotations

from enum import StrEnum

from engine.kernel.frozen import frozen
from engine.kernel.origin import Origin
from engine.model.channel import Channel


class ProblemKind(StrEnum):
    """What a problem is about; each has its own rule in the linter."""

    SYNTAX = "syntax"
    UNDECLARED = "undeclared"
    UNUSED = "unused"


@frozen
class Problem:
    """One mistake. `line` counts from 1 inside the value at `at`, None where that says nothing."""

    kind: ProblemKind
    message: str
    at: Origin
    hint: str | None = None
    line: int | None = None
    variable: str | None = None
    locale: str | None = None
    channel: Channel | None = None
