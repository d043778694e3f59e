"""The catalog as cards, for those who describe rules without running them."""

from __future__ import annotations

from datetime import date

from engine.kernel.finding import RuleCard
from engine.kernel.language import Language
from engine.law.book import last_checked
from engine.lint.catalog import RULES
from engine.lint.page import split_page
from engine.lint.rule import Rule


def rule_cards(language: Language = Language.EN) -> tuple[RuleCard, ...]:
    """Return every rule's card, under the law as it was when the tables were last checked.

    Title and page are in `language`, as far as there are words in it.
    """
    on = last_checked()
    return tuple(_card(rule, on, language) for rule in RULES)


def _card(rule: Rule, on: date, language: Language) -> RuleCard:
    meta = rule.META
    english, korean = split_page(rule)
    title = meta.title_ko if language is Language.KO and meta.title_ko else meta.title
    page = korean if language is Language.KO and korean else english
    return RuleCard(
        id=meta.id,
        title=title,
        citation=meta.citation(on),
        page=page or title,
        severity=meta.severity,
        jurisdictions=meta.jurisdictions,
    )
