"""What a Jinja source reads and what is wrong with it, told before it runs."""

from __future__ import annotations

import jinja2
from jinja2 import nodes

from engine.message.grammar import faults_of
from engine.message.linking import Linked, link
from engine.message.sandbox import environment_of
from engine.message.steps import fits_size, size_fault
from engine.message.syntax import Fault, Partials, Use
from engine.message.uses import uses_of


def judge(source: str, partials: Partials = ()) -> tuple[tuple[Use, ...], tuple[Fault, ...]]:
    """Return the variables that `source` reads, and everything that is wrong with it.

    Never raises. A source with faults is not searched for variables.
    """
    linked = link_source(source, partials)
    if isinstance(linked, Fault):
        return (), (linked,)
    faults = linked.faults or faults_of(linked.tree, linked.macros)
    return (() if faults else uses_of(linked.tree)), faults


def link_source(source: str, partials: Partials) -> Linked | Fault:
    """Return the tree of `source` with the macros that it reaches, or why there is none."""
    tree = _parse(source)
    if isinstance(tree, Fault):
        return tree
    if not fits_size(tree):
        return size_fault()
    return link(tree, partials, _parse)


def _parse(source: str) -> nodes.Template | Fault:
    try:
        return environment_of("en").parse(source)
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
