"""A plan of 10,000 deployed campaigns of which none has changed, from process start to exit.

    python benchmarks/plan.py [--campaigns 10000] [--times 3] [--no-peer]

The state is written as an apply of everything would leave it, without counting anybody. The peer is
octoDNS: a plan of as many records from one YAML provider to another that has all of them already. A
record is some 40 bytes, a campaign 1.2 KB with texts in three locales.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from corpus import AS_OF, write
from lint import forget
from measuring import PUSHFORM, ROOT, Series, machine, peer, row, run

sys.path.insert(0, str(ROOT))

ZONE = "unit.test."
CONFIG = """\
providers:
  files: {{class: octodns.provider.yaml.YamlProvider, directory: {root}/source, default_ttl: 3600}}
  there: {{class: octodns.provider.yaml.YamlProvider, directory: {root}/target, default_ttl: 3600}}
zones:
  unit.test.: {{sources: [files], targets: [there]}}
"""


def deploy(root: Path) -> None:
    """Write every campaign of `root` into its state, as `ready`."""
    from engine.app.holders import new_holder
    from engine.app.session import open_session
    from engine.app.state import open_ledger
    from engine.model.deployment import Deployed, Status
    from engine.pipeline.wanted import desired_campaigns
    from engine.plan.content import change_digest

    session = open_session(root, None, AS_OF, {})
    now = session.opened_at
    deployed = [
        Deployed(
            id=id_,
            status=Status.READY,
            reason=None,
            digest=change_digest(
                environment=session.workspace.environment,
                campaign=id_,
                before=None,
                after=desired.content_digest,
                cancel=False,
            ),
            content_digest=desired.content_digest,
            stored=desired.stored,
            applied_at=now,
            changed_at=now,
            due_at=now,
            users=0,
        )
        for id_, desired in desired_campaigns(session.loaded).items()
    ]
    with open_ledger(session, create=True) as (ledger, _, _):
        lease = ledger.acquire("apply", new_holder(), 600.0)
        ledger.commit(lease, ledger.identity(), deployed)
        ledger.release(lease)


def write_zone(root: Path, records: int) -> None:
    """Write one zone with `records` addresses, twice."""
    text = "---\n" + "".join(
        f"host-{number:05}: {{type: A, value: 10.{number >> 16}.{number >> 8 & 255}.{number & 255}}}\n"
        for number in range(records)
    )
    for side in ("source", "target"):
        (root / side).mkdir(parents=True)
        (root / side / f"{ZONE}yaml").write_text(text, encoding="utf-8")
    (root / "config.yaml").write_text(CONFIG.format(root=root), encoding="utf-8")


def main() -> None:
    """Measure and print the rows."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--campaigns", type=int, default=10_000)
    options.add_argument("--times", type=int, default=3)
    options.add_argument("--no-peer", action="store_true")
    given = options.parse_args()
    program = None if given.no_peer else peer("octodns", "octodns-sync")
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary) / "shop"
        write(root, given.campaigns)
        deploy(root)
        plan = (*PUSHFORM, "plan", "-C", str(root), "--as-of", AS_OF, "--detailed-exitcode")
        lint = (*PUSHFORM, "lint", "-C", str(root), "--as-of", AS_OF)
        write_zone(Path(temporary) / "dns", given.campaigns)
        found = {name: Series() for name in ("cold", "again", "lint", "octodns")}
        for _ in range(given.times):
            forget(root)
            found["cold"].runs.append(run(plan))
            found["again"].runs.append(run(plan))
            forget(root)
            found["lint"].runs.append(run(lint))
            if program is not None:
                config = Path(temporary) / "dns" / "config.yaml"
                found["octodns"].runs.append(run((program, "--config-file", str(config))))
    cold, again, theirs = found["cold"], found["again"], found["octodns"]
    print(f"# {machine()}")
    beside = f"{cold.wall / found['lint'].wall:.1f} × lint"
    row(
        f"plan without changes, {given.campaigns:,} campaigns, cold",
        "≤ 2 s",
        cold.seconds(),
        beside,
    )
    row("plan without changes, again", "", again.seconds(), "")
    row("plan, peak of one process", "", f"{cold.peak_mb:.0f} MB", "")
    if theirs.runs:
        ratio = f"{theirs.wall / cold.wall:.1f} × ours cold, {theirs.wall / again.wall:.1f} × again"
        row(f"octoDNS, {given.campaigns:,} records", "(peer, ≥ 3 ×)", theirs.seconds(), ratio)


if __name__ == "__main__":
    main()
