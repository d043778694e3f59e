"""Which variables the texts of a template and a campaign's links read, and what cannot be read.

Nothing is rendered here; that is what samples are for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from difflib import get_close_matches

from engine.kernel.frozen import frozen
from engine.kernel.origin import NOWHERE, Origin
from engine.message.compiled import read_source
from engine.message.layout import LINK, partials_of
from engine.message.problem import Problem, ProblemKind
from engine.message.syntax import Partials
from engine.model.channel import Channel
from engine.model.resolved import ResolvedCampaign
from engine.model.template import Template, Text, Variable


@frozen
class Field:
    """One text that is a template. `channel` is None where it is the universal message."""

    source: str
    at: Origin
    locale: str | None
    channel: Channel | None
    link: bool = False
    """An action link: it cannot read `{{ link }}`, which is itself."""
    partials: Partials = ()
    """The partials of its template, which it may import from; an action link has none."""


def template_fields(template: Template) -> Iterator[Field]:
    """Return every text of `template`: universal ones first, then the redefined."""
    partials = partials_of(template)
    for locale, text in template.locales.items():
        at = _place(text, template.origin / "locales" / locale)
        yield from _text_fields(text, at, locale, None, partials)
    for channel, redefinition in template.redefine.items():
        for locale, text in redefinition.locales.items():
            at = _place(text, template.origin / "redefine" / channel.value / locale)
            yield from _text_fields(text, at, locale, channel, partials)


def link_fields(campaign: ResolvedCampaign, variant: str | None = None) -> Iterator[Field]:
    """Return the action links of `campaign`, or only those that `variant` may lead to."""
    for channel, links in campaign.action.items():
        for link in links:
            if variant is not None and link.variant not in (None, variant):
                continue
            at = campaign.origin / "action" / channel.value
            for key in (link.variant, link.locale):
                at = at if key is None else at / key
            given = {"android": link.android, "ios": link.ios}
            per_platform = {name: source for name, source in given.items() if source is not None}
            places = {at / name: source for name, source in per_platform.items()}
            places[at / "fallback" if per_platform else at] = link.url
            for place, source in places.items():
                yield Field(source=source, at=place, locale=link.locale, channel=channel, link=True)


def _place(text: Text, fallback: Origin) -> Origin:
    return fallback if text.origin == NOWHERE else text.origin


def _text_fields(
    text: Text, at: Origin, locale: str, channel: Channel | None, partials: Partials
) -> Iterator[Field]:
    def field(source: str, place: Origin) -> Field:
        return Field(source=source, at=place, locale=locale, channel=channel, partials=partials)

    for path, source in text.sources():
        yield field(source, Origin(at.file, (*at.path, *path)))


def used_variables(fields: Collection[Field]) -> frozenset[str]:
    """Return the names that `fields` read, dotted where fields are asked for (`user.name`)."""
    return frozenset(
        use.name for field in fields for use in read_source(field.source, field.partials).uses
    )


def syntax_problems(fields: Collection[Field]) -> tuple[Problem, ...]:
    """Return what cannot be read as a template, or may not stand in one."""
    return tuple(
        Problem(
            kind=ProblemKind.SYNTAX,
            message=fault.message,
            hint=fault.hint,
            at=field.at,
            line=fault.line,
            locale=field.locale,
            channel=field.channel,
        )
        for field in fields
        for fault in read_source(field.source, field.partials).faults
    )


def undeclared_variables(template: Template, fields: Collection[Field]) -> tuple[Problem, ...]:
    """Return the variables that `fields` read and `template` does not declare."""
    declared = sorted(template.variables)
    problems: list[Problem] = []
    for field in fields:
        for use in read_source(field.source, field.partials).uses:
            if use.name in template.variables or (use.name == LINK and not field.link):
                continue
            problems.append(
                Problem(
                    kind=ProblemKind.UNDECLARED,
                    message=f"`{use.name}` is used and not declared",
                    hint=_declare_hint(use.name, declared),
                    at=field.at,
                    line=use.line,
                    variable=use.name,
                    locale=field.locale,
                    channel=field.channel,
                )
            )
    return tuple(problems)


def _declare_hint(name: str, declared: list[str]) -> str:
    root, _, field = name.partition(".")
    if root in ("user", "derived", "with", "campaign") and field:
        return f"declare `{field}: {{type: string, from: {name}}}` and write `{{{{ {field} }}}}`"
    if field and root in declared:
        return f"`{root}` has no fields: declare another variable"
    if close := get_close_matches(name, declared, 1):
        return f"did you mean `{close[0]}`?"
    return f"declare `{name}` under `variables:`"


def unused_variables(template: Template, fields: Collection[Field]) -> tuple[Problem, ...]:
    """Return the variables that `template` declares and none of `fields` reads.

    Pass the action links of the campaigns too: they may be where a variable is read.
    """
    used = used_variables(fields)
    return tuple(
        Problem(
            kind=ProblemKind.UNUSED,
            message=f"`{variable.name}` is declared and not used",
            hint="delete it, or use it in a text",
            at=declared_at(variable, template),
            variable=variable.name,
        )
        for variable in template.variables.values()
        if variable.name not in used
    )


def declared_at(variable: Variable, template: Template) -> Origin:
    """Return where `variable` is declared."""
    if variable.origin == NOWHERE:
        return template.origin / "variables" / variable.name
    return variable.origin
