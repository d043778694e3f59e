"""What Korean SMS can carry: cp949 (2 bytes a Hangul syllable), and how texts are made to fit.

Counted with Python's `cp949` and not `euc-kr`, which spells rare syllables (뷁) in eight bytes.
"""

from __future__ import annotations

_TYPOGRAPHIC = str.maketrans(
    {"\u00a0": " ", "\u2009": " ", "\u202f": " ", "₩": "￦", "¥": "￥", "〜": "～", "\ufeff": ""}
)
"""Characters that Babel and keyboards make, and what cp949 has for them."""


def byte_length(text: str) -> int:
    """Return how many bytes `text` takes; a character that cp949 does not have counts as one."""
    return len(text.encode("cp949", "replace"))


def as_cp949(text: str) -> str:
    """Return `text` with look-alikes for the blanks and currency signs that cp949 lacks."""
    return text if text.isascii() else text.translate(_TYPOGRAPHIC)


def replace_foreign(text: str) -> str:
    """Return a person's value with each run of characters that cp949 lacks as one `?`.

    An emoji in somebody's name must not keep the message from them; what is lost is the emoji. Text
    of the template itself is never replaced: its author is told instead.
    """
    if text.isascii():
        return text
    text = text.translate(_TYPOGRAPHIC)
    lost = foreign_characters(text)
    if not lost:
        return text
    kept: list[str] = []
    for char in text:
        if char not in lost:
            kept.append(char)
        elif not kept or kept[-1] != "":
            kept += ["?", ""]
    return "".join(kept)


def foreign_characters(text: str) -> str:
    """Return the characters of `text` that cp949 does not have, each once, in order."""
    try:
        text.encode("cp949")
    except UnicodeEncodeError:
        return "".join(dict.fromkeys(char for char in text if not _encodable(char)))
    return ""


def _encodable(char: str) -> bool:
    try:
        char.encode("cp949")
    except UnicodeEncodeError:
        return False
    return True
