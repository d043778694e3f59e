"""The contact sheet: every message of a campaign, drawn as people will see it, on one page."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from engine.kernel.frozen import frozen
from engine.model.channel import Channel
from engine.model.resolved import ResolvedCampaign
from engine.site.card import DIFFERENT, Card, cards, count
from engine.site.case import Before, Case
from engine.site.page import render_page
from engine.site.wording import long_day, page_language, words_of


@frozen
class Group:
    """The cards of one channel. `instead_of` names the channels that it stands in for."""

    channel: Channel
    cards: tuple[Card, ...]
    instead_of: tuple[Channel, ...]


def contact_sheet_html(
    campaign: ResolvedCampaign,
    *,
    samples: Sequence[Case],
    before: Before | None = None,
    language: str = "en",
    index: str | None = None,
) -> str:
    """Return the page of `campaign` over `samples`, complete in itself.

    `before` draws what changed since another revision. `language` is the reader's locale (Korean for
    `ko…`, else English). `index` is the address of the page over all campaigns, if there is one.
    """
    drawn = cards(campaign, samples, before)
    schedule = campaign.schedule
    written = campaign.written
    return render_page(
        "page",
        language=page_language(language),
        words=words_of(language),
        campaign=campaign,
        status="draft"
        if written and written.draft
        else "cancelled"
        if written and written.cancelled is not None
        else "",
        day=long_day(schedule.at, language),
        groups=_groups(campaign, drawn),
        total=count(drawn),
        troubles=count(drawn, trouble=True),
        changed=count(drawn, states=DIFFERENT),
        revision=before.revision if before else None,
        index=index,
    )


def _groups(campaign: ResolvedCampaign, drawn: Sequence[Card]) -> tuple[Group, ...]:
    channels = list(Channel)
    ordered = sorted(drawn, key=lambda card: channels.index(card.channel))
    return tuple(
        Group(
            channel=channel,
            cards=tuple(group),
            instead_of=tuple(
                first for first, second in campaign.alternative.items() if second is channel
            ),
        )
        for channel, group in groupby(ordered, key=lambda card: card.channel)
    )
