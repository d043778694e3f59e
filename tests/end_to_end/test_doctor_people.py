"""What `doctor` says of people's tables: ages and refusals, in counts and lines, never names."""

from __future__ import annotations

from pathlib import Path

from tests.end_to_end.small import PLANNED, USERS, Shop


def doctor(shop: Shop, check: str) -> tuple[list[str], int]:
    """Return what is said of one check, and the exit code."""
    result = shop.run("doctor", "--format", "json", as_of=PLANNED)
    plain = result.json()
    return [one["message"] for one in plain["checks"] if one["name"] == check], result.code


def put(shop: Shop, text: str) -> None:
    (shop.root / "data" / "suppression.csv").write_text(text, "utf-8")


def test_days_of_birth_that_cannot_be_read_are_counted(tmp_path: Path) -> None:
    shop = Shop(root=tmp_path, people=5)
    days = ("1990-01-01", "2014년 3월 1일", "비공개", "1990-13-45", "")
    rows = [shop._user(i) | {"birth_date": day} for i, day in enumerate(days)]
    assert doctor(shop, "ages") == ([], 0)
    shop._table("users", (*USERS, "birth_date"), rows)
    assert doctor(shop, "ages") == (
        [
            "4 days of birth, 2 of them unreadable (no advertisements without a guardian's consent)",
        ],
        0,
    )
    shop._table("users", (*USERS, "birth_date"), rows[:2])
    assert doctor(shop, "ages") == (["2 days of birth, 0 of them unreadable"], 0)


def test_of_rows_that_repeat_somebody_it_says_what_counts(tmp_path: Path) -> None:
    shop = Shop(root=tmp_path, people=2)
    said = "2 people, 0 repeated rows, 0 rows without user_id"
    assert doctor(shop, "people") == ([said], 0)
    shop._table("users", USERS, [shop._user(0), shop._user(1), shop._user(1) | {"app_ad": "no"}])
    said = (
        "2 people, 1 repeated rows (the least answer of each person's rows counts),"
        " 0 rows without user_id"
    )
    assert doctor(shop, "people") == ([said], 0)
    (app, *_), _ = doctor(shop, "consent")
    assert app == "app: yes 1, no 1, unknown 0 (unknown never gets an advertisement)"


def test_refusals_are_counted_with_whom_they_hold_back(tmp_path: Path) -> None:
    shop = Shop(root=tmp_path, people=6)
    put(
        shop,
        "user_id,phone,token,channel,since\n"
        "u000001,,,all,\n"
        " u000001 ,,,app,\n"
        ",010-0000-0002,,sms,\n"
        ",,ok-000003,app,\n"
        "u000004,1.01E+09,,kakao,\n"
        "u000005,,,all,2027-01-01\n"
        "u999999,,,all,\n",
    )
    said, code = doctor(shop, "refusals")
    assert said == [
        (
            "7 rows hold back people: app 1, web 1, kakao 2, sms 2; 1 devices; "
            "1 rows not yet in force"
        ),
        "1 rows have a phone that cannot be read beside who they name",
        "1 row holds nobody back, no such person is in `users`: line 8",
    ]
    assert code == 0


def test_whom_a_refusal_may_have_lost_is_said_by_line(tmp_path: Path) -> None:
    """A spreadsheet makes `7` of `007`: nobody is matched by guess, and somebody has to look."""
    shop = Shop(root=tmp_path, people=4)
    ids = ("007", "0008", "AB-1", "9")
    rows = [shop._user(i) | {"user_id": id_} for i, id_ in enumerate(ids)]
    shop._table("users", USERS, rows)
    put(
        shop,
        "user_id,phone,token,channel\n"
        "7,,,all\n9,,,all\n8.0,,,app\n떠난사람,,,all\nab-1,,,all\n0,,,all\n,010-9999-9999,,sms\n",
    )
    said, code = doctor(shop, "refusals")
    assert said == [
        "7 rows hold back people: app 1, web 1, kakao 1, sms 1",
        "6 rows hold nobody back, no such person is in `users`: lines 2, 4, 5, 6, 7, …",
        (
            "3 of them name ids that `users` has with other zeros in front or other capitals:"
            " lines 2, 4, 6"
        ),
    ]
    assert code == 0
    text = shop.run("doctor", as_of=PLANNED).out
    assert "ok   refusals     7 rows hold back people" in text
    assert "warn refusals     6 rows hold nobody back" in text
    assert "(`7` for `007`)" in text
    assert "warn refusals     3 of them name ids" in text

    put(shop, "user_id,phone,token,channel\n007,,,all\n0008,,,app\nAB-1,,,all\n")
    assert doctor(shop, "refusals") == (
        ["3 rows hold back people: app 3, web 2, kakao 2, sms 2"],
        0,
    )


def test_refusals_that_name_nobody_are_told_by_line_and_fail(tmp_path: Path) -> None:
    shop = Shop(root=tmp_path, people=3)
    put(shop, 'user_id,phone,reason\n\nu000001,,"두\n줄"\n,없음,\n,1.01E+09,전화\n')
    result = shop.run("doctor", as_of=PLANNED)
    assert result.code == 11
    assert "FAIL refusals     2 rows name nobody who can be found: lines 5, 6" in result.out
    assert "u000001" not in result.out + result.err
    # The other counts stand all the same.
    assert "ok   refusals     3 rows hold back people: app 1" in result.out
    assert "ok   consent      app: yes 3, no 0, unknown 0" in result.out


def test_no_list_is_said(tmp_path: Path) -> None:
    shop = Shop(root=tmp_path, people=1)
    config = tmp_path / "pushform.yaml"
    text = config.read_text("utf-8")
    (line,) = (one for one in text.splitlines() if one.startswith("  suppression:"))
    config.write_text(text.replace(line, "  suppression: none"), "utf-8")
    assert doctor(shop, "refusals") == (["`suppression: none`: nobody has refused"], 0)
