"""Real processes, killed for real, and several at work on one state."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from engine.model.deployment import Status
from engine.model.ports import Ledger
from engine.state.clock import SystemClock, boot_id
from tests.state import worker
from tests.state.world import KEY, Backend, a_deployed, a_shard, a_snapshot, apply, states

SHARDS = 3
TARGETS = 140


def start(backend: Backend, provider: Path, name: str) -> subprocess.Popen[bytes]:
    program = [sys.executable, worker.__file__, backend.url, KEY.hex(), str(provider), name]
    root = Path(__file__).parents[2]
    return subprocess.Popen([*program, str(TARGETS)], cwd=root, env={"PYTHONPATH": str(root)})


def begin(backend: Backend) -> Ledger:
    clock = SystemClock()
    ledger, _ = backend.open(clock=clock, boot=boot_id())
    shards = [a_shard(n, rows=TARGETS, due_at=clock.now()) for n in range(SHARDS)]
    apply(ledger, a_deployed())
    assert ledger.begin_sending("chuseok-sale", a_snapshot(shards=shards))
    return ledger


def arrived(provider: Path) -> Counter[str]:
    return Counter(provider.read_text().split()) if provider.exists() else Counter()


def test_kill_nine_sends_nothing_twice_and_loses_nothing(backend: Backend, tmp_path: Path) -> None:
    ledger = begin(backend)
    provider = tmp_path / "provider.txt"
    kills = 0
    for victim in range(40):
        process = start(backend, provider, f"worker-{victim}")
        before = sum(arrived(provider).values())
        # Let it come to work, then kill it somewhere else each time.
        deadline = time.monotonic() + 20
        while process.poll() is None and time.monotonic() < deadline:
            if kills < 5 and sum(arrived(provider).values()) >= before + 20 + 9 * kills:
                process.kill()
                process.wait()
                kills += 1
                break
            time.sleep(0.001)
        if process.poll() == 0:
            break
    assert process.returncode == 0, "the last one got to the end"
    assert kills == 5
    counts = states(ledger)
    messages = arrived(provider)
    assert max(messages.values()) == 1, "nobody twice"
    assert sum(counts.values()) == SHARDS * TARGETS, "nobody lost"
    assert set(counts) <= {"sent", "unknown"}
    assert counts.get("unknown", 0) <= kills * worker.BATCH, "no more than were in flight"
    rows = [row for n in range(SHARDS) for row in ledger.shard_rows("chuseok-sale", n).values()]
    assert {row.address_hash for row in rows if row.state == "sent"} <= set(messages)
    ledger.finish("chuseok-sale", Status.COMPLETED, None, SystemClock().now())


def test_two_processes_share_the_shards_and_not_the_people(
    backend: Backend, tmp_path: Path
) -> None:
    ledger = begin(backend)
    provider = tmp_path / "provider.txt"
    workers = [start(backend, provider, name) for name in ("일", "이")]
    assert [process.wait(60) for process in workers] == [0, 0]
    assert states(ledger) == {"sent": SHARDS * TARGETS}
    assert set(arrived(provider).values()) == {1}
    assert ledger.open_shards("chuseok-sale") == 0


def test_two_processes_on_one_shard_claim_nobody_twice(backend: Backend, tmp_path: Path) -> None:
    # The same lease in two hands: what a fork or a copied file would do.
    ledger = begin(backend)
    lease = ledger.lease_shard("chuseok-sale", "worker", 60, SystemClock().now())
    assert lease is not None
    revision = a_deployed().content_digest
    program = (
        "import sys; from engine.state.clock import SystemClock\n"
        "from engine.state.open import open_state; from engine.model.deployment import ShardLease\n"
        "from tests.state.worker import claims_of\n"
        "clock = SystemClock()\n"
        "ledger, _ = open_state(sys.argv[1], 'sandbox', bytes.fromhex(sys.argv[2]), clock,"
        " create=False)\n"
        "lease = ShardLease(campaign='chuseok-sale', number=int(sys.argv[3]), holder='worker',"
        " fencing=int(sys.argv[4]))\n"
        f"for wish in claims_of(lease.number, {TARGETS}, sys.argv[5]):\n"
        "    for answer in ledger.claim(lease, [wish], clock.now(), None):\n"
        "        if answer.attempt: print(answer.claim.address_hash)\n"
    )
    arguments = [backend.url, KEY.hex(), str(lease.number), str(lease.fencing), revision]
    running = [
        subprocess.Popen(
            [sys.executable, "-c", program, *arguments],
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        for _ in range(2)
    ]
    won = [process.communicate(timeout=60)[0].split() for process in running]
    assert [process.returncode for process in running] == [0, 0]
    assert Counter(won[0] + won[1]).most_common(1)[0][1] == 1
    assert len(won[0]) + len(won[1]) == TARGETS
    assert states(ledger) == {"claimed": TARGETS}
