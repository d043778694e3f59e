"""Names of columns as exports write them: found where they are ours, an error where one is missed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from unicodedata import normalize

import pytest

from engine.audience.people import DuckPeople, open_people
from engine.kernel.errors import UnavailableError
from engine.model.channel import Channel
from engine.model.workspace import ConsentColumns, TableSource
from tests.audience.world import (
    AT,
    CONSENT,
    KEY,
    REFUSAL,
    USER,
    a_campaign,
    a_workspace,
    user,
    write_world,
)


def people_with(root: Path, **tables: TableSource) -> DuckPeople:
    workspace = a_workspace()
    return open_people(
        replace(workspace, sources=replace(workspace.sources, **tables)), root, KEY, None
    )


def rename(path: Path, before: str, after: str) -> None:
    header, newline, rows = path.read_text("utf-8").partition("\n")
    names = [after if name == before else name for name in header.split(",")]
    path.write_text(",".join(names) + newline + rows, "utf-8")


@pytest.mark.parametrize(
    ("source", "mapped", "columns"),
    [
        ("users", {"user_id": "uid"}, "`user_id`, `name`, `country`"),
        ("users", {"birth_date": "생년월일"}, "`user_id`, `name`, `country`"),
        ("devices", {"token": "fcm_token"}, "`device_id`, `user_id`, `platform`"),
        ("suppression", {"user_id": "uid"}, "`user_id`, `phone`, `token`"),
        ("suppression", {"phone": "Phone"}, "`user_id`, `phone`, `token`"),
    ],
)
def test_a_mapped_column_that_is_not_there_is_missed_whatever_else_there_is(
    tmp_path: Path, source: str, mapped: dict[str, str], columns: str
) -> None:
    write_world(tmp_path, [user(1)], suppression=[{**REFUSAL, "user_id": "u1"}])
    people = people_with(tmp_path, **{source: TableSource(path=f"{source}.csv", columns=mapped)})
    ((ours, theirs),) = mapped.items()
    with pytest.raises(UnavailableError) as raised:
        people.facts(a_campaign(), AT)
    assert raised.value.message == (
        f"source `{source}` (`{source}.csv`) has no column `{theirs}`, which "
        f"`columns: {{{ours}: {theirs}}}` names"
    )
    assert raised.value.hint is not None
    assert f"correct `sources.{source}.columns` in `pushform.yaml`; the file has {columns}" in (
        raised.value.hint
    )


@pytest.mark.parametrize("written", ["BIRTH_DATE", "Birth_Date ", "\u00a0birth_date"])
def test_a_day_of_birth_is_found_however_its_column_is_written(
    tmp_path: Path, written: str
) -> None:
    write_world(tmp_path, [user(1, birth_date="2020-01-01"), user(2)])
    rename(tmp_path / "users.csv", "birth_date", written)
    facts = people_with(tmp_path).facts(a_campaign(), AT)
    assert facts.lost[Channel.SMS] == {"minor": 1}


def test_a_refusal_is_found_however_its_columns_are_written(tmp_path: Path) -> None:
    write_world(tmp_path, [user(1), user(2)])
    (tmp_path / "suppression.csv").write_text("USER_ID, Phone ,CHANNEL\nu1,,all\n", "utf-8")
    facts = people_with(tmp_path).facts(a_campaign(), AT)
    assert facts.lost[Channel.SMS] == {"suppressed": 1}


@pytest.mark.parametrize("in_file", ["NFC", "NFD"])
@pytest.mark.parametrize("in_yaml", ["NFC", "NFD"])
def test_korean_names_are_the_same_name_taken_apart(
    tmp_path: Path, in_file: str, in_yaml: str
) -> None:
    write_world(tmp_path, [user(1), user(2, sms_ad_agreed="no")])
    rename(tmp_path / "users.csv", "sms_ad_agreed", normalize(in_file, "문자동의"))
    text = f"{normalize(in_file, '회원번호')},{normalize(in_file, '비고')}\nu1,전화\n"
    (tmp_path / "suppression.csv").write_text(text, "utf-8")
    refusals = TableSource(
        path="suppression.csv",
        columns={
            "user_id": normalize(in_yaml, "회원번호"),
            normalize(in_yaml, "비고"): normalize(in_yaml, "비고"),
        },
    )
    agreed = {**CONSENT, Channel.SMS: ConsentColumns(ad=normalize(in_yaml, "문자동의"))}
    people = people_with(tmp_path, suppression=refusals, consent=agreed)
    facts = people.facts(a_campaign(consent=agreed), AT)
    assert facts.lost[Channel.SMS] == {"suppressed": 1, "no_consent": 1}


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"user_id\tphone\nu1\t\n", "has no column `user_id or phone or token`"),
        (b"user_id;phone\nu1;\n", "has no column `user_id or phone or token`"),
        (b"user_id,phone,user_id\nu1,,\n", "names the column `user_id` twice"),
        (b"user_id,USER_ID\nu1,\n", "names the column `USER_ID` twice"),
        (b"user_id,\nu1,\n", "has a column without a name"),
        (b"\nuser_id,phone\nu1,\n", "is empty"),
        ("user_id,메모\nu1,전화\n".encode("cp949"), "its first line is not UTF-8 text"),
        ("user_id,phone\nu1,\n".encode("utf-16"), "its first line is not UTF-8 text"),
        ("user_id,reason\nu1,전화\n".encode("cp949"), "it is not UTF-8"),
        (b"user_id,phone\r\nu1,x\nu2,x\r\n", "its lines end in different ways"),
        (b"user_id,phone\nu1\n", "a row has more or fewer fields than the header"),
        (b'user_id,phone\n"u1,\nu2,\n', "a quote is not closed"),
        (b"user_id,phone\n" + b"1" * 3_000_000 + b",\n", "a line is too long"),
        (b"x" * 3_000_000, "its first line does not end"),
        (b"user_id," * 200_000, "its first line does not end"),
    ],
)  # fmt: skip
def test_refusals_that_cannot_be_read_are_no_empty_list(
    tmp_path: Path, raw: bytes, said: str
) -> None:
    write_world(tmp_path, [user(1)])
    (tmp_path / "suppression.csv").write_bytes(raw)
    with pytest.raises(UnavailableError) as raised:
        people_with(tmp_path).facts(a_campaign(), AT)
    assert said in raised.value.message


@pytest.mark.parametrize(
    "raw",
    [
        b"\xef\xbb\xbfuser_id,phone\r\nu1,\r\n",
        b"user_id,phone\ru1,\r",
        b"user_id,phone\nu1,\r\nu9,\n",
        b"user_id,phone\nu9,\n\n\nu1,",
    ],
)
def test_marks_and_ends_of_lines_change_nothing(tmp_path: Path, raw: bytes) -> None:
    write_world(tmp_path, [user(1), user(2)])
    (tmp_path / "suppression.csv").write_bytes(raw)
    facts = people_with(tmp_path).facts(a_campaign(), AT)
    assert facts.lost[Channel.SMS] == {"suppressed": 1}


def test_every_column_of_ours_is_one_that_is_looked_for() -> None:
    """What a file may call in capitals is what the tests' files have: no column went unnoticed."""
    from engine.audience.header import _OURS

    own = {"name", *(column for one in CONSENT.values() for column in _named(one)), "bought_on"}
    assert set(USER) - own <= set(_OURS["users"])
    assert set(REFUSAL) <= set(_OURS["suppression"])


def _named(one: ConsentColumns) -> set[str]:
    return {name for name in (one.ad, one.night, one.confirmed_at, one.service) if name}
