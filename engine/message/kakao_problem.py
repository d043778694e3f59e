"""A mistake in what a KakaoTalk bubble shows, as data: the linter makes findings of it."""

from __future__ import annotations

from enum import StrEnum

from engine.kernel.frozen import frozen
from engine.kernel.origin import Key


class KakaoProblemKind(StrEnum):
    """What a problem is about, for the rule that reports it."""

    PART = "part"
    """A part is missing, or the bubble does not show it."""
    LENGTH = "length"
    COUNT = "count"
    BUTTON = "button"
    """A button of a kind that the bubble does not take, or without what its kind needs."""
    MODE = "mode"
    """A button that only a vendor's template, or only the free form takes."""
    LINK = "link"
    COUPON = "coupon"
    PRICE = "price"
    TARGETING = "targeting"


@frozen
class KakaoProblem:
    """One mistake in a rendered message.

    `path` leads from the text's origin to what is wrong (`("items", 0, "title")`), or to where it is
    missing; numbers count the parts that are left after rendering. `sure` is False where vendors
    differ: some take it.
    """

    kind: KakaoProblemKind
    message: str
    path: tuple[Key, ...] = ()
    hint: str | None = None
    sure: bool = True


def written(path: tuple[Key, ...]) -> str:
    """Return `path` as people write it: `items[0].title`."""
    text = ""
    for key in path:
        text += f"[{key}]" if isinstance(key, int) else f".{key}"
    return text.lstrip(".")
