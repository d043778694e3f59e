"""The suppression file: rows are added, none is touched, and nobody is written down twice."""

from __future__ import annotations

import csv
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine.audience.phone import normalise_phone
from engine.kernel.errors import UsageError
from engine.model.channel import Channel, EnvironmentVariable
from engine.model.refusal import Refusal
from engine.model.workspace import TableSource
from engine.workspace.refusals import RefusalFile, open_refusals

NOW = datetime(2026, 9, 24, 1, tzinfo=UTC)


def a_file(path: Path, **columns: str) -> RefusalFile:
    return RefusalFile(
        path, "suppression.csv", columns, "Asia/Seoul", lambda text: normalise_phone(text, "KR")
    )


def user(name: str, channel: Channel | None = None, reason: str | None = None) -> Refusal:
    return Refusal(identifier="user_id", value=name, channel=channel, since=NOW, reason=reason)


def phone(number: str) -> Refusal:
    return Refusal(identifier="phone", value=number, channel=Channel.SMS, since=NOW)


def test_a_file_that_is_missing_is_made_with_its_header(tmp_path: Path) -> None:
    path = tmp_path / "자료" / "suppression.csv"
    assert a_file(path).add([user("u1"), phone("+821012345678")]) == 2
    assert path.read_text("utf-8") == (
        "user_id,phone,token,channel,since\n"
        "u1,,,all,2026-09-24T01:00:00Z\n"
        ",+821012345678,,sms,2026-09-24T01:00:00Z\n"
    )
    assert [child.name for child in path.parent.iterdir()] == ["suppression.csv"]


def test_rows_that_are_there_stay_byte_for_byte(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    before = (
        '\ufeffmemo,회원,channel,since\r\n"민원, ""전화""\r\n두 줄",u9,app,\r\n   ,u8,모름,어제'
    ).encode()
    path.write_bytes(before)
    path.chmod(0o640)
    assert a_file(path, user_id="회원").add([user("u1", Channel.APP)]) == 1
    after = path.read_bytes()
    assert after.startswith(before)
    assert after[len(before) :] == b"\r\n,u1,app,2026-09-24T01:00:00Z\r\n"
    assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    ("row", "wanted", "added"),
    [
        ("u1,,,all,2026-01-01T00:00:00Z", user("u1", Channel.APP), 0),
        ("u1,,,,", user("u1"), 0),
        ("u1,,,이메일,", user("u1"), 0),
        ("u1,,,app,2026-01-01", user("u1", Channel.APP), 0),
        ("u1,,,app,2026-01-01", user("u1", Channel.SMS), 1),
        ("u1,,,app,2026-01-01", user("u1"), 1),
        ("u1,,,all,2026-12-01T00:00:00Z", user("u1"), 1),
        ("u1,,,all,2026-09-24 10:00", user("u1"), 0),
        ("u1,,,all,2026-09-24 10:01", user("u1"), 1),
        ("u1,,,all,언젠가", user("u1"), 0),
        ("u2,,,all,", user("u1"), 1),
        (",010-1234-5678,,sms,", phone("+821012345678"), 0),
        (",82 10 1234 5678,,all,", phone("+821012345678"), 0),
        (",010-1234-5679,,sms,", phone("+821012345678"), 1),
    ],
)
def test_only_what_does_not_hold_yet_is_added(
    tmp_path: Path, row: str, wanted: Refusal, added: int
) -> None:
    path = tmp_path / "s.csv"
    path.write_text(f"user_id,phone,token,channel,since\n{row}\n", "utf-8")
    assert a_file(path).add([wanted, wanted]) == added
    again = path.read_bytes()
    assert a_file(path).add([wanted]) == 0
    assert path.read_bytes() == again


def test_what_the_file_has_no_column_for_is_said(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text("user_id\nu9\n", "utf-8")
    with pytest.raises(UsageError) as phones:
        a_file(path).add([phone("+821012345678")])
    assert phones.value.message == (
        "`suppression.csv` has no column `phone`, so no phone can be refused in it"
    )
    with pytest.raises(UsageError, match="has no column `channel`"):
        a_file(path).add([user("u1", Channel.APP)])
    with pytest.raises(UsageError, match="has no column `reason`"):
        a_file(path).add([user("u1", reason="전화")])
    assert path.read_text("utf-8") == "user_id\nu9\n"
    assert a_file(path).add([user("u1")]) == 1
    assert path.read_text("utf-8") == "user_id\nu9\nu1\n"


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"user_id\n\xff\n", "is not UTF-8 text"),
        (b"user_id\n" + b"x" * 200_000 + b"\n", "is not CSV"),
    ],
)
def test_a_file_that_cannot_be_read_is_left_alone(tmp_path: Path, raw: bytes, said: str) -> None:
    path = tmp_path / "s.csv"
    path.write_bytes(raw)
    with pytest.raises(UsageError, match=said):
        a_file(path).add([user("u1")])
    assert path.read_bytes() == raw


def test_a_reason_is_kept_with_commas_and_quotes(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    a_file(path).add([user("u1", reason='전화로, "그만"')])
    (row,) = csv.DictReader(path.read_text("utf-8").splitlines())
    assert row["reason"] == '전화로, "그만"'
    (read,) = a_file(path).rows().refusals
    assert (read.identifier, read.value, read.channel, read.since) == ("user_id", "u1", None, NOW)


def test_many_at_once_lose_nobody(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    threads = [
        threading.Thread(target=lambda n=n: a_file(path).add([user(f"u{n}"), user("모두")]))
        for n in range(16)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    names = [row.value for row in a_file(path).rows().refusals]
    assert sorted(names) == sorted(["모두", *(f"u{n}" for n in range(16))])


@pytest.mark.parametrize(
    ("source", "none", "words"),
    [
        (None, False, "names no source `suppression`"),
        (None, True, "`sources.suppression` is `none`"),
        (TableSource(path="s.parquet"), False, "is not a CSV file"),
        (TableSource(url=EnvironmentVariable("DB"), table="refused"), False, "a database table"),
    ],
)
def test_what_cannot_be_written_names_the_way_out(
    tmp_path: Path, source: TableSource | None, none: bool, words: str
) -> None:
    with pytest.raises(UsageError, match=words) as raised:
        open_refusals(source, tmp_path, "Asia/Seoul", lambda text: text, none=none)
    assert raised.value.hint


def test_a_later_since_counts_as_later(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    a_file(path).add([user("u1")])
    (row,) = a_file(path).rows().refusals
    assert row.since is not None
    assert row.since > NOW - timedelta(seconds=1)


@pytest.mark.parametrize(
    ("text", "named", "unreadable"),
    [
        ("user_id\nu1\n\n\nu2\n", ["u1", "u2"], []),
        ("user_id\n u1 \n\u00a0u2\u200b\n1042.0\n", ["u1", "u2", "1042"], []),
        ("USER_ID, Phone \nu1,\n,010-1234-5678\n", ["u1", "010-1234-5678"], []),
        ("user_id,phone\n\n,\n , \nu1,\n", ["u1"], [3, 4]),
        ("user_id,phone\nu1,없음\n,1.01E+09\n,1012345678.0\n", ["u1", "1012345678.0"], [2, 3]),
        ('user_id,reason\nu1,"두\n\n줄"\n,전화\nu2,\n', ["u1", "u2"], [5]),
        ('user_id,reason\r\n"u1","두\r\n줄"\r\n\r\n ,전화\r\n', ["u1"], [5]),
        ("user_id,token\ru1,\r,\r,tok\r", ["u1", "tok"], [3]),
        ("user_id\n1.02E+11\nu1\n", ["u1"], [2]),
        ("user_id,phone\nu1\nu2,,x\nu3,\n", ["u1", "u2", "u3"], [2, 3]),
    ],
)
def test_rows_are_told_from_empty_lines_and_from_what_cannot_be_read(
    tmp_path: Path, text: str, named: list[str], unreadable: list[int]
) -> None:
    path = tmp_path / "s.csv"
    path.write_bytes(text.encode())
    written = a_file(path).rows()
    assert [one.value for one in written.refusals] == named
    assert list(written.unreadable) == unreadable


@pytest.mark.parametrize(
    ("header", "columns", "said"),
    [
        ("id,phone", {"user_id": "uid"}, "no column `uid`, which `columns: {user_id: uid}` names"),
        ("회원,채널", {}, "no column `user_id`, no `phone` and no `token`, so it names nobody"),
    ],
)
def test_a_list_without_its_columns_is_not_an_empty_one(
    tmp_path: Path, header: str, columns: dict[str, str], said: str
) -> None:
    path = tmp_path / "s.csv"
    path.write_text(f"{header}\nu1,\n", "utf-8")
    with pytest.raises(UsageError) as raised:
        a_file(path, **columns).rows()
    assert said in raised.value.message
    assert raised.value.hint is not None
    assert raised.value.hint.endswith(", ".join(f"`{name}`" for name in header.split(",")))


def test_a_row_ends_as_the_others_do(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_bytes(b"user_id,channel\ru9,app\r")
    assert a_file(path).add([user("u9", Channel.APP), user("u1", Channel.APP)]) == 1
    assert path.read_bytes() == b"user_id,channel\ru9,app\ru1,app\r"
