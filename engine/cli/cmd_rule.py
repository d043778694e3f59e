"""`pushform rule`: what a rule checks, why, and how to mend it."""

from __future__ import annotations

from difflib import get_close_matches

import click


@click.command("rule")
@click.argument("id_", metavar="[ID]", required=False)
def command(id_: str | None) -> int:
    """Explain the rule ID, or list all of them."""
    from engine.lint.catalog import RULES
    from engine.lint.page import render_rule_page

    by_id = {rule.META.id: rule for rule in RULES}
    if id_ is None:
        for name, rule in sorted(by_id.items()):
            click.echo(f"{name:<32} {rule.META.severity:<8} {rule.META.title}")
        return 0
    if id_ not in by_id:
        near = get_close_matches(id_, by_id, n=1)
        guess = f"; did you mean `{near[0]}`?" if near else "; `pushform rule` lists them"
        raise click.UsageError(f"there is no rule `{id_}`{guess}")
    click.echo(render_rule_page(by_id[id_]))
    return 0
