"""How a plan is shown to one reader: in which language and zone, and from when "in 3 d" counts."""

from __future__ import annotations

from datetime import datetime, timedelta
from unicodedata import category

from engine.kernel.frozen import frozen
from engine.kernel.instant import find_zone, format_instant
from engine.kernel.language import Language
from engine.kernel.speech import Speech, pad
from engine.plan.sentences import KOREAN

_LABEL = 11
"""Columns of the words at the left of a change's lines."""


@frozen
class View:
    """Who a plan is shown to."""

    speech: Speech
    timezone: str
    as_of: datetime

    def say(self, english: str, **slots: object) -> str:
        """Return a sentence in the reader's language, its slots filled in."""
        return self.speech.say(english, **slots)

    def name(self, english: str) -> str:
        """Return a word in the reader's language: an action, a channel, a reason."""
        return self.speech.name(english)

    def row(self, label: str, text: str) -> str:
        """Return a line of a change: what it is about, and what is said of it."""
        return f"    {pad(self.name(label), _LABEL)}{text}"

    def at(self, instant: datetime) -> str:
        """Return `2026-09-24 10:00 KST (2026-09-24T01:00:00Z)`: the reader's time first, then UTC."""
        return both(instant, self.timezone)

    def left(self, instant: datetime) -> str:
        """Return `in 3 d 20 h`, `in 40 min` or `12 min ago`."""
        span = instant - self.as_of
        text = self._span(abs(span))
        if span < timedelta(0):
            return self.say("{span} ago", span=text)
        return self.say("in {span}", span=text)

    def _span(self, span: timedelta) -> str:
        minutes = int(span.total_seconds()) // 60
        days, rest = divmod(minutes, 1440)
        hours, minutes = divmod(rest, 60)
        if days:
            told = "{days} d {hours} h" if hours else "{days} d 0 h"
            return self.say(told, days=days, hours=hours)
        if hours:
            told = "{hours} h {minutes} min" if minutes else "{hours} h 0 min"
            return self.say(told, hours=hours, minutes=minutes)
        return self.say("{minutes} min", minutes=minutes)


def view(language: Language, timezone: str, as_of: datetime) -> View:
    """Return the view of a reader of `language` in `timezone`, at `as_of`."""
    return View(speech=Speech(language, KOREAN), timezone=timezone, as_of=as_of)


def both(instant: datetime, timezone: str) -> str:
    """Return `instant` in `timezone`, then in UTC; in UTC alone where the zone is none."""
    zone = find_zone(timezone)
    if zone is None:
        return format_instant(instant)
    local = instant.astimezone(zone)
    return f"{local:%Y-%m-%d %H:%M} {local.tzname()} ({format_instant(instant)})"


def visible(text: str) -> str:
    """Return `text` with characters that hide or turn others made visible (`<U+202E>`)."""
    return "".join(f"<U+{ord(char):04X}>" if _hides(char) else char for char in text)


_FILLERS = "\u115f\u1160\u3164\uffa0"
"""Hangul fillers: letters by their category, and nothing to see."""


def _hides(char: str) -> bool:
    return char in _FILLERS or category(char) in ("Cc", "Cf", "Zl", "Zp", "Cs", "Co", "Cn")
