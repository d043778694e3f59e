"""What a plan looks at besides the campaigns that move."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from engine.kernel.frozen import frozen
from engine.kernel.source import SourceMap
from engine.model.deployment import StateIdentity, Status
from engine.model.ports import People
from engine.model.workspace import Workspace


@frozen
class Surroundings:
    """What a plan looks at besides the moves. `people` and `state` are None with `--offline`."""

    workspace: Workspace
    sources: SourceMap
    as_of: datetime
    deployed: Mapping[str, tuple[Status, str]]
    loaded: int
    people: People | None
    state: StateIdentity | None
    state_lost: str | None
    commit: str | None
    unavailable: Mapping[str, str]
    """Channels without a usable provider in this environment, and why."""
    passing_until: Mapping[str, datetime]
    """Per campaign until when the clock rules that pass now will pass."""
