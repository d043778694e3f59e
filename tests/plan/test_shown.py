"""A plan on a terminal, in a pull request, as JSON and as a file; no text can break out of it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.kernel.digest import canonical
from engine.kernel.errors import ExitCode, MismatchError, UnsupportedError, UsageError
from engine.kernel.finding import Finding, Severity
from engine.kernel.language import Language
from engine.kernel.origin import NOWHERE
from engine.model.channel import Channel
from engine.model.deployment import Status
from engine.model.plan import Plan
from engine.model.template import Text
from engine.plan.as_json import plan_document
from engine.plan.as_markdown import longest_run, plan_markdown
from engine.plan.as_text import plan_text
from engine.plan.plan_file import read_plan_file, write_plan_file
from engine.plan.view import both, view, visible
from tests.cli_run import check
from tests.message.factories import a_campaign, a_template
from tests.plan.making import DUE, ID, NOW, a_snapshot, at, deployed, plan_of, wanted

ERROR = Finding(rule="r", severity=Severity.ERROR, message="m", at=NOWHERE, campaign=ID)


def saying(body: str, title: str = "추석 특가", **changes: Any) -> Any:
    """Return a wanted campaign whose app message says `body`."""
    template = a_template({"ko": Text(title="추석", body=body)})
    channels = {Channel.APP: a_campaign().channels[Channel.APP]}
    return wanted(campaign=a_campaign(template, channels=channels, title=title, **changes))


def every_kind() -> Plan:
    """Return a plan with a change of every action."""
    texts = saying("30% 할인"), saying("40% 할인")
    return plan_of(
        replace(texts[1], campaign=replace(texts[1].campaign, id="나-update")),
        wanted(id="가-create"),
        wanted(id="다-later", schedule=at("2026-09-25 10:00")),
        wanted(id="라-same"),
        wanted(id="마-owner", owner="crm"),
        there=[
            deployed(texts[0], id="나-update"),
            deployed(wanted(id="다-later"), id="다-later"),
            deployed(wanted(id="라-same"), id="라-same"),
            deployed(wanted(id="마-owner"), id="마-owner"),
            deployed(wanted(id="바-gone"), id="바-gone"),
            deployed(
                wanted(id="사-running"),
                id="사-running",
                status=Status.SENDING,
                snapshot=a_snapshot("사-running"),
            ),
        ],
        stopped={"사-running": "재고 없음"},
    )


# text


def test_the_text_says_what_is_needed_for_a_decision() -> None:
    text = plan_text(every_kind(), "Asia/Seoul")

    assert text.startswith(
        "pushform plan  environment=sandbox  as-of=2026-09-20T00:00:00Z  state=#7\n"
    )
    assert "+ 가-create  추석 특가  create [content, audience, timing, reach, law]" in text
    assert (
        "- 바-gone  추석 특가  cancel [cancel]\n    reason     file: the file was deleted" in text
    )
    assert (
        "    send       2026-09-24 10:00 Asia/Seoul = 2026-09-24 10:00 KST (2026-09-24T01:00:00Z) "
        "(in 4 d 1 h)" in text
    )
    assert "    merge by   2026-09-24 09:00 KST (2026-09-24T00:00:00Z) (in 4 d 0 h)" in text
    assert "audience   1,000 people, 900 would get it" in text
    assert "1,000 people (before 990, +30 entering, -20 leaving), 900 would get it" in text
    assert "app      800 people, 1,200 messages; lost: disabled 50, no_consent 150" in text
    assert "    held out   50 people" in text
    assert "    locales    ko 1,000 (language)" in text
    assert "    differs    owner" in text
    assert re.search(r"^      - .*30% 할인$", text, re.MULTILINE)
    assert re.search(r"^      \+ .*40% 할인$", text, re.MULTILINE)
    assert "\nPlan: 1 to create, 2 to update, 1 to reschedule, 2 to cancel, 1 unchanged.\n" in text
    assert "Valid until 2026-09-24 09:00 KST (2026-09-24T00:00:00Z) (in 4 d 0 h)" in text
    assert text.endswith("\n")


def test_an_empty_plan_is_short() -> None:
    same = wanted()
    text = plan_text(plan_of(same, there=[deployed(same)], state=None), "Asia/Seoul")

    assert text == (
        "pushform plan  environment=sandbox  as-of=2026-09-20T00:00:00Z  no state yet\n"
        "\nPlan: 0 to create, 0 to update, 0 to reschedule, 0 to cancel, 1 unchanged.\n"
    )


@pytest.mark.parametrize(
    ("around", "why"),
    [
        ({"findings": [ERROR]}, "Not applyable: 1 lint error"),
        ({"unavailable": {"app": "no provider"}}, "Not applyable: a guard refuses, see above"),
        ({"state_lost": "there is none"}, "STATE LOST: there is none"),
        ({"state_lost": "there is none"}, "Not applyable: there is none"),
        ({"offline": True}, "  offline\n"),
    ],
)
def test_why_a_plan_cannot_be_applied(around: dict[str, Any], why: str) -> None:
    assert why in plan_text(plan_of(wanted(), **around), "Asia/Seoul")


def test_a_refusing_guard_shows_its_hint_below() -> None:
    text = plan_text(plan_of(wanted(), unavailable={"app": "no provider"}), "Asia/Seoul")

    assert (
        "    BLOCKED    provider: channel `app`: no provider\n"
        "               configure it under `channels:` in pushform.yaml, or leave the channel out"
    ) in text


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (timedelta(days=3, hours=20), "in 3 d 20 h"),
        (timedelta(hours=2, minutes=5), "in 2 h 5 min"),
        (timedelta(minutes=40, seconds=59), "in 40 min"),
        (timedelta(0), "in 0 min"),
        (-timedelta(minutes=12), "12 min ago"),
        (-timedelta(days=1), "1 d 0 h ago"),
    ],
)
def test_how_long_until(span: timedelta, text: str) -> None:
    assert view(Language.EN, "Asia/Seoul", NOW).left(NOW + span) == text


def test_an_instant_is_shown_locally_and_in_utc() -> None:
    assert both(DUE, "Asia/Seoul") == "2026-09-24 10:00 KST (2026-09-24T01:00:00Z)"
    assert both(DUE, "America/New_York") == "2026-09-23 21:00 EDT (2026-09-24T01:00:00Z)"
    assert both(DUE, "Asia/Seol") == "2026-09-24T01:00:00Z"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("추석 특가 30%", "추석 특가 30%"),
        ("a\u202eb", "a<U+202E>b"),
        ("\u200b\ufeff\u2066", "<U+200B><U+FEFF><U+2066>"),
        ("\x1b[2J\x7f", "<U+001B>[2J<U+007F>"),
        ("가\r나\t다", "가<U+000D>나<U+0009>다"),
        ("🎑", "🎑"),
    ],
)
def test_what_hides_is_made_visible(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_a_hidden_character_in_a_message_is_seen() -> None:
    plan = plan_of(saying("무료\u202e수신거부"))

    assert "무료<U+202E>수신거부" in plan_text(plan, "Asia/Seoul")
    assert "무료<U+202E>수신거부" in plan_markdown(plan, "Asia/Seoul")


# markdown

SPITE = st.text(st.sampled_from("`~#<>|@\\*[]()!&-+ 가a\n\u202e\u200b\x1b"), max_size=30)


def outside(markdown: str) -> str:
    """Return what of `markdown` stands in no fence, by CommonMark's rule for fences."""
    kept, fence = [], ""
    for line in markdown.split("\n"):
        mark = re.match(r"^ {0,3}(`{3,})([^`]*)$", line)
        if fence:
            if mark and len(mark[1]) >= len(fence) and not mark[2].strip():
                fence = ""
        elif mark:
            fence = mark[1]
        else:
            kept.append(line)
    assert not fence, "a fence was left open"
    return "\n".join(kept)


@settings(max_examples=60, deadline=None)
@given(SPITE, SPITE)
def test_no_text_of_a_template_breaks_out_of_its_fence(body: str, title: str) -> None:
    plan = plan_of(saying("글", title=title))
    # What a template may say is the diff's business; the rest of the page must not change with it.
    (change,) = plan.changes
    text = change.texts[0]
    spoilt = replace(
        change,
        texts=(replace(text, lines=tuple(f"+ body   {line}" for line in body.split("\n"))),),
    )

    shown = outside(plan_markdown(replace(plan, changes=(spoilt,)), "Asia/Seoul"))

    assert shown == outside(plan_markdown(plan_of(saying("글")), "Asia/Seoul")).replace(
        plan_of(saying("글")).digest, plan.digest
    )
    assert "@" not in shown
    assert not set(shown) & set("\u202e\u200b\x1b")


def test_a_longer_fence_than_any_run_inside() -> None:
    assert longest_run("``` a ````` b `") == 5
    assert longest_run("없음") == 0
    assert "\n``````diff\n" in plan_markdown(plan_of(saying("`````")), "Asia/Seoul")


def test_the_markdown_has_a_row_per_change_and_coloured_lines() -> None:
    markdown = plan_markdown(every_kind(), "Asia/Seoul")

    assert "### pushform plan · `sandbox`" in markdown
    assert "Merge before **2026-09-24 09:00 KST (2026-09-24T00:00:00Z)** (in 4 d 0 h)." in markdown
    assert "| create | `가-create` | content, audience, timing, reach, law | 900 | " in markdown
    assert "| cancel | `바-gone` | cancel |  |  |" in markdown
    assert markdown.count("<details>") == markdown.count("</details>") == 6
    assert re.search(r"^\+ .*40% 할인$", markdown, re.MULTILINE), "a diff colours the first column"
    assert re.search(r"^- .*30% 할인$", markdown, re.MULTILINE)
    assert "라-same" not in markdown


def test_a_lost_state_is_shown_first() -> None:
    markdown = plan_markdown(plan_of(wanted(), state_lost="there is none"), "Asia/Seoul")

    assert "\n> **State lost.** there is none" in markdown


# JSON


@pytest.mark.parametrize(
    "plan",
    [
        every_kind(),
        plan_of(),
        plan_of(wanted(), offline=True),
        plan_of(wanted(), findings=[ERROR], state_lost="x", unavailable={"app": "no"}, commit=None),
    ],
    ids=["every kind", "empty", "offline", "blocked"],
)
def test_a_plan_has_the_published_shape(plan: Plan) -> None:
    document = json.loads(canonical(plan_document(plan, ExitCode.OK)))

    check(document)
    assert [c["campaign"] for c in document["changes"]] == [c.campaign for c in plan.pending]
    summary = document["summary"]
    assert sum(summary[a] for a in ("create", "update", "reschedule", "cancel", "none")) == len(
        plan.changes
    )
    assert summary["errors"] == sum(f.severity is Severity.ERROR for f in plan.findings)
    if plan.offline:
        assert (document["state"], document["changes"][0]["observed"]["people"]) == (None, None)


# the plan file


def test_a_plan_file_says_what_was_approved(tmp_path: Path) -> None:
    plan, path = every_kind(), tmp_path / "new" / "plan.json"

    write_plan_file(path, plan_document(plan, ExitCode.OK))
    found = read_plan_file(path)

    assert (found.environment, found.digest, found.applyable) == ("sandbox", plan.digest, True)
    assert found.valid_until == plan.valid_until
    assert [(c.campaign, c.action, c.digest, c.not_after) for c in found.changes] == [
        (c.campaign, c.action, c.digest, c.not_after) for c in plan.pending
    ]
    assert list(path.parent.iterdir()) == [path], "nothing is left beside it"
    first = path.read_bytes()
    write_plan_file(path, plan_document(plan, ExitCode.OK))
    assert path.read_bytes() == first
    assert "추석".encode() in first, "Hangul is Hangul"


def plan_json(**changes: Any) -> str:
    plain = json.loads(canonical(plan_document(plan_of(wanted()), ExitCode.OK)))
    return json.dumps(plain | changes)


CHANGE = {"campaign": "c", "action": "create", "digest": "d", "not_after": None}


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("", UsageError, "is not a readable plan file"),
        ("{", UsageError, "is not a readable plan file"),
        ("[]", UsageError, "is not a plan file"),
        ("null", UsageError, "is not a plan file"),
        ('{"kind": "report"}', UsageError, "is not a plan file"),
        (
            plan_json(format_version="2.0"),
            UnsupportedError,
            "has format 2.0, this version reads 1.0",
        ),
        (plan_json(format_version=None), UnsupportedError, "has format None"),
        (plan_json(environment=None), MismatchError, "was damaged: ValueError `plan_digest`"),
        (plan_json(changes=None), MismatchError, "was damaged"),
        (plan_json(changes=[1]), MismatchError, "was damaged"),
        (plan_json(changes=[CHANGE | {"digest": 7}]), MismatchError, "text expected, not int"),
        (plan_json(changes=[{"campaign": "c"}]), MismatchError, "was damaged: KeyError"),
        (plan_json(valid_until="추석"), MismatchError, "was damaged: ValueError"),
        (plan_json(valid_until="2026-09-24T01:00:00"), MismatchError, "has no offset"),
    ],
)
def test_a_damaged_plan_file_is_refused(
    tmp_path: Path, text: str, kind: type[Exception], said: str
) -> None:
    path = tmp_path / "plan.json"
    path.write_text(text, "utf-8")

    with pytest.raises(kind, match=re.escape(said)) as caught:
        read_plan_file(path)
    assert f"`{path}`" in str(caught.value)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_bytes(b"\xff\xfe{")

    with pytest.raises(UsageError, match="is not a readable plan file") as caught:
        read_plan_file(path)
    assert caught.value.hint == "make one: `pushform plan --out FILE`"
    with pytest.raises(UsageError, match="No such file"):
        read_plan_file(tmp_path / "missing.json")


def test_a_later_minor_format_is_read(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text(plan_json(format_version="1.7", colour="red"), "utf-8")

    assert read_plan_file(path).environment == "sandbox"
