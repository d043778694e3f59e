"""Facts, snapshots and second readings against rows made by hand and against loops."""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.audience.people import DuckPeople
from engine.audience.persons import MINOR_BELOW
from engine.kernel.digest import bucket, keyed_hash
from engine.kernel.errors import MismatchError, UnavailableError
from engine.law.book import provision
from engine.law.consent import ended_on
from engine.law.door import refusal_of
from engine.model.audience import AttributeIs, Operator, Test
from engine.model.campaign import SendTo
from engine.model.channel import Channel, Platform
from engine.model.channel_settings import AppSettings, Devices
from engine.model.delivery import Answer, DeliveryFacts, Target
from engine.model.experiment import Variant
from engine.model.facts import AudienceFacts, Snapshot, Whereabouts
from engine.model.legal import MessageType, TransactionException
from engine.model.resolved import ResolvedCampaign
from engine.model.schedule import Schedule
from tests.audience.world import (
    ALL_CHANNELS,
    AT,
    KEY,
    REFUSAL,
    a_campaign,
    a_template,
    a_world,
    browser,
    device,
    user,
    write_world,
)

APP = {Channel.APP: AppSettings()}
SMS = {Channel.SMS: ALL_CHANNELS[Channel.SMS]}


def freeze(
    people: DuckPeople, campaign: ResolvedCampaign, folder: Path
) -> tuple[Snapshot, list[Target]]:
    snapshot = people.snapshot(campaign, AT, folder)
    found = [
        target
        for shard in snapshot.shards
        for batch in people.targets(shard, folder)
        for target in batch
    ]
    return snapshot, found


def names(targets: list[Target]) -> list[tuple[str, str, str]]:
    return sorted((one.user_id, str(one.channel), one.address.value) for one in targets)


def test_every_address_is_a_target_and_knows_what_the_door_asks(tmp_path):
    people = a_world(tmp_path, [user(1)], [device(1), browser(1)])
    snapshot, found = freeze(people, a_campaign(), tmp_path / "snapshot")
    assert names(found) == [
        ("u1", "app", "token-1"),
        ("u1", "kakao", "+821000000001"),
        ("u1", "sms", "+821000000001"),
        ("u1", "web", "https://push.example/1"),
    ]
    app = next(one for one in found if one.channel is Channel.APP)
    assert app.recipient_hash == keyed_hash(KEY, "recipient", "u1")
    assert app.address_hash == keyed_hash(KEY, "address:app:fcm_token", "token-1")
    assert (app.platform, app.device_id, app.locale) == (Platform.ANDROID, "d1", "ko")
    assert (app.jurisdiction, app.zone, app.variant) == ("KR", "Asia/Seoul", "default")
    assert app.consent.ad is Answer.YES
    assert app.consent.night is Answer.NO
    assert app.consent.confirmed_at == "2026-01-02"
    assert app.consent.read_at == AT
    assert app.values == {"user.name": "김민지"}
    web = next(one for one in found if one.channel is Channel.WEB)
    assert web.address.keys == {"p256dh": "BKey", "auth": "secret"}
    assert web.consent.night is Answer.UNKNOWN
    assert web.consent.service is Answer.YES
    assert snapshot.targets == 4


@pytest.mark.parametrize(
    ("written", "answer"),
    [
        ("yes", Answer.YES),
        (" TRUE ", Answer.YES),
        ("Y", Answer.YES),
        ("1", Answer.YES),
        ("no", Answer.NO),
        ("False", Answer.NO),
        ("0", Answer.NO),
        ("", Answer.UNKNOWN),
        ("동의", Answer.UNKNOWN),
        ("2", Answer.UNKNOWN),
        ("TRUE ", Answer.YES),
        ("Ｙ", Answer.UNKNOWN),
        ("O", Answer.UNKNOWN),
        ("○", Answer.UNKNOWN),
        ("t", Answer.UNKNOWN),
        ("yes\u00a0", Answer.YES),
        ("X", Answer.NO),
        ("×", Answer.NO),
        ("Ｎ", Answer.NO),
        ("no\u00a0", Answer.NO),
        ("미동의", Answer.NO),
        ("f", Answer.NO),
    ],
)
def test_consent_that_is_not_clearly_yes_or_no_is_unknown(tmp_path, written, answer):
    people = a_world(tmp_path, [user(1, push_ad_agreed=written)], [device(1)])
    _, found = freeze(people, a_campaign(channels=APP), tmp_path / "snapshot")
    assert [answer] == [one.consent.ad for one in found]


def test_the_second_person_behind_an_address_is_marked_and_has_a_row_of_their_own(tmp_path):
    people = a_world(tmp_path, [user(2, phone="+82 10-1111-2222"), user(1, phone="01011112222")])
    _, found = freeze(people, a_campaign(channels=SMS), tmp_path / "snapshot")
    marks = {one.user_id: (one.duplicate, one.address_hash) for one in found}
    phone = "+821011112222"
    assert marks == {
        "u1": (False, keyed_hash(KEY, "address:sms:phone", phone)),
        "u2": (True, keyed_hash(KEY, "address:sms:phone", f"{phone}\0u2")),
    }


@pytest.mark.parametrize(
    ("devices", "expected"),
    [
        (Devices.ALL, ["new", "off", "old", "phone"]),
        (Devices.LATEST, ["new"]),
        (Devices.ONE_PER_PLATFORM, ["new", "phone"]),
    ],
)
def test_devices_are_limited_to_the_latest_that_is_enabled(tmp_path, devices, expected):
    rows = [
        device(1, token="old", last_seen_at="2026-01-01T00:00:00Z"),
        device(1, token="new", last_seen_at="2026-09-01 08:00"),
        device(1, token="off", enabled="no", last_seen_at="2026-09-22T00:00:00Z"),
        device(1, token="phone", platform="iOS ", last_seen_at=""),
        device(1, token="old", last_seen_at="2025-01-01T00:00:00Z"),
        device(1, token="", fid=""),
    ]
    people = a_world(tmp_path, [user(1)], rows)
    campaign = a_campaign(channels={Channel.APP: AppSettings(devices=devices)})
    _, found = freeze(people, campaign, tmp_path / "snapshot")
    assert expected == sorted(one.address.value for one in found)


def test_an_installation_id_is_an_address_where_there_is_no_token(tmp_path):
    people = a_world(tmp_path, [user(1)], [device(1, token="", fid="fid-1")])
    _, found = freeze(people, a_campaign(channels=APP), tmp_path / "snapshot")
    assert [(one.address.kind, one.address.value) for one in found] == [("fcm_fid", "fid-1")]


def test_an_alternative_waits_in_shards_of_its_own(tmp_path):
    people = a_world(tmp_path, [user(1)])
    campaign = a_campaign(
        channels={name: ALL_CHANNELS[name] for name in (Channel.KAKAO, Channel.SMS)},
        alternative={Channel.KAKAO: Channel.SMS},
    )
    snapshot, found = freeze(people, campaign, tmp_path / "snapshot")
    assert {str(one.channel): one.role for one in found} == {
        "kakao": "primary",
        "sms": "alternative",
    }
    assert [shard.alternative for shard in snapshot.shards] == [False, True]
    assert snapshot.targets == 1


@pytest.mark.parametrize(
    ("changes", "chosen"),
    [
        ({"preferred_channel": "SMS"}, "sms"),
        ({"preferred_channel": ""}, "app"),
        ({"preferred_channel": "fax"}, "app"),
        ({"preferred_channel": "sms", "sms_ad_agreed": "no"}, "app"),
        ({"push_ad_agreed": ""}, "kakao"),
        ({"push_enabled": "no"}, "kakao"),
        (
            {
                "preferred_channel": "kakao",
                "push_ad_agreed": "no",
                "kakao_ad_agreed": "no",
                "sms_ad_agreed": "",
            },
            "kakao",
        ),
    ],
)
def test_preferred_is_the_preferred_channel_or_the_first_possible(tmp_path, changes, chosen):
    people = a_world(tmp_path, [user(1, **changes)], [device(1)])
    _, found = freeze(people, a_campaign(send_to=SendTo.PREFERRED), tmp_path / "snapshot")
    assert [chosen] == [str(one.channel) for one in found]


@pytest.mark.parametrize(
    ("refusal", "suppressed"),
    [
        ({"user_id": "u1"}, {"app", "kakao", "sms"}),
        ({"user_id": "u1", "channel": "all"}, {"app", "kakao", "sms"}),
        ({"user_id": "u1", "channel": "SMS "}, {"sms"}),
        ({"user_id": "u1", "channel": "fax"}, {"app", "kakao", "sms"}),
        ({"phone": "+82-10-0000-0001", "channel": "kakao"}, {"kakao"}),
        ({"phone": "01000000001"}, {"app", "kakao", "sms"}),
        ({"token": "token-1"}, {"app"}),
        ({"user_id": "u1", "since": "2026-09-24 10:00"}, {"app", "kakao", "sms"}),
        ({"user_id": "u1", "since": "2026-09-24 10:01"}, set()),
        ({"user_id": "u1", "since": "어제"}, {"app", "kakao", "sms"}),
        ({"user_id": "u2"}, set()),
        ({"user_id": " u1\u00a0"}, {"app", "kakao", "sms"}),
        ({"token": "\u00a0token-1 "}, {"app"}),
        ({"phone": "1000000001"}, {"app", "kakao", "sms"}),
        ({"phone": "０１０－００００－０００１"}, {"app", "kakao", "sms"}),
    ],
)
def test_a_refusal_holds_for_its_person_or_address(tmp_path, refusal, suppressed):
    people = a_world(tmp_path, [user(1)], [device(1)], [], [{**REFUSAL, **refusal}])
    _, found = freeze(people, a_campaign(), tmp_path / "snapshot")
    assert suppressed == {str(one.channel) for one in found if one.suppressed}
    fresh = people.read_again(found, AT)
    assert suppressed == {str(key[0]) for key, reading in fresh.items() if reading.suppressed}
    assert len(fresh) == 3


@pytest.mark.parametrize("written", ["token-1 ", "\u00a0token-1", "token-1"])
def test_blanks_around_a_token_hide_no_refusal(tmp_path, written):
    refusals = [{**REFUSAL, "token": written}]
    people = a_world(tmp_path, [user(1)], [device(1, token="token-1 ")], [], refusals)
    _, found = freeze(people, a_campaign(), tmp_path / "snapshot")
    assert {str(one.channel) for one in found if one.suppressed} == {"app"}
    fresh = people.read_again(found, AT)
    assert {str(key[0]) for key, reading in fresh.items() if reading.suppressed} == {"app"}


@pytest.mark.parametrize("refusal", [{}, {"phone": "1.01E+09"}, {"user_id": " "}])
def test_a_refusal_of_nobody_holds_advertisements(tmp_path, refusal):
    rows = [{**REFUSAL, "user_id": "u9"}, {**REFUSAL, **refusal}]
    people = a_world(tmp_path, [user(1)], [device(1)], [], rows)
    with pytest.raises(UnavailableError, match=r"1 row names nobody .*: line 3$") as held:
        people.snapshot(a_campaign(), AT, tmp_path / "snapshot")
    assert "1.01E" not in held.value.message
    notice = a_campaign(type=MessageType.INFORMATIONAL)
    _, found = freeze(people, notice, tmp_path / "notice")
    assert found


def test_a_column_of_refusals_that_nobody_reads_holds_advertisements(tmp_path):
    people = a_world(tmp_path, [user(1)], [device(1)])
    (tmp_path / "suppression.csv").write_text("user_id,tel,token,channel,since\n", "utf-8")
    with pytest.raises(UnavailableError, match="a column `tel` that is not known") as held:
        people.snapshot(a_campaign(), AT, tmp_path / "snapshot")
    assert "`columns: {phone: tel}`" in held.value.hint


def test_the_age_of_children_is_that_of_the_law():
    assert provision("minor_age", "KR", AT.date()).value == MINOR_BELOW


@pytest.mark.parametrize(
    ("birth", "guardian", "minor"),
    [
        ("2012-09-24", "", False),
        ("2012-09-25", "", True),
        ("20120925", "no", True),
        ("2012-09-25", "yes", False),
        ("", "", False),
        ("  ", "", False),
        ("모름", "", True),
        ("xx", "", True),
        ("xx", "yes", False),
        ("2014.11.27", "", True),
        ("2014. 11. 27.", "", True),
        ("2014년 11월 27일", "", True),
        ("1990년 5월 5일", "", False),
        ("1990. 5. 5.", "", False),
        ("2014/1/7", "", True),
        ("141127", "", True),
        ("900505", "", False),
        ("14-11-27", "", True),
        ("90.05.05", "", False),
        ("2014", "", True),
        ("2012", "", True),
        ("2011", "", False),
        ("11/27/2014", "", True),
        ("09/10/2012", "", True),
        ("05/06/1990", "", False),
        ("0014-11-27", "", True),
        ("1990-05-05 00:00:00", "", False),
    ],
)
def test_under_fourteen_counts_in_seoul_on_the_day(tmp_path, birth, guardian, minor):
    people = a_world(
        tmp_path, [user(1, birth_date=birth, guardian_consent=guardian, timezone="")], [device(1)]
    )
    just_24th_in_seoul = datetime(2026, 9, 23, 15, 0, tzinfo=UTC)
    found = people.values(a_campaign(channels=APP), "u1", just_24th_in_seoul)
    assert [minor] == [one.minor for one in found]


def test_waves_follow_the_recipients_own_zones(tmp_path):
    people = a_world(
        tmp_path,
        [
            user(1),
            user(2, timezone="America/New_York"),
            user(3, timezone="Mars/Olympus"),
            user(4, timezone="", phone=""),
        ],
    )
    campaign = a_campaign(
        channels=SMS,
        schedule=Schedule(at=datetime(2026, 3, 8, 2, 30), timezone="recipient"),
    )
    snapshot, found = freeze(people, campaign, tmp_path / "snapshot")
    # 02:30 does not exist in New York that day: 03:00 EDT is the first valid instant.
    assert [
        (datetime(2026, 3, 7, 17, 30, tzinfo=UTC), 2),
        (datetime(2026, 3, 8, 7, 0, tzinfo=UTC), 1),
    ] == [(shard.due_at, shard.rows) for shard in snapshot.shards]
    assert {one.user_id: one.zone for one in found} == {
        "u1": "Asia/Seoul",
        "u2": "America/New_York",
        "u3": None,
    }
    assert (snapshot.users, snapshot.users_without_address) == (4, 1)
    assert snapshot.users_defaulted_zone == 2


def test_holdout_comes_first_and_variants_follow_their_weights(tmp_path):
    users = [user(number) for number in range(1, 201)]
    variants = tuple(
        Variant(id=name, weight=weight, template=a_template())
        for name, weight in (("a", 50), ("b", 30), ("c", 20))
    )
    people = a_world(tmp_path, users)
    campaign = a_campaign(channels=SMS, variants=variants, holdout=0.1)
    snapshot, found = freeze(people, campaign, tmp_path / "snapshot")
    for one in found:
        drawn = bucket("chuseok-sale", one.user_id, "variant")
        assert one.variant == ("a" if drawn < 0.5 else "b" if drawn < 0.8 else "c")
        assert one.held_out == (bucket("chuseok-sale", one.user_id, "holdout") < 0.1)
    facts = people.facts(campaign, AT)
    assert facts.held_out == sum(one.held_out for one in found) > 0
    assert facts.deliveries[Channel.SMS] == 200 - facts.held_out
    free = Counter(one.variant for one in found if not one.held_out)
    assert dict(free) == dict(facts.variants)
    assert snapshot.targets == 200
    informational = replace(campaign, type=MessageType.INFORMATIONAL)
    assert people.facts(informational, AT).held_out == 0


def test_shards_are_private_sorted_small_and_the_same_again(tmp_path, monkeypatch):
    monkeypatch.setattr("engine.audience.shards.SHARD_ROWS", 2_500)
    people = a_world(tmp_path, [user(number) for number in range(1, 3_001)])
    campaign = a_campaign(
        channels={name: ALL_CHANNELS[name] for name in (Channel.KAKAO, Channel.SMS)}
    )
    folder = tmp_path / "state" / "snapshot"
    snapshot = people.snapshot(campaign, AT, folder)
    assert [shard.rows for shard in snapshot.shards] == [2_500, 2_500, 1_000]
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {0o600} == {path.stat().st_mode & 0o777 for path in folder.iterdir()}
    assert sorted(path.name for path in folder.iterdir()) == [s.path for s in snapshot.shards]
    batches = [list(people.targets(shard, folder)) for shard in snapshot.shards]
    assert max(len(batch) for shard in batches for batch in shard) == 1_000
    keys = [(str(t.channel), t.address_hash) for s in batches for b in s for t in b]
    assert keys == sorted(set(keys))
    assert snapshot == people.snapshot(campaign, AT, tmp_path / "again")


@pytest.mark.parametrize("send_to", SendTo)
def test_parts_change_nothing(tmp_path, monkeypatch, send_to):
    users = [
        user(number, phone=f"010-0000-{number // 3:04d}", preferred_channel="sms" * (number % 2))
        for number in range(1, 301)
    ]
    devices = [device(number, token=f"token-{number % 200}") for number in range(1, 301)]
    campaign = a_campaign(
        channels={name: ALL_CHANNELS[name] for name in (Channel.APP, Channel.SMS)},
        send_to=send_to,
    )
    with a_world(tmp_path, users, devices) as people:
        facts = people.facts(campaign, AT)
        snapshot = people.snapshot(campaign, AT, tmp_path / "whole")
        monkeypatch.setattr("engine.audience.members.PART_PEOPLE", 50)
        monkeypatch.setattr("engine.audience.shards.RANGE_ROWS", 40)
        assert facts == people.facts(campaign, AT)
        assert snapshot == people.snapshot(campaign, AT, tmp_path / "parts")
    assert 0 < facts.deliveries[Channel.APP] < facts.reachable[Channel.APP] == 300


def test_a_changed_or_missing_shard_is_refused(tmp_path):
    people = a_world(tmp_path, [user(1)])
    folder = tmp_path / "snapshot"
    [shard] = people.snapshot(a_campaign(channels=SMS), AT, folder).shards
    path = folder / shard.path
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(MismatchError, match="is not the one that the snapshot wrote"):
        next(people.targets(shard, folder))
    path.unlink()
    with pytest.raises(MismatchError, match="is gone"):
        next(people.targets(shard, folder))


def test_a_second_reading_sees_what_changed_and_misses_what_is_gone(tmp_path):
    users = [user(number) for number in range(1, 7)]
    devices = [device(number) for number in range(1, 7)]
    people = a_world(tmp_path, users, devices)
    _, found = freeze(people, a_campaign(channels=APP), tmp_path / "snapshot")
    users = [
        user(1, push_ad_agreed="no"),
        user(2, push_ad_agreed="yes", push_enabled="no"),
        *users[3:],
    ]
    devices = [
        device(1),
        device(2),
        device(3),
        device(4, enabled="0"),
        device(5, token="another"),
        device(6, user_id="u1"),
    ]
    write_world(tmp_path, users, devices, [], [])
    later = datetime(2026, 9, 24, 1, 5, tzinfo=UTC)
    fresh = people.read_again(found, later)
    readings = {one.user_id: fresh.get((one.channel, one.address_hash)) for one in found}
    assert readings["u1"].consent.ad is Answer.NO
    assert readings["u1"].consent.read_at == later
    assert readings["u2"].consent.service is Answer.NO
    assert readings["u3"] is None
    assert readings["u4"].enabled is False
    assert readings["u5"] is None
    assert readings["u6"] is None


def test_a_second_reading_misses_a_phone_number_that_changed(tmp_path):
    people = a_world(tmp_path, [user(1), user(2)])
    _, found = freeze(people, a_campaign(channels=SMS), tmp_path / "snapshot")
    write_world(tmp_path, [user(1, phone="010-9999-9999"), user(2, phone="+821000000002")])
    assert [
        one.user_id
        for one in found
        if (one.channel, one.address_hash) in people.read_again(found, AT)
    ] == ["u2"]
    assert people.read_again([], AT) == {}


def test_a_stranger_has_no_preview(tmp_path):
    people = a_world(tmp_path, [user(1)], [device(1)])
    assert people.values(a_campaign(), "nobody", AT) == ()


ANSWERS = st.sampled_from(["yes", "no", ""])
PEOPLE = st.lists(
    st.fixed_dictionaries(
        {
            "country": st.sampled_from(["KR", "US", "", "일본"]),
            "timezone": st.sampled_from(["Asia/Seoul", "America/New_York", "", "UTC"]),
            "phone": st.sampled_from(["010-1111-2222", "+33 6 1234 5678", "", "1"]),
            "locale": st.sampled_from(["ko", "en-GB", "ja", ""]),
            "birth_date": st.sampled_from(["2020-01-01", "1990-01-01", ""]),
            "preferred_channel": st.sampled_from(["app", "sms", ""]),
            "push_ad_agreed": ANSWERS,
            "push_enabled": ANSWERS,
            "night_ad_agreed": ANSWERS,
            "sms_ad_agreed": ANSWERS,
            "bought_on": st.sampled_from(
                ["", "2026-09-01", "2026-03-24", "2026-03-23", "2026-03-23T15:00:00Z", "봄"]
            ),
        }
    ),
    max_size=6,
)
DEVICES = st.lists(
    st.fixed_dictionaries(
        {
            "user_id": st.sampled_from(["u1", "u2", "u3"]),
            "token": st.sampled_from(["t1", "t2", "t3", ""]),
            "enabled": st.sampled_from(["", "no"]),
        }
    ),
    max_size=5,
)


BOUGHT = TransactionException(ended_at="user.bought_on", direct=True, same_goods=True)


def door(target: Target, advertising: bool) -> str | None:
    refusal = refusal_of(
        DeliveryFacts(
            channel=target.channel,
            advertising=advertising,
            kakao_product=None,
            jurisdiction=target.jurisdiction,
            zone=target.zone,
            night_consented_only=False,
            consent=target.consent,
            suppressed=target.suppressed,
            enabled=target.enabled,
            minor=target.minor,
            due_at=AT,
            changed_at=AT,
            lead_waived=True,
            planned_end=AT,
            late=Schedule(at=AT).late,
            consent_max_age=Schedule(at=AT).late,
            ended_on=ended_on(target.values.get(BOUGHT.ended_at), AT),
        )
    )
    return refusal and refusal.value


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    rows=PEOPLE,
    devices=DEVICES,
    refused=st.sampled_from(["u1", "u9"]),
    advertising=st.booleans(),
    send_to=st.sampled_from(SendTo),
    exception=st.sampled_from([None, BOUGHT]),
)
def test_facts_are_what_the_door_will_say_about_the_snapshot(
    rows, devices, refused, advertising, send_to, exception
):
    users = [user(number, **row) for number, row in enumerate(rows, 1)]
    campaign = a_campaign(
        AttributeIs(attribute="user_id", tests=(Test(Operator.NE, "u3"),)),
        channels={Channel.APP: AppSettings(), Channel.SMS: ALL_CHANNELS[Channel.SMS]},
        type=MessageType.ADVERTISING if advertising else MessageType.INFORMATIONAL,
        send_to=send_to,
        holdout=0.3,
        exception=exception if rows else None,
        schedule=Schedule(at=AT, night_consented_only=True),
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        all_devices = [device(index, **row) for index, row in enumerate(devices, 1)]
        with a_world(folder, users, all_devices, [], [{**REFUSAL, "user_id": refused}]) as people:
            facts = people.facts(campaign, AT)
            snapshot, found = freeze(people, campaign, folder / "snapshot")
            every = replace(campaign, send_to=SendTo.EVERY)
            _, rows_of_all = freeze(people, every, folder / "all")
    check_facts(facts, snapshot, found, rows_of_all, advertising)


def whereabouts_of(target: Target) -> Whereabouts:
    return Whereabouts(
        channel=target.channel,
        jurisdiction=target.jurisdiction,
        zone=target.zone,
        region=target.region,
        night=target.consent.night is Answer.YES,
    )


def check_facts(
    facts: AudienceFacts,
    snapshot: Snapshot,
    found: list[Target],
    rows_of_all: list[Target],
    advertising: bool,
) -> None:
    assert facts.users == snapshot.users
    assert snapshot.targets == len(found)
    assert facts.users - snapshot.users_without_address == len({one.user_id for one in found})
    out = [
        one
        for one in found
        if not (door(one, advertising) or one.duplicate or one.held_out or not one.locale)
    ]
    assert facts.people == Counter(
        frozenset(whereabouts_of(one) for one in out if one.user_id == id_)
        for id_ in {one.user_id for one in out}
    )
    assert facts.whereabouts == Counter(map(whereabouts_of, out))
    going = Counter(one.channel for one in out)
    assert dict(going) == {name: count for name, count in facts.deliveries.items() if count}
    for channel, count in facts.reachable.items():
        possible = {
            one.user_id
            for one in rows_of_all
            if one.channel is channel and door(one, advertising) is None
        }
        assert count == len(possible)
        assert facts.users == count + sum(facts.lost[channel].values())
    assert facts.recipients == len(
        {one.user_id for one in rows_of_all if door(one, advertising) is None}
    )
    assert facts.users == sum(facts.jurisdictions.values())
    assert sum(facts.zones.values()) == sum(facts.deliveries.values())


def test_a_workspace_without_channels_has_people_all_the_same(tmp_path):
    people = a_world(tmp_path, [user(1), user(2)])
    facts = people.facts(a_campaign(channels={}), AT)
    assert (facts.users, facts.recipients, facts.reachable) == (2, 0, {})


def test_a_person_is_found_by_a_number_however_it_is_written(tmp_path):
    people = a_world(tmp_path, [user(1, phone="010-1234-5678"), user(2), user(3, phone="")])
    assert people.find_by_phone("+82 10 1234 5678") == ("u1",)
    assert people.find_by_phone("01012345678") == ("u1",)
    assert people.find_by_phone("없음") == ()


@pytest.mark.parametrize(
    ("devices", "expected"),
    [
        (Devices.ALL, ["a", "b", "c", "web-less"]),
        (Devices.LATEST, ["b"]),
        (Devices.ONE_PER_PLATFORM, ["b", "web-less"]),
    ],
)
def test_of_devices_that_were_seen_together_the_first_by_id_is_taken(tmp_path, devices, expected):
    seen = {"last_seen_at": "2026-09-01T00:00:00Z"}
    rows = [
        device(1, token="a", device_id="d2", **seen),
        device(1, token="b", device_id="d1", **seen),
        device(1, token="c", device_id="d0", enabled="no", **seen),
        device(1, token="web-less", device_id="d9", platform="ios", enabled="no", **seen),
    ]
    people = a_world(tmp_path, [user(1)], rows)
    campaign = a_campaign(channels={Channel.APP: AppSettings(devices=devices)})

    _, found = freeze(people, campaign, tmp_path / "snapshot")

    assert sorted(one.address.value for one in found) == expected


def test_a_chain_of_alternatives_is_frozen_step_by_step(tmp_path):
    people = a_world(tmp_path, [user(1), user(2)], [device(1)])
    campaign = a_campaign(
        channels={name: ALL_CHANNELS[name] for name in (Channel.APP, Channel.KAKAO, Channel.SMS)},
        alternative={Channel.SMS: Channel.KAKAO, Channel.APP: Channel.SMS},
    )

    snapshot, _ = freeze(people, campaign, tmp_path / "snapshot")

    steps = [
        (
            shard.step,
            {
                str(one.channel)
                for batch in people.targets(shard, tmp_path / "snapshot")
                for one in batch
            },
        )
        for shard in snapshot.shards
    ]
    assert steps == [(0, {"app"}), (1, {"sms"}), (2, {"kakao"})]


def test_consent_to_the_night_is_counted_where_the_campaign_asks_for_it(tmp_path):
    users = [user(1, night_ad_agreed="yes"), user(2), user(3)]
    people = a_world(tmp_path, users, [device(1), device(2), device(3)])
    campaign = a_campaign()
    asking = replace(campaign, schedule=replace(campaign.schedule, night_consented_only=True))

    def agreed(facts: AudienceFacts) -> list[tuple[bool, int]]:
        return sorted(
            (w.night, n) for w, n in facts.whereabouts.items() if w.channel is Channel.APP
        )

    assert agreed(people.facts(campaign, AT)) == [(False, 3)]
    assert agreed(people.facts(asking, AT)) == [(False, 2), (True, 1)]
