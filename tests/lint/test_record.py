"""What an apply keeps of the lint: the law as it held on a day, and what each rule came to."""

from __future__ import annotations

from datetime import date

from engine.kernel.digest import digest
from engine.kernel.finding import Finding, Severity
from engine.kernel.origin import Origin
from engine.law.edition import book_digest, rows_in_force, turning_days
from engine.lint.catalog import RULES
from engine.lint.record import law_in_force, outcomes

AUTUMN = date(2026, 9, 20)


def found(rule: str, campaign: str | None, message: str = "…") -> Finding:
    return Finding(
        rule=rule,
        severity=Severity.WARNING,
        message=message,
        at=Origin("campaigns/sale.yaml", ("message",)),
        campaign=campaign,
    )


def test_the_law_has_every_rule_with_its_provision() -> None:
    law = law_in_force(AUTUMN)

    by_id = {rule["rule"]: rule for rule in law["rules"]}
    assert list(by_id) == [rule.META.id for rule in RULES]
    label = by_id["kr-ad-label-missing"]
    assert label["citation"]["confidence"] == "statute"
    assert label["since"] <= "2026-09-20"
    assert law["tables"] == book_digest()
    ids = {row["id"] for row in law["provisions"]}
    assert label["citation"]["id"] in ids


def test_the_law_is_the_same_record_until_a_row_begins_or_ends() -> None:
    assert digest(law_in_force(AUTUMN)) == digest(law_in_force(date(2026, 9, 21)))
    rows = [(row["since"], row["until"]) for row in rows_in_force(AUTUMN)]
    assert rows
    assert all(since <= "2026-09-20" for since, _ in rows)
    assert all(until is None or until > "2026-09-20" for _, until in rows)
    assert digest(law_in_force(date(2015, 1, 1))) != digest(law_in_force(AUTUMN))


def test_the_law_of_a_span_has_every_row_of_its_days() -> None:
    """The fines were renumbered on 2026-10-01: who plans before and sends after has both."""
    span = date(2026, 9, 29), date(2026, 10, 2)

    rows = rows_in_force(*span)
    fines = [(row["since"], row["until"]) for row in rows if row["name"] == "ad_fine"]

    assert fines == [("2014-11-29", "2026-10-01"), ("2026-10-01", None)]
    both = [*rows_in_force(span[0]), *rows_in_force(span[1])]
    assert all(row in both for row in rows)
    assert all(row in rows for row in both)
    assert turning_days(*span) == (date(2026, 9, 29), date(2026, 10, 1))
    assert law_in_force(*span)["provisions"] == rows


def test_a_rule_whose_row_ends_in_a_span_is_there_with_each() -> None:
    law = law_in_force(date(2025, 12, 30), date(2026, 1, 2))

    cited = [r["since"] for r in law["rules"] if r["rule"] == "kakao-friendtalk-retired"]
    assert cited == ["2015-01-01", "2025-12-31"]
    assert len([r for r in law["rules"] if r["rule"] == "kr-ad-label-missing"]) == 1


def test_a_rule_is_reported_ignored_or_passed() -> None:
    warned, silenced = found("locale-missing", "sale"), found("template-unused-variable", "sale")
    general, other = found("people-in-git", None), found("schedule-dst-gap", "other")

    came_to = outcomes(
        {"sale": ["KR"], "other": ["KR", "FR"]},
        [warned, silenced, general, other],
        [warned, general, other],
    )

    assert came_to == {
        "sale": {
            "jurisdictions": ["KR"],
            "reported": ["locale-missing", "people-in-git"],
            "ignored": ["template-unused-variable"],
        },
        "other": {
            "jurisdictions": ["EU", "FR", "KR"],
            "reported": ["people-in-git", "schedule-dst-gap"],
            "ignored": [],
        },
    }


def test_a_mistake_that_other_campaigns_share_counts_for_each_of_them() -> None:
    """The linter says it once; it is no pass for the others."""
    mine, theirs = found("locale-missing", "sale"), found("locale-missing", "another")

    came_to = outcomes({"sale": ["KR"]}, [theirs, mine], [theirs])

    assert came_to["sale"]["reported"] == ["locale-missing"]


def test_a_rule_that_is_partly_ignored_is_reported() -> None:
    one, two = found("locale-missing", "sale", "ko"), found("locale-missing", "sale", "en")

    came_to = outcomes({"sale": ["KR"]}, [one, two], [two])["sale"]

    assert (came_to["reported"], came_to["ignored"]) == (["locale-missing"], [])
