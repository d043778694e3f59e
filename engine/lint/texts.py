"""The written texts that a campaign can show, each once."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from engine.model.channel import Channel
from engine.model.resolved import ResolvedCampaign
from engine.model.template import Template, Text

_ORDER = tuple(Channel)
PUSH = frozenset({Channel.APP, Channel.WEB})


def used_channels(campaign: ResolvedCampaign) -> tuple[Channel, ...]:
    """Return the channels of `campaign` and their alternatives, in the order of `Channel`."""
    return _in_order((*campaign.channels, *campaign.alternative.values()))


@lru_cache(maxsize=256)
def _in_order(channels: tuple[Channel, ...]) -> tuple[Channel, ...]:
    # A dozen rules ask, of every campaign.
    return tuple(channel for channel in _ORDER if channel in channels)


def first_push(channels: tuple[Channel, ...]) -> Channel | None:
    """Return the first of `channels` that is a push, if one is."""
    return next((channel for channel in channels if channel in PUSH), None)


def used_templates(campaign: ResolvedCampaign) -> tuple[Template, ...]:
    """Return the templates of the variants of `campaign`, each once."""
    if len(campaign.variants) == 1:
        return (campaign.variants[0].template,)
    return tuple({id(v.template): v.template for v in campaign.variants}.values())


def used_texts(campaign: ResolvedCampaign) -> Iterator[tuple[Channel | None, str, Text]]:
    """Yield (channel, locale, text) of all templates; the universal texts have no channel."""
    used = used_channels(campaign)
    for template in used_templates(campaign):
        yield from texts_of(template, used)


def texts_of(
    template: Template, used: tuple[Channel, ...]
) -> Iterator[tuple[Channel | None, str, Text]]:
    """Yield (channel, locale, text) of what `template` can say on the channels `used`."""
    redefined = template.redefine
    if any(c in PUSH or (c in redefined and redefined[c].universal) for c in used):
        for locale, text in template.locales.items():
            yield None, locale, text
    for channel in used:
        if channel in redefined:
            for locale, text in redefined[channel].locales.items():
                yield channel, locale, text
