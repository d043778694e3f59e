"""The sources of every text, looked into once for the rules that look at all of them.

Most texts are words and `{{ name }}`: what a rule asks of them first is which names they read, and
whether anything unusual stands in them at all.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from engine.law.label import may_carry_label
from engine.lint.context import LintContext
from engine.lint.ways_out import may_name_way_out
from engine.message.compiled import read_source
from engine.model.template import Text

_SLOT = re.compile(r"\{\{ *([A-Za-z_]\w*) *(\|[^{}\n]*)?\}\}")
_LONG = 2000
"""Above this many characters a text is judged in full: there are bounds on its length."""

Slots = tuple[tuple[str, str], ...]


class Reading(NamedTuple):
    """What the sources of one text hold, all of them together.

    `sources` are the fields that say anything. `slots` are (name, filters) of every
    `{{ name|filters }}` in them; None where anything else stands in braces, or a lot. `names` is what
    the slots read, None also where a filter cannot be read. `in_line` tells that no slot stands
    further inside: in a button, in a list. `blank` tells of a field without a word, `labelled` and
    `way_out` that a form of the label, or a way out, may stand in one; False is sure.
    """

    sources: tuple[str, ...]
    slots: Slots | None
    names: frozenset[str] | None
    in_line: bool
    blank: bool
    labelled: bool
    way_out: bool


class Readings:
    """The readings of one workspace's texts, each made when it is first asked for."""

    __slots__ = ("_found",)

    def __init__(self) -> None:
        self._found: dict[int, Reading] = {}

    def of(self, text: Text) -> Reading:
        """Return the reading of `text`, which must live as long as this does."""
        found = self._found.get(id(text))
        if found is None:
            found = self._found[id(text)] = read(text)
        return found


def readings(context: LintContext) -> Readings:
    """Return the readings of the workspace's texts. For `context.once`."""
    del context
    return Readings()


def read(text: Text) -> Reading:
    """Look into the sources of `text`."""
    fields = [source for source in (text.title, text.body, text.image, text.icon) if source]
    in_line = True
    if text.buttons or text.kakao is not None:
        every = [(path, source) for path, source in text.sources() if source]
        fields = [source for _, source in every]
        in_line = not any(len(path) > 1 and "{" in source for path, source in every)
    # One look into all of them: no slot reaches from one line into the next.
    whole = "\n".join(fields)
    slots = slots_in(whole)
    return Reading(
        tuple(fields),
        slots,
        None if slots is None else _names(slots),
        in_line,
        not all(map(str.strip, fields)),
        may_carry_label(whole),
        may_name_way_out(whole),
    )


def slots_in(source: str) -> Slots | None:
    """Return (name, filters) of every slot of `source`; None where it holds anything else, or is long."""
    if len(source) > _LONG:
        return None
    if "{" not in source:
        return ()
    found = _SLOT.findall(source)
    return tuple(found) if source.count("{") == 2 * len(found) else None


@lru_cache(maxsize=4096)
def _names(slots: Slots) -> frozenset[str] | None:
    names: set[str] = set()
    for name, filters in slots:
        reading = read_source(f"{{{{ {name}{filters} }}}}")
        if reading.faults:
            return None
        names.update(use.name for use in reading.uses)
    return frozenset(names)
