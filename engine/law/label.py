"""「(광고)」: the literal label of an advertisement, where it stands, and how it is faked.

정보통신망법 제50조제4항, 시행령 별표 6: the label stands where the advertisement starts. Its
spelling is fixed; blanks, signs and other brackets are ways around filters (operators' guides
prosms.co.kr, gongbizguide.oopy.io list them as refused).
"""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from functools import lru_cache
from unicodedata import category, normalize

from engine.law.book import find_provision
from engine.law.jurisdiction import KOREA
from engine.model.channel import Channel

LABEL = "(광고)"

_OPENING = r"\(\[\{<（［｛＜【〔「『〈《\"'“”‘’"
_CLOSING = r"\)\]\}>）］｝＞】〕」』〉》\"'“”‘’"
# 광/廣 and 고/告 in brackets, with anything that is not a letter in between. Single jamo are letters to
# Unicode; ㅡ, ㅣ and ㆍ (U+318D, U+119E) look like a dash, a bar and a dot.
_FAKED = re.compile(rf"[{_OPENING}]+\s*[광廣][\W\d_ㄱ-ㆎ\u119e]*[고告]\s*[{_CLOSING}]+")
# Other words inside the brackets, or only one bracket; 「광고성 정보」 수신동의 is what a notice is about.
_STRETCHED = re.compile(
    r"[(\[]\s*[^)\]\s(\[]{1,6}\s?광고\s*[)\]]|광고\s*\)"
    rf"|[{_OPENING}]+\s*광고\s?성?\s?(?:정보|메시지|문자|알림|안내)\s*[{_CLOSING}]+(?!\s*(?:수신|전송))"
)
_FULL_WIDTH = re.compile(r"[（［｛＜]\s*광고\s*[）］｝＞]")
_TRANSLATED = re.compile(
    r"[(\[【（<]\s*(?:AD|ADS|ADV|Advert|Advertisement|Advertising|Sponsored|PR|広告|廣告|广告)\s*"
    r"[)\]】）>]|AD\)",
    re.IGNORECASE,
)
# What every form has; \u1100\u116a is how a decomposed 광 begins.
_ANY = re.compile(
    r"[광廣広广]|\u1100\u116a|[(\[【（<]\s*(?:ad|pr|spons|[㉠-㉻㈀-㈞\U0001d400-\U0001d7ff])|ad\)",
    re.IGNORECASE,
)
_SIGNS = ("(", "광", ")", "[", "<", "（", "【", "廣", "広", "广", "\u1100\u116a")
"""One of these stands in whatever `_ANY` matches; to look for them costs a tenth of the search."""
_FILLERS = frozenset(map(ord, "\u3164\uffa0"))
"""Hangul fillers: letters to Unicode, nothing to the eye."""
_DRESSED = re.compile(
    r"^\s*(?:[⑴-⒇]\s*광고\s*[⑴-⒇]|[(\[（]\s*[㉠-㉻㈀-㈞]고\s*[)\]）]|\(\s*[\U0001d400-\U0001d7ff]{2}\s*\))"
)
"""Signs that look like brackets or letters: `⑴광고⑵`, `(㉠고)`, `(𝐀𝐃)`."""
_LOOK_AHEAD = 8
"""How many leading characters are searched for invisible ones: the label and what precedes it."""


class LabelFault(StrEnum):
    """How a text fails to start with the label as the law writes it."""

    MISSING = "missing"
    NOT_LEADING = "not_leading"
    VARIANT = "variant"
    INVISIBLE = "invisible"
    FULL_WIDTH = "full_width"
    DECOMPOSED = "decomposed"
    TRANSLATED = "translated"
    DUPLICATE = "duplicate"


LOOK_ALIKES = frozenset({LabelFault.VARIANT, LabelFault.FULL_WIDTH, LabelFault.TRANSLATED})
"""What stands in the label's place and was meant to be one."""


@lru_cache(maxsize=1024)
def label_abroad(jurisdiction: str, channel: Channel, on: date) -> str | None:
    """Return what an advertisement begins with in `jurisdiction` other than Korea, to the blank.

    Singapore's texts: `<ADV> `. None where no row `ad_label` is about the channel.
    """
    row = None if jurisdiction == KOREA else find_provision("ad_label", jurisdiction, on, channel)
    return row.value if row is not None and isinstance(row.value, str) else None


def with_label(text: str) -> str:
    """Return `text` with the label in front, once: a hand-typed leading one is kept as it is.

    A decomposed (NFD) label is composed, because it looks the same and fails every comparison.
    """
    stripped = text.lstrip()
    if stripped.startswith(LABEL):
        return stripped
    if normalize("NFC", stripped[:16]).startswith(LABEL):
        return normalize("NFC", stripped)
    return f"{LABEL} {stripped}" if stripped else LABEL


def may_carry_label(text: str) -> bool:
    """Tell cheaply whether any form of the label can be in `text`; False is sure."""
    for sign in _SIGNS:
        if sign in text:
            return _ANY.search(text) is not None
    return False


def is_labelled(text: str | None) -> bool:
    """Tell whether `text` starts with the label, to the character."""
    return text is not None and text.startswith(LABEL)


@lru_cache(maxsize=16384)
def faults(text: str) -> frozenset[LabelFault]:
    """Return what is wrong with the label of `text`, which should start with it.

    Empty for a text that starts with the literal and carries no second label of any form.
    """
    found = set(typed_faults(text))
    if not text.startswith(LABEL) and not found - {LabelFault.DUPLICATE}:
        found.add(LabelFault.MISSING)
    return frozenset(found)


@lru_cache(maxsize=16384)
def typed_faults(text: str) -> frozenset[LabelFault]:
    """Return what is wrong with a label typed into `text`; empty if there is none."""
    found: set[LabelFault] = set()
    if not may_carry_label(text):
        return frozenset()
    visible = _visible(text)
    composed = normalize("NFC", visible)
    hidden = any(_is_hidden(char) for char in text[:_LOOK_AHEAD])
    if hidden and not text.startswith(LABEL) and (LABEL in composed or _forms(composed)):
        found.add(LabelFault.INVISIBLE)
    if LABEL in composed and LABEL not in visible:
        found.add(LabelFault.DECOMPOSED)
    rest = composed
    while rest.startswith(LABEL):
        rest = rest[len(LABEL) :].lstrip()
    if rest.startswith(LABEL) or composed.count(LABEL) > 1:
        found.add(LabelFault.DUPLICATE)
    elif LABEL in rest and rest == composed:
        found.add(LabelFault.NOT_LEADING)
    found |= _forms(rest)
    return frozenset(found)


def _forms(rest: str) -> set[LabelFault]:
    """Return the faked labels that stand at the start of `rest`, the literal taken away."""
    found: set[LabelFault] = set()
    start = rest.lstrip()
    if start.startswith(LABEL):
        return found
    if _FULL_WIDTH.match(start):
        found.add(LabelFault.FULL_WIDTH)
    elif _TRANSLATED.match(start):
        found.add(LabelFault.TRANSLATED)
    elif _FAKED.match(start) or _STRETCHED.match(start) or _DRESSED.match(start):
        found.add(LabelFault.VARIANT)
    return found


def _visible(text: str) -> str:
    if text.isascii():
        return text
    return "".join(char for char in text if not _is_hidden(char))


def _is_hidden(char: str) -> bool:
    return ord(char) in _FILLERS or category(char) == "Cf"
