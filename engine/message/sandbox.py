"""Jinja, locked in: strict, without globals, attributes or calls, bounded by construction.

Only this module imports Jinja, and only templates that `engine.message.plain` cannot read get here.
What may stand in a template is a list of syntax nodes (`engine.message.grammar`), judged before
anything runs; the sandbox below is the second fence behind it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from engine.message import grammar
from engine.message.failure import RenderError, bounded, check_length
from engine.message.filters import filters_of
from engine.message.printed import printed
from engine.message.syntax import Fault, Use

_BOUNDED_LOOP = "bounded_loop_"
_MAX_NUMBER = 10**30


class _Sandbox(ImmutableSandboxedEnvironment):
    """No attribute of anything but `loop`, no calls, arithmetic on small numbers only."""

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

    def call(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ARG002 - refuses whatever it is given
        raise RenderError("a template may not call anything")

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:  # noqa: ARG002
        if operator == "+" and isinstance(left, str) and isinstance(right, str):
            return bounded(left + right)
        if not (_is_number(left) and _is_number(right)) or operator == "**":
            raise RenderError(f"`{operator}` works on numbers")
        result = self.binop_table[operator](left, right)
        if abs(result) > _MAX_NUMBER:
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


@lru_cache(maxsize=64)
def _environment(locale: str) -> _Sandbox:
    environment = _Sandbox(
        undefined=jinja2.StrictUndefined,
        autoescape=False,
        finalize=printed,
        cache_size=0,
        optimized=False,
        loader=None,
    )
    environment.globals.clear()
    environment.filters = {**filters_of(locale), _BOUNDED_LOOP: _bounded_loop}
    environment.tests = {name: environment.tests[name] for name in grammar.TEST_NAMES}
    return environment


def judge(source: str) -> tuple[tuple[Use, ...], tuple[Fault, ...]]:
    """Return the variables that `source` reads, and everything that is wrong with it.

    Never raises. A source with faults is not searched for variables.
    """
    try:
        tree = _environment("en").parse(source)
        faults = grammar.faults_of(tree)
    except jinja2.TemplateSyntaxError as error:
        return (), (_syntax_fault(source, str(error.message), error.lineno),)
    except RecursionError:
        return (), (Fault("this is nested too deeply", 1, "split the text"),)
    except (ValueError, OverflowError):
        # A number with thousands of digits, or a broken escape in a string.
        return (), (Fault("a number or a string cannot be read", 1),)
    return (() if faults else grammar.uses_of(tree)), faults


def _syntax_fault(source: str, message: str, line: int) -> Fault:
    text = message.rstrip(".").replace("'", "`")[:200]
    hint = None
    if source.count("{{") > source.count("}}"):
        hint = "close `{{` with `}}`"
    elif source.count("{%") > source.count("%}"):
        hint = "close `{%` with `%}`"
    return Fault(f"the template cannot be read: {text[:1].lower()}{text[1:]}", line, hint)


def _compile(source: str, locale: str) -> jinja2.Template:
    environment = _environment(locale)
    tree = environment.parse(source)
    for loop in tree.find_all(nodes.For):
        loop.iter = nodes.Filter(loop.iter, _BOUNDED_LOOP, [], [], None, None, lineno=loop.lineno)
    tree.set_environment(environment)
    return environment.from_string(tree)


def jinja_renderer(source: str, locale: str) -> Callable[[Mapping[str, object]], str]:
    """Return the function from values to text of a source in which `judge` found no fault.

    The result raises RenderError and nothing else, whatever the values are. Raises RenderError
    itself if Python does not take what Jinja made of the source.
    """
    try:
        template = _compile(source, locale)
    except (jinja2.TemplateError, SyntaxError, RecursionError, MemoryError) as error:
        raise RenderError(f"the template cannot be compiled: {type(error).__name__}") from error

    def render(values: Mapping[str, object]) -> str:
        pieces: list[str] = []
        size = 0
        try:
            # By hand and not `template.render`: the output is weighed while it grows.
            for piece in template.root_render_func(template.new_context(dict(values))):
                size += len(piece)
                check_length(size)
                pieces.append(piece)
        except RenderError:
            raise
        except jinja2.UndefinedError as error:
            raise RenderError(_undefined_reason(error)) from None
        except (jinja2.TemplateError, ArithmeticError, TypeError, ValueError, LookupError) as error:
            # The texts of these name values; only the kind is told.
            raise RenderError(f"an expression fails: {type(error).__name__}") from None
        return "".join(pieces)

    return render


def _undefined_reason(error: jinja2.UndefinedError) -> str:
    # Only the names of variables may be told; `'x' is undefined` is Jinja's own wording for them.
    match = re.fullmatch(r"'(\w+)' is undefined", str(error))
    return f"`{match[1]}` has no value" if match else "a value has no such part"
