"""Who would get a change's messages, who would not and why, and what they cost: lines of counts."""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.speech import pad
from engine.model.channel import Channel
from engine.model.facts import AudienceFacts
from engine.model.plan import Change, Cost
from engine.plan.going import Going, going_of
from engine.plan.view import View

_CHANNEL = 9
"""Columns of a channel's name."""


def people_lines(change: Change, to: View) -> Iterator[str]:
    """Yield the lines about people; none where nobody was counted."""
    facts = change.facts
    going = going_of(facts, change.timing)
    if facts is None or going is None:
        return
    yield to.row("audience", _audience(change, facts, going, to))
    for channel in facts.reachable:
        yield f"      {pad(to.name(channel), _CHANNEL)}{_reached(channel, facts, going, to)}"
    for channel, overdue in facts.overdue.items():
        told = to.say(
            "{count:,} people agreed to {channel} over two years ago: they may be sent to, and must "
            "be asked (`pushform consent due`)",
            count=overdue,
            channel=to.name(channel),
        )
        yield to.row("ask again", told)
    if facts.locales:
        shares = (f"{one.locale} {one.users:,} ({to.name(one.step)})" for one in facts.locales)
        yield to.row("locales", ", ".join(shares))
    if facts.held_out:
        yield to.row("held out", to.say("{count:,} people", count=facts.held_out))
    for cost in change.costs:
        yield to.row("cost", _cost(cost, to))


def _audience(change: Change, facts: AudienceFacts, going: Going, to: View) -> str:
    moved, membership = "", change.membership
    if membership and membership.before is not None:
        moved = to.say(
            " (before {before:,}, +{entering:,} entering, -{leaving:,} leaving)",
            before=membership.before,
            entering=membership.entering,
            leaving=membership.leaving,
        )
    told = "{count:,} people{moved}, {going:,} would get it"
    if going.skipped:
        told = "{count:,} people{moved}, {going:,} would get it then ({at_best:,} at an open hour)"
    return to.say(
        told,
        count=facts.users,
        moved=moved,
        going=going.people,
        at_best=going.at_best,
    )


def _reached(channel: Channel, facts: AudienceFacts, going: Going, to: View) -> str:
    every = facts.deliveries.get(channel, 0)
    out = going.messages.get(channel, every)
    told = "{count:,} people, {messages:,} messages"
    if out != every:
        told = "{count:,} people, {going:,} of {messages:,} messages go out"
    reached = to.say(told, count=facts.reachable[channel], messages=every, going=out)
    lost = sorted(facts.lost.get(channel, {}).items())
    reasons = ", ".join(f"{to.name(reason)} {count:,}" for reason, count in lost if count)
    return reached + (to.say("; lost: {reasons}", reasons=reasons) if reasons else "")


def _cost(cost: Cost, to: View) -> str:
    told = "{channel}: {total:,} {currency} ({messages:,} × {price:,} for {kind})"
    if cost.at_most:
        told = "{channel}: at most {total:,} {currency} ({messages:,} × {price:,} for {kind})"
    return to.say(
        told,
        channel=to.name(cost.channel),
        total=cost.total,
        currency=cost.currency,
        messages=cost.messages,
        price=cost.price,
        kind=to.name(cost.kind),
    )
