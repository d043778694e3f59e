"""The people beside the sample: one with long values, one of whom hardly anything is known.

Both are made up, unless an audience was looked at: then the one with long values is its widest, masked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from engine.message.compose import Composer
from engine.message.layout import names_in
from engine.message.limits import Measure, measure
from engine.message.values import is_personal
from engine.model.audience import Scalar
from engine.model.channel import Channel
from engine.model.experiment import Variant
from engine.model.facts import Extremes, Widest
from engine.model.message import Composed, Message
from engine.model.resolved import ResolvedCampaign
from engine.model.template import OnMissing, Variable, VariableType
from engine.site.case import Case, Person, Place
from engine.site.masking import masked_values

_NAMES = {
    "ko": "남궁하늘빛나리",
    "ja": "勅使河原 龍之介",
    "zh": "欧阳娜娜 · 阿卜杜拉",
    "en": "Bartholomew Featherstonehaugh",
}
"""Long, not absurd. Korean: two syllables of family name and the five that a given name may have
(대법원 가족관계등록예규 「이름의 기재문자와 관련된 가족관계등록사무」)."""

_THINGS = {
    "ko": "국내산 한우 1++ 등심 명절 선물세트 2호",
    "ja": "国産黒毛和牛サーロイン贈答用セット 第2号",
    "zh": "国产优质韩牛里脊节日礼盒 2 号",
    "en": "Premium Hanwoo Sirloin Holiday Gift Set No. 2",
}
_LONGEST: Mapping[VariableType, Scalar] = {
    VariableType.INTEGER: 9_999_999,
    VariableType.NUMBER: 9_999_999,
    VariableType.DATE: "2026-09-30",
    VariableType.DATETIME: "2026-09-30 22:58",
}
"""30 September 2026 is a Wednesday: the longest month and day that English has."""


def cases_of(
    campaign: ResolvedCampaign, jurisdictions: Collection[str], extremes: Extremes | None = None
) -> Iterator[Case]:
    """Return every message of `campaign` for its sample, and for the extremes that read otherwise.

    An extreme that reads exactly like the sample or like the other extreme is left out. With
    `extremes` the widest of the real readers of a message stands in for the made-up long values:
    drawn masked, with the sizes of the real message.
    """
    composer = Composer(campaign)
    widest = {_place(one): one.values for one in extremes.widest} if extremes else {}
    for sample in composer.samples(jurisdictions):
        place = (sample.channel, sample.locale, sample.jurisdiction, sample.variant)
        variant = campaign.variant(sample.variant)
        people = _people(composer, variant, place, sample.composed, widest.get(place))
        skipped, fails = _indispensable(variant, sample.channel, sample.locale)
        for person, composed, measured in people:
            yield Case(
                channel=sample.channel,
                locale=sample.locale,
                jurisdiction=sample.jurisdiction,
                variant=sample.variant,
                person=person,
                composed=composed,
                measures=_measures(campaign, measured),
                skipped_without=skipped,
                fails_without=fails,
            )


def _people(
    composer: Composer,
    variant: Variant,
    place: Place,
    sample: Composed,
    real: Mapping[str, Scalar | None] | None,
) -> Iterator[tuple[Person, Composed, Composed]]:
    """Yield whose message, what is drawn of it, and what is measured."""
    yield Person.SAMPLE, sample, sample
    seen = [sample]
    if real is not None:
        measured = composer.compose(*place, real)
        drawn = composer.compose(*place, masked_values(variant, real))
        drawn = drawn if isinstance(measured, Message) else measured
        if drawn not in seen:
            seen.append(drawn)
            yield Person.WIDEST, drawn, measured
    else:
        values = longest_values(variant, place[1])
        composed = composer.compose(*place, values)
        if values and composed not in seen:
            seen.append(composed)
            yield Person.LONGEST, composed, composed
    values = missing_values(variant)
    composed = composer.compose(*place, values)
    if values and composed not in seen:
        yield Person.MISSING, composed, composed


def _place(one: Widest) -> Place:
    return one.channel, one.locale, one.jurisdiction, one.variant


def longest_values(variant: Variant, locale: str) -> dict[str, Scalar | None]:
    """Return a long value for every source of `variant` that differs from person to person."""
    return {source: _longest(variable, locale) for source, variable in _personal(variant).items()}


def missing_values(variant: Variant) -> dict[str, Scalar | None]:
    """Return the values of somebody of whom nothing is known that has a default.

    What has no default keeps its sample: without it there is no message that could be drawn.
    """
    found: dict[str, Scalar | None] = {}
    for variable in variant.template.variables.values():
        if is_personal(variable.source) and variable.default is None:
            found[variable.source] = variable.sample
    return {source: found.get(source) for source in _personal(variant)}


def _indispensable(
    variant: Variant, channel: Channel, locale: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    text = variant.template.text(channel, locale)
    read = names_in(text) if text is not None else frozenset()
    bare = [
        variable
        for name, variable in variant.template.variables.items()
        if name in read and is_personal(variable.source) and variable.default is None
    ]
    skip = tuple(each.name for each in bare if each.on_missing is OnMissing.SKIP)
    return skip, tuple(each.name for each in bare if each.on_missing is not OnMissing.SKIP)


def _personal(variant: Variant) -> dict[str, Variable]:
    declared = variant.template.variables.values()
    return {variable.source: variable for variable in declared if is_personal(variable.source)}


def _longest(variable: Variable, locale: str) -> Scalar | None:
    if variable.type is VariableType.STRING:
        table = _NAMES if "name" in variable.source else _THINGS
        made_up = table.get(locale.partition("-")[0], table["en"])
        sample = str(variable.sample or "")
        return sample if len(sample) > len(made_up) else made_up
    return _LONGEST.get(variable.type, variable.sample)


def _measures(campaign: ResolvedCampaign, composed: Composed) -> tuple[Measure, ...]:
    if not isinstance(composed, Message):
        return ()
    return measure(composed, campaign.channels.get(composed.channel))
