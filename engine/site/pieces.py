"""A text cut into pieces by what a reader should notice: label, hidden signs, cut-offs, limits.

Pieces are plain data; the page escapes their text. Signs that turn or hide text never reach the page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby
from unicodedata import category, combining, east_asian_width

from engine.kernel.frozen import frozen
from engine.law.label import LABEL
from engine.message.cp949 import byte_length

_JOINER, _KEYCAP, _BLACK_FLAG = "\u200d", "\u20e3", "\U0001f3f4"


@frozen(kw_only=False)
class Piece:
    """A stretch of text. `kind` is `plain`, `label`, `hidden` (a sign's name), `added` or `gone`.

    `beyond` says that a folded notification hides it, `over` that the vendor refuses or cuts it.
    """

    text: str
    kind: str = "plain"
    beyond: bool = False
    over: bool = False


@frozen(kw_only=False)
class Room:
    """What a folded notification shows: `lines` of `columns`; a Hangul syllable takes two columns."""

    columns: int
    lines: int


def columns(text: str) -> int:
    """Return how many columns `text` takes: 2 for wide signs and emoji, 0 for combining ones."""
    return sum(map(_width, text))


def shown_until(text: str, room: Room | None) -> int:
    """Return how many of the characters of `text` are shown in `room` (None: all of them).

    Lines break at blanks and between Han or Kana signs, the last one anywhere: there it is cut.
    """
    if room is None:
        return len(text)
    line, used, start, turn = 1, 0, 0, 0
    for index, char in enumerate(text):
        width = 0 if char == "\n" else _width(char)
        if char == "\n" or (used + width > room.columns and char != " "):
            if line == room.lines:
                return _whole(text, index)
            line += 1
            start = index if char == "\n" or turn <= start else turn
            used = columns(text[start:index].lstrip())
        used += width
        if char in "\n " or _breaks_after(char):
            turn = index + 1
    return len(text)


def allowed_until(text: str, limit: int, unit: str) -> int:
    """Return how many characters of `text` fit into `limit` cp949 `bytes`, or characters."""
    if unit != "bytes":
        return min(len(text), limit)
    used = 0
    for index, char in enumerate(text):
        used += byte_length(char)
        if used > limit:
            return index
    return len(text)


def pieces(
    text: str,
    room: Room | None = None,
    allowed: int | None = None,
    *,
    labelled: bool = False,
) -> tuple[Piece, ...]:
    """Return `text` in pieces: what `room` shows, what goes beyond, what is over `allowed` characters.

    `labelled` marks a leading 「(광고)」.
    """
    shown = shown_until(text, room)
    limit = len(text) if allowed is None else allowed
    lead = len(LABEL) if labelled and text.startswith(LABEL) else 0

    def look(index: int) -> tuple[bool, bool, bool, bool]:
        return index < lead, is_hidden(text, index), index >= shown, index >= limit

    return tuple(_grouped(text, look))


def marked(text: str, kind: str) -> Iterator[Piece]:
    """Yield `text` as pieces of `kind`, hidden signs by their names."""

    def look(index: int) -> tuple[bool, bool, bool, bool]:
        return False, is_hidden(text, index), False, False

    for piece in _grouped(text, look):
        yield piece if piece.kind == "hidden" else Piece(piece.text, kind)


def is_hidden(text: str, index: int) -> bool:
    """Tell whether a sign shows nothing itself, or turns what stands around it (U+202E).

    The joiner inside an emoji and the tags of a flag belong to what they draw.
    """
    char = text[index]
    if char == "\n" or category(char) not in ("Cf", "Cc", "Co", "Cs", "Zl", "Zp"):
        return False
    before = text[index - 1] if index else ""
    if char == _JOINER:
        after = text[index + 1] if index + 1 < len(text) else ""
        return not (_pictorial(before) and _pictorial(after))
    if "\U000e0020" <= char <= "\U000e007f":
        return _BLACK_FLAG not in text[max(0, index - 8) : index]
    return True


def _grouped(text: str, look: Callable[[int], tuple[bool, bool, bool, bool]]) -> Iterator[Piece]:
    for (label, hidden, beyond, over), indices in groupby(range(len(text)), key=look):
        part = "".join(text[index] for index in indices)
        if hidden:
            names = " ".join(f"U+{ord(char):04X}" for char in part)
            yield Piece(names, "hidden", beyond, over)
        else:
            yield Piece(part, "label" if label else "plain", beyond, over)


def _pictorial(char: str) -> bool:
    return bool(char) and category(char) in ("So", "Sk", "Mn")


def _breaks_after(char: str) -> bool:
    return _width(char) == 2 and not "\uac00" <= char <= "\ud7a3"


def _width(char: str) -> int:
    if combining(char) or category(char) in ("Mn", "Me", "Cf", "Cc"):
        return 0
    return 2 if east_asian_width(char) in "WF" else 1


def _whole(text: str, index: int) -> int:
    """Move a cut back so that it does not part a sign from what changes or joins it."""
    while index > 0 and (_width(text[index]) == 0 or text[index - 1] == _JOINER):
        if text[index] == "\n":
            break
        index -= 1
    return index
