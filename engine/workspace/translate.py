"""Translated texts into the template files, with comments and everything else left as it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from pathlib import Path

from engine.kernel.errors import UsageError
from engine.kernel.frozen import frozen
from engine.kernel.origin import Key
from engine.model.channel import Channel
from engine.model.template import Template
from engine.workspace.amended import Amended, amend
from engine.workspace.document import Data
from engine.workspace.fmt import write_whole
from engine.workspace.read import Loaded
from engine.workspace.schemas import Kind


@frozen
class NewText:
    """One translated text: where it goes (no channel: the universal message), and what it says.

    `path` leads there from the locale: `("title",)`, `("buttons", 0, "name")`.
    """

    template: str
    channel: Channel | None
    path: tuple[Key, ...]
    text: str


def write_translations(
    loaded: Loaded, root: Path, source: str, target: str, texts: Sequence[NewText]
) -> tuple[str, ...]:
    """Write `texts` as the locale `target` of their templates; return the files that changed.

    Buttons, cards and rows that `target` does not have yet are those of the locale `source`. Raises
    UsageError where a template's file has mistakes; nothing is written then.
    """
    changed = {
        path: text
        for template, own in _by_template(texts).items()
        for path, text in _amended(loaded, loaded.templates[template], source, target, own)
    }
    for path, text in changed.items():
        write_whole(root / path, text)
    return tuple(sorted(changed))


def _by_template(texts: Sequence[NewText]) -> dict[str, list[NewText]]:
    found: dict[str, list[NewText]] = {}
    for one in texts:
        found.setdefault(one.template, []).append(one)
    return found


def _amended(
    loaded: Loaded, template: Template, source: str, target: str, texts: Sequence[NewText]
) -> Iterator[tuple[str, str]]:
    path = template.origin.file
    file = loaded.sources.get(path)
    opened = amend(file.text, Kind.TEMPLATE, path.count("/")) if file else None
    if file is None or opened is None or any(f.at.file == path for f in loaded.findings):
        raise UsageError(f"`{path}` has mistakes", f"`pushform lint {path}` shows them")
    before = opened.text()
    for one in texts:
        scope = ("locales",) if one.channel is None else ("redefine", one.channel.value)
        first = str(one.path[0])
        whole = _placed(opened, scope, source, target, one) if one.path[1:] else one.text
        opened.put_inside((*scope, target), first, whole)
    after = opened.text()
    if after != before:
        yield path, after


def _placed(
    opened: Amended, scope: tuple[str, ...], source: str, target: str, one: NewText
) -> Data:
    """Return the part of `target` that `one` stands in (its buttons, its cards), with `one` in it.

    What is not there yet is taken from `source`.
    """
    texts: Mapping[str, Data] = opened.data
    for key in scope:
        texts = texts[key]
    first = one.path[0]
    whole = _completed((texts.get(target) or {}).get(first), texts[source][first])
    holder = whole
    for step in one.path[1:-1]:
        holder = holder[step]
    holder[one.path[-1]] = one.text
    return whole


def _completed(there: Data, source: Data) -> Data:
    """Return a copy of `there` with the entries of `source` that it lacks."""
    if there is None:
        return deepcopy(source)
    if isinstance(there, list) and isinstance(source, list):
        pairs = zip(there, source, strict=False)
        both = [_completed(one, other) for one, other in pairs]
        return [*both, *deepcopy(there[len(both) :]), *deepcopy(source[len(both) :])]
    if isinstance(there, dict) and isinstance(source, dict):
        return {
            key: _completed(there.get(key), source.get(key))
            for key in dict.fromkeys((*there, *source))
        }
    return there
