"""Sizes in words: what a text takes of what a channel carries, or how many things there are of it."""

from __future__ import annotations

from engine.message.limits import Measure
from engine.model.channel import Channel
from engine.model.message import Message

_COUNTED = frozenset({"buttons", "line_breaks", "items", "cards"})
"""Sizes that are numbers of things; the others are what a text takes."""


def too_much(size: Measure, channel: Channel) -> str:
    """Return that `size` is more than `channel` carries: the end of a sentence."""
    carried = f"{channel} carries {size.limit:,}"
    if size.name in _COUNTED:
        if size.value == 1:
            return f"there is 1 {_named(size).removesuffix('s')}; {carried}"
        return f"there are {size.value:,} {_named(size)}; {carried}"
    return f"the {_named(size)} {_take(size)} {size.value:,} {size.unit}; {carried}"


def fullest_of(message: Message, size: Measure, people: int) -> str:
    """Return how much the fullest `message` of `people` takes of the limit that it comes closest to."""
    where = f"{message.channel} {message.locale} {message.jurisdiction}"
    if size.name in _COUNTED:
        most = f"at most {size.value:,} of {size.limit:,} {_named(size)}"
    else:
        format_ = f" as {message.sms_format.upper()}" if message.sms_format else ""
        limit = f"{size.limit:,} {size.unit}{format_}"
        most = f"the {_named(size)} {_take(size)} at most {size.value:,} of {limit}"
    return f"{where}: {most} ({people_of(people)})"


def people_of(count: int) -> str:
    """Return `1 person`, `1,000 people`."""
    return f"{count:,} {'person' if count == 1 else 'people'}"


def _named(size: Measure) -> str:
    return size.name.replace("_", " ")


def _take(size: Measure) -> str:
    return "take" if size.name == "title_and_body" else "takes"
