"""What an apply keeps of the linter's run: which law it judged by, and what each rule came to.

The law itself is the same for all campaigns of many applies, so it is kept once, under its digest.
A campaign keeps that digest and only the rules that did not simply pass.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date

from engine import __version__
from engine.kernel.digest import Plain
from engine.kernel.finding import Citation, Finding
from engine.law.book import last_checked, union_of
from engine.law.edition import book_digest, rows_in_force, turning_days
from engine.lint.catalog import RULES
from engine.lint.rule import Rule


def law_in_force(on: date, until: date | None = None, rules: Iterable[Rule] = RULES) -> Plain:
    """Return every rule with what it rests on, and every row of the law book, as they hold on `on`.

    With `until` as they hold on any day from `on` to that one: a rule whose row ends in between is
    there once with each. The days themselves are not in it: the record stays the same until a row, a
    rule or the version changes.
    """
    days = turning_days(on, on if until is None else until)
    return {
        "kind": "law",
        "tool_version": __version__,
        "tables": book_digest(),
        "checked_on": last_checked().isoformat(),
        "rules": [plain for rule in rules for plain in _as_cited(rule, days)],
        "provisions": rows_in_force(on, until),
    }


def outcomes(
    jurisdictions: Mapping[str, Collection[str]],
    found: Iterable[Finding],
    answered: Iterable[Finding],
) -> Mapping[str, Plain]:
    """Return, per campaign of `jurisdictions`, what it is judged by and which rules did not pass.

    `found` are the findings before comments were read, `answered` those that are left. `reported`
    were warnings; `ignored` were answered by comments. Every other rule ran and found nothing.
    `jurisdictions` come back with the unions that they belong to: their law holds, too.
    """
    left = {_mistake(finding) for finding in answered}
    reported: dict[str | None, set[str]] = defaultdict(set)
    ignored: dict[str | None, set[str]] = defaultdict(set)
    for finding in found:
        came_to = reported if _mistake(finding) in left else ignored
        came_to[finding.campaign].add(finding.rule)
    return {
        campaign: {
            "jurisdictions": sorted({*places, *(u for p in places if (u := union_of(p)))}),
            "reported": sorted(warned := reported[campaign] | reported[None]),
            "ignored": sorted((ignored[campaign] | ignored[None]) - warned),
        }
        for campaign, places in jurisdictions.items()
    }


def _mistake(finding: Finding) -> tuple[object, ...]:
    return finding.rule, finding.at, finding.message


def _as_cited(rule: Rule, days: Iterable[date]) -> list[Plain]:
    found: list[Plain] = []
    for day in days:
        plain = _rule(rule, day)
        if plain not in found:
            found.append(plain)
    return found


def _rule(rule: Rule, on: date) -> Plain:
    meta = rule.META
    since, until = meta.period(on) or (None, None)
    return {
        "rule": meta.id,
        "title": meta.title,
        "severity": meta.severity.value,
        "jurisdictions": sorted(meta.jurisdictions),
        "citation": _citation(meta.citation(on)),
        "since": since.isoformat() if since else None,
        "until": until.isoformat() if until else None,
    }


def _citation(citation: Citation) -> Plain:
    return {"id": citation.id, "title": citation.title, "confidence": citation.confidence.value}
