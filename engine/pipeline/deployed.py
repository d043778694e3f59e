"""What is deployed: by the state, or offline by the committed reports; and whether the state was lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from engine.kernel.frozen import frozen
from engine.model.deployment import Deployed, StateIdentity, Status
from engine.model.ports import Ledger
from engine.model.workspace import Workspace
from engine.report.files import read_identity, read_statuses


@frozen
class Deployment:
    """What is deployed, as the state or (offline) the committed reports tell it.

    `statuses` holds status and content digest by campaign; `lost` says how the state differs from
    the one that git remembers.
    """

    statuses: Mapping[str, tuple[Status, str]]
    find: Callable[[str], Deployed | None]
    identity: StateIdentity | None
    lost: str | None

    @property
    def started(self) -> frozenset[str]:
        """The campaigns that were begun or ended, whether or not a report of them is at hand."""
        waits = (Status.WAITING, Status.READY)
        return frozenset(id_ for id_, (status, _) in self.statuses.items() if status not in waits)

    @property
    def begun(self) -> frozenset[str]:
        """Those of `started` of which the state itself says so; reports are files that people edit."""
        return self.started if self.identity is not None else frozenset()


def from_state(root: Path, workspace: Workspace, ledger: Ledger | None) -> Deployment:
    """Return what the state holds (None: there is no state yet), and whether it was lost."""
    remembered = read_identity(root, workspace.environment)
    identity = ledger.identity() if ledger else None
    return Deployment(
        statuses=ledger.deployed_digests() if ledger else {},
        find=ledger.find_deployed if ledger else lambda _: None,
        identity=identity,
        lost=state_loss(remembered, identity),
    )


def from_reports(root: Path, workspace: Workspace) -> Deployment:
    """Return what the committed reports say is deployed (`--offline`)."""
    statuses = read_statuses(root, workspace.environment)
    return Deployment(statuses=statuses, find=lambda _: None, identity=None, lost=None)


def state_loss(remembered: StateIdentity | None, found: StateIdentity | None) -> str | None:
    """Say how the state differs from the one that git remembers, None where it does not."""
    if remembered is None:
        return None
    if found is None:
        return f"git remembers state {remembered.lineage[:8]} #{remembered.serial}, there is none"
    if found.lineage != remembered.lineage:
        return f"git remembers state {remembered.lineage[:8]}, this one is {found.lineage[:8]}"
    if found.serial < remembered.serial:
        return f"git remembers serial {remembered.serial}, this state is at {found.serial}"
    return None
