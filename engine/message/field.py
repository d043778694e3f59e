"""One text of a message: the same for everybody, or rendered per person or per batch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.kernel.frozen import frozen
from engine.message.columns import Columns
from engine.message.compiled import (
    Render,
    RenderColumn,
    compile_column,
    compile_source,
    read_source,
)
from engine.message.syntax import Partials


@frozen(kw_only=False)
class TemplateField:
    """A text that differs from person to person."""

    render: Render
    source: str
    locale: str
    partials: Partials

    @property
    def column(self) -> RenderColumn:
        return compile_column(self.source, self.locale, self.partials)


Field = str | TemplateField | None


def prepare_field(source: str | None, locale: str, partials: Partials) -> Field:
    """Return a text that is the same for everybody as it is, anything else as a template."""
    if source is None:
        return None
    render = compile_source(source, locale, partials)
    reading = read_source(source, partials)
    if reading.uses or reading.faults or reading.parts is None:
        return TemplateField(render, source, locale, partials)
    return render({}).strip() or None


def render_field(field: Field, values: Mapping[str, object]) -> str | None:
    """Return the text for one person; None where nothing but blanks is left of it."""
    if field is None or isinstance(field, str):
        return field
    return field.render(values).strip() or None


def render_column(field: Field, columns: Columns) -> list[str | None]:
    """Return the text for every row of a batch."""
    if field is None or isinstance(field, str):
        return [field] * columns.size
    return [text.strip() or None for text in field.column(columns)]


def variables_in(sources: Iterable[str | None], partials: Partials) -> frozenset[str]:
    """Return the variables that `sources` read."""
    read = [read_source(source, partials) for source in sources if source is not None]
    return frozenset(use.name for reading in read for use in reading.uses)
