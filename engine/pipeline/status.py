"""Status: where every campaign is, by the files and by the state."""

from __future__ import annotations

from datetime import datetime

from engine.model.ports import Ledger
from engine.model.report import Progress
from engine.pipeline.wanted import stopped_campaigns
from engine.report.progress import progress, waiting
from engine.workspace.read import Loaded


def list_progress(
    loaded: Loaded | None, ledger: Ledger | None, now: datetime
) -> tuple[Progress, ...]:
    """Return where every campaign is, deployed or not, by id."""
    deployed = ledger.deployed() if ledger else {}
    orders = ledger.stop_orders() if ledger else ()
    rows = [progress(campaign, orders, now) for campaign in deployed.values()]
    if loaded is not None:
        stopped = stopped_campaigns(loaded)
        rows.extend(
            waiting(id_, campaign.title or id_, stopped.get(id_, "not applied yet"))
            for id_, campaign in loaded.campaigns.items()
            if id_ not in deployed and campaign.cancelled is None
        )
    return tuple(sorted(rows, key=lambda row: row.campaign))
