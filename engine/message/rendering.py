"""From a Jinja source that was judged to text: every loop, kept value and join bounded."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

import jinja2
from jinja2 import nodes

from engine.message.columns import Column, Columns
from engine.message.failure import RenderError, check_length
from engine.message.judging import link_source
from engine.message.linking import Linked
from engine.message.sandbox import BOUNDED_LOOP, JOINED, KEPT, SPENT, End, environment_of
from engine.message.syntax import Fault, Partials

_ROWS, _END = "rows_", "end_"


def _guarded(linked: Linked) -> nodes.Template:
    """Return the whole tree, macros in front, with a bound around everything that can grow."""
    macros = [
        nodes.Macro(m.linked, m.node.args, m.node.defaults, m.node.body, lineno=m.node.lineno)
        for m in linked.macros
    ]
    tree = nodes.Template([*macros, *linked.tree.body], lineno=1)
    for loop in tree.find_all(nodes.For):
        loop.iter = _filtered(loop.iter, BOUNDED_LOOP)
    for kept in tree.find_all(nodes.Assign):
        kept.node = _filtered(kept.node, KEPT)
    _replace_joins(tree)
    return tree


def _filtered(node: Any, name: str) -> nodes.Filter:
    return nodes.Filter(node, name, [], [], None, None, lineno=node.lineno)


def _replace_joins(node: nodes.Node) -> None:
    """Replace every `a ~ b`, which joins before anybody can look, by a join that looks first."""
    for name, value in node.iter_fields():
        if isinstance(value, list):
            setattr(node, name, [_joining(item) for item in value])
        elif isinstance(value, nodes.Node):
            setattr(node, name, _joining(value))


def _joining(item: Any) -> Any:
    if isinstance(item, nodes.Node):
        _replace_joins(item)
        if isinstance(item, nodes.Concat):
            return _filtered(nodes.List(item.nodes, lineno=item.lineno), JOINED)
    return item


def _compile(tree: nodes.Template, locale: str) -> jinja2.Template:
    environment = environment_of(locale)
    tree.set_environment(environment)
    try:
        return environment.from_string(tree)
    except (jinja2.TemplateError, SyntaxError, RecursionError, MemoryError) as error:
        raise RenderError(f"the template cannot be compiled: {type(error).__name__}") from error


def _relinked(source: str, partials: Partials) -> Linked:
    linked = link_source(source, partials)
    if isinstance(linked, Fault):
        raise RenderError(linked.message)
    return linked


def jinja_renderer(
    source: str, locale: str, partials: Partials = ()
) -> Callable[[Mapping[str, object]], str]:
    """Return the function from values to text of a source in which `judge` found no fault.

    The result raises RenderError and nothing else, whatever the values are. Raises RenderError
    itself if Python does not take what Jinja made of the source.
    """
    template = _compile(_guarded(_relinked(source, partials)), locale)

    def render(values: Mapping[str, object]) -> str:
        pieces: list[str] = []
        size = 0
        try:
            # By hand and not `template.render`: the output is weighed while it grows.
            context = template.new_context({**values, SPENT: [0]})
            for piece in template.root_render_func(context):
                size += len(piece)
                check_length(size)
                pieces.append(piece)
        except _FAILURES as error:
            raise RenderError(_reason(error)) from None
        return "".join(pieces)

    return render


def jinja_columns(
    source: str, locale: str, names: Sequence[str], partials: Partials = ()
) -> Callable[[Columns], Column]:
    """Return a function from the columns of a batch to a text per row: one template, one loop.

    `names` are the variables that `source` reads. A row that fails is set aside and the loop goes on
    behind it. Raises RenderError as `jinja_renderer` does.
    """
    tree = _guarded(_relinked(source, partials))
    macros = [node for node in tree.body if isinstance(node, nodes.Macro)]
    end = nodes.Output([nodes.Name(_END, "load", lineno=1)], lineno=1)
    body = [*(node for node in tree.body if not isinstance(node, nodes.Macro)), end]
    row = nodes.Tuple([nodes.Name(name, "store", lineno=1) for name in names], "store", lineno=1)
    rows = nodes.Name(_ROWS, "load", lineno=1)
    loop = nodes.For(row, rows, body, [], None, False, lineno=1)
    template = _compile(nodes.Template([*macros, loop], lineno=1), locale)

    def render(columns: Columns) -> Column:
        if any(name not in columns.by_name for name in names):
            columns.set_all_aside()
            return [""] * columns.size
        values = [columns.by_name[name] for name in names]
        left = iter(zip(*values, strict=True) if names else [()] * columns.size)
        texts: Column = []
        while len(texts) < columns.size:
            # Why a row fails is told when it is composed by itself.
            with suppress(*_FAILURES):
                for text in _rows_of(template, left):
                    texts.append(text)
            if len(texts) < columns.size:
                columns.aside.add(len(texts))
                texts.append("")
        return texts

    return render


def _rows_of(template: jinja2.Template, rows: Iterator[tuple[object, ...]]) -> Iterator[str]:
    """Yield one text for each of `rows`. Raises what the first row that fails raises."""
    spent, size = [0], 0
    pieces: list[str] = []
    context = template.new_context({SPENT: spent, _ROWS: rows, _END: End()})
    for piece in template.root_render_func(context):
        if type(piece) is End:
            yield "".join(pieces)
            spent[0], size, pieces = 0, 0, []
            continue
        size += len(piece)
        check_length(size)
        pieces.append(piece)


_FAILURES = (
    RenderError,
    jinja2.TemplateError,
    ArithmeticError,
    TypeError,
    ValueError,
    LookupError,
)


def _reason(error: Exception) -> str:
    """Return why a rendering failed. What the errors themselves say may name values."""
    if isinstance(error, RenderError):
        return error.reason
    if isinstance(error, jinja2.UndefinedError):
        # Only the names of variables may be told; `'x' is undefined` is Jinja's own wording.
        match = re.fullmatch(r"'(\w+)' is undefined", str(error))
        return f"`{match[1]}` has no value" if match else "a value has no such part"
    return f"an expression fails: {type(error).__name__}"
