"""The books balance whatever the ledger counts, and every page says the same, safely."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.kernel.digest import canonical
from engine.kernel.errors import ExitCode, MismatchError, UnavailableError
from engine.model.channel import Channel
from engine.model.delivery import DeliveryState, FailReason, SkipReason
from engine.model.deployment import LedgerCount, StateIdentity, Status, StopOrder, UserCount
from engine.model.facts import TargetCount
from engine.model.report import Books
from engine.report.as_json import progress_document, report_document
from engine.report.as_markdown import report_markdown
from engine.report.as_text import STATUS_KO, books_line, progress_text, report_text
from engine.report.books import add_books, device_lines, user_books
from engine.report.build import REASON_WORDS, build_report
from engine.report.chart import report_svg
from engine.report.files import (
    read_identity,
    read_statuses,
    reported_campaigns,
    write_identity,
    write_report,
)
from engine.report.progress import progress, waiting
from tests.cli_run import check
from tests.report.making import (
    DUE,
    NOW,
    SHA,
    Counts,
    a_campaign_of,
    a_report,
    a_snapshot,
    a_stored,
    counted,
    targeted,
)

APP, KAKAO, SMS = Channel.APP, Channel.KAKAO, Channel.SMS

# books

ENDS: list[tuple[str, str | None]] = [
    *((DeliveryState.SKIPPED.value, reason.value) for reason in SkipReason),
    *((DeliveryState.FAILED.value, reason.value) for reason in FailReason),
    *((state, None) for state in ("sent", "unknown", "claimed", "deferred", "held_out")),
]
PLACES = st.tuples(
    st.sampled_from([APP, KAKAO, SMS]),
    st.sampled_from(["ko", "en", ""]),
    st.sampled_from(["a", "b"]),
)
DELIVERIES = st.lists(st.tuples(PLACES, st.none() | st.sampled_from(ENDS)), max_size=40)
"""One entry per target: where it stands, and its row's end (None: no row)."""


@settings(deadline=None, max_examples=80)
@given(DELIVERIES)
def test_the_books_balance_and_count_what_is_there(deliveries: Any) -> None:
    primary = Counter(place for place, _ in deliveries if place[0] is not SMS)
    rows = Counter((place, end) for place, end in deliveries if end is not None)
    snapshot = a_snapshot(
        [
            targeted(channel, n, locale=locale, variant=variant)
            for (channel, locale, variant), n in primary.items()
        ],
        users=0,
    )
    counts = [
        counted(channel, state, n, reason=reason, locale=locale, variant=variant)
        for ((channel, locale, variant), (state, reason)), n in rows.items()
    ]

    lines = device_lines(snapshot, counts, {SMS})
    books = add_books(lines)

    assert all(line.books.balanced for line in lines)
    assert books.balanced
    tried = [end for place, end in deliveries if place[0] is not SMS or end is not None]
    states = Counter(end[0] if end else "pending" for end in tried)
    assert books.targeted == len(tried), "an untried alternative is nobody's target"
    assert books.sent == states["sent"]
    assert (books.unknown, books.held_out) == (states["unknown"], states["held_out"])
    assert books.pending == states["pending"] + states["claimed"] + states["deferred"]
    assert books.skipped == dict(
        sorted(Counter(r for s, r in filter(None, tried) if s == "skipped").items())
    )
    assert books.failed == dict(
        sorted(Counter(r for s, r in filter(None, tried) if s == "failed").items())
    )
    keys = [(x.channel, x.locale, x.jurisdiction, x.variant, x.platform) for x in lines]
    assert keys == sorted(set(keys))


@settings(deadline=None)
@given(st.lists(st.sampled_from(ENDS), max_size=30), st.integers(0, 5), st.integers(0, 5))
def test_the_books_by_person_balance(ends: Any, without: int, silent: int) -> None:
    counts = [
        UserCount(state=state, reason=reason, users=n)
        for (state, reason), n in Counter(ends).items()
    ]
    snapshot = a_snapshot([], users=len(ends) + without + silent, without=without)

    books = user_books(snapshot, counts)

    assert books.balanced
    assert books.targeted == snapshot.users
    assert books.skipped.get("no_address", 0) == without + ends.count(("skipped", "no_address"))
    open_ = sum(state in ("claimed", "deferred") for state, _ in ends)
    assert books.pending == silent + open_


def test_nobody_was_chosen_yet() -> None:
    assert user_books(None, ()) == Books()
    assert device_lines(None, (), ()) == ()
    assert add_books(()) == Books()


# building


def built(
    *rows: LedgerCount, users: Any = (), people: int = 4, without: int = 0, **more: Any
) -> Any:
    targets: list[TargetCount] = [targeted(APP, 6)]
    deployed = a_campaign_of(
        **({"snapshot": a_snapshot(targets, people, without)} | more.pop("deployed", {}))
    )
    return build_report(Counts(rows, users, **more), deployed, "sandbox", NOW)  # type: ignore[arg-type]


def test_the_audience_is_not_the_number_of_sends_and_the_report_says_why() -> None:
    report = built(
        counted(APP, "sent", 2, retried=1),
        counted(APP, "skipped", 1, reason="no_consent"),
        counted(APP, "held_out", 1),
        counted(APP, "failed", 1, reason="unregistered"),
        counted(APP, "unknown", 1),
        users=[UserCount(state="sent", reason=None, users=2)],
        without=1,
    )

    assert report.explanation == (
        "4 people were in the audience; 2 of them got at least one message (2 deliveries).",
        "1 people had no address on any of the channels.",
        "1 deliveries were held out to measure the effect.",
        "1 deliveries had not agreed to advertisements on this channel.",
        "1 deliveries were refused for good (unregistered).",
        "1 deliveries got no answer: nobody knows whether they arrived.",
    )
    assert (report.audience, report.send, report.send_user) == (4, 2, 2)
    assert report.retried_after_error == 1
    assert report.device.balanced
    assert report.user.balanced


def test_what_is_pending_is_said() -> None:
    assert built().explanation[-1] == "6 deliveries are still pending."


def test_what_a_vendor_may_still_refuse_is_said() -> None:
    report = built(counted(KAKAO, "sent", 2), awaited=2)

    assert (
        "2 deliveries were taken by a vendor that reports later: some of them may still be refused."
        in report.explanation
    )
    assert report_document(report, ExitCode.OK)["awaited"] == 2
    assert "awaited" not in report_document(built(), ExitCode.OK)


def test_a_cancel_leaves_nothing_pending() -> None:
    report = built(counted(APP, "sent", 2), deployed={"status": Status.CANCELLED})

    assert report.device.balanced
    assert report.user.balanced
    assert (report.device.pending, report.user.pending) == (0, 0)
    assert report.device.skipped == {"cancelled": 4}


def test_every_reason_has_words() -> None:
    assert set(REASON_WORDS) == {reason.value for reason in SkipReason}


def test_an_end_that_has_no_reason_is_counted_all_the_same() -> None:
    report = built(counted(APP, "skipped", 2), counted(APP, "failed", 1))

    assert report.device.skipped == {"unnamed": 2}
    assert report.device.failed == {"unnamed": 1}


@pytest.mark.parametrize(
    ("schedule", "shown"),
    [
        ({}, "2026-09-24 10:00 Asia/Seoul"),
        ({"timezone": "recipient"}, "2026-09-24 10:00 recipient"),
        ({"at": "2026-09-24T10:00:00+09:00"}, "2026-09-24T10:00:00+09:00"),
    ],
)
def test_a_schedule_is_shown(schedule: dict[str, str], shown: str) -> None:
    assert built(deployed={"stored": a_stored(**schedule)}).schedule == shown


# progress


def order(*, cancel: bool = False, scope: str = "*", reason: str | None = "오타") -> StopOrder:
    return StopOrder(scope=scope, cancel=cancel, reason=reason, at=DUE)


@pytest.mark.parametrize(
    ("status", "orders", "minutes", "halted", "blocked", "step"),
    [
        (Status.READY, [], -60, False, None, "pushform dispatch at 2026-09-24T01:00:00Z"),
        (Status.READY, [], 30, False, None, "pushform dispatch chuseok-sale"),
        (
            Status.READY,
            [],
            31,
            False,
            "its time has passed",
            "pushform dispatch chuseok-sale settles it as missed",
        ),
        (
            Status.SENDING,
            [order()],
            5,
            True,
            "halted since 2026-09-24T01:00:00Z: 오타",
            "pushform resume",
        ),
        (
            Status.READY,
            [order(scope="chuseok-sale", reason=None)],
            -60,
            True,
            "halted since 2026-09-24T01:00:00Z",
            "pushform resume chuseok-sale",
        ),
        (Status.SENDING, [order(scope="other")], 5, False, None, "pushform dispatch chuseok-sale"),
        (Status.SENDING, [order(cancel=True)], 5, False, None, "pushform dispatch chuseok-sale"),
        (Status.COMPLETED, [order()], 5, False, None, "pushform report chuseok-sale"),
        (Status.CANCELLED, [], 5, False, None, "pushform report chuseok-sale"),
    ],
)
def test_where_a_campaign_is(
    status: Status,
    orders: list[StopOrder],
    minutes: int,
    halted: bool,
    blocked: str | None,
    step: str,
) -> None:
    found = progress(a_campaign_of(status), orders, DUE + timedelta(minutes=minutes))

    assert (found.halted, found.blocked, found.next_step) == (halted, blocked, step)


def test_what_is_next_due() -> None:
    ready = progress(a_campaign_of(Status.READY), [], NOW - timedelta(days=1))
    over = progress(a_campaign_of(Status.FAILED), [], NOW)
    running = progress(a_campaign_of(snapshot=a_snapshot([], 1)), [], NOW)

    assert (ready.next_due_at, over.next_due_at, running.next_due_at) == (DUE, None, NOW)


def test_what_the_state_does_not_know_is_waiting() -> None:
    assert waiting("a", "가", "draft").next_step == (
        "delete the line `draft: true` when it is complete"
    )
    assert waiting("a", "가", "not applied yet").next_step == "pushform plan, then pushform apply"


def test_statuses_are_listed_with_their_korean_words() -> None:
    rows = [
        waiting("가나다", "가", "draft"),
        progress(a_campaign_of(), [order()], NOW),
    ]

    text = progress_text(rows, "sandbox", "Asia/Seoul")

    assert "발송 대기" in text
    assert "발송 중 (halted)" in text
    assert "→ pushform resume" in text
    assert progress_text([], "sandbox", "Asia/Seoul") == "no campaigns in `sandbox`\n"
    assert set(STATUS_KO) == set(Status)
    check(json.loads(canonical(progress_document(rows, "sandbox", ExitCode.OK, NOW))))


# pages


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"status": Status.READY, "reason": "halted", "evaluated_at": None, "lines": ()},
        {"first_sent_at": None, "last_sent_at": None, "commit": None, "explanation": ()},
        {"awaited": 12},
    ],
)
@pytest.mark.parametrize("as_of", [None, NOW])
def test_a_report_has_the_published_shape(changes: dict[str, Any], as_of: Any) -> None:
    check(json.loads(canonical(report_document(a_report(**changes), ExitCode.OK, as_of))))


def test_a_report_on_a_terminal() -> None:
    text = report_text(a_report(status=Status.CANCELLED, reason="file: 재고"), "Asia/Seoul")

    assert "  status        cancelled (발송 취소) — file: 재고" in text
    assert "  sent          2026-09-24 10:00:00 KST … 2026-09-24 10:05:00 KST" in text
    assert "    deliveries  12 = 1 + 2 (window 2) + 6 + 2 (refused 2) + 1 + 0" in text
    assert "retried after an error answer: 1" in text
    assert "next          pushform report chuseok-sale" in text
    assert books_line(Books()) == "0 = 0 + 0 + 0 + 0 + 0 + 0"


SPITE = st.text(st.sampled_from("|*_`[]<>\\\n가a!&"), max_size=20)


@settings(deadline=None)
@given(SPITE, SPITE)
def test_no_title_breaks_a_table_or_becomes_a_link(title: str, reason: str) -> None:
    plain = report_markdown(a_report(title="T", reason="R"), "Asia/Seoul").split("\n")
    spoilt = report_markdown(a_report(title=title, reason=reason or "R"), "Asia/Seoul").split("\n")

    assert len(spoilt) == len(plain)
    assert spoilt[1:3] == plain[1:3]
    assert spoilt[5:] == plain[5:]
    for line in (spoilt[0].removeprefix("# "), spoilt[4].removeprefix("> ")):
        assert not re.search(r"(?<!\\)(?:\\\\)*[|*_`<>\[\]]", line)


def test_the_page_says_what_the_books_say() -> None:
    page = report_markdown(a_report(), "Asia/Seoul")

    assert "# 추석 특가\n" in page
    assert "**completed** 발송 완료" in page
    assert "| 9 | 6 | 5 |" in page
    assert "| deliveries | 12 | 1 | 2 | 6 | 2 | 1 | 0 |" in page
    assert "| app | – | KR | default | android | 12 | 1 | 2 | 6 | 2 | 1 | 0 |" in page
    assert "- 9 people were in the audience." in page


COUNTS = st.integers(0, 10**7)


@settings(deadline=None)
@given(
    st.text(st.characters(min_codepoint=32, exclude_categories=["Cs", "Cn", "Cc"]), max_size=20),
    COUNTS,
    COUNTS,
    COUNTS,
)
def test_the_chart_is_well_formed_and_its_bars_fill_the_width(
    title: str, sent: int, failed: int, pending: int
) -> None:
    books = Books(
        targeted=sent + failed + pending, sent=sent, failed={"refused": failed}, pending=pending
    )

    svg = ET.fromstring(report_svg(a_report(title=title, user=books, device=books)))

    space = "{http://www.w3.org/2000/svg}"
    heading = svg.find(f"{space}title")
    assert heading is not None
    assert heading.text == f"{title}: {sent} / {sent + failed + pending}"
    bars = [bar for bar in svg.iter(f"{space}rect") if bar.find(f"{space}title") is not None]
    widths = sum(float(bar.attrib["width"]) for bar in bars)
    assert widths == pytest.approx(1280 if sent + failed + pending else 0, abs=0.1)


@pytest.mark.parametrize("title", ['추석 <특가> & "할인"', "</title><script>", "'"])
def test_a_title_is_text_in_a_chart(title: str) -> None:
    svg = ET.fromstring(report_svg(a_report(title=title)))

    assert next(iter(svg)).text == f"{title}: 5 / 9"
    assert not list(svg.iter("{http://www.w3.org/2000/svg}script"))


# files


def test_files_are_the_same_bytes_for_the_same_ledger(tmp_path: Path) -> None:
    report = a_report()

    folder = write_report(tmp_path, report, "Asia/Seoul")
    first = {path.name: path.read_bytes() for path in folder.iterdir()}
    write_report(tmp_path, replace(report), "Asia/Seoul")

    assert set(first) == {"report.json", "report.md", "report.svg"}
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == first
    assert folder == tmp_path / "reports" / "sandbox" / "chuseok-sale"
    plain = json.loads(first["report.json"])
    check(plain)
    assert plain["as_of"] is None, "nothing in it changes with the time"
    assert "추석 특가".encode() in first["report.json"]


def test_reports_tell_what_was_started(tmp_path: Path) -> None:
    assert read_statuses(tmp_path, "sandbox") == {}
    for name, status in (("가", Status.READY), ("나", Status.SENDING), ("다", Status.FAILED)):
        write_report(tmp_path, a_report(campaign=name, status=status), "Asia/Seoul")

    assert read_statuses(tmp_path, "sandbox")["나"] == (Status.SENDING, SHA)
    assert reported_campaigns(tmp_path, "sandbox") == {"나", "다"}
    assert reported_campaigns(tmp_path, "production") == frozenset()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"campaign": "가"}', '{"status": "gone"}'])
def test_a_report_that_cannot_be_read_is_named(tmp_path: Path, text: str) -> None:
    folder = write_report(tmp_path, a_report(), "Asia/Seoul")
    (folder / "report.json").write_text(text, "utf-8")

    with pytest.raises(MismatchError) as caught:
        read_statuses(tmp_path, "sandbox")
    assert caught.value.message.startswith(
        "`reports/sandbox/chuseok-sale/report.json` cannot be read: "
    )


def test_git_remembers_the_state(tmp_path: Path) -> None:
    assert read_identity(tmp_path, "sandbox") is None
    who = StateIdentity(lineage="l" * 32, serial=9)

    write_identity(tmp_path, "sandbox", who)

    assert read_identity(tmp_path, "sandbox") == who
    path = tmp_path / "reports" / "sandbox" / "state.json"
    for text in ("", "[]", "{}", '{"lineage": "l", "serial": "추석"}'):
        path.write_text(text, "utf-8")
        with pytest.raises(MismatchError, match=r"`reports/sandbox/state\.json` cannot be read"):
            read_identity(tmp_path, "sandbox")


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "reports").write_text("in the way", "utf-8")

    with pytest.raises(UnavailableError, match="cannot be written") as caught:
        write_report(tmp_path, a_report(), "Asia/Seoul")
    assert caught.value.hint == "the ledger has everything: `pushform report` writes it again"
