"""Korean particles: `{{ item|josa('을/를') }}` prints the word with the particle that fits it.

An own table and not `tossi` 0.3.1, which was tried: it works on Python 3.11, but its last release
is of 2018, it costs two more dependencies (bidict, six) and 48 ms to import, and it gives up on
every Latin word (`LG이(가)`), which is what brand and product names are made of. Rules: the entries
of the particles in 국립국어원's 표준국어대사전; `로` follows ㄹ as it follows a vowel.
"""

from __future__ import annotations

import re
from functools import lru_cache

from engine.message.failure import RenderError
from engine.message.sound import Sound, last_sound

_PAIRS = (("은", "는"), ("이", "가"), ("을", "를"), ("과", "와"), ("아", "야"), ("이에요", "예요"))
_WRITTEN_WITH_BRACKET = re.compile(r"(?P<a>[가-힣]*)\((?P<b>[가-힣]+)\)(?P<rest>[가-힣]*)\Z")


@lru_cache(maxsize=256)
def particle_forms(pair: str) -> tuple[str, str]:
    """Return (form after a consonant, form after a vowel).

    `을/를`, `를/을`, `을(를)` and `(으)로` are read. Every pair is known in which one form is the
    other with 이 or 으 before it (이나/나, 으로서/로서). Raises RenderError for anything else.
    """
    first, second = _split(pair)
    for closed, opened in _PAIRS:
        if {first, second} == {closed, opened}:
            return closed, opened
    for closed, opened in ((first, second), (second, first)):
        if opened and closed in ("이" + opened, "으" + opened):
            return closed, opened
    raise RenderError(f"`{pair[:20]}` is not a pair of Korean particles like `을/를`")


def _split(pair: str) -> tuple[str, str]:
    compact = pair.replace(" ", "")
    if match := _WRITTEN_WITH_BRACKET.match(compact):
        if not match["a"]:
            return match["b"] + match["rest"], match["rest"]
        return match["a"], match["b"]
    first, _, second = compact.partition("/")
    return first, second


@lru_cache(maxsize=8192)
def with_particle(word: str, pair: str) -> str:
    """Return `word` with the particle of `pair` that fits its last sound.

    Where nobody can tell (only emoji, a Chinese character) both are written: `😀을(를)`.
    Raises RenderError if `pair` is none.
    """
    closed, opened = particle_forms(pair)
    sound = last_sound(word)
    if sound is Sound.UNCLEAR:
        return word + _both(closed, opened)
    if sound is Sound.OPEN or (sound is Sound.RIEUL and closed.startswith("으")):
        return word + opened
    return word + closed


def _both(closed: str, opened: str) -> str:
    if closed[1:] == opened:
        return f"({closed[0]}){opened}"
    return f"{closed}({opened})"
