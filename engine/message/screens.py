"""What a screen shows of a push before it cuts it off.

Nobody publishes exact numbers, because they depend on the model, the font and the letters: these are
what push vendors measured, in Latin letters. A Hangul syllable, a Chinese character or an emoji is
counted as two of them (our assumption: East Asian Width), so a Korean title has half the room.
"""

from __future__ import annotations

from unicodedata import category, combining, east_asian_width

from engine.kernel.frozen import frozen
from engine.model.channel import Channel
from engine.model.message import Message

_BATCH = "doc.batch.com, optimal length for every web push notification"
_MOJICNT = "mojicnt.click, push notification character limits"
_PUSHOWL = "pushowl.com, ideal character length of web push notifications (2022)"
_TABLE = "webpushnotifications.xyz, character limit by OS and browser"
_ZERO_WIDTH_JOINER = "\u200d"


@frozen(kw_only=False)
class Screen:
    """Where a push is read, and how many Latin letters of each text it shows there."""

    name: str
    channel: Channel
    title: int
    body: int
    source: str


SCREENS = (
    Screen("iPhone, lock screen", Channel.APP, 50, 178, _MOJICNT),
    Screen("iPhone, banner", Channel.APP, 50, 80, _MOJICNT),
    Screen("Android, collapsed", Channel.APP, 65, 45, _MOJICNT),
    Screen("Android, expanded", Channel.APP, 65, 240, _MOJICNT),
    Screen("Chrome on Windows", Channel.WEB, 70, 140, _BATCH),
    Screen("Chrome on macOS", Channel.WEB, 43, 88, _TABLE),
    Screen("Chrome on Android", Channel.WEB, 30, 65, _TABLE),
)
"""Checked on 2026-11-23."""

WEB_BUTTONS = 2
"""`Notification.maxActions` of Chrome, from experience; Safari and Firefox show none."""
WEB_BUTTON_LETTERS = 19
"""On Windows 11, by pushowl.com."""


@frozen(kw_only=False)
class CutOff:
    """A text of which a screen shows only `shown`; `lost` is what nobody reads there.

    `field` is `title`, `body`, `buttons` (those beyond the last that is drawn) or `buttons[n]`.
    """

    screen: str
    field: str
    shown: str
    lost: str
    source: str


def cut_offs(message: Message) -> tuple[CutOff, ...]:
    """Return what phones and browsers would not show of an app or web push; nothing for others.

    A title is one line; a body is cut by its length, whatever lines it has.
    """
    found: list[CutOff] = []
    for screen in SCREENS:
        if screen.channel is message.channel:
            found += _cut(screen, "title", message.title, screen.title)
            found += _cut(screen, "body", message.body, screen.body)
    if message.channel is Channel.WEB:
        found += _cut_buttons(message)
    return tuple(found)


def letters(text: str) -> int:
    """Return how wide `text` is in Latin letters: wide characters and emoji count as two."""
    return sum(width for _, width in _clusters(text))


def _cut(screen: Screen, field: str, text: str | None, limit: int) -> list[CutOff]:
    shown, lost = _split(text or "", limit)
    return [CutOff(screen.name, field, shown, lost, screen.source)] if lost else []


def _cut_buttons(message: Message) -> list[CutOff]:
    found: list[CutOff] = []
    names = [button.name for button in message.buttons]
    if lost := names[WEB_BUTTONS:]:
        shown = ", ".join(names[:WEB_BUTTONS])
        found.append(CutOff("Chrome", "buttons", shown, ", ".join(lost), "Notification.maxActions"))
    for number, name in enumerate(names[:WEB_BUTTONS]):
        start, rest = _split(name, WEB_BUTTON_LETTERS)
        if rest:
            field = f"buttons[{number}]"
            found.append(CutOff("Chrome on Windows", field, start, rest, _PUSHOWL))
    return found


def _split(text: str, limit: int) -> tuple[str, str]:
    """Return `text` in two: what fits into `limit` letters, and the rest."""
    at = used = 0
    for cluster, width in _clusters(text):
        used += width
        if used > limit:
            return text[:at], text[at:]
        at += len(cluster)
    return text, ""


def _clusters(text: str) -> list[tuple[str, int]]:
    """Return what is drawn as one, with its width: an emoji made of several is one emoji."""
    found: list[tuple[str, int]] = []
    for char in text:
        joined = bool(found) and found[-1][0].endswith(_ZERO_WIDTH_JOINER)
        if found and (joined or _adds_nothing(char)):
            before, width = found[-1]
            found[-1] = (before + char, width)
        else:
            found.append((char, 2 if east_asian_width(char) in "WF" else 1))
    return found


def _adds_nothing(char: str) -> bool:
    """Tell whether `char` changes the one before it: an accent, a joiner, a skin tone."""
    skin_tone = "\U0001f3fb" <= char <= "\U0001f3ff"
    return skin_tone or bool(combining(char)) or category(char) in ("Mn", "Me", "Cf")
