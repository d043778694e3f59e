"""Refusals as tables hold them: none is missed for how it is written, and none is told wrongly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from engine.audience.lines import places
from engine.audience.people import DuckPeople, open_people
from engine.kernel.errors import UnavailableError
from engine.model.audience import Not, Suppressed
from engine.model.channel import Channel
from engine.model.delivery import Answer
from engine.model.legal import MessageType, TransactionException
from engine.model.workspace import TableSource
from tests.audience.world import (
    ALL_CHANNELS,
    AT,
    KEY,
    REFUSAL,
    a_campaign,
    a_workspace,
    a_world,
    device,
    user,
    write_world,
)

SMS = {Channel.SMS: ALL_CHANNELS[Channel.SMS]}


def lost(people: DuckPeople) -> Mapping[str, int]:
    return people.facts(a_campaign(), AT).lost[Channel.SMS]


@pytest.mark.parametrize(
    "refusal",
    [
        {"user_id": "1042.0"},
        {"user_id": " 1042 "},
        {"user_id": "\u00a01042\u200b"},
        {"phone": "1012345678"},
        {"phone": "1012345678.0"},
        {"phone": "8.21012345678E+11"},
        {"phone": "０１０－１２３４－５６７８"},
        {"phone": "'01012345678"},
        {"user_id": "1042", "channel": "Sms "},
        {"user_id": "1042", "channel": "문자"},
        {"user_id": "1042", "since": "언젠가"},
    ],
)
def test_a_refusal_is_found_as_a_spreadsheet_wrote_it(
    tmp_path: Path, refusal: dict[str, str]
) -> None:
    one = {**user(1), "user_id": "1042", "phone": "010-1234-5678"}
    people = a_world(tmp_path, [one, user(2)], [], [], [{**REFUSAL, **refusal}])
    assert lost(people) == {"suppressed": 1}
    seen = {one.channel: one.suppressed for one in people.values(a_campaign(), "1042", AT)}
    assert seen[Channel.SMS]


def test_numbers_of_a_program_are_found_in_parquet(tmp_path: Path) -> None:
    """A column of whole numbers with gaps becomes one of fractions."""
    write_world(tmp_path, [{**user(1), "user_id": "1042"}, {**user(2), "phone": "01012345678"}])
    rows = [{"user_id": 1042.0, "phone": None}, {"user_id": None, "phone": 821012345678.0}]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "suppression.parquet")
    workspace = a_workspace()
    sources = replace(workspace.sources, suppression=TableSource(path="suppression.parquet"))
    with open_people(replace(workspace, sources=sources), tmp_path, KEY, None) as people:
        assert lost(people) == {"suppressed": 2}


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("user_id,phone\nu9,\n,1.01E+09\n", "1 row names nobody who can be found: line 3"),
        ("user_id,phone\n\n\nu9,\n\n,1.01E+09\n", "1 row names .* found: line 6"),
        ('user_id,reason\nu9,"두\n줄"\r\n,전화\n', None),
        ('user_id,reason\nu9,"두\n줄"\n,전화\n', "1 row names .* found: line 4"),
        ('user_id,reason\r\n"u9","두\r\n\r\n줄"\r\n\r\n ,전화\r\n', "1 row names .* found: line 6"),
        ("phone\n010-1234-5678\n\n없음\n", "1 row names .* found: line 4"),
        ("user_id\n1.02E+11\n", "1 row names .* found: line 2"),
        ("phone\n" + "몰라\n" * 7, "7 rows name nobody .* found: lines 2, 3, 4, 5, 6, …"),
    ],
)
def test_a_row_of_nobody_is_named_by_its_line(tmp_path: Path, text: str, where: str | None) -> None:
    write_world(tmp_path, [user(1)])
    (tmp_path / "suppression.csv").write_bytes(text.encode())
    with (
        open_people(a_workspace(), tmp_path, KEY, None) as people,
        pytest.raises(UnavailableError, match=where and f"{where}$") as raised,
    ):
        people.facts(a_campaign(), AT)
    assert "E+" not in raised.value.message


def test_rows_of_other_files_are_named_as_they_can_be(tmp_path: Path) -> None:
    lines = tmp_path / "refusals.jsonl"
    lines.write_text('{"user_id": "u1"}\n\n{"user_id": null}\n', "utf-8")
    assert places(lines, [1], 2, 5) == "line 3"
    assert places(lines, [1], 3, 5) == "row 2 below the header"
    assert places(tmp_path / "refusals.parquet", [0, 4], 9, 5) == "rows 1, 5 below the header"
    assert places(tmp_path / "gone.csv", [0], 1, 5) == "row 1 below the header"


@pytest.mark.parametrize("text", ["phone\n010-1234-5678\n\n\n", "user_id,phone\n\nu9,\n\n"])
def test_an_empty_line_is_no_row(tmp_path: Path, text: str) -> None:
    write_world(tmp_path, [user(1)])
    (tmp_path / "suppression.csv").write_text(text, "utf-8")
    with open_people(a_workspace(), tmp_path, KEY, None) as people:
        assert lost(people) == {}


@pytest.mark.parametrize(
    "text", ["user_id,tel\nu1,\n", "user_id,phone\n,없음\n", "아이디\nu1\n", "user_id,phone\nu1\n"]
)
def test_refusals_that_cannot_be_read_hold_no_notice(tmp_path: Path, text: str) -> None:
    write_world(tmp_path, [user(1)], [device(1)])
    (tmp_path / "suppression.csv").write_text(text, "utf-8")
    with open_people(a_workspace(), tmp_path, KEY, None) as people:
        notice = a_campaign(type=MessageType.INFORMATIONAL)
        assert people.facts(notice, AT).recipients == 1
        with pytest.raises(UnavailableError):
            people.facts(a_campaign(), AT)


def test_an_answer_that_cannot_be_read_is_no_silence_that_a_purchase_fills(tmp_path: Path) -> None:
    """A purchase stands in for those who were never asked, not for those who wrote something."""
    answers = ["", " ", "모름", "O", "X", "no"]
    users = [
        user(number, sms_ad_agreed=answer, bought_on="2026-09-01")
        for number, answer in enumerate(answers)
    ]
    exception = TransactionException(ended_at="user.bought_on", direct=True, same_goods=True)
    with a_world(tmp_path, users) as people:
        facts = people.facts(a_campaign(channels=SMS, exception=exception), AT)
        assert facts.lost[Channel.SMS] == {"no_consent": 4}
        facts = people.facts(a_campaign(channels=SMS), AT)
        assert facts.lost[Channel.SMS] == {"unknown_consent": 4, "no_consent": 2}


def test_a_second_look_takes_an_unreadable_answer_for_a_no_where_a_purchase_could_stand_in(
    tmp_path: Path,
) -> None:
    exception = TransactionException(ended_at="user.bought_on", direct=True, same_goods=True)
    campaign = a_campaign(channels=SMS, exception=exception)
    rows = [user(1, sms_ad_agreed="", bought_on="2026-09-01")]
    with a_world(tmp_path, rows) as people:
        (target,) = people.values(campaign, "u1", AT)
        assert target.consent.ad is Answer.UNKNOWN
        for written, read in (("", Answer.UNKNOWN), ("모름", Answer.NO), ("yes", Answer.YES)):
            write_world(tmp_path, [{**rows[0], "sms_ad_agreed": written}])
            (fresh,) = people.read_again([target], AT, exception=True).values()
            assert fresh.consent.ad is read
            (plain,) = people.read_again([target], AT).values()
            assert plain.consent.ad is (Answer.UNKNOWN if written == "모름" else read)


@pytest.mark.parametrize("text", ["user_id,tel\nu1,\n", "user_id,phone\n,없음\n", None])
def test_a_second_look_for_a_notice_opens_no_list_of_refusals(
    tmp_path: Path, text: str | None
) -> None:
    app = {Channel.APP: ALL_CHANNELS[Channel.APP]}
    with a_world(tmp_path, [user(1), user(2)], [device(1), device(2)]) as people:
        campaign = a_campaign(channels=app, type=MessageType.INFORMATIONAL)
        targets = [*people.values(campaign, "u1", AT), *people.values(campaign, "u2", AT)]
        users = [user(1, push_enabled="no"), user(2)]
        write_world(tmp_path, users, [device(1), device(2, enabled="no")])
        refusals = tmp_path / "suppression.csv"
        refusals.write_text(text, "utf-8") if text else refusals.unlink()
        with pytest.raises(UnavailableError):
            people.read_again(targets, AT)
        fresh = people.read_again(targets, AT, advertising=False)
        one, two = (fresh[target.channel, target.address_hash] for target in targets)
        assert (one.consent.service, one.enabled, one.suppressed) == (Answer.NO, True, False)
        assert (two.consent.service, two.enabled, two.suppressed) == (Answer.YES, False, False)


@pytest.mark.parametrize("refused", ["fid-1", " token-1", "\u3000fid-1"])
def test_a_device_is_refused_by_either_of_its_names(tmp_path: Path, refused: str) -> None:
    app = {Channel.APP: ALL_CHANNELS[Channel.APP]}
    devices = [device(1, fid="fid-1"), device(2, fid="fid-2")]
    rows = [{**REFUSAL, "token": refused}, {**REFUSAL, "token": "token-1"}]
    with a_world(tmp_path, [user(1), user(2)], devices, [], rows[:1]) as people:
        campaign = a_campaign(channels=app)
        facts = people.facts(campaign, AT)
        assert (facts.lost[Channel.APP], facts.recipients) == ({"suppressed": 1}, 1)
        targets = [*people.values(campaign, "u1", AT), *people.values(campaign, "u2", AT)]
        fresh = people.read_again(targets, AT)
        assert sorted(one.suppressed for one in fresh.values()) == [False, True]
    with a_world(tmp_path, [user(1), user(2)], devices, [], rows) as people:
        assert len(people.values(campaign, "u1", AT)) == 1


@pytest.mark.parametrize(
    ("country", "own", "refused"),
    [
        ("JP", "090-1234-5678", "090-1234-5678"),
        ("JP", "090 1234 5678", "(090)1234.5678"),
        ("JP", "０９０－１２３４－５６７８", "09012345678"),
        ("JP", "09012345678", "０９０-1234-5678"),
        ("US", "821012345678", "010-1234-5678"),
        ("US", "1 (212) 555-0123", "+1 212 555 0123"),
        ("US", "010-1234-5678", "010-1234-5678"),
    ],
)
def test_who_has_an_unreadable_number_is_found_by_the_same_digits(
    tmp_path: Path, country: str, own: str, refused: str
) -> None:
    """A number is read in the country of who has it: on app and web it need not be readable."""
    users = [user(1, country=country, phone=own), user(2, country=country, phone="090-9999-9999")]
    rows = [{**REFUSAL, "phone": refused, "channel": "app"}]
    app = a_campaign(channels={Channel.APP: ALL_CHANNELS[Channel.APP]})
    with a_world(tmp_path, users, [device(1), device(2)], [], rows) as people:
        facts = people.facts(app, AT)
        assert (facts.recipients, facts.lost[Channel.APP]) == (1, {"suppressed": 1})
        targets = [*people.values(app, "u1", AT), *people.values(app, "u2", AT)]
        assert [one.suppressed for one in targets] == [True, False]
        fresh = people.read_again(targets, AT)
        read = [fresh[one.channel, one.address_hash].suppressed for one in targets]
        assert read == [True, False]
        assert people.sample(Suppressed(channel=Channel.APP), {}, AT, 9) == ("u1",)
        assert people.refused("u1", None, "", AT) == {Channel.APP}
        assert people.refused("u2", None, "", AT) == frozenset()
        profile = people.refusal_profile(AT)
        assert profile is not None
        assert (profile.people[Channel.APP], profile.strangers) == (1, 0)


def test_a_number_that_is_nobodys_is_not_refused_for_all_who_wrote_it(tmp_path: Path) -> None:
    nobodys = ["000-0000-0000", "1111-1111", "1234567", "없음", "-"]
    users = [user(n, country="US", phone=text) for n, text in enumerate(nobodys, 1)]
    rows = [{**REFUSAL, "user_id": "u9", "phone": text} for text in nobodys]
    devices = [device(n) for n in range(1, 6)]
    app = a_campaign(channels={Channel.APP: ALL_CHANNELS[Channel.APP]})
    with a_world(tmp_path, users, devices, [], rows) as people:
        assert people.facts(app, AT).recipients == 5
        assert people.size(Suppressed(channel=Channel.APP), {}, AT) == 0


REFUSALS = [
    {"user_id": "u1"},
    {"phone": "1000000002.0", "channel": "app"},
    {"user_id": "u3", "channel": "sms"},
    {"user_id": "u4", "since": "2027-01-01"},
    {"token": "token-5"},
    {"phone": "없음"},
]


@pytest.mark.parametrize(
    ("channel", "refused"),
    [(Channel.APP, {"u1", "u2"}), (Channel.SMS, {"u1", "u3"}), (Channel.KAKAO, {"u1"})],
)
def test_who_is_suppressed_is_a_condition(
    tmp_path: Path, channel: Channel, refused: set[str]
) -> None:
    """In person and by number, as the door counts them; a device is nobody's word."""
    users = [user(n, phone=f"010-0000-000{n}") for n in range(1, 7)]
    rows = [{**REFUSAL, **one} for one in REFUSALS]
    with a_world(tmp_path, users, [device(5)], [], rows) as people:
        everyone = {f"u{n}" for n in range(1, 7)}
        node = Suppressed(channel=channel)
        assert set(people.sample(node, {}, AT, 9)) == refused
        assert set(people.sample(Not(of=node), {}, AT, 9)) == everyone - refused
        assert f"suppressed {channel}" in people.explain(Not(of=node), {}, AT)


def test_the_condition_and_the_door_count_the_same_people(tmp_path: Path) -> None:
    users = [user(n, phone=f"010-0000-000{n}") for n in range(1, 7)]
    rows = [{**REFUSAL, **one} for one in REFUSALS[:5]]
    with a_world(tmp_path, users, [], [], rows) as people:
        everybody = people.facts(a_campaign(), AT).lost
        for channel in (Channel.SMS, Channel.KAKAO):
            size = people.size(Suppressed(channel=channel), {}, AT)
            assert everybody[channel] == {"suppressed": size}
            others = a_campaign(Not(of=Suppressed(channel=channel)))
            assert "suppressed" not in people.facts(others, AT).lost[channel]
