"""With which sound a text ends when a Korean reads it aloud: what a particle depends on.

Hangul is exact. Numbers are read as Sino-Korean (`10` 십, `10000` 만), capitals letter by letter
(`LG` 엘지), Latin words by their usual transcription (외래어 표기법: `Apple` 애플, `cake` 케이크),
which is a rule of thumb with a list of exceptions.
"""

from __future__ import annotations

import re
import unicodedata
from enum import Enum


class Sound(Enum):
    """The last syllable is open, closed by ㄹ, closed by another consonant, or nobody can tell."""

    OPEN = "open"
    RIEUL = "ㄹ"
    CLOSED = "closed"
    UNCLEAR = "unclear"


_HANGUL_FIRST, _HANGUL_LAST = "가", "힣"
_SYLLABLES_PER_VOWEL, _RIEUL_INDEX = 28, 8
_BRACKETS = {")": "(", "]": "[", "}": "{", "）": "（", "］": "［", "】": "【", "〕": "〔"}
_SYMBOLS = {
    "%": Sound.OPEN,
    "‰": Sound.CLOSED,
    "℃": Sound.OPEN,
    "+": Sound.OPEN,
    "㎏": Sound.CLOSED,
}
_DIGITS = {"1": Sound.RIEUL, "7": Sound.RIEUL, "8": Sound.RIEUL} | dict.fromkeys(
    "036", Sound.CLOSED
)
_LETTERS = {"L": Sound.RIEUL, "R": Sound.RIEUL, "M": Sound.CLOSED, "N": Sound.CLOSED}
_UNITS = {"g": Sound.CLOSED, "kg": Sound.CLOSED, "mg": Sound.CLOSED, "cal": Sound.RIEUL}
_UNITS |= {"kcal": Sound.RIEUL, "l": Sound.OPEN, "ml": Sound.OPEN, "m": Sound.OPEN}
_UNITS |= dict.fromkeys(("km", "cm", "mm", "gb", "mb", "tb", "kb", "px"), Sound.OPEN)
_WORDS = dict.fromkeys(("hub", "github", "the", "be", "me", "we", "he", "she"), Sound.OPEN)
_NUMBER = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?\Z")
_WORD = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿ]+\Z")


def last_sound(text: str) -> Sound:
    """Return how `text` ends when it is read aloud.

    Closing quotes, punctuation and emoji are not read. A bracketed addition is passed over,
    because a particle follows the word before it (국립국어원: `김밥(특)을` as `김밥을`); a text
    that is nothing but a bracket is read inside.
    """
    last = text[-1:]
    if _HANGUL_FIRST <= last <= _HANGUL_LAST:
        return _of_syllable(last)
    spoken = _spoken(unicodedata.normalize("NFKC", text[-80:]))
    if not spoken:
        return Sound.UNCLEAR
    last = spoken[-1]
    if _HANGUL_FIRST <= last <= _HANGUL_LAST:
        return _of_syllable(last)
    if last in _SYMBOLS:
        return _SYMBOLS[last]
    if number := _NUMBER.search(spoken):
        return _of_number(number[0].replace(",", ""))
    if word := _WORD.search(spoken):
        before = spoken[: word.start()].rstrip()
        return _of_word(word[0], after_number=before[-1:].isdigit())
    return _of_letter(last)


def _of_syllable(char: str) -> Sound:
    final = (ord(char) - ord(_HANGUL_FIRST)) % _SYLLABLES_PER_VOWEL
    if final == 0:
        return Sound.OPEN
    return Sound.RIEUL if final == _RIEUL_INDEX else Sound.CLOSED


def _spoken(text: str) -> str:
    """Return `text` without the end that nobody reads aloud."""
    while text:
        last = text[-1]
        opener = text.rfind(_BRACKETS[last]) if last in _BRACKETS else -1
        if opener >= 0:
            if before := _spoken(text[:opener]):
                return before
            text = text[opener + 1 : -1]
        elif last in _SYMBOLS or unicodedata.category(last)[0] in "LN":
            return text
        else:
            text = text[:-1]
    return ""


def _of_number(digits: str) -> Sound:
    whole, _, fraction = digits.partition(".")
    if fraction or whole == "0" or (whole.startswith("0") and len(whole) > 1):
        return _DIGITS.get(digits[-1], Sound.OPEN)
    zeros = len(whole) - len(whole.rstrip("0"))
    if zeros == 0:
        return _DIGITS.get(digits[-1], Sound.OPEN)
    # 십 백 천 만 억 end in consonants, 조 (10^12) does not, 경 (10^16) does, 해 (10^20) does not.
    if zeros >= 24:
        return Sound.UNCLEAR
    return Sound.OPEN if 12 <= zeros < 16 or zeros >= 20 else Sound.CLOSED


def _of_word(word: str, *, after_number: bool) -> Sound:
    small = unicodedata.normalize("NFD", word.lower())
    small = "".join(char for char in small if char.isascii())
    if after_number and small in _UNITS:
        return _UNITS[small]
    spelled = len(word) <= 3 or not re.search("[aeiou]", small)
    if len(word) == 1 or (word.isupper() and spelled):
        return _LETTERS.get(word[-1].upper(), Sound.OPEN)
    if small in _WORDS:
        return _WORDS[small]
    return _of_ending(small)


def _of_ending(word: str) -> Sound:
    """Judge a Latin word by how its ending is usually written in Hangul."""
    if re.search(r"[^aeiou]e\Z", word):
        # A final e is silent: game 게임, phone 폰, apple 애플, but cake 케이크, note 노트.
        stem = word[:-1]
        if re.search(r"[^aeiou]le\Z", word):
            return Sound.RIEUL
        return {"m": Sound.CLOSED, "n": Sound.CLOSED, "l": Sound.RIEUL}.get(stem[-1], Sound.OPEN)
    if word.endswith("l"):
        return Sound.RIEUL
    if word.endswith(("m", "n", "ng", "mb", "ck")):
        return Sound.CLOSED
    if word[-1] in "bptkc":
        # Closed after a short vowel (shop 샵, book 북), released after a consonant or a long one
        # (gift 기프트, week 위크).
        released = re.search(r"(?:[^aeiouy]|[aeiou]{2})[bptkc]\Z", word)
        short = re.search(r"(?:oo|eo|ia|io)[bptkc]\Z", word) or not released
        return Sound.CLOSED if short else Sound.OPEN
    return Sound.OPEN


def _of_letter(char: str) -> Sound:
    if "\u1100" <= char <= "\u1112":
        # A consonant by itself is read by its name (ㅋ 키읔, ㄹ 리을): all of them are closed.
        return Sound.RIEUL if char == "\u1105" else Sound.CLOSED
    if "\u1161" <= char <= "\u1175":
        return Sound.OPEN
    if "ぁ" <= char <= "ヿ":
        return Sound.CLOSED if char in "んン" else Sound.OPEN
    return Sound.UNCLEAR
