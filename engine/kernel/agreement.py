"""Sentences that agree with their numbers: `1 person`, `2 people`. English only; Korean counts alike."""

from __future__ import annotations

import re
from collections.abc import Mapping

_ONE = {
    "people": "person",
    "messages": "message",
    "samples": "sample",
    "lint errors": "lint error",
    "deliveries are outside their window": "delivery is outside its window",
    "have not agreed": "has not agreed",
    "changes wait": "change waits",
}
"""What stands behind a number, and how it is said of one."""

_COUNTED = re.compile(rf"\{{(\w+)(:,)?\}} ({'|'.join(sorted(_ONE, key=len, reverse=True))})\b")
_OF = re.compile(r"^(.*\{(\w+)(?::,)?\} of \{\w+(?::,)?\} \w+) go out")


def agreeing(sentence: str, slots: Mapping[str, object]) -> str:
    """Return `sentence`, with its slots still open, in the singular where a slot is filled with 1."""

    def one(match: re.Match[str]) -> str:
        slot, comma, words = match[1], match[2] or "", match[3]
        if slots.get(slot) != 1:
            return match[0]
        return f"{{{slot}{comma}}} {_ONE[words]}"

    # What goes out of many agrees with how many do, its noun with how many there are.
    out = _OF.match(sentence)
    if out and slots.get(out[2]) == 1:
        sentence = f"{out[1]} goes out{sentence[out.end() :]}"
    return _COUNTED.sub(one, sentence)
