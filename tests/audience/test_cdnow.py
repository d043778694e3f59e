"""Real purchases that nobody here made: the audience against a loop over the file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from engine.audience.people import DuckPeople, open_people
from engine.model.audience import EventHappened, Operator, PropertyTest, Test
from engine.model.channel import Channel
from engine.model.channel_settings import AppSettings
from engine.model.workspace import Sources, TableSource
from tests.audience.world import CONSENT, KEY, a_campaign, a_workspace
from tests.cdnow import read_purchases, write_workspace

MARCH = datetime(1998, 2, 28, 15, 0, tzinfo=UTC)
"""1998-03-01 00:00 in Seoul."""
TWICE = (Test(Operator.GTE, 2),)
OVER_FIFTY = PropertyTest(property="amount", tests=(Test(Operator.GT, 50),))


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckPeople]:
    root: Path = tmp_path_factory.mktemp("cdnow")
    write_workspace(root)
    data = "audiences/data"
    sources = Sources(
        users=TableSource(path=f"{data}/users.csv"),
        consent={Channel.APP: CONSENT[Channel.APP]},
        devices=TableSource(path=f"{data}/devices.csv"),
        events=TableSource(path=f"{data}/events.csv"),
        suppression=TableSource(path=f"{data}/suppression.csv"),
    )
    with open_people(a_workspace(sources=sources), root, KEY, None) as opened:
        yield opened


def count_by_loop(first: str, last: str) -> int:
    """Count customers with two purchases and more than 50 dollars from `first` to `last`."""
    spent: dict[str, list[Decimal]] = defaultdict(list)
    for purchase in read_purchases():
        if first <= purchase.day <= last:
            spent[purchase.customer].append(Decimal(purchase.amount))
    return sum(len(amounts) >= 2 and sum(amounts) > 50 for amounts in spent.values())


def test_the_file_is_the_one_that_everybody_knows(people):
    assert people.row_profile().users == 23_570
    assert sum(1 for _ in read_purchases()) == 69_659


def test_twice_in_the_90_days_before_march_and_over_fifty(people):
    condition = EventHappened(
        event="purchase", between=("1997-12-01", "1998-03-01"), count=TWICE, total=OVER_FIFTY
    )
    by_loop = count_by_loop("1997-12-01", "1998-02-28")
    assert by_loop == people.size(condition, {}, MARCH) > 500


def test_the_last_90_days_end_with_the_moment_itself(people):
    condition = EventHappened(
        event="purchase", within=timedelta(days=90), count=TWICE, total=OVER_FIFTY
    )
    # Purchases stand at 00:00: that of 1997-12-01 is 90 days old, that of 1998-03-01 is now.
    by_loop = count_by_loop("1997-12-02", "1998-03-01")
    assert by_loop == people.size(condition, {}, MARCH)
    assert by_loop != people.size(condition, {}, MARCH - timedelta(days=20))


def test_the_snapshot_holds_every_device_of_the_audience(people, tmp_path):
    campaign = a_campaign(
        EventHappened(
            event="purchase", between=("1997-12-01", "1998-03-01"), count=TWICE, total=OVER_FIFTY
        ),
        channels={Channel.APP: AppSettings()},
        consent={Channel.APP: CONSENT[Channel.APP]},
    )
    facts = people.facts(campaign, MARCH)
    snapshot = people.snapshot(campaign, MARCH, tmp_path)
    assert facts.users == snapshot.users == count_by_loop("1997-12-01", "1998-02-28")
    assert facts.reachable[Channel.APP] + sum(facts.lost[Channel.APP].values()) == facts.users
    assert 0 < facts.deliveries[Channel.APP] < snapshot.targets
    found = [one for s in snapshot.shards for batch in people.targets(s, tmp_path) for one in batch]
    assert len(found) == snapshot.targets
    assert {one.user_id for one in found if one.suppressed} == {
        one.user_id for one in found if int(one.user_id) % 50 == 7
    }
    fresh = people.read_again(found, MARCH)
    assert len(fresh) == len(found)
    assert all(
        (fresh[one.channel, one.address_hash].consent == one.consent)
        and fresh[one.channel, one.address_hash].enabled is one.enabled
        for one in found
    )
    assert replace(snapshot, shards=()) == replace(
        people.snapshot(campaign, MARCH, tmp_path / "again"), shards=()
    )
