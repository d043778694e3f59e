"""Which people a session has: the sources of its workspace."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from engine.app.session import Session

if TYPE_CHECKING:
    from engine.audience.people import DuckPeople
    from engine.model.audience import InCampaign
    from engine.model.ports import Ledger


def open_people_of(session: Session, key: bytes, ledger: Ledger | None) -> DuckPeople:
    """Open the sources of the session's workspace. Without a state nobody was ever reached."""
    from engine.audience.people import open_people

    reached = ledger.reached if ledger is not None else nobody
    return open_people(session.workspace, session.root, key, reached)


def nobody(condition: InCampaign, at: datetime) -> Sequence[str]:
    """Answer `campaign:` conditions where there is no state yet."""
    del condition, at
    return ()
