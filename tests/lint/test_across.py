"""Rules that compare campaigns find the same, however the workspace is shared out."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.app.session import open_session
from engine.cli.linting import lint_files
from engine.kernel.finding import Finding
from engine.lint import beside
from tests.lint.workspaces import write_workspace

AS_OF = "2026-09-20T00:00:00Z"
CAMPAIGN = """\
kind: campaign
id: {id}
title: 알림
type: {type}
audience: everyone
channels: {{app: {{android: {{channel_id: {channel}}}}}}}
message: {{ko: {{title: {title}, body: 오늘까지}}}}
schedule: {{at: "2026-09-{day} {time}", timezone: Asia/Seoul}}
"""


@pytest.fixture(autouse=True)
def _one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "can_fork", lambda: False)


def write(root: Path, id_: str, **other: str) -> None:
    values = {"type": "advertising", "channel": "marketing", "title": id_, "day": "25"}
    text = CAMPAIGN.format(id=id_, **(values | {"time": "10:00"} | other))
    (root / "campaigns" / f"{id_}.yaml").write_text(text, encoding="utf-8")


def found(root: Path, rule: str) -> list[tuple[str, str]]:
    """Return (campaign, message) of `rule`, which has to be the same in one part, many, and again."""
    session = open_session(root, None, AS_OF, {})
    every = [lint_files(session, many=many).findings for many in (10**9, 0, 0)]
    assert every[0] == every[1] == every[2]
    own: list[Finding] = [finding for finding in every[0] if finding.rule == rule]
    assert all(finding.korean is not None for finding in own)
    return [(finding.campaign or "", finding.message) for finding in own]


def test_a_copy_at_the_other_end_of_the_workspace_is_found(tmp_path: Path) -> None:
    root = write_workspace(tmp_path)
    for number in range(8):
        write(root, f"c-{number}", day=f"{number + 21}")
    write(root, "a-first", title="추석 특가", time="09:00")
    write(root, "z-copy", title="추석 특가", time="10:30")
    assert found(root, "duplicate-content") == [
        ("z-copy", "it says to the same people what `a-first`, 1h30m earlier, says")
    ]


def test_the_same_words_to_others_or_a_day_later_are_no_copy(tmp_path: Path) -> None:
    root = write_workspace(tmp_path)
    write(root, "a-first", title="추석 특가")
    write(root, "b-tomorrow", title="추석 특가", day="26")
    write(root, "c-others", title="추석 특가")
    path = root / "campaigns" / "c-others.yaml"
    people = "audience: {attribute: country, eq: KR}"
    path.write_text(path.read_text("utf-8").replace("audience: everyone", people), "utf-8")
    assert found(root, "duplicate-content") == []


def test_three_copies_are_told_in_a_chain(tmp_path: Path) -> None:
    root = write_workspace(tmp_path)
    for name, time in (("a", "09:00"), ("m", "09:00"), ("z", "21:30")):
        write(root, name, title="추석 특가", time=time)
    assert [campaign for campaign, _ in found(root, "duplicate-content")] == ["m", "z"]


def test_a_channel_that_carries_both_is_told_once(tmp_path: Path) -> None:
    root = write_workspace(tmp_path)
    for name in ("a-ad", "b-ad", "y-ad"):
        write(root, name, channel="news")
    write(root, "z-receipt", channel="news", type="informational\nbasis: transaction")
    assert found(root, "android-channel") == [
        ("a-ad", "`news` carries advertisements and informational messages (`z-receipt`)")
    ]


def test_drafts_and_cancelled_campaigns_are_not_compared(tmp_path: Path) -> None:
    root = write_workspace(tmp_path)
    write(root, "a-first", title="추석 특가")
    write(root, "b-draft", title="추석 특가", type="advertising\ndraft: true")
    write(root, "c-off", title="추석 특가", type="advertising\ncancelled: 오류")
    assert found(root, "duplicate-content") == []
