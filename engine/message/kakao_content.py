"""What only a KakaoTalk bubble shows, prepared for everybody and rendered per person or per batch.

The parts (rows, cards, coupon, price…) are prepared as a tree. What is the same for everybody is one
finished value in it, so that a person costs only the parts that differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, fields
from enum import Enum
from functools import lru_cache
from typing import Any

from engine.kernel.frozen import frozen
from engine.message.columns import Columns
from engine.message.failure import RenderError
from engine.message.field import Field, TemplateField, render_column, render_field
from engine.message.kakao_price import price_fault
from engine.model.kakao import KakaoCommerce, KakaoContent
from engine.model.message import MessageButton
from engine.model.template import Button

Prepare = Callable[[str | None], Field]
Values = Mapping[str, object]


@frozen(kw_only=False)
class _Same:
    """A part that is the same for everybody."""

    value: Any

    def render(self, values: Values) -> Any:  # noqa: ARG002 - the shape of a part
        return self.value

    def column(self, columns: Columns) -> Iterable[Any]:
        return [self.value] * columns.size


@frozen(kw_only=False)
class _Words:
    """A text that differs. `instead` stands where nothing is left of one that must be there."""

    field: TemplateField
    instead: str | None

    def render(self, values: Values) -> Any:
        return render_field(self.field, values) or self.instead

    def column(self, columns: Columns) -> Iterable[Any]:
        return [text or self.instead for text in render_column(self.field, columns)]


@frozen(kw_only=False)
class _Row:
    """A tuple of parts, without those of which nothing is left."""

    parts: tuple[_Part, ...]

    def render(self, values: Values) -> Any:
        return tuple(one for part in self.parts if (one := part.render(values)) is not None)

    def column(self, columns: Columns) -> Iterable[Any]:
        made = zip(*[part.column(columns) for part in self.parts], strict=True)
        return [tuple(one for one in row if one is not None) for row in made]


@frozen(kw_only=False)
class _Named:
    """A mapping from names to texts."""

    names: tuple[str, ...]
    parts: tuple[_Part, ...]

    def render(self, values: Values) -> Any:
        return {
            name: part.render(values) for name, part in zip(self.names, self.parts, strict=True)
        }

    def column(self, columns: Columns) -> Iterable[Any]:
        made = zip(*[part.column(columns) for part in self.parts], strict=True)
        return [dict(zip(self.names, row, strict=True)) for row in made]


@frozen(kw_only=False)
class _Whole:
    """A dataclass of which some fields differ. With nothing in its fields it is None."""

    kind: type[Any]
    same: Mapping[str, Any]
    names: tuple[str, ...]
    parts: tuple[_Part, ...]

    def _made(self, found: Iterable[Any]) -> Any:
        made = self.kind(**self.same, **dict(zip(self.names, found, strict=True)))
        return made if _says_something(made) else None

    def render(self, values: Values) -> Any:
        return self._made(part.render(values) for part in self.parts)

    def column(self, columns: Columns) -> Iterable[Any]:
        made = zip(*[part.column(columns) for part in self.parts], strict=True)
        return [self._made(row) for row in made]


_Part = _Same | _Words | _Row | _Named | _Whole


class PreparedContent:
    """The content of one locale, ready for any person."""

    def __init__(self, content: KakaoContent, prepare: Prepare) -> None:
        self._part = _prepared(content, prepare, None)

    def render(self, values: Values, *, strict: bool = True) -> KakaoContent | None:
        """Return what one person sees; None where nothing is left.

        Raises RenderError where a text fails and, if `strict`, where a price is no number.
        """
        content: KakaoContent | None = self._part.render(values)
        if strict and content is not None and (fault := first_price_fault(content)):
            raise RenderError(fault)
        return content

    def render_column(self, columns: Columns) -> list[KakaoContent | None]:
        """Return what every row of a batch sees; rows with a price that is no number go aside."""
        contents: list[KakaoContent | None] = list(self._part.column(columns))
        if isinstance(self._part, _Same):
            if contents and contents[0] is not None and first_price_fault(contents[0]):
                columns.set_all_aside()
            return contents
        for row, content in enumerate(contents):
            if content is not None and first_price_fault(content):
                columns.aside.add(row)
        return contents


class PreparedButtons:
    """The buttons of one locale, ready for any person."""

    def __init__(self, buttons: Iterable[Button], prepare: Prepare) -> None:
        self._parts = tuple(_whole(button, prepare, MessageButton) for button in buttons)
        self._same = all(isinstance(part, _Same) for part in self._parts)

    def render(self, values: Values) -> tuple[MessageButton, ...]:
        """Return the buttons that one person sees. Raises RenderError where a text fails."""
        return tuple(part.render(values) for part in self._parts)

    def render_column(self, columns: Columns) -> list[tuple[MessageButton, ...]]:
        """Return the buttons of every row of a batch."""
        if self._same:
            return [self.render({})] * columns.size
        return list(zip(*[part.column(columns) for part in self._parts], strict=True))


def first_price_fault(content: KakaoContent) -> str | None:
    """Return what is wrong with the first price that is no number, without the value; or None."""
    places: list[tuple[str, KakaoCommerce | None]] = [("commerce", content.commerce)]
    places += [(f"cards[{at}].commerce", card.commerce) for at, card in enumerate(content.cards)]
    for place, commerce in places:
        if commerce is not None and (found := price_fault(commerce)):
            return f"`{place}.{found}` is not a whole number of digits"
    return None


def _prepared(value: object, prepare: Prepare, instead: str | None) -> _Part:
    if value is None or isinstance(value, Enum):
        return _Same(value)
    if isinstance(value, str):
        field = prepare(value)
        if isinstance(field, TemplateField):
            return _Words(field, instead)
        return _Same(field or instead)
    if isinstance(value, tuple):
        rows = tuple(_prepared(one, prepare, None) for one in value)
        if all(isinstance(part, _Same) for part in rows):
            kept = [part.value for part in rows if isinstance(part, _Same)]
            return _Same(tuple(one for one in kept if one is not None))
        return _Row(rows)
    if isinstance(value, Mapping):
        named = tuple(_prepared(one, prepare, "") for one in value.values())
        if all(isinstance(part, _Same) for part in named):
            return _Same(_Named(tuple(value), named).render({}))
        return _Named(tuple(value), named)
    return _whole(value, prepare, type(value))


def _whole(value: Any, prepare: Prepare, kind: Any) -> _Part:
    found = {
        name: _prepared(getattr(value, name), prepare, instead)
        for name, instead in _fields_of(kind)
    }
    same = {name: part.value for name, part in found.items() if isinstance(part, _Same)}
    differing = {name: part for name, part in found.items() if not isinstance(part, _Same)}
    whole = _Whole(kind, same, tuple(differing), tuple(differing.values()))
    return whole if differing else _Same(whole.render({}))


@lru_cache(maxsize=64)
def _fields_of(kind: Any) -> tuple[tuple[str, str | None], ...]:
    """Return the fields of a part, each with what stands where nothing is left of its text."""
    return tuple(
        (each.name, "" if each.default is MISSING and each.default_factory is MISSING else None)
        for each in fields(kind)
    )


def _says_something(part: Any) -> bool:
    """Tell whether anything is left of a part; a message's button stays, whatever is left."""
    if isinstance(part, MessageButton):
        return True
    kind: Any = type(part)
    values = (getattr(part, name) for name, _ in _fields_of(kind))
    return any(value and not isinstance(value, Enum) for value in values)
