"""What vendors say later: who is looked up, when again, what it changes, and when it is let go."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from itertools import pairwise

import pytest

from engine.model.delivery import FailReason
from engine.model.deployment import Claim, Settlement, ShardLease
from engine.model.ports import Ledger
from engine.state.awaited import LATEST, SOONEST
from tests.state.world import (
    NOON,
    Backend,
    a_claim,
    a_shard,
    begin,
    revision_of,
    settled,
    states,
)

SALE = "chuseok-sale"


def sms(name: str, **changes: object) -> Claim:
    return a_claim(name, channel="sms", platform="phone", **changes)


def send(
    ledger: Ledger, lease: ShardLease, *claims: Claim, state: str = "sent", awaits: bool = True
) -> None:
    ledger.claim(lease, claims, NOON, None)
    ends = [
        settled(c, state, awaits_result=awaits, provider_id=f"id of {c.recipient_hash}")
        for c in claims
    ]
    assert ledger.settle(lease, ends, NOON + timedelta(seconds=1)) == ()


def late(claim: Claim, state: str, **changes: object) -> Settlement:
    return settled(claim, state, **changes)


def names(ledger: Ledger, at: timedelta, limit: int = 1_000) -> list[str]:
    rows = ledger.take_awaited(SALE, "sms", NOON + at, limit)
    return [row.recipient_hash for row in rows]


def test_what_awaits_no_result_is_never_looked_up(backend: Backend) -> None:
    ledger, _ = backend.open()
    send(ledger, begin(ledger), sms("민지"), awaits=False)

    assert ledger.awaiting() == ()
    assert ledger.count_awaited(SALE) == 0
    assert names(ledger, timedelta(days=1)) == []


def test_a_delivery_is_looked_up_ever_more_seldom(backend: Backend) -> None:
    ledger, _ = backend.open()
    send(ledger, begin(ledger), sms("민지"))
    looks: list[timedelta] = []

    age = timedelta(0)
    while age < timedelta(hours=24):
        if names(ledger, age):
            looks.append(age)
        age += timedelta(seconds=1) if age < timedelta(minutes=10) else timedelta(minutes=1)

    gaps = [then - before for before, then in pairwise(looks)]
    assert gaps[0] == SOONEST
    assert gaps == sorted(gaps)
    assert LATEST <= gaps[-1] <= LATEST + timedelta(minutes=1)
    assert len(looks) < 120


def test_a_page_is_taken_once_and_the_next_look_is_put_off_first(backend: Backend) -> None:
    ledger, _ = backend.open()
    people = [sms(f"손님{n:03d}") for n in range(250)]
    send(ledger, begin(ledger), *people)
    other, _ = backend.open()
    soon = timedelta(seconds=10)

    pages = [names(one, soon, 100) for one in (ledger, other, ledger, other)]

    assert [len(page) for page in pages] == [100, 100, 50, 0]
    assert len({name for page in pages for name in page}) == 250
    assert len(names(ledger, soon + SOONEST)) == 250


@pytest.mark.parametrize(
    ("before", "word", "after"),
    [
        ("sent", "failed", "failed"),
        ("sent", "sent", "sent"),
        ("unknown", "sent", "sent"),
        ("unknown", "failed", "failed"),
    ],
)
def test_a_last_word(backend: Backend, before: str, word: str, after: str) -> None:
    ledger, _ = backend.open()
    claim = sms("민지")
    send(ledger, begin(ledger), claim, sms("춘향"), state=before)
    earlier = ledger.recipient_rows(SALE, ["민지"])[0]
    then = NOON + timedelta(minutes=3)

    changed = ledger.settle_late(SALE, [late(claim, word)], then)

    row = ledger.recipient_rows(SALE, ["민지"])[0]
    assert [s.claim for s in changed] == ([claim] if before != after else [])
    assert row.state == after
    assert (row.attempt, row.claimed_at, row.provider_id) == (1, NOON, "id of 민지")
    assert row.settled_at == (then if after == "failed" else earlier.settled_at)
    assert ledger.count_awaited(SALE) == 1
    assert ledger.settle_late(SALE, [late(claim, word)], then) == ()
    assert states(ledger) == ({before: 1, after: 1} if before != after else {before: 2})


def test_a_word_about_another_attempt_or_about_nobody_changes_nothing(backend: Backend) -> None:
    ledger, _ = backend.open()
    claim = sms("민지")
    send(ledger, begin(ledger), claim)

    words = [late(claim, "failed", attempt=2), late(sms("모르는 사람"), "failed")]

    assert ledger.settle_late(SALE, words, NOON) == ()
    assert states(ledger) == {"sent": 1}


@pytest.mark.parametrize("state", ["unknown", "deferred", "skipped", "claimed"])
def test_only_sent_and_failed_are_last_words(backend: Backend, state: str) -> None:
    ledger, _ = backend.open()
    send(ledger, begin(ledger), sms("민지"))

    with pytest.raises(ValueError, match="no last word"):
        ledger.settle_late(SALE, [late(sms("민지"), state)], NOON)


def test_what_cannot_move_stays_and_is_awaited_no_longer(backend: Backend) -> None:
    ledger, _ = backend.open()
    claim = sms("민지")
    send(ledger, begin(ledger), claim)
    ledger.settle_late(SALE, [late(claim, "failed")], NOON)

    assert ledger.settle_late(SALE, [late(claim, "sent")], NOON) == ()
    assert states(ledger) == {"failed": 1}
    assert ledger.awaiting() == ()


def test_a_number_that_is_dead_is_remembered(backend: Backend) -> None:
    ledger, _ = backend.open()
    claim = sms("민지")
    send(ledger, begin(ledger), claim)

    word = late(claim, "failed", reason=FailReason.BAD_ADDRESS, dead_address=True)
    ledger.settle_late(SALE, [word], NOON)

    assert ledger.dead_addresses([claim.address_hash]) == {claim.address_hash}


@pytest.mark.parametrize(("channel", "awaited"), [("sms", 1), ("kakao", 1), ("app", 0)])
def test_what_a_dead_worker_left_may_be_known_to_the_vendor(
    backend: Backend, channel: str, awaited: int
) -> None:
    ledger, _ = backend.open()
    lease = begin(ledger)
    ledger.claim(lease, [a_claim(channel=channel)], NOON, None)
    backend.clock.pass_(61)

    assert ledger.expire_claims(SALE, NOON + timedelta(minutes=2)) == 1

    assert ledger.count_awaited(SALE) == awaited
    rows = ledger.take_awaited(SALE, channel, NOON + timedelta(minutes=3), 10)
    assert [(row.state, row.claimed_at) for row in rows] == [("unknown", NOON)] * awaited


def test_the_claimants_own_late_answer_ends_the_wait(backend: Backend) -> None:
    ledger, _ = backend.open()
    lease = begin(ledger)
    claim = sms("민지")
    ledger.claim(lease, [claim], NOON, None)
    backend.clock.pass_(61)
    ledger.expire_claims(SALE, NOON)

    assert ledger.settle(lease, [settled(claim, "failed")], NOON) == ()

    assert ledger.count_awaited(SALE) == 0


def test_what_is_too_old_is_awaited_no_longer(backend: Backend) -> None:
    ledger, _ = backend.open()
    send(ledger, begin(ledger), sms("민지"), sms("춘향"))

    assert ledger.stop_awaiting(SALE, "sms", NOON - timedelta(seconds=1)) == 0
    assert ledger.stop_awaiting(SALE, "kakao", NOON) == 0
    assert ledger.stop_awaiting(SALE, "sms", NOON) == 2

    assert ledger.awaiting() == ()
    assert states(ledger) == {"sent": 2}


def test_who_awaits_is_named_by_campaign_and_channel(backend: Backend) -> None:
    ledger, _ = backend.open()
    for campaign in (SALE, "flash"):
        of = {"revision": revision_of(campaign)}
        lease = begin(ledger, campaign)
        send(ledger, lease, sms("민지", **of), a_claim("민지", channel="kakao", **of))

    assert ledger.awaiting() == (
        (SALE, "kakao"),
        (SALE, "sms"),
        ("flash", "kakao"),
        ("flash", "sms"),
    )


def test_a_state_of_an_earlier_version_gets_what_it_lacks(backend: Backend) -> None:
    ledger, _ = backend.open()
    lease = begin(ledger)
    ledger.close()
    file = sqlite3.connect(backend.url.removeprefix("sqlite:///"))
    file.execute("DROP TABLE awaited")
    file.execute("ALTER TABLE shard DROP COLUMN step")
    file.commit()
    file.close()

    again, _ = backend.open()
    send(again, lease, sms("민지"))

    assert again.count_awaited(SALE) == 1
    deployed = again.find_deployed(SALE)
    assert deployed is not None
    assert deployed.snapshot is not None
    assert [file.step for file in deployed.snapshot.shards] == [0]


@pytest.mark.parametrize("skip", [(), (0,), (0, 1)])
def test_shards_that_wait_are_passed_over(backend: Backend, skip: tuple[int, ...]) -> None:
    ledger, _ = backend.open()
    lease = begin(ledger, shards=[a_shard(0), a_shard(1)])
    ledger.release_shard(lease, done=False)

    found = ledger.lease_shard(SALE, "일꾼", 60, NOON, skip)

    left = [number for number in (1, 0) if number not in skip]
    assert (found and found.number) == (left[0] if left else None)


def test_a_step_waits_for_all_before_it(backend: Backend) -> None:
    ledger, _ = backend.open()
    shards = [
        a_shard(0),
        a_shard(1, alternative=True, step=1),
        a_shard(2, alternative=True, step=1),
        a_shard(3, alternative=True, step=2),
    ]
    lease: ShardLease | None = begin(ledger, shards=shards)
    waves: list[list[int]] = []
    while lease is not None:
        together = [lease]
        while more := ledger.lease_shard(SALE, "일꾼", 60, NOON):
            together.append(more)
        waves.append([one.number for one in together])
        for one in together:
            ledger.release_shard(one, done=True)
        lease = ledger.lease_shard(SALE, "일꾼", 60, NOON)

    assert waves == [[0], [1, 2], [3]]
