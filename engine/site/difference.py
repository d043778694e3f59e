"""Before and after of one message, as pieces: which words are new, which are gone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from engine.kernel.frozen import frozen
from engine.model.kakao import texts_in
from engine.model.message import Message, MessageButton
from engine.site.pieces import Piece, marked

_WORD = re.compile(r"\s+|\w+|[^\w\s]")
_MOST = 2_000 * 2_000
"""Pairs of words beyond which two texts are shown one after the other: comparing grows with them
(a third of a second here), and only push carries so much."""


@frozen(kw_only=False)
class ChangedField:
    """One part of a message that reads otherwise now. `name` is a key of the pages' words."""

    name: str
    pieces: tuple[Piece, ...]


def changed_fields(before: Message | None, after: Message | None) -> tuple[ChangedField, ...]:
    """Return the parts in which two messages differ; None stands for no message at all."""
    old, new = dict(_fields(before)), dict(_fields(after))
    return tuple(
        ChangedField(name, tuple(compare(old.get(name, ""), new.get(name, ""))))
        for name in dict.fromkeys((*old, *new))
        if old.get(name, "") != new.get(name, "")
    )


def compare(before: str, after: str) -> Iterator[Piece]:
    """Yield both texts as one: `gone` pieces of the old, `added` of the new, `plain` of both."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    if len(old) * len(new) > _MOST:
        yield from marked(before, "gone")
        yield from marked(after, "added")
        return
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield from marked("".join(old[a:b]), "plain")
            continue
        yield from marked("".join(old[a:b]), "gone")
        yield from marked("".join(new[c:d]), "added")


def links_of(message: Message) -> str:
    """Return where a click leads: the platforms' own links first, then the one for everybody."""
    own = [f"{platform}: {link}" for platform, link in message.platform_links.items()]
    return " · ".join([*own, *([message.link] if message.link else [])])


def _fields(message: Message | None) -> Iterator[tuple[str, str]]:
    if message is None:
        return
    yield "title", message.title or ""
    yield "body", message.body or ""
    yield "image", message.image or ""
    yield "link", links_of(message)
    yield "buttons", "\n".join(map(_button, message.buttons))
    bubble = texts_in(message.kakao)
    yield "bubble", "\n".join(f"{'.'.join(map(str, path))}: {text}" for path, text in bubble)


def _button(button: MessageButton) -> str:
    kind = f" ({button.kind})" if button.kind else ""
    links = [link for link in (button.link, button.link_pc, button.android, button.ios) if link]
    return f"{button.name}{kind} → {' · '.join(links)}".rstrip(" →")
