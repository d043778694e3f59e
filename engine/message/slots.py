"""Where values of people stand in the texts of a campaign: what the texts' sizes depend on.

For plain texts the answer is exact: whoever has the greatest sum gets the greatest message. Filters,
conditions and loops make it a good guess; the message itself is composed and measured afterwards.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from engine.message.compiled import read_source
from engine.message.cp949 import byte_length
from engine.message.layout import LINK, action_link, names_in, partials_of
from engine.message.plain import Slot
from engine.message.syntax import Partials
from engine.message.values import is_personal
from engine.model.channel import Channel
from engine.model.experiment import Variant
from engine.model.facts import SizeUnit, TextSlots
from engine.model.link import ActionLink
from engine.model.resolved import ResolvedCampaign
from engine.model.template import Text

_UNITS = {
    Channel.APP: SizeUnit.UTF8,
    Channel.WEB: SizeUnit.UTF8,
    Channel.KAKAO: SizeUnit.CHARACTERS,
    Channel.SMS: SizeUnit.CP949,
}
"""What `engine.message.limits` counts per channel."""


def text_slots(campaign: ResolvedCampaign) -> tuple[TextSlots, ...]:
    """Return the slots of every channel × locale × variant that `campaign` has a text for."""
    used = {*campaign.channels, *campaign.alternative.values()}
    return tuple(
        _slots(campaign, variant, text, channel, locale)
        for variant in campaign.variants
        for channel in Channel
        if channel in used
        for locale in variant.template.locales_of(channel)
        if (text := variant.template.text(channel, locale)) is not None
    )


def size_of(text: str, unit: SizeUnit) -> int:
    """Return how much `text` takes in `unit`."""
    match unit:
        case SizeUnit.CHARACTERS:
            return len(text)
        case SizeUnit.UTF8:
            return len(text.encode("utf-8", "replace"))
        case SizeUnit.CP949:
            return byte_length(text)


def _slots(
    campaign: ResolvedCampaign, variant: Variant, text: Text, channel: Channel, locale: str
) -> TextSlots:
    template = variant.template
    partials = partials_of(template)
    action = action_link(campaign, channel, locale, variant.id)
    counted = Counter[str]()
    for source in _measured(text, channel, action):
        counted.update(_names(source, partials))
    if LINK not in template.variables and action is not None:
        for _ in range(counted.pop(LINK, 0)):
            counted.update(_names(action.url, ()))
    links = () if action is None else (action.url, action.android, action.ios)
    read = set(names_in(text, partials))
    read.update(name for link in links if link is not None for name in _names(link, ()))
    unit, times, instead = _UNITS[channel], Counter[str](), Counter[str]()
    bare: set[str] = set()
    for name in sorted(read & template.variables.keys()):
        variable = template.variables[name]
        if not is_personal(variable.source):
            continue
        times[variable.source] += counted[name]
        if variable.default is None:
            bare.add(variable.source)
        else:
            instead[variable.source] += counted[name] * size_of(str(variable.default), unit)
    return TextSlots(
        channel=channel,
        locale=locale,
        variant=variant.id,
        unit=unit,
        times=dict(times),
        instead={source: size for source, size in instead.items() if source not in bare},
    )


def _measured(text: Text, channel: Channel, action: ActionLink | None) -> Sequence[str]:
    """Return the sources whose rendered sizes count together on `channel`."""
    if channel in (Channel.KAKAO, Channel.SMS):
        return [text.body] if text.body is not None else []
    fields = [text.title, text.body, text.image, text.icon, action.url if action else None]
    fields += [part for button in text.buttons for part in (button.name, button.link)]
    return [source for source in fields if source is not None]


def _names(source: str, partials: Partials) -> Iterator[str]:
    """Yield the names that `source` reads, each as often as it stands there if that is known."""
    reading = read_source(source, partials)
    if reading.parts is None:
        yield from {use.name: None for use in reading.uses}
    else:
        yield from (part.name for part in reading.parts if isinstance(part, Slot))
