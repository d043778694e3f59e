"""The index: every campaign of the workspace with its sheet, and where something is wrong or new."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from engine.kernel.frozen import frozen
from engine.model.resolved import ResolvedCampaign
from engine.site.card import DIFFERENT, Card, cards, count
from engine.site.case import Before, Case
from engine.site.page import render_page
from engine.site.wording import page_language, words_of

SHEETS = "campaigns"
"""The folder of the sheets, beside the index."""

FROM_SHEET = "../index.html"
"""The index as a sheet calls it."""


@frozen
class Entry:
    """One campaign's row. `changed` is None where nothing was compared."""

    id: str
    title: str
    address: str
    advertising: bool
    status: str
    at: str
    zone: str | None
    channels: tuple[str, ...]
    messages: int
    troubles: int
    changed: int | None


def entry(
    campaign: ResolvedCampaign, samples: Sequence[Case], before: Before | None = None
) -> Entry:
    """Return the row of `campaign`, whose sheet is `sheet_name(campaign.id)`."""
    drawn = cards(campaign, samples, before)
    written = campaign.written
    off = "draft" if written and written.draft else ""
    if written and written.cancelled is not None:
        off = "cancelled"
    return Entry(
        id=campaign.id,
        title=campaign.title,
        address=quote(sheet_name(campaign.id)),
        advertising=campaign.advertising,
        status=off,
        at=campaign.schedule.at.strftime("%Y-%m-%d %H:%M"),
        zone=campaign.schedule.timezone,
        channels=_channels(drawn),
        messages=count(drawn),
        troubles=count(drawn, trouble=True),
        changed=None if before is None else count(drawn, states=DIFFERENT),
    )


def sheet_name(campaign: str) -> str:
    """Return where a campaign's sheet lies below the index; a campaign may be called `index`."""
    return f"{SHEETS}/{campaign}.html"


def index_html(
    workspace: str, entries: Sequence[Entry], *, language: str, revision: str | None = None
) -> str:
    """Return the index page of `workspace` (its name), campaigns by time and id."""
    return render_page(
        "index",
        language=page_language(language),
        words=words_of(language),
        workspace=workspace,
        entries=sorted(entries, key=lambda each: (each.at, each.id)),
        revision=revision,
    )


def _channels(drawn: Sequence[Card]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(card.channel.value for card in drawn))
