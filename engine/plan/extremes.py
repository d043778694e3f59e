"""Sizes of messages over the people who really get them, and values that people lack.

The linter has no people, so it leaves sizes to the plan. What is measured is somebody's name or
favourite product: only sizes and counts are said here, never a value.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from math import inf

from engine.kernel.frozen import frozen
from engine.kernel.origin import Origin
from engine.kernel.source import SourceMap
from engine.message.compose import Composer
from engine.message.layout import CANNOT_CARRY
from engine.message.limits import Measure, measure
from engine.message.slots import text_slots
from engine.model.channel import Channel
from engine.model.channel_settings import KakaoProduct, KakaoSettings, SmsFormat
from engine.model.facts import Extremes, TextSlots, Widest
from engine.model.message import Message, MissingValue, RenderFailure
from engine.model.plan import Guard
from engine.model.ports import People
from engine.model.resolved import ResolvedCampaign
from engine.model.template import OnMissing, Text
from engine.plan.size_words import fullest_of, people_of, too_much

SIZE, VALUES = "size", "values"
_BUTTONS = ("buttons", "button_name")
"""Sizes that are about buttons."""
_HINT = "shorten the text, or cut the value: `{{ name|truncate(10) }}`"
_NO_ROOM = "delete it, or choose another bubble"


@frozen
class _Fullest:
    """The measure of a channel that comes closest to its limit, and whose it is."""

    size: Measure
    message: Message
    people: int


def guard_extremes(
    campaign: ResolvedCampaign, people: People, at: datetime, sources: SourceMap
) -> tuple[Guard, ...]:
    """Measure every text for the one of its readers whose values take the most room.

    What a channel does not carry is refused, at the text's line, under the id of the lint rule that
    judges samples so; per channel that passes, the size that comes closest to a limit is told.
    Raises UnavailableError where people cannot be read.
    """
    texts = text_slots(campaign)
    extremes = people.extremes(campaign, texts, at)
    return (
        *_sizes(campaign, extremes, sources),
        *_flips(campaign, extremes),
        *_missing(campaign, texts, extremes),
    )


def _sizes(campaign: ResolvedCampaign, extremes: Extremes, sources: SourceMap) -> Iterator[Guard]:
    composer = Composer(campaign)
    fullest: dict[Channel, _Fullest] = {}
    refused: set[Channel] = set()
    for one in extremes.widest:
        composed = composer.compose(
            one.channel, one.locale, one.jurisdiction, one.variant, one.values
        )
        if isinstance(composed, MissingValue):
            continue
        if isinstance(composed, RenderFailure):
            refused.add(one.channel)
            rule = _rule_of_failure(campaign, one.channel, composed.reason)
            yield _refusal(campaign, one, rule, composed.reason, "body", sources)
            continue
        for size in measure(composed, campaign.channels.get(one.channel)):
            if size.hard and size.exceeded:
                refused.add(one.channel)
                what = too_much(size, one.channel)
                rule = _rule_of(campaign, one.channel, size)
                refusal = _refusal(campaign, one, rule, what, size.name, sources)
                yield refusal if size.limit else replace(refusal, hint=_NO_ROOM)
            elif size.hard:
                found = _Fullest(size=size, message=composed, people=one.people)
                fullest[one.channel] = max(
                    fullest.get(one.channel, found), found, key=lambda each: _share(each.size)
                )
    for channel, found in fullest.items():
        if channel not in refused:
            yield Guard(
                name=SIZE, passed=True, message=fullest_of(found.message, found.size, found.people)
            )


def _flips(campaign: ResolvedCampaign, extremes: Extremes) -> Iterator[Guard]:
    """Tell where `format: auto` makes an SMS for short values and an LMS for long ones."""
    composer = Composer(campaign)
    short = {
        source: span.shortest
        for source, span in extremes.ranges.items()
        if span.shortest is not None and span.lowest is None
    }
    for one in extremes.widest:
        if one.channel is not Channel.SMS:
            continue
        place = (one.channel, one.locale, one.jurisdiction, one.variant)
        longest = composer.compose(*place, one.values)
        shortest = composer.compose(*place, {**one.values, **short})
        if not (isinstance(longest, Message) and isinstance(shortest, Message)):
            continue
        if shortest.sms_format is SmsFormat.SMS and longest.sms_format is SmsFormat.LMS:
            yield Guard(
                name="sms-type-flip",
                passed=True,
                message=f"{' '.join(place)}: an SMS for the shortest values, an LMS for the longest",
                hint="write `format: lms`, or shorten the text or the value",
            )


def _rule_of(campaign: ResolvedCampaign, channel: Channel, size: Measure | None = None) -> str:
    """Return the id of the lint rule that judges the sample's size, as this judges everybody's."""
    match channel:
        case Channel.SMS:
            instead = Channel.SMS in campaign.alternative.values()
            return "fallback-truncation" if instead else "sms-bytes"
        case Channel.KAKAO:
            own = campaign.channels.get(channel)
            alimtalk = isinstance(own, KakaoSettings) and own.product is KakaoProduct.ALIMTALK
            if size is not None and size.name in _BUTTONS:
                return "kakao-buttons"
            counted = size is not None and size.unit == "pieces"
            return "alimtalk-length" if alimtalk and not counted else "kakao-brand-bubble"
        case Channel.APP:
            return "fcm-payload-size"
        case Channel.WEB:
            return "webpush-size"


def _rule_of_failure(campaign: ResolvedCampaign, channel: Channel, reason: str) -> str:
    if channel is Channel.SMS and reason.startswith(CANNOT_CARRY):
        return "sms-encoding"
    # The composer refuses a text message that is too long, and says its bytes.
    if channel is Channel.SMS and reason.startswith("the text takes"):
        return _rule_of(campaign, channel)
    return "template-render"


def _refusal(
    campaign: ResolvedCampaign,
    one: Widest,
    rule: str,
    what: str,
    field: str,
    sources: SourceMap,
) -> Guard:
    text = campaign.variant(one.variant).template.text(one.channel, one.locale)
    span = sources.locate(_place(text, field)) if text is not None else None
    where = f"{one.channel} {one.locale} {one.jurisdiction} {one.variant}"
    return Guard(
        name=rule,
        passed=False,
        message=f"{where}: for the longest values of {people_of(one.people)} {what}",
        hint=_HINT,
        path=text.origin.file or None if text is not None else None,
        line=span.line if span is not None else None,
        column=span.column if span is not None else None,
    )


def _place(text: Text, field: str) -> Origin:
    """Return where `field` is written; sizes without a field of their own stand at the body."""
    own = {"title": text.title, "body": text.body}
    if own.get(field) is not None:
        return text.origin / field
    if field.startswith("button") and text.buttons:
        return text.origin / "buttons"
    written = next((name for name in ("body", "title") if own[name] is not None), None)
    return text.origin / written if written else text.origin


def _share(size: Measure) -> float:
    if not size.limit:
        # A bubble without a body carries no line breaks at all: none of none is no part of it.
        return inf if size.value else 0.0
    return size.value / size.limit


def _missing(
    campaign: ResolvedCampaign, texts: Sequence[TextSlots], extremes: Extremes
) -> Iterator[Guard]:
    """Say how many people lack a value that has no default: they get nothing."""
    needed = {source for text in texts for source in text.times if source not in text.instead}
    told: set[tuple[str, OnMissing]] = set()
    for variant in campaign.variants:
        for variable in variant.template.variables.values():
            span = extremes.ranges.get(variable.source)
            key = (variable.source, variable.on_missing)
            bare = variable.default is None and variable.source in needed
            if span is None or not span.missing or not bare or key in told:
                continue
            told.add(key)
            end = (
                "they are skipped"
                if variable.on_missing is OnMissing.SKIP
                else f"their messages fail: give `{variable.name}` a default or `on_missing: skip`"
            )
            yield Guard(
                name=VALUES,
                passed=True,
                message=f"{span.missing:,} of {people_of(extremes.users)} "
                f"{'has' if span.missing == 1 else 'have'} no "
                f"`{variable.source}`, {end}",
            )
