"""Report: the ledger → the books in git, and the pack that proves them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from engine.model.ports import Ledger
from engine.model.report import Report
from engine.report.build import build_report
from engine.report.evidence import Evidence, write_evidence
from engine.report.files import write_report


def report_campaign(
    ledger: Ledger, campaign: str, *, root: Path, environment: str, now: datetime, timezone: str
) -> tuple[Report, Path] | None:
    """Rebuild a campaign's report from the ledger and write it; None where it is not deployed."""
    deployed = ledger.find_deployed(campaign)
    if deployed is None:
        return None
    built = build_report(ledger, deployed, environment, now)
    return built, write_report(root, built, timezone)


def pack_evidence(ledger: Ledger, built: Report, path: Path) -> Evidence:
    """Write the evidence pack of a campaign whose report was just `built` from the same ledger."""
    deployed = ledger.find_deployed(built.campaign)
    if deployed is None:
        raise ValueError(f"campaign `{built.campaign}` has a report and is not deployed")
    return write_evidence(ledger, deployed, built, path)
