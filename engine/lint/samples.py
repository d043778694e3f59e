"""The messages that campaigns would send, composed from samples, and whether their form is right.

Composing is the dearest thing that lint does. Campaigns whose texts are plain (words, `{{ name }}` and
`{{ name|filter }}`) and of the same shape get the same label, sender and opt-out around them; once
one of a shape passes, the others of that shape are not composed. Where filters are used, what they are
given is part of the shape. Anything out of the ordinary is composed.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from functools import lru_cache

from engine.kernel.frozen import frozen
from engine.kernel.origin import Origin
from engine.law.jurisdiction import KOREA
from engine.law.label import LABEL, is_labelled, may_carry_label
from engine.lint.context import LintContext
from engine.lint.readings import Reading, Readings, Slots, readings
from engine.lint.texts import texts_of, used_channels, used_templates
from engine.lint.ways_out import may_name_way_out, names_way_out
from engine.message.layout import LINK
from engine.model.audience import Scalar
from engine.model.channel import Channel
from engine.model.locale import pick_locale
from engine.model.message import Composed, Message
from engine.model.resolved import ResolvedCampaign
from engine.model.template import Template

_FILTER_NAME = re.compile(r"\| *([A-Za-z_]\w*)")
_NUMERIC = frozenset({"number", "percent", "money", "abs", "round", "josa"})
"""Filters that make digits, with words around them that do not depend on the number, of any number."""
_LARGE = 10**12
_LONG = 2000
"""Above this many characters a value is judged in full: there are bounds on a text's length."""


@frozen(kw_only=False)
class CampaignSample:
    """A composed sample, the campaign it belongs to, and the place of its text."""

    campaign: ResolvedCampaign
    composed: Composed
    origin: Origin


def samples(context: LintContext) -> tuple[CampaignSample, ...]:
    """Return the samples that rules have to look at: as Koreans get them where any may.

    Other jurisdictions' copies are composed only for campaigns that no Korean gets; the few rules about
    texts abroad look at words (`every_text`), and compose their own copies where they must.
    """
    found: list[CampaignSample] = []
    passed: set[Hashable] = set()
    read = context.once(readings)
    for campaign in context.live:
        named = context.jurisdictions[campaign.id]
        wanted = KOREA if KOREA in named else min(named)
        shape = _shape(campaign, wanted, read)
        if shape is not None and shape in passed:
            continue
        composed = [
            CampaignSample(campaign, message, origin)
            for message, origin in context.texts(campaign, (wanted,))
        ]
        if shape is not None and all(passes(sample) for sample in composed):
            passed.add(shape)
        found.extend(composed)
    return tuple(found)


def korean_ad(sample: CampaignSample) -> Message | None:
    """Return the sample's message if it is an advertisement to a Korean resident."""
    message = sample.composed
    if not isinstance(message, Message) or not sample.campaign.advertising:
        return None
    return message if message.jurisdiction == KOREA else None


def passes(sample: CampaignSample) -> bool:
    """Tell whether a sample became a message whose label, sender and opt-out are in place."""
    if not isinstance(sample.composed, Message):
        return False
    message = korean_ad(sample)
    if message is None:
        return True
    labelled = message.channel is Channel.KAKAO or is_labelled(lead_of(message))
    once = f"{message.title or ''}{message.body or ''}".count(LABEL) <= 1
    return labelled and once and names_sender(sample, message) and says_opt_out(sample, message)


def lead_of(message: Message) -> str:
    """Return the text that is read first: a push's title if it has one, else the body."""
    if message.channel is not Channel.SMS and message.title:
        return message.title
    return message.body or ""


def names_sender(sample: CampaignSample, message: Message) -> bool:
    """Tell whether the text names the sender, where nothing but the text does (web, sms)."""
    if message.channel not in (Channel.WEB, Channel.SMS):
        return True
    name = sample.campaign.sender.name.strip()
    return bool(name) and name in f"{message.title or ''}\n{message.body or ''}"


def says_opt_out(sample: CampaignSample, message: Message) -> bool:
    """Tell whether the text says how to refuse; Kakao says so itself around a Brand Message.

    What is set in `sender.opt_out` is judged where it is set.
    """
    if message.channel is Channel.KAKAO:
        return True
    text = f"{message.title or ''}\n{message.body or ''}"
    written = sample.campaign.sender.opt_out.get(message.channel, {})
    picked = pick_locale(written, message.locale, sample.campaign.locale)
    if picked is not None and (set_text := written[picked[0]].strip()) and set_text in text:
        return True
    return names_way_out(text)


def _shape(campaign: ResolvedCampaign, jurisdiction: str, read: Readings) -> Hashable:
    """Return what the form of the messages depends on besides plain words; None if not plain."""
    if any("{" in link.url for links in campaign.action.values() for link in links):
        return None
    used = used_channels(campaign)
    texts: list[Hashable] = []
    for template in used_templates(campaign):
        names = _known_names(campaign, template)
        if names is None:
            return None
        own = template.redefine.get(Channel.SMS)
        shared = Channel.SMS in used and own is not None and own.universal
        for channel, locale, text in texts_of(template, used):
            if text.kakao is not None:
                return None
            sms = channel is Channel.SMS or (channel is None and shared)
            filtered = _filtered(read.of(text), names, sms=sms)
            if filtered is None:
                return None
            given = _given(campaign, template, filtered) if filtered else ()
            if given is None:
                return None
            parts = (text.title is None, text.body is None, text.image is None, len(text.buttons))
            texts.append((channel, locale, parts, given))
    return (
        campaign.advertising,
        campaign.ad_label,
        id(campaign.sender),
        campaign.locale,
        jurisdiction,
        used,
        campaign.channels.get(Channel.SMS),
        tuple(texts),
    )


def _known_names(campaign: ResolvedCampaign, template: Template) -> frozenset[str] | None:
    """Return the names that have a harmless value for the made-up person; None if one has none."""
    for variable in template.variables.values():
        if variable.sample is None and variable.default is None:
            return None
        if not (_is_harmless(variable.sample) and _is_harmless(variable.default)):
            return None
    for variant in campaign.variants:
        if not all(map(_is_harmless, variant.values.values())):
            return None
    everywhere = any(
        link.locale is None and link.variant is None
        for link in campaign.action.get(Channel.WEB, ())
    )
    return frozenset({*template.variables, LINK} if everywhere else template.variables)


@lru_cache(maxsize=4096, typed=True)
def _is_harmless(value: Scalar | None) -> bool:
    """Tell whether a text shows `value` without becoming empty, too long, labelled or a way out by it."""
    if not isinstance(value, str):
        return True
    plain = not (may_carry_label(value) or may_name_way_out(value))
    return plain and bool(value.strip()) and len(value) <= _LONG


def _filtered(reading: Reading, known: frozenset[str], *, sms: bool) -> Slots | None:
    """Return the names that go through filters, with those; None for a text that is not plain."""
    slots = reading.slots
    if slots is None or reading.blank or reading.labelled or reading.way_out:
        return None
    if sms and not _fits_sms(reading.sources):
        return None
    if not slots:
        return ()
    if not known.issuperset([name for name, _ in slots]):
        return None
    return tuple([slot for slot in slots if slot[1]])


def _fits_sms(sources: tuple[str, ...]) -> bool:
    try:
        "".join(sources).encode("cp949")
    except UnicodeEncodeError:
        return False
    return True


def _given(campaign: ResolvedCampaign, template: Template, filtered: Slots) -> Hashable:
    """Return what the filters are given: all that their results depend on. None if that is unknown."""
    given: list[Hashable] = []
    for name, filters in filtered:
        variable = template.variables.get(name)
        if variable is None or variable.source.startswith("campaign."):
            return None
        key = variable.source.removeprefix("with.")
        values = [variable.sample, variable.default]
        values += [one.values.get(key) for one in campaign.variants if one.template is template]
        absent = tuple(value is None for value in values)
        if (
            all(map(_is_whole, values))
            and not all(absent)
            and _NUMERIC.issuperset(_FILTER_NAME.findall(filters))
        ):
            # Any such number becomes digits, whichever it is.
            given.append((name, filters, variable.type, variable.source, absent))
            continue
        # 1, 1.0 and True are equal, but a filter may tell them apart.
        typed = tuple((type(value), value) for value in values)
        given.append((name, filters, variable.type, variable.source, typed))
    return tuple(given)


def _is_whole(value: Scalar | None) -> bool:
    """Tell whether `value` is a whole number of no unusual size, if there is one."""
    return value is None or (type(value) is int and abs(value) < _LARGE)
