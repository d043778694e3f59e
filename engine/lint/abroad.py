"""Advertisements that people outside Korea may get: which country, and where the files say so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from engine.kernel.finding import Korean, Severity
from engine.kernel.frozen import frozen
from engine.kernel.origin import Origin
from engine.law.jurisdiction import KOREA
from engine.law.provision import Provision
from engine.lint.context import LintContext
from engine.lint.rule import Hit
from engine.model.audience import All, AttributeIs, Condition, Not, Operator, Test, parts
from engine.model.channel import Channel
from engine.model.resolved import ResolvedCampaign

_KOREA_ONLY = frozenset({KOREA})
SAYS_STOP = "workspace: {sender: {opt_out: {sms: {ko: 'STOP 무료수신거부 080-000-0000'}}}}"
"""A fragment for examples: texts abroad name the way to refuse that most countries ask for."""
UNSETTLED = "it is written for texts, and whether it binds push is unsettled"
_UNSETTLED_KO = "문자에 대한 규정이며 푸시에도 적용되는지는 확정되지 않았습니다"


@frozen
class Abroad:
    """An advertisement that people in `country` may get; `at` is where a file names the country."""

    campaign: ResolvedCampaign
    country: str
    at: Origin

    @property
    def on(self) -> date:
        """The day of sending, by which rows are looked up."""
        return self.campaign.schedule.at.date()


def abroad(context: LintContext) -> tuple[Abroad, ...]:
    """Return (campaign, country) of all live advertisements to countries other than Korea.

    For `context.once`. The workspace's own country counts only where the audience does not say
    which countries it is made of.
    """
    named = context.jurisdictions
    return tuple(
        one
        for campaign in context.live
        if campaign.advertising and named[campaign.id] != _KOREA_ONLY
        for one in _of(context, campaign)
    )


def reached(campaign: ResolvedCampaign, named: frozenset[str]) -> frozenset[str]:
    """Return the countries of `named` whose people the audience lets in."""
    wanted = _wanted(campaign.audience)
    left = named if wanted is None else named & wanted
    return left - _barred(campaign.audience) - frozenset().union(*map(_all_of, campaign.exclude))


def doubt(row: Provision, *, push: bool = False) -> str:
    """Return what a finding adds about a row that is not sure, or not written for push; else ``."""
    words = [UNSETTLED] if push else []
    if row.doubtful:
        words.append("the sources are not sure" if row.note is None else row.note.rstrip("."))
    return f" ({'; '.join(words)})" if words else ""


def doubt_ko(row: Provision, *, push: bool = False) -> str:
    """Return the same in Korean."""
    words = [_UNSETTLED_KO] if push else []
    if row.doubtful:
        words.append("출처가 서로 다르거나 확인되지 않았습니다")
    return f" ({', '.join(words)})" if words else ""


def bound_by_hours(channel: Channel) -> Severity:
    """Return how bad a wrong hour is on `channel`.

    Hours bind texts at the door, however sure they are; push they only advise on.
    """
    return Severity.ERROR if channel is Channel.SMS else Severity.WARNING


def graded(row: Provision, *, push: bool = False) -> Severity:
    """Return how bad it is to break `row`: what is doubtful, or about texts only, is a warning."""
    return Severity.WARNING if row.doubtful or push else Severity.ERROR


def row_hit(
    one: Abroad,
    row: Provision,
    message: str,
    hint: str,
    korean: Korean,
    *,
    at: Origin | None = None,
    channel: Channel | None = None,
    locale: str | None = None,
    severity: Severity | None = None,
) -> Hit:
    """Return a violation of `row`, which it cites, graded by how sure the row is."""
    push = channel in (Channel.APP, Channel.WEB) and bool(row.channels)
    return Hit(
        message=message + doubt(row, push=push),
        at=one.at if at is None else at,
        hint=hint,
        campaign=one.campaign.id,
        channel=channel,
        locale=locale,
        jurisdiction=one.country,
        severity=graded(row, push=push) if severity is None else severity,
        korean=Korean(korean.message + doubt_ko(row, push=push), korean.hint),
        citation=row.citation,
    )


def _of(context: LintContext, campaign: ResolvedCampaign) -> Iterator[Abroad]:
    named = context.jurisdictions[campaign.id]
    for country in sorted(reached(campaign, named) - _KOREA_ONLY):
        yield Abroad(campaign=campaign, country=country, at=_place(context, campaign, country))


def _wanted(condition: Condition) -> frozenset[str] | None:
    """Return the only countries that `condition` lets in, or None where it does not say."""
    found: frozenset[str] | None = None
    for part in condition.of if isinstance(condition, All) else (condition,):
        own = _wanted(part) if isinstance(part, All) else _listed(part)
        if own is not None:
            found = own if found is None else found & own
    return found


def _barred(condition: Condition) -> frozenset[str]:
    """Return the countries that `condition` lets nobody in of."""
    found: set[str] = set()
    for part in condition.of if isinstance(condition, All) else (condition,):
        if isinstance(part, All):
            found |= _barred(part)
        elif isinstance(part, Not):
            found |= _all_of(part.of)
        else:
            found |= _values(part, Operator.NE, Operator.NOT_IN) or frozenset()
    return frozenset(found)


def _all_of(condition: Condition) -> frozenset[str]:
    """Return the countries of whose people `condition` holds for all."""
    return _listed(condition) or frozenset()


def _listed(part: Condition) -> frozenset[str] | None:
    return _values(part, Operator.EQ, Operator.IN)


def _values(part: Condition, *operators: Operator) -> frozenset[str] | None:
    if not isinstance(part, AttributeIs) or part.attribute != "country":
        return None
    if len(part.tests) == 1 and part.tests[0].operator in operators:
        return frozenset(_words(part.tests[0]))
    return None


def _words(test: Test) -> Iterator[str]:
    values = test.value if isinstance(test.value, tuple) else (test.value,)
    return (value.upper() for value in values if isinstance(value, str))


def _place(context: LintContext, campaign: ResolvedCampaign, country: str) -> Origin:
    for part in parts(campaign.audience):
        if not isinstance(part, AttributeIs) or part.attribute != "country":
            continue
        if any(country in _words(test) for test in part.tests):
            return part.origin
    return context.workspace.origin / "country"
