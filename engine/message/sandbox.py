"""Jinja, locked in: strict, without globals or attributes, bounded by construction.

Only templates that `engine.message.plain` cannot read get here. What may stand in a template is a
list of syntax nodes (`engine.message.grammar`), judged before anything runs; macros of partials are
part of the template by then (`engine.message.linking`). The sandbox below is the second fence.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any

import jinja2
from jinja2.runtime import Context, LoopContext, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment

from engine.message.failure import MAX_RENDERED, RenderError, bounded, check_length
from engine.message.filters import filters_of
from engine.message.grammar import LOOP_FIELDS, TEST_NAMES
from engine.message.printed import printed
from engine.message.steps import MAX_LOOP, MAX_NUMBER

BOUNDED_LOOP, KEPT, JOINED = "bounded_loop_", "kept_", "joined_"
"""Filters that `engine.message.rendering` puts around everything that can grow."""
_MAX_KEPT = 4_096
"""Characters of a value that a template keeps, hands to a macro or gets back from one."""
_MAX_PRINTED = 4 * MAX_RENDERED
"""Characters that one rendering may print in all, inside macros too."""
SPENT = " spent"
"""Where a rendering counts what it has printed. No name of a template begins with a blank."""


class _Sandbox(ImmutableSandboxedEnvironment):
    """No attribute of anything but `loop`, calls of macros only, arithmetic on small numbers only."""

    intercepted_binops = frozenset(["+", "-", "*", "/", "//", "%", "**"])

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, LoopContext) and attribute in LOOP_FIELDS:
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
        if abs(result) > MAX_NUMBER:
            raise RenderError("a number grows beyond thirty digits")
        return result


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _bounded_loop(value: object) -> object:
    if not isinstance(value, str | list | tuple):
        raise RenderError("a loop goes over a list or a text")
    if len(value) > MAX_LOOP:
        raise RenderError(f"a loop goes over at most {MAX_LOOP} items")
    return value


def _kept(value: object) -> object:
    """Return a value that may stay: a short text, a number, a list of those; nothing that grows."""
    items = value if isinstance(value, list | tuple) else (value,)
    if len(items) > MAX_LOOP:
        raise RenderError(f"a list keeps at most {MAX_LOOP} items")
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
    if type(value) is End:
        return value
    text = printed(value)
    spent = context.parent[SPENT]
    spent[0] += len(text)
    if spent[0] > _MAX_PRINTED:
        check_length(spent[0])
    return text


class End(str):
    """Printed behind each row of a batch. It is known by what it is: no text can pass for it."""

    __slots__ = ()

    def __str__(self) -> str:
        return self


@lru_cache(maxsize=64)
def environment_of(locale: str) -> jinja2.Environment:
    """Return the environment of a locale: its filters, a few tests, and nothing else."""
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
        BOUNDED_LOOP: _bounded_loop,
        KEPT: _kept,
        JOINED: _joined,
    }
    environment.tests = {name: environment.tests[name] for name in TEST_NAMES}
    return environment
