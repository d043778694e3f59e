"""What is wrong with the sources of templates and links: looked at once, for several rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from engine.kernel.finding import Korean
from engine.kernel.frozen import frozen
from engine.lint.context import LintContext
from engine.lint.readings import Readings, readings
from engine.lint.reasons import hint_in_korean, reason_in_korean
from engine.lint.rule import Hit
from engine.lint.texts import used_templates
from engine.message.analyse import (
    Field,
    link_fields,
    syntax_problems,
    template_fields,
    undeclared_variables,
    unused_variables,
)
from engine.message.layout import LINK
from engine.message.problem import Problem, ProblemKind
from engine.model.resolved import ResolvedCampaign
from engine.model.template import Template

_HINT = "what a template may do: `pushform rule template-syntax`"


@frozen(kw_only=False)
class TemplateProblem:
    """A problem, and a campaign whose messages have it."""

    campaign: str
    problem: Problem

    def hit(self) -> Hit:
        """Return it as a rule reports it; a place inside a long text is named by its line."""
        problem = self.problem
        inside = problem.line if problem.line is not None and problem.line > 1 else None
        return Hit(
            message=problem.message + (f" (line {inside} of the text)" if inside else ""),
            at=problem.at,
            hint=problem.hint or _HINT,
            key=problem.kind is ProblemKind.UNUSED,
            campaign=self.campaign,
            locale=problem.locale,
            channel=problem.channel,
            korean=_korean(problem),
        )


def _korean(problem: Problem) -> Korean:
    match problem.kind:
        case ProblemKind.UNDECLARED:
            return Korean(
                f"`{problem.variable}` 변수는 선언되지 않았습니다",
                "`variables:`에 선언하거나 이름을 바로잡으세요",
            )
        case ProblemKind.UNUSED:
            return Korean(
                f"`{problem.variable}` 변수는 선언만 되고 쓰이지 않습니다", "지우거나 글에 쓰세요"
            )
        case ProblemKind.SYNTAX:
            return Korean(
                f"템플릿에 쓸 수 없는 것이 있습니다: {reason_in_korean(problem.message)}",
                hint_in_korean(problem.hint) or "쓸 수 있는 것: `pushform rule template-syntax`",
            )


Problems = Mapping[ProblemKind, tuple[TemplateProblem, ...]]


def template_problems(context: LintContext) -> Problems:
    """Return the problems of the live campaigns' templates and links, by kind.

    A template that several campaigns share is read once; only their links are read for each. Its
    variables count as used if any of those campaigns' links reads them.
    """
    found: defaultdict[ProblemKind, list[TemplateProblem]] = defaultdict(list)
    users: dict[int, tuple[str, Template, list[Field]]] = {}
    for campaign in context.live:
        links: tuple[Field, ...] = ()
        if _may_differ(campaign):
            links = tuple(field for field in link_fields(campaign) if "{" in field.source)
            for problem in syntax_problems(links):
                found[problem.kind].append(TemplateProblem(campaign.id, problem))
        for template in used_templates(campaign):
            first = users.setdefault(id(template), (campaign.id, template, []))
            if links:
                first[2].extend(links)
                for problem in undeclared_variables(template, links):
                    found[problem.kind].append(TemplateProblem(campaign.id, problem))
    for campaign_id, template, links_of_all in users.values():
        if not links_of_all and _is_simple(template, context.once(readings)):
            continue
        fields = tuple(template_fields(template))
        problems = (
            *syntax_problems(fields),
            *undeclared_variables(template, fields),
            *(unused_variables(template, (*fields, *links_of_all)) if template.variables else ()),
        )
        for problem in problems:
            found[problem.kind].append(TemplateProblem(campaign_id, problem))
    return {kind: tuple(problems) for kind, problems in found.items()}


def _may_differ(campaign: ResolvedCampaign) -> bool:
    """Tell whether `link_fields` reads anything: most campaigns' links are the same for everybody."""
    for links in campaign.action.values():
        for link in links:
            for source in (link.url, link.android, link.ios):
                if source is not None and "{" in source:
                    return True
    return False


def _is_simple(template: Template, readings: Readings) -> bool:
    """Tell, for a fraction of the price, that nothing is wrong: it reads what it declares."""
    read: set[str] = set()
    redefined = (text for one in template.redefine.values() for text in one.locales.values())
    for text in (*template.locales.values(), *redefined):
        reading = readings.of(text)
        if reading.names is None or not reading.in_line:
            return False
        read |= reading.names
    read.discard(LINK)
    return read == template.variables.keys()


def broken_files(context: LintContext) -> frozenset[str]:
    """Return the files with sources that cannot run: their samples need no further word."""
    problems = context.once(template_problems)
    return frozenset(
        found.problem.at.file
        for kind in (ProblemKind.SYNTAX, ProblemKind.UNDECLARED)
        for found in problems.get(kind, ())
    )
