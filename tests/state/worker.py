"""A worker for the crash tests: claims, hands over to a file, settles; until it is killed or done.

The file stands for the provider: one line per accepted message, written unbuffered, so that it
knows what arrived even if the worker dies before it can tell anybody.

Arguments: state url, hex key, provider file, worker name, number of targets per shard.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

from engine.kernel.errors import LockedError
from engine.model.deployment import Claim, Settlement, ShardLease
from engine.model.ports import Ledger
from engine.state.clock import SystemClock
from engine.state.open import open_state

BATCH = 7
TTL = 0.4


def claims_of(shard: int, targets: int, revision: str) -> list[Claim]:
    """Return the targets of one shard, as a snapshot would list them."""
    return [
        Claim(
            channel="app",
            address_hash=f"{shard:02}-{number:04}",
            recipient_hash=f"{shard:02}-{number:04}",
            shard=shard,
            revision=revision,
            variant="a",
            locale="ko",
            jurisdiction="KR",
            platform="android",
            role="primary",
            consent="{}",
        )
        for number in range(targets)
    ]


def send(ledger: Ledger, lease: ShardLease, wishes: list[Claim], out: int) -> None:
    """Send what is left of one shard."""
    clock = SystemClock()
    for start in range(0, len(wishes), BATCH):
        ledger.renew_shard(lease)
        batch = wishes[start : start + BATCH]
        won = [a for a in ledger.claim(lease, batch, clock.now(), None) if a.attempt]
        for answer in won:
            os.write(out, f"{answer.claim.address_hash}\n".encode())
        done = [Settlement(claim=a.claim, attempt=a.attempt or 0, state="sent") for a in won]
        ledger.settle(lease, done, clock.now())
    ledger.release_shard(lease, done=True)


def main(url: str, key: str, provider: Path, name: str, targets: int) -> None:
    """Work until no shard is open."""
    clock = SystemClock()
    ledger, _ = open_state(url, "sandbox", bytes.fromhex(key), clock, create=False)
    found = ledger.find_deployed("chuseok-sale")
    assert found is not None
    out = os.open(provider, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    while ledger.open_shards("chuseok-sale"):
        lease = ledger.lease_shard("chuseok-sale", name, TTL, clock.now())
        if lease is None:
            clock.sleep(0.02)
            continue
        # A machine under load may stop us for longer than the lease runs: then the shard is another's.
        with suppress(LockedError):
            send(ledger, lease, claims_of(lease.number, targets, found.content_digest), out)
    ledger.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), sys.argv[4], int(sys.argv[5]))
