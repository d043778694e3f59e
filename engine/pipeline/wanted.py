"""What the files want: which campaigns should run, which must not, which are new."""

from __future__ import annotations

from engine.kernel.collection import no_collection
from engine.lint.context import jurisdictions_of
from engine.message.compose import Composer
from engine.plan.content import Desired, desire
from engine.workspace.read import Loaded


def changed_since(now: Loaded, before: Loaded) -> frozenset[str]:
    """Return the campaigns that are new, or would do something else than `before`."""
    return frozenset(
        id_ for id_, campaign in now.resolved.items() if before.resolved.get(id_) != campaign
    )


def touched_since(now: Loaded, before: Loaded) -> frozenset[str]:
    """Return the campaigns whose own file is new, or says something else than `before`."""
    return frozenset(
        id_ for id_, campaign in now.campaigns.items() if before.campaigns.get(id_) != campaign
    )


def desired_campaigns(loaded: Loaded) -> dict[str, Desired]:
    """Return what the files want: campaigns that are neither drafts nor cancelled."""
    workspace = loaded.workspace
    if workspace is None:
        return {}
    stopped = stopped_campaigns(loaded)
    with no_collection():
        return {
            id_: desire(
                campaign,
                environment=workspace.environment,
                safety=workspace.safety,
                samples=[
                    composed
                    for composed, _ in Composer(campaign).sample_messages(
                        jurisdictions_of(campaign)
                    )
                ],
            )
            for id_, campaign in sorted(loaded.resolved.items())
            if id_ not in stopped
        }


def stopped_campaigns(loaded: Loaded) -> dict[str, str]:
    """Return the campaigns that are in the files but must not run, and why."""
    return {
        id_: "draft" if campaign.draft else str(campaign.cancelled)
        for id_, campaign in loaded.campaigns.items()
        if campaign.draft or campaign.cancelled is not None
    }
