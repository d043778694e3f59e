"""Translated texts into the template files, with comments and everything else left as it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.kernel.errors import UsageError
from engine.model.channel import Channel
from engine.model.template import Template
from engine.workspace.amended import Amended, amend
from engine.workspace.document import Data
from engine.workspace.fmt import write_whole
from engine.workspace.read import Loaded
from engine.workspace.schemas import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class NewText:
    """One translated text: where it goes (no channel: the universal message), and what it says.

    `button` is the number of the button whose `name` it is, from 0.
    """

    template: str
    channel: Channel | None
    field: str
    button: int | None
    text: str


def write_translations(
    loaded: Loaded, root: Path, source: str, target: str, texts: Sequence[NewText]
) -> tuple[str, ...]:
    """Write `texts` as the locale `target` of their templates; return the files that changed.

    Buttons that `target` does not have yet take their links from the locale `source`. Raises
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
        if one.button is None:
            opened.put_inside((*scope, target), one.field, one.text)
        else:
            buttons = _buttons(opened, scope, source, target)
            buttons[one.button] = {**buttons[one.button], "name": one.text}
            opened.put_inside((*scope, target), "buttons", list(buttons))
    after = opened.text()
    if after != before:
        yield path, after


def _buttons(
    opened: Amended, scope: tuple[str, ...], source: str, target: str
) -> list[dict[str, Data]]:
    """Return the buttons of `target`, those of `source` where it has fewer."""
    texts: Mapping[str, Data] = opened.data
    for key in scope:
        texts = texts[key]
    there = texts.get(target, {}).get("buttons", [])
    return [*there, *texts[source]["buttons"][len(there) :]]
