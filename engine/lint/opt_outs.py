"""The opt-out texts that a workspace's advertisements to Korea end with, for several rules."""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.frozen import frozen
from engine.kernel.origin import Origin
from engine.lint.context import LintContext
from engine.lint.texts import used_channels
from engine.model.channel import Channel


@frozen
class OptOut:
    """One text of `sender.opt_out`, on a channel that an advertisement to Korea uses."""

    channel: Channel
    locale: str
    text: str
    at: Origin


def channels_of_ads(context: LintContext) -> frozenset[Channel]:
    """Return the channels on which advertisements to Korea go out, alternatives too."""
    return frozenset(
        channel for campaign in context.korean_ads for channel in used_channels(campaign)
    )


def opt_outs(context: LintContext) -> Iterator[OptOut]:
    """Yield the opt-out texts that advertisements to Korea use, as pushform.yaml has them."""
    used = context.once(channels_of_ads)
    at = context.workspace.origin / "sender" / "opt_out"
    for channel, texts in context.workspace.sender.opt_out.items():
        if channel in used:
            for locale, text in texts.items():
                yield OptOut(
                    channel=channel, locale=locale, text=text, at=at / channel.value / locale
                )
