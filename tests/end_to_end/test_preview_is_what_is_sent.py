"""What `preview` shows for a person is, byte for byte, what `dispatch` hands to the provider."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

from engine.app.people import open_people_of
from engine.app.providers import provider_opener
from engine.app.session import open_session
from engine.app.state import open_ledger
from engine.channels.outbox import read_outbox
from engine.cli.previewing import target_previews
from engine.kernel.digest import canonical
from tests.cli_run import pushform

ROOT = Path(__file__).resolve().parents[2]
PEOPLE = 500
DUE = {
    "security-notice": "2026-09-20T00:40:00Z",
    "early-bird": "2026-09-21T01:00:00Z",
    "chuseok-sale": "2026-09-22T01:00:00Z",
}


def test_five_hundred_people_get_what_their_preview_says(tmp_path: Path) -> None:
    for name in ("pushform.yaml", "campaigns", "audiences", "templates"):
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / name)  # type: ignore[operator]
    planned = "2026-09-20T00:00:00Z"
    assert pushform("apply", "--auto-approve", "-C", tmp_path, "--as-of", planned).code == 0
    compared = 0
    for campaign, due in DUE.items():
        result = pushform("dispatch", campaign, "-C", tmp_path, "--as-of", due)
        assert result.code == 0, result.err
        compared += _compare(tmp_path, campaign, due)
    assert compared >= PEOPLE


def _compare(root: Path, name: str, due: str) -> int:
    """Compare the previews of random recipients with the outbox; return how many people it was."""
    session = open_session(root, None, due)
    campaign = session.loaded.resolved[name]
    opener = provider_opener(session)
    sent = {
        (entry.channel, entry.address_hash): entry
        for entry in read_outbox(root / ".pushform" / "outbox" / "sandbox" / name)
    }
    with open_ledger(session, create=False) as (ledger, _, key):
        people = open_people_of(session, key, ledger)
        frozen = people.snapshot(campaign, session.opened_at, root / "again")
        targets = [
            target
            for shard in frozen.shards
            for batch in people.targets(shard, root / "again")
            for target in batch
            if (target.channel, target.address_hash) in sent
        ]
        random.Random(20260920).shuffle(targets)
        # One by one, as `preview --user` asks; slow, so only a few.
        for target in targets[:8]:
            alone = people.values(campaign, target.user_id, session.opened_at)
            assert target.values in [one.values for one in alone]
    chosen = targets[:450]
    for target, preview in zip(chosen, target_previews(campaign, chosen, opener), strict=True):
        entry = sent[target.channel, target.address_hash]
        assert canonical(preview.request) == canonical(entry.request), (name, target.user_id)
    return len({target.user_id for target in chosen})
