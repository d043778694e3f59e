"""Findings cite, and rules apply, the law of the day in Korea on which a campaign is sent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from engine.kernel.finding import Citation, Finding, Severity
from engine.law.book import provision
from engine.lint import kept
from engine.lint.context import LintContext
from engine.lint.parts import Part
from engine.lint.rule import Cites, Hit, RuleMeta, Setting
from engine.lint.run import find, run_rules
from tests.lint.workspaces import open_context, write_workspace

POINTS = (
    "{campaign: {type: informational, basis: transaction, schedule: {at: '%s'},"
    " channels: {app: null, sms: null, kakao: {product: alimtalk, template_code: POINT_01}}},"
    " template: {redefine: {sms: null, kakao: {ko: {body: '적립금 3,000원이 소멸됩니다'}}}},"
    " workspace: {channels: {kakao: {templates: {POINT_01: {status: approved,"
    " text: '적립금 3,000원이 소멸됩니다'}}}}}}"
)


class Fined:
    """A rule that rests on a row which changed on 2026-10-01; it finds one thing about `campaign`."""

    META = RuleMeta(
        id="a-rule",
        title="…",
        severity=Severity.WARNING,
        rests_on=Cites("ad_fine", "KR"),
    )
    EXAMPLES = ()

    def __init__(self, campaign: str | None) -> None:
        self.campaign = campaign

    def check(self, context: LintContext) -> Iterator[Hit]:
        yield Hit(message="…", at=context.workspace.origin, campaign=self.campaign)


def cited(root: Path, at: str, as_of: str, campaign: str | None) -> Finding:
    fragment = f"campaign: {{schedule: {{at: '{at}'}}}}"
    _, context = open_context(write_workspace(root, fragment), Setting(as_of=as_of))
    (finding,) = find(context, (Fined(campaign),))
    return finding


BEFORE, AFTER = (
    provision("ad_fine", "KR", date(2026, *day)).citation for day in ((9, 30), (10, 1))
)


@pytest.mark.parametrize(
    ("at", "as_of", "campaign", "expected"),
    [
        ("2026-10-02 10:00", "2026-09-29T00:00:00Z", "sale", AFTER),
        ("2026-10-01 00:00", "2026-09-29T00:00:00Z", "sale", AFTER),
        ("2026-09-30 23:59", "2026-10-05T00:00:00Z", "sale", BEFORE),
        ("2026-10-02 10:00", "2026-09-29T00:00:00Z", None, BEFORE),
        ("2026-10-02 10:00", "2026-09-30T14:59:59Z", None, BEFORE),
        ("2026-10-02 10:00", "2026-09-30T15:00:00Z", None, AFTER),
    ],
)
def test_a_finding_cites_the_law_of_the_sending(
    tmp_path: Path, at: str, as_of: str, campaign: str | None, expected: Citation
) -> None:
    assert BEFORE != AFTER
    assert cited(tmp_path, at, as_of, campaign).citation == expected


@pytest.mark.parametrize(("campaign", "expected"), [("sale", AFTER), (None, BEFORE)])
def test_what_is_kept_cites_the_same_when_it_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, campaign: str | None, expected: Citation
) -> None:
    monkeypatch.setitem(kept._METAS, "a-rule", Fined.META)
    finding = cited(tmp_path, "2026-10-02 10:00", "2026-09-29T00:00:00Z", campaign)
    file = tmp_path / "lint.json"
    kept.keep_part(file, "key", Part(found=(finding,)))

    part = kept.load_part(file, "key", date(2026, 9, 28))

    assert part is not None
    assert part.found == (finding,)
    assert part.found[0].citation == expected


def points(root: Path, *days: str) -> list[Severity]:
    path = write_workspace(root, POINTS % f"{days[0]} 10:00") / "campaigns/sale.yaml"
    text = path.read_text("utf-8")
    for number, day in enumerate(days[1:]):
        other = text.replace("id: sale", f"id: sale-{number}", 1).replace(days[0], day)
        assert other != text
        path.with_name(f"sale-{number}.yaml").write_text(other, "utf-8")
    _, context = open_context(root, Setting(as_of="2026-03-01T00:00:00Z"))
    return [one.severity for one in run_rules(context) if one.rule == "kr-points-basis-missing"]


def test_the_basis_of_points_is_asked_of_alimtalk_from_the_day_of_the_policy(
    tmp_path: Path,
) -> None:
    """Both places: the text of the template, and what pushform.yaml declares of it."""
    assert points(tmp_path / "a", "2026-03-31") == [Severity.WARNING] * 2
    assert points(tmp_path / "b", "2026-04-01") == [Severity.ERROR] * 2


def test_a_text_that_is_also_sent_later_is_judged_by_the_later_day(tmp_path: Path) -> None:
    assert points(tmp_path, "2026-03-20", "2026-05-20") == [Severity.ERROR] * 2


def test_who_is_under_age_is_counted_from_the_day_in_korea(tmp_path: Path) -> None:
    """10:00 in New York on the 24th is the 24th in Seoul; 20:00 is the 25th already."""
    born = "{attribute: birth_date, between: ['2000-01-01', '2012-09-25']}"
    found = []
    for hour in ("10:00", "20:00"):
        fragment = (
            f"campaign: {{audience: {born},"
            f" schedule: {{at: '2026-09-24 {hour}', timezone: America/New_York}}}}"
        )
        root = write_workspace(tmp_path / hour.replace(":", ""), fragment)
        _, context = open_context(root, Setting(as_of="2026-09-20T00:00:00Z"))
        found.append([one.rule for one in run_rules(context) if one.rule == "kr-minor"])
    assert found == [["kr-minor"], []]
