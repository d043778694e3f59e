"""From template source to a function: judged once, compiled once, then only called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

from engine.kernel.frozen import frozen
from engine.message.columns import Column, Columns
from engine.message.failure import MAX_SOURCE_BYTES, RenderError
from engine.message.filters import filters_of
from engine.message.plain import Part, Slot, plain_columns, plain_renderer, read_plain
from engine.message.syntax import Fault, Partials, Use

Render = Callable[[Mapping[str, object]], str]
RenderColumn = Callable[[Columns], Column]


@frozen(kw_only=False)
class Reading:
    """What a source says: the variables it reads, and what is wrong with it (then it never runs).

    `parts` is set where the fast path can read it.
    """

    uses: tuple[Use, ...]
    faults: tuple[Fault, ...]
    parts: tuple[Part, ...] | None


@lru_cache(maxsize=65536)
def read_source(source: str, partials: Partials = ()) -> Reading:
    """Read and judge a template, with the partials it may import. Never raises, whatever it is."""
    if len(source.encode("utf-8", "replace")) > MAX_SOURCE_BYTES:
        limit = f"the text is longer than {MAX_SOURCE_BYTES // 1024} KiB"
        return Reading((), (Fault(limit, 1, "shorten it"),), None)
    parts = read_plain(source)
    if parts is None:
        return _read_with_jinja(source, partials)
    slots = [part for part in parts if isinstance(part, Slot)]
    return Reading(tuple(dict.fromkeys(Use(slot.name, slot.line) for slot in slots)), (), parts)


def _read_with_jinja(source: str, partials: Partials) -> Reading:
    from engine.message.judging import judge

    uses, faults = judge(source, partials)
    return Reading(uses, faults, None)


@lru_cache(maxsize=8192)
def compile_source(source: str, locale: str, partials: Partials = ()) -> Render:
    """Return the function from values to text. It raises RenderError and nothing else.

    A source with faults gives a function that always fails with the first of them.
    """
    reading = read_source(source, partials)
    if reading.parts is not None:
        return plain_renderer(reading.parts, filters_of(locale))
    if not reading.faults:
        from engine.message.rendering import jinja_renderer

        try:
            return jinja_renderer(source, locale, partials)
        except RenderError as error:
            return _always_fails(error.reason)
    return _always_fails(reading.faults[0].message)


@lru_cache(maxsize=8192)
def compile_column(source: str, locale: str, partials: Partials = ()) -> RenderColumn:
    """Return the function from a batch's columns to a text per row: what `compile_source` says.

    Rows for which that would raise are set aside.
    """
    reading = read_source(source, partials)
    if reading.parts is not None:
        return plain_columns(reading.parts, filters_of(locale))
    names = tuple(dict.fromkeys(use.name for use in reading.uses))
    if reading.faults or not all(name.isidentifier() for name in names) or "loop" in names:
        return _all_aside
    from engine.message.rendering import jinja_columns

    try:
        return jinja_columns(source, locale, names, partials)
    except RenderError:
        return _all_aside


def _all_aside(columns: Columns) -> Column:
    columns.set_all_aside()
    return [""] * columns.size


def _always_fails(reason: str) -> Render:
    def render(values: Mapping[str, object]) -> str:  # noqa: ARG001 - the shape of a renderer
        raise RenderError(reason)

    return render
