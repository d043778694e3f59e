"""The catalog as cards, for those who describe rules without running them."""

from __future__ import annotations

from engine.kernel.finding import RuleCard
from engine.law.book import last_checked
from engine.lint.catalog import RULES
from engine.lint.page import split_page


def rule_cards() -> tuple[RuleCard, ...]:
    """Return every rule's card, under the law as it was when the tables were last checked."""
    on = last_checked()
    return tuple(
        RuleCard(
            id=rule.META.id,
            title=rule.META.title,
            citation=rule.META.citation(on),
            page=split_page(rule)[0] or rule.META.title,
            severity=rule.META.severity,
            jurisdictions=rule.META.jurisdictions,
        )
        for rule in RULES
    )
