"""Jinja, locked in: strict, without globals or attributes, bounded by construction.

Only templates that `engine.message.plain` cannot read get here. What may stand in a template is a
list of syntax nodes (`engine.message.grammar`), judged before anything runs; macros of partials are
part of the template by then (`engine.message.linking`). The sandbox below is the second fence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import lru_cache
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.runtime import Context, LoopContext, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment

from engine.message import grammar
from engine.message.columns import Column, Columns
from engine.message.failure import MAX_RENDERED, RenderError, bounded, check_length
from engine.message.filters import filters_of
from engine.message.linking import Linked, link
from engine.message.printed import printed
from engine.message.syntax import Fault, Partials, Use

_BOUNDED_LOOP, _KEPT, _JOINED = "bounded_loop_", "kept_", "joined_"
_MAX_KEPT = 4_096
"""Characters of a value that a template keeps, hands to a macro or gets back from one."""
_MAX_PRINTED = 4 * MAX_RENDERED
"""Characters that one rendering may print in all, inside macros too."""
_SPENT, _ROWS, _END = " spent", "rows_", "end_"


class _Sandbox(ImmutableSandboxedEnvironment):
    """No attribute of anything but `loop`, calls of macros only, arithmetic on small numbers only."""

    intercepted_binops = frozenset(["+", "-", "*", "/", "//", "%", "**"])

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, LoopContext) and attribute in grammar.LOOP_FIELDS:
            return getattr(obj, attribute)
        return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        readable = isinstance(obj, str | tuple | list) and isinstance(argument, int | slice)
        if not readable:
            return self.undefined(obj=obj, name=str(argument)[:40])
        try:
            return obj[argument]
        except IndexError:
            return self.undefined(obj=obj, name=str(argument)[:40])

    def call(self, context: Any, called: Any, *given: Any, **named: Any) -> Any:  # noqa: ARG002
        if type(called) is not Macro:
            raise RenderError("a template calls nothing but macros of partials")
        for own in ("_loop_vars", "_block_vars"):
            named.pop(own, None)  # what Jinja adds for functions that ask for the context
        for value in (*given, *named.values()):
            _kept(value)
        return _kept(called(*given, **named))

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:  # noqa: ARG002
        if operator == "+" and isinstance(left, str) and isinstance(right, str):
            return bounded(left + right)
        if not (_is_number(left) and _is_number(right)) or operator == "**":
            raise RenderError(f"`{operator}` works on numbers")
        result = self.binop_table[operator](left, right)
        if abs(result) > grammar.MAX_NUMBER:
            raise RenderError("a number grows beyond thirty digits")
        return result


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _bounded_loop(value: object) -> object:
    if not isinstance(value, str | list | tuple):
        raise RenderError("a loop goes over a list or a text")
    if len(value) > grammar.MAX_LOOP:
        raise RenderError(f"a loop goes over at most {grammar.MAX_LOOP} items")
    return value


def _kept(value: object) -> object:
    """Return a value that may stay: a short text, a number, a list of those; nothing that grows."""
    items = value if isinstance(value, list | tuple) else (value,)
    if len(items) > grammar.MAX_LOOP:
        raise RenderError(f"a list keeps at most {grammar.MAX_LOOP} items")
    for item in items:
        if isinstance(item, jinja2.Undefined):
            str(item)  # names itself
        if not isinstance(item, str | int | float | date):
            raise RenderError("only texts, numbers, dates and lists of them can be kept")
        if isinstance(item, str) and len(item) > _MAX_KEPT:
            raise RenderError(f"a text of more than {_MAX_KEPT:,} characters cannot be kept")
    return value


def _joined(values: Sequence[object]) -> str:
    texts = [printed(value) for value in values]
    check_length(sum(map(len, texts)))
    return "".join(texts)


@jinja2.pass_context
def _printed(context: Context, value: object) -> str:
    """Print `value`, and weigh what the rendering has printed so far."""
    if type(value) is _End:
        return value
    text = printed(value)
    spent = context.parent[_SPENT]
    spent[0] += len(text)
    if spent[0] > _MAX_PRINTED:
        check_length(spent[0])
    return text


class _End(str):
    """Printed behind each row of a batch. It is known by what it is: no text can pass for it."""

    __slots__ = ()

    def __str__(self) -> str:
        return self


@lru_cache(maxsize=64)
def _environment(locale: str) -> _Sandbox:
    environment = _Sandbox(
        undefined=jinja2.StrictUndefined,
        autoescape=False,
        finalize=_printed,
        cache_size=0,
        optimized=False,
        loader=None,
    )
    environment.globals.clear()
    environment.filters = {
        **filters_of(locale),
        _BOUNDED_LOOP: _bounded_loop,
        _KEPT: _kept,
        _JOINED: _joined,
    }
    environment.tests = {name: environment.tests[name] for name in grammar.TEST_NAMES}
    return environment


def judge(source: str, partials: Partials = ()) -> tuple[tuple[Use, ...], tuple[Fault, ...]]:
    """Return the variables that `source` reads, and everything that is wrong with it.

    Never raises. A source with faults is not searched for variables.
    """
    linked = _link(source, partials)
    if isinstance(linked, Fault):
        return (), (linked,)
    faults = linked.faults or grammar.faults_of(linked.tree, linked.macros)
    return (() if faults else grammar.uses_of(linked.tree)), faults


def _link(source: str, partials: Partials) -> Linked | Fault:
    tree = _parse(source)
    if isinstance(tree, Fault):
        return tree
    if not grammar.fits_size(tree):
        return grammar.size_fault()
    return link(tree, partials, _parse)


def _parse(source: str) -> nodes.Template | Fault:
    try:
        return _environment("en").parse(source)
    except jinja2.TemplateSyntaxError as error:
        return _syntax_fault(source, str(error.message), error.lineno)
    except RecursionError:
        return Fault("this is nested too deeply", 1, "split the text")
    except (ValueError, OverflowError):
        # A number with thousands of digits, or a broken escape in a string.
        return Fault("a number or a string cannot be read", 1)


def _syntax_fault(source: str, message: str, line: int) -> Fault:
    text = message.rstrip(".").replace("'", "`")[:200]
    hint = None
    if source.count("{{") > source.count("}}"):
        hint = "close `{{` with `}}`"
    elif source.count("{%") > source.count("%}"):
        hint = "close `{%` with `%}`"
    return Fault(f"the template cannot be read: {text[:1].lower()}{text[1:]}", line, hint)


def _guarded(linked: Linked) -> nodes.Template:
    """Return the whole tree, macros in front, with a bound around everything that can grow."""
    macros = [
        nodes.Macro(m.linked, m.node.args, m.node.defaults, m.node.body, lineno=m.node.lineno)
        for m in linked.macros
    ]
    tree = nodes.Template([*macros, *linked.tree.body], lineno=1)
    for loop in tree.find_all(nodes.For):
        loop.iter = _filtered(loop.iter, _BOUNDED_LOOP)
    for kept in tree.find_all(nodes.Assign):
        kept.node = _filtered(kept.node, _KEPT)
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
            return _filtered(nodes.List(item.nodes, lineno=item.lineno), _JOINED)
    return item


def _compile(tree: nodes.Template, locale: str) -> jinja2.Template:
    environment = _environment(locale)
    tree.set_environment(environment)
    try:
        return environment.from_string(tree)
    except (jinja2.TemplateError, SyntaxError, RecursionError, MemoryError) as error:
        raise RenderError(f"the template cannot be compiled: {type(error).__name__}") from error


def _relinked(source: str, partials: Partials) -> Linked:
    linked = _link(source, partials)
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
            context = template.new_context({**values, _SPENT: [0]})
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
    context = template.new_context({_SPENT: spent, _ROWS: rows, _END: _End()})
    for piece in template.root_render_func(context):
        if type(piece) is _End:
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
