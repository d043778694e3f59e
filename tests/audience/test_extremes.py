"""What an audience's values span: the one look of the database against loops over every target."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from engine.audience.people import DuckPeople, open_people
from engine.message.compose import Composer
from engine.message.limits import payload_bytes
from engine.message.slots import size_of, text_slots
from engine.model.audience import Aggregate, DerivedAttribute, Everyone
from engine.model.channel import Channel
from engine.model.delivery import Answer, Target
from engine.model.experiment import Variant
from engine.model.facts import Extremes, SizeUnit
from engine.model.legal import MessageType
from engine.model.message import Message
from engine.model.resolved import ResolvedCampaign
from engine.model.template import OnMissing, Redefinition, Text, Variable, VariableType
from engine.model.workspace import Sources, TableSource
from tests.audience.world import (
    AT,
    CONSENT,
    KEY,
    a_campaign,
    a_template,
    a_workspace,
    a_world,
    browser,
    device,
    event,
    user,
)
from tests.cdnow import read_purchases, write_workspace

NAMES = (
    "김민지", "남궁하늘빛나리", "이", "Bartholomew Featherstonehaugh", "田中さくら", "박😀하나", "",
    "  ", "Zoë", "선우", "제갈공명", "O'Brien", "뷁", "勅使河原 龍之介", "ㅎㅎ",
)  # fmt: skip
ITEMS = ("송편", "국내산 한우 1++ 등심 명절 선물세트 2호", "Rice", "")


def variable(name: str, **changes: object) -> Variable:
    given = {"type": VariableType.STRING, "source": f"user.{name}", "sample": "x", **changes}
    return Variable(name=name, **given)  # type: ignore[arg-type]


FAVOURITE = DerivedAttribute(
    name="favourite", event="purchase", aggregate=Aggregate.MOST_FREQUENT, property="item"
)
TEMPLATE = a_template(
    variables={
        "name": variable("name", default="고객"),
        "item": variable("item", source="derived.favourite", on_missing=OnMissing.SKIP),
    },
    locales={
        "ko": Text(title="{{ name }}님, 추석 특가", body="{{ name }}님께 {{ item }}"),
        "en": Text(title="Sale", body="{{ name }}: {{ name }}, {{ name }}"),
    },
    redefine={
        Channel.SMS: Redefinition(locales={"ko": Text(body="{{ name }}님 {{ item }} {{ item }}")}),
        Channel.KAKAO: Redefinition(locales={"ko": Text(body="{{ item }}")}),
    },
)


def a_shop(root: Path, seed: int) -> DuckPeople:
    chance = random.Random(seed)
    users, devices, events = [], [], []
    for number in range(150):
        users.append(
            user(
                number,
                name=chance.choice(NAMES) + chance.choice(("", "", "이", "x")),
                locale=chance.choice(("ko-KR", "en-US", "ja", "")),
                country=chance.choice(("KR", "KR", "US", "")),
                phone=chance.choice(
                    (f"010-0000-{number:04d}", f"+1415555{number:04d}", "+33612345678")
                ),
                timezone=chance.choice(("Asia/Seoul", "America/Toronto", "Europe/Paris", "")),
                sms_ad_agreed=chance.choice(("yes", "no", "")),
                web_ad_agreed=chance.choice(("yes", "no")),
                push_ad_agreed=chance.choice(("yes", "yes", "no")),
            )
        )
        devices += [device(number), browser(number)]
        item = chance.choice(ITEMS)
        if item:
            events.append(
                event(number, user_id=f"u{number}", properties=json.dumps({"item": item}))
            )
    return a_world(root, users, devices, events)


def variable_part(campaign: ResolvedCampaign, target: Target) -> int | None:
    """Return the size that the message really has, in its channel's unit; None where there is none."""
    composed = Composer(campaign).compose(
        target.channel, target.locale, target.jurisdiction, target.variant, target.values
    )
    if not isinstance(composed, Message):
        return None
    body = composed.body or ""
    match target.channel:
        case Channel.SMS:
            return size_of(body, SizeUnit.CP949)
        case Channel.KAKAO:
            return len(body)
        case _:
            return payload_bytes(composed)


def brute_force(
    people: DuckPeople, campaign: ResolvedCampaign, root: Path
) -> Mapping[tuple[str, ...], tuple[int, int]]:
    """Return per text and jurisdiction how many read it, and the size of the greatest message."""
    snapshot = people.snapshot(campaign, AT, root / "shards")
    found: dict[tuple[str, ...], tuple[int, int]] = {}
    for shard in snapshot.shards:
        for batch in people.targets(shard, root / "shards"):
            for target in batch:
                agreed = target.consent.ad is Answer.YES or not campaign.advertising
                size = variable_part(campaign, target)
                if not agreed or size is None:
                    continue
                key = (target.channel, target.locale, target.variant, target.jurisdiction)
                count, most = found.get(key, (0, 0))
                found[key] = count + 1, max(most, size)
    return found


def measured(extremes: Extremes, campaign: ResolvedCampaign) -> dict[tuple[str, ...], int]:
    found = {}
    for one in extremes.widest:
        composed = Composer(campaign).compose(
            one.channel, one.locale, one.jurisdiction, one.variant, one.values
        )
        assert isinstance(composed, Message)
        size = {
            Channel.SMS: lambda m: size_of(m.body or "", SizeUnit.CP949),
            Channel.KAKAO: lambda m: len(m.body or ""),
        }.get(one.channel, payload_bytes)(composed)
        found[one.channel, one.locale, one.variant, one.jurisdiction] = size
    return found


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("kind", MessageType)
def test_the_widest_is_whose_message_is_the_greatest_of_all(tmp_path, seed, kind):
    campaign = a_campaign(
        type=kind,
        variants=(Variant(id="default", weight=1, template=TEMPLATE),),
        attributes={"favourite": FAVOURITE},
    )
    with a_shop(tmp_path, seed) as people:
        extremes = people.extremes(campaign, text_slots(campaign), AT)
        by_loop = brute_force(people, campaign, tmp_path)
    assert extremes.users == 150
    assert len(by_loop) > 8
    assert measured(extremes, campaign) == {key: most for key, (_, most) in by_loop.items()}


def test_people_are_those_whom_consent_lets_read_that_text(tmp_path):
    template = a_template(variables={"name": variable("name", default="고객")})
    campaign = a_campaign(variants=(Variant(id="default", weight=1, template=template),))
    with a_shop(tmp_path, 1) as people:
        extremes = people.extremes(campaign, text_slots(campaign), AT)
        by_loop = brute_force(people, campaign, tmp_path)
    counted = {(w.channel, w.locale, w.variant, w.jurisdiction): w.people for w in extremes.widest}
    assert counted == {key: count for key, (count, _) in by_loop.items()}


def test_ranges_are_what_the_members_have(tmp_path):
    users = [
        user(1, name="남궁하늘빛나리"),
        user(2, name="Bartholomew"),
        user(3, name=" 이 "),
        user(4, name=""),
        user(5, name="가" * 2_001),
        user(6, name="아무개", country="US"),
    ]
    template = a_template(
        variables={
            "name": variable("name"),
            "n": variable("n", type=VariableType.INTEGER, source="derived.bought"),
        }
    )
    campaign = a_campaign(
        variants=(Variant(id="default", weight=1, template=template),),
        attributes={
            "bought": DerivedAttribute(
                name="bought", event="purchase", aggregate=Aggregate.COUNT, property=None
            )
        },
    )
    events = [event(number, user_id="u1") for number in range(12)]
    with a_world(tmp_path, users, [], events) as people:
        ranges = people.extremes(campaign, text_slots(campaign), AT).ranges
    name, bought = ranges["user.name"], ranges["derived.bought"]
    assert (name.missing, name.longest, name.widest, name.shortest) == (
        2,
        "Bartholomew",
        "남궁하늘빛나리",
        "이",
    )
    assert (bought.lowest, bought.highest, bought.missing) == (0, 12, 0)
    assert "남궁" not in repr(ranges)


def test_nobody_has_no_extremes(tmp_path):
    campaign = a_campaign()
    with a_world(tmp_path) as people:
        extremes = people.extremes(campaign, text_slots(campaign), AT)
    assert (extremes.users, extremes.widest) == (0, ())
    assert extremes.ranges["user.name"].longest is None


def test_texts_without_variables_are_of_everybody_who_reads_them(tmp_path):
    template = a_template(variables={}, locales={"ko": Text(body="추석 특가")}, redefine={})
    campaign = a_campaign(variants=(Variant(id="default", weight=1, template=template),))
    with a_shop(tmp_path, 2) as people:
        extremes = people.extremes(campaign, text_slots(campaign), AT)
    assert extremes.ranges == {}
    assert extremes.widest
    assert all(one.values == {} and one.people for one in extremes.widest)


def test_nobody_is_named_by_what_is_printed(tmp_path):
    with a_shop(tmp_path, 3) as people:
        campaign = a_campaign()
        shown = repr(people.extremes(campaign, text_slots(campaign), AT))
    assert not any(name.strip() and name in shown for name in NAMES if len(name.strip()) > 1)
    assert "u1" not in shown


def test_real_purchases_span_what_a_loop_over_them_spans(tmp_path):
    write_workspace(tmp_path)
    data = "audiences/data"
    sources = Sources(
        users=TableSource(path=f"{data}/users.csv"),
        consent={Channel.APP: CONSENT[Channel.APP]},
        devices=TableSource(path=f"{data}/devices.csv"),
        events=TableSource(path=f"{data}/events.csv"),
        suppression=TableSource(path=f"{data}/suppression.csv"),
    )
    spent = DerivedAttribute(
        name="spent", event="purchase", aggregate=Aggregate.SUM, property="amount"
    )
    template = a_template(
        variables={"spent": variable("spent", type=VariableType.NUMBER, source="derived.spent")},
        locales={"ko": Text(title="구매", body="{{ spent }}달러")},
        redefine={},
    )
    base = a_campaign(Everyone())
    campaign = replace(
        base,
        variants=(Variant(id="default", weight=1, template=template),),
        attributes={"spent": spent},
        channels={Channel.APP: base.channels[Channel.APP]},
        consent=sources.consent,
    )
    totals: defaultdict[str, Decimal] = defaultdict(Decimal)
    for purchase in read_purchases():
        totals[purchase.customer] += Decimal(purchase.amount)
    with open_people(a_workspace(sources=sources), tmp_path, KEY, None) as people:
        extremes = people.extremes(
            campaign, text_slots(campaign), datetime(1998, 7, 1, 15, 0, tzinfo=UTC)
        )
    span = extremes.ranges["derived.spent"]
    assert extremes.users == len(totals) == 23_570
    assert span.highest == pytest.approx(float(max(totals.values())))
    assert span.lowest == pytest.approx(float(min(totals.values())))
    assert span.missing == 0
