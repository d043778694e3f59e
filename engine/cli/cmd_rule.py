"""`pushform rule`: what a rule checks, why, and how to mend it."""

from __future__ import annotations

from difflib import get_close_matches

import click

from engine.cli import options
from engine.kernel.language import Language


@click.command("rule")
@click.argument("id_", metavar="[ID]", required=False)
@options.lang
def command(id_: str | None, language: str) -> int:
    """Explain the rule ID, or list all of them."""
    from engine.lint.catalog import RULES
    from engine.lint.page import render_rule_page
    from engine.plan.diff import (
        IMMUTABLE,
        IMMUTABLE_PAGE,
        IMMUTABLE_PAGE_KO,
        IMMUTABLE_TITLE,
        IMMUTABLE_TITLE_KO,
    )
    from engine.workspace.pages import PAGES
    from engine.workspace.reader_page import render_reader_page

    rules = {rule.META.id: rule for rule in RULES}
    pages = {page.id: page for page in PAGES}
    korean = language == Language.KO
    if id_ is None:
        titles = {
            name: (rule.META.severity.value, (korean and rule.META.title_ko) or rule.META.title)
            for name, rule in rules.items()
        }
        titles |= {
            name: ("error", page.title_ko if korean else page.title) for name, page in pages.items()
        }
        titles[IMMUTABLE] = ("error", IMMUTABLE_TITLE_KO if korean else IMMUTABLE_TITLE)
        for name, (severity, title) in sorted(titles.items()):
            click.echo(f"{name:<32} {severity:<8} {title}")
        return 0
    if id_ == IMMUTABLE:
        click.echo(IMMUTABLE_PAGE_KO if korean else IMMUTABLE_PAGE)
    elif id_ in pages:
        click.echo(render_reader_page(pages[id_], Language(language)))
    elif id_ in rules:
        click.echo(render_rule_page(rules[id_], language=Language(language)))
    else:
        near = get_close_matches(id_, (*rules, *pages, IMMUTABLE), n=1)
        guess = f"; did you mean `{near[0]}`?" if near else "; `pushform rule` lists them"
        raise click.UsageError(f"there is no rule `{id_}`{guess}")
    return 0
