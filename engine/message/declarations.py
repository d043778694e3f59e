"""What is wrong with variables themselves, and with what a campaign gives them."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from zoneinfo import ZoneInfo

from engine.kernel.origin import Origin
from engine.message.analyse import declared_at
from engine.message.conversion import convert
from engine.message.layout import LINK
from engine.message.problem import Problem, ProblemKind
from engine.message.values import CAMPAIGN_FIELDS, campaign_value
from engine.model.audience import Scalar
from engine.model.campaign import ResolvedCampaign, Variant
from engine.model.template import Template, Variable


def declaration_problems(template: Template) -> tuple[Problem, ...]:
    """Return reserved names, and defaults and samples that are not of their variable's type."""
    return tuple(
        problem
        for variable in template.variables.values()
        for problem in _problems_of(variable, declared_at(variable, template))
    )


def _problems_of(variable: Variable, at: Origin) -> Iterator[Problem]:
    if variable.name == LINK:
        message = "`link` is the campaign's action: a variable cannot have this name"
        yield Problem(kind=ProblemKind.RESERVED, message=message, at=at, variable=LINK)
    for kind, key, value in (
        (ProblemKind.BAD_DEFAULT, "default", variable.default),
        (ProblemKind.BAD_SAMPLE, "sample", variable.sample),
    ):
        if value is not None and not _fits(value, variable):
            message = f"the {key} `{_short(value)}` of `{variable.name}` is no {variable.type}"
            yield Problem(kind=kind, message=message, at=at / key, variable=variable.name)


def value_problems(campaign: ResolvedCampaign, variant: Variant) -> tuple[Problem, ...]:
    """Return what is wrong between a variant's variables and what the campaign gives them."""
    template = variant.template
    found = [
        _source_problem(variable, template, campaign, variant)
        for variable in template.variables.values()
    ]
    read = {variable.source for variable in template.variables.values()}
    at = campaign.origin / "message" / "with"
    found += [
        Problem(
            kind=ProblemKind.UNUSED_VALUE,
            message=f"no variable of `{template.id}` reads `with.{name}`",
            hint="delete it, or declare a variable with this `from`",
            at=at / name,
            variable=name,
        )
        for name in variant.values
        if f"with.{name}" not in read
    ]
    return tuple(problem for problem in found if problem is not None)


def _source_problem(
    variable: Variable, template: Template, campaign: ResolvedCampaign, variant: Variant
) -> Problem | None:
    kind, _, field = variable.source.partition(".")
    at = declared_at(variable, template) / "from"
    if kind == "derived" and field not in campaign.attributes:
        return _unknown_source(variable, at, sorted(campaign.attributes), "the audience derives")
    if kind == "campaign" and field not in CAMPAIGN_FIELDS:
        return _unknown_source(variable, at, sorted(CAMPAIGN_FIELDS), "a campaign has")
    if kind not in ("with", "campaign"):
        return None
    given: Scalar | None = (
        variant.values.get(field) if kind == "with" else campaign_value(campaign, field)
    )
    if given is None and variable.default is None:
        return Problem(
            kind=ProblemKind.NO_VALUE,
            message=f"`{variable.name}` reads `{variable.source}`, and the campaign gives none",
            hint=f"write `with: {{{field}: …}}` beside the template, or a `default`",
            at=campaign.origin / "message",
            variable=variable.name,
        )
    if given is not None and not _fits(given, variable):
        return Problem(
            kind=ProblemKind.NO_VALUE,
            message=f"`{variable.source}` is `{_short(given)}`, which is no {variable.type}",
            at=campaign.origin / "message" / "with" / field,
            variable=variable.name,
        )
    return None


def _unknown_source(variable: Variable, at: Origin, known: list[str], whose: str) -> Problem:
    field = variable.source.partition(".")[2]
    close = get_close_matches(field, known, 1)
    hint = f"did you mean `{close[0]}`?" if close else f"{whose} {', '.join(known) or 'none'}"
    return Problem(
        kind=ProblemKind.UNKNOWN_SOURCE,
        message=f"`{variable.name}` reads `{variable.source}`, which does not exist",
        hint=hint,
        at=at,
        variable=variable.name,
    )


def _fits(value: Scalar, variable: Variable) -> bool:
    utc = ZoneInfo("UTC")
    return convert(value, variable.type, utc, utc) is not None


def _short(value: Scalar) -> str:
    text = str(value)
    return text if len(text) <= 40 else text[:39] + "…"
