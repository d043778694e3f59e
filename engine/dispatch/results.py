"""Asking vendors for their last word: what was accepted may have been refused since (design §8.4).

It is asked while alternatives wait, at the end of a campaign, and by every later run, until it is
known or a day has passed. Nothing is held in memory between two looks: the ledger knows what is
awaited and when to look again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from engine.dispatch.gate import claim_of
from engine.dispatch.hygiene import DeadAddress
from engine.dispatch.sending import Tools
from engine.kernel.errors import PushformError
from engine.kernel.frozen import frozen
from engine.model.channel import Channel
from engine.model.delivery import DeliveryKey, DeliveryState
from engine.model.deployment import LedgerRow, Settlement
from engine.model.outcome import Accepted, Awaited, Outcome, Refused, reference_of
from engine.model.ports import LateResults

PAGE = 500
"""So many deliveries are asked for at once. Ours; vendors list a few hundred on a page."""

AWAITED_FOR = timedelta(hours=24)
"""After a day without a last word a delivery stays what it is. Ours."""

BUDGET_S = 15.0
"""One round of questions ends after so long, so that what is due is not kept waiting."""


@frozen(kw_only=False)
class News:
    """What a round of questions brought: deliveries that changed, and why it could not be asked."""

    changed: tuple[Settlement, ...] = ()
    trouble: str | None = None


def look_up(tools: Tools, campaign: str, channel: Channel) -> News:
    """Ask the channel's vendor for what is awaited of a campaign, and write what it says.

    A provider that cannot be opened or asked is no failure of the campaign: it is asked again.
    """
    changed: list[Settlement] = []
    trouble: str | None = None
    try:
        provider = tools.provider(channel)
        if not isinstance(provider, LateResults):
            tools.ledger.stop_awaiting(campaign, channel, tools.clock.now())
            return News()
        until = tools.clock.monotonic() + BUDGET_S
        while tools.clock.monotonic() < until and not tools.stop_requested():
            now = tools.clock.now()
            rows = tools.ledger.take_awaited(campaign, channel, now, PAGE)
            if not rows:
                break
            found = provider.look_up([_awaited(row) for row in rows])
            words = [word for row in rows if (word := _word(row, found.get(_reference(row))))]
            told = tools.ledger.settle_late(campaign, words, tools.clock.now())
            changed += told
            _list_dead(tools, campaign, [word for word in told if word.dead_address])
    except PushformError as error:
        trouble = f"results of {channel} cannot be asked for: {error.message}"
    tools.ledger.stop_awaiting(campaign, channel, tools.clock.now() - AWAITED_FOR)
    return News(tuple(changed), trouble)


def look_up_all(tools: Tools, campaigns: Sequence[str] | None = None) -> dict[str, News]:
    """Ask for everything that is awaited (of `campaigns`); return the news by campaign."""
    found: dict[str, News] = {}
    for campaign, name in tools.ledger.awaiting():
        if campaigns is not None and campaign not in campaigns:
            continue
        news = look_up(tools, campaign, Channel(name))
        before = found.get(campaign, News())
        found[campaign] = News((*before.changed, *news.changed), news.trouble or before.trouble)
    return found


def _list_dead(tools: Tools, campaign: str, words: Sequence[Settlement]) -> None:
    """List numbers that are dead. Shards may be gone by now, so their owners are looked for."""
    if not words or tools.hygiene_of(campaign) is None:
        return
    owners = tools.people.owners(sorted({word.claim.recipient_hash for word in words}))
    now = tools.clock.now()
    tools.list_dead(
        campaign,
        [
            DeadAddress(
                user_id=owners[word.claim.recipient_hash],
                device_id=None,
                channel=word.claim.channel,
                reason=word.reason or "",
                at=now,
            )
            for word in words
            if word.claim.recipient_hash in owners
        ],
    )


def _awaited(row: LedgerRow) -> Awaited:
    return Awaited(
        reference=_reference(row),
        provider_id=row.provider_id,
        handed_over_at=_handed_over_at(row),
    )


def _handed_over_at(row: LedgerRow) -> datetime:
    if row.claimed_at is None:
        raise ValueError("a delivery that was never claimed has no result")
    return row.claimed_at


def _reference(row: LedgerRow) -> str:
    key = DeliveryKey(
        campaign=row.campaign, channel=Channel(row.channel), address_hash=row.address_hash
    )
    return reference_of(key, row.attempt)


def _word(row: LedgerRow, outcome: Outcome | None) -> Settlement | None:
    match outcome:
        case Accepted(provider_id=provider_id):
            return Settlement(
                claim=claim_of(row),
                attempt=row.attempt,
                state=DeliveryState.SENT,
                provider_id=provider_id,
            )
        case Refused(reason=reason, dead_address=dead):
            return Settlement(
                claim=claim_of(row),
                attempt=row.attempt,
                state=DeliveryState.FAILED,
                reason=reason,
                dead_address=dead,
            )
        case _:
            return None  # no last word: it is asked for again
