"""Every text that live campaigns show, each once, with its words for a fraction of composing it.

Most texts are words and `{{ name }}`: their words are the source with the samples in place, exactly
what the composer would make of them. Where filters stand the words are near enough to look for
others in; where a template branches, where two slots touch (`{{ a }}{{ b }}` may make a word that
stands in neither) or something unseen stands in a word, only composing tells. So a rule asks
`may_say` first, and `composed` if it may.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from engine.kernel.origin import Key, Origin
from engine.lint.as_read import hides
from engine.lint.context import LintContext, Sample
from engine.lint.readings import Readings, readings
from engine.lint.samples import CampaignSample
from engine.lint.texts import PUSH, used_channels
from engine.message.conversion import to_text
from engine.message.layout import LINK, action_link
from engine.message.printed import printed
from engine.message.values import campaign_value
from engine.model.audience import Scalar
from engine.model.channel import Channel
from engine.model.experiment import Variant
from engine.model.kakao import texts_in
from engine.model.message import Message, RenderFailure
from engine.model.resolved import ResolvedCampaign
from engine.model.template import Template, Text, Variable, VariableType

_SLOT = re.compile(r"\{\{ *([A-Za-z_]\w*) *((?:\|[^{}|]*)*)\}\}")
_NAMES = re.compile(r"\| *(\w+)")
_SETTLED = frozenset(
    {"josa", "number", "date", "time", "datetime", "upper", "lower", "capitalize", "trim"}
    | {"abs", "round", "money"}
)
"""Filters that leave the value's words whole, or change figures only."""
_PRINTED = frozenset({VariableType.STRING, VariableType.INTEGER})
_LINKS = frozenset(
    {"link", "link_pc", "android", "ios", "image", "icon", "image_link", "more", "url"}
    | {"thumbnail", "kind"}
)
"""Keys of what nobody reads: where a tap leads, pictures."""


class Certainty(StrEnum):
    """What the words of a text are worth."""

    EXACT = "exact"
    """What the made-up person reads, to the character."""
    NEAR = "near"
    """Filters were left out: the same words, other figures and particles."""
    OPEN = "open"
    """Only composing tells."""


class EveryText(NamedTuple):
    """One written text of one variant, and the channels on which it is shown.

    `words` joins, line by line, what people read of it: title, body, names of buttons, what a
    KakaoTalk bubble says. What the law adds (label, sender, way out) is not in it. `{{ link }}` is
    the link of the first of `channels`.
    """

    campaign: ResolvedCampaign
    variant: Variant
    channels: tuple[Channel, ...]
    locale: str
    text: Text
    words: str
    certainty: Certainty

    @property
    def origin(self) -> Origin:
        return self.text.origin

    def may_say(self, pattern: re.Pattern[str]) -> bool:
        """Tell whether what is shown may match `pattern`; False is sure."""
        return self.certainty is Certainty.OPEN or pattern.search(self.words) is not None


def every_text(context: LintContext) -> tuple[EveryText, ...]:
    """Return the texts of all live campaigns, by campaign, variant, then as written.

    For `context.once`. A template that two campaigns or variants share comes once for each: their
    values differ.
    """
    read = context.once(readings)
    return tuple(one for campaign in context.live for one in _texts_of(campaign, read))


def composed(context: LintContext, one: EveryText, jurisdiction: str) -> Iterator[CampaignSample]:
    """Yield the messages that `one` becomes in `jurisdiction`: one for each of its channels.

    A campaign is composed at most once per jurisdiction, whoever asks.
    """
    kept = context.once(_kept)
    key = (one.campaign.id, jurisdiction)
    if key not in kept:
        kept[key] = tuple(context.texts(one.campaign, (jurisdiction,)))
    for message, origin in kept[key]:
        if isinstance(message, Message):
            if origin != one.origin or message.variant != one.variant.id:
                continue
            if message.locale != one.locale or message.channel not in one.channels:
                continue
        elif origin != one.origin or not isinstance(message, RenderFailure):
            continue
        yield CampaignSample(one.campaign, message, origin)


def shown(message: Message) -> Iterator[tuple[tuple[Key, ...], str]]:
    """Yield what people read of a message, each with its way from the text: `("body",)`."""
    for name in ("title", "body"):
        words = getattr(message, name)
        if words:
            yield (name,), words
    yield from _read(message.buttons, message.kakao)


def _texts_of(campaign: ResolvedCampaign, read: Readings) -> Iterator[EveryText]:
    used = used_channels(campaign)
    for variant in campaign.variants:
        values: dict[str, tuple[str | None, bool]] = {}
        for locale, text, channels in _shown_on(variant.template, used):
            words, certainty = _source(text), Certainty.EXACT
            if read.of(text).slots != ():
                where = (channels[0], locale)
                words, certainty = _words(words, campaign, variant, where, values)
            if hides(words):
                certainty = Certainty.OPEN
            yield EveryText(campaign, variant, channels, locale, text, words, certainty)


def _shown_on(
    template: Template, used: tuple[Channel, ...]
) -> Iterator[tuple[str, Text, tuple[Channel, ...]]]:
    """Yield (locale, text, channels) of what `template` says on the channels `used`, each text once."""
    redefine = template.redefine
    push = tuple(channel for channel in used if channel in PUSH)
    if not redefine:
        if push:
            for locale, text in template.locales.items():
                yield locale, text, push
        return
    for locale, text in template.locales.items():
        channels = tuple(channel for channel in used if template.text(channel, locale) is text)
        if channels:
            yield locale, text, channels
    for channel in used:
        if channel in redefine:
            for locale, text in redefine[channel].locales.items():
                yield locale, text, (channel,)


def _source(text: Text) -> str:
    """Return what people read of `text`, line by line, with its slots."""
    title, body = text.title, text.body
    source = f"{title}\n{body}" if title and body else title or body or ""
    if text.buttons or text.kakao is not None:
        read = "\n".join(words for _, words in _read(text.buttons, text.kakao))
        source = f"{source}\n{read}" if source else read
    return source


def _words(
    source: str,
    campaign: ResolvedCampaign,
    variant: Variant,
    where: tuple[Channel, str],
    values: dict[str, tuple[str | None, bool]],
) -> tuple[str, Certainty]:
    """Return the words of `source` on a channel in a locale, and what they are worth.

    `values` keeps what the slots of a variant come to.
    """
    if "{" not in source:
        return source, Certainty.EXACT
    slots = _SLOT.findall(source)
    if source.count("{") != 2 * len(slots) or "}}{{" in source:
        return source, Certainty.OPEN
    certainty = Certainty.EXACT
    for name, filters in slots:
        if filters:
            if not _SETTLED.issuperset(_NAMES.findall(filters)):
                return source, Certainty.OPEN
            certainty = Certainty.NEAR
        if name == LINK and name not in variant.template.variables:
            link = action_link(campaign, *where, variant.id)
            values[name] = (None if link is None or "{" in link.url else link.url), True
        elif name not in values:
            values[name] = _value(name, campaign, variant)
        value, exact = values[name]
        if value is None:
            return source, Certainty.OPEN
        if not exact:
            certainty = Certainty.NEAR
    return _SLOT.sub(lambda slot: values[slot[1]][0] or "", source), certainty


def _value(name: str, campaign: ResolvedCampaign, variant: Variant) -> tuple[str | None, bool]:
    """Return what the made-up person has under `name` (None: unknown), and if that is what is printed."""
    variable = variant.template.variables.get(name)
    value = None if variable is None else _raw(variable, campaign, variant)
    if variable is None or value is None or isinstance(value, bool):
        return None, False
    if isinstance(value, str):
        is_text = variable.type is VariableType.STRING
        return (to_text(value) if is_text else value), is_text
    return printed(value), variable.type in _PRINTED and isinstance(value, int)


def _raw(variable: Variable, campaign: ResolvedCampaign, variant: Variant) -> Scalar | None:
    kind, _, field = variable.source.partition(".")
    if kind == "with":
        value: Scalar | None = variant.values.get(field)
    elif kind == "campaign":
        value = campaign_value(campaign, field)
    else:
        value = variable.sample
    return variable.default if value is None else value


def _read(buttons: object, kakao: object) -> Iterator[tuple[tuple[Key, ...], str]]:
    for path, words in (*texts_in(buttons, ("buttons",)), *texts_in(kakao)):
        if path[-1] not in _LINKS and words:
            yield path, words


def _kept(context: LintContext) -> dict[tuple[str, str], tuple[Sample, ...]]:
    """Return where composed campaigns are kept: by id and jurisdiction."""
    del context
    return {}
