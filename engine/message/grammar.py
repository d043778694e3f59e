"""What may stand in a template: a list of syntax nodes, and how much of it.

A template that passes runs in bounded time: it can call nothing, keep nothing (no `set`, no
macros), loop over at most `MAX_LOOP` items two loops deep, and every filter is bounded. Widening
the language is adding a node here.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from difflib import get_close_matches

from jinja2 import nodes

from engine.message.filters import FILTER_NAMES
from engine.message.syntax import Fault, Use

MAX_LOOP = 50
"""Items a loop may go over."""
MAX_LOOP_DEPTH = 2
MAX_DEPTH = 40
"""Nesting of syntax nodes."""
MAX_NODES = 4_000
"""Syntax nodes of one source: what compiles within a fifth of a second."""
MAX_STEPS = 20_000
"""Nodes that one rendering may visit, every loop counted as `MAX_LOOP` rounds."""

LOOP_FIELDS = frozenset({"index", "index0", "first", "last", "length", "revindex"})
TEST_NAMES = frozenset(
    {"even", "odd", "divisibleby", "in", "eq", "ne", "lt", "le", "gt", "ge", "string", "number"}
)
_ALLOWED: tuple[type[nodes.Node], ...] = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Const,
    nodes.Filter,
    nodes.Keyword,
    nodes.Test,
    nodes.If,
    nodes.CondExpr,
    nodes.For,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Neg,
    nodes.Pos,
    nodes.Add,
    nodes.Sub,
    nodes.Mul,
    nodes.Div,
    nodes.FloorDiv,
    nodes.Mod,
    nodes.Concat,
    nodes.Getattr,
    nodes.Getitem,
    nodes.Slice,
    nodes.Tuple,
    nodes.List,
)
_REFUSED = {
    nodes.Call: "a template cannot call functions: use a filter, `{{ name|upper }}`",
    nodes.Pow: "`**` is not available in templates",
    nodes.Assign: "`{% set %}` is not available: declare a variable",
    nodes.AssignBlock: "`{% set %}` is not available: declare a variable",
    nodes.Include: "`{% include %}` is not available",
    nodes.Import: "`{% import %}` is not available",
    nodes.FromImport: "`{% from … import %}` is not available",
    nodes.Extends: "`{% extends %}` is not available",
    nodes.Block: "`{% block %}` is not available",
    nodes.Macro: "`{% macro %}` is not available",
    nodes.CallBlock: "`{% call %}` is not available",
    nodes.FilterBlock: "`{% filter %}` is not available: write the filter behind the value",
    nodes.With: "`{% with %}` is not available: declare a variable",
    nodes.ScopedEvalContextModifier: "`{% autoescape %}` is not available",
    nodes.Dict: "dictionaries are not available in templates",
}


def faults_of(tree: nodes.Template) -> tuple[Fault, ...]:
    """Return everything in `tree` that may not stand in a template; empty if it may run."""
    size = _measure(tree)
    if size is None:
        limits = f"{MAX_DEPTH} levels or {MAX_NODES:,} parts"
        return (Fault(f"this has more than {limits}", 1, "split the text"),)
    deepest_loop, steps = size
    faults = [fault for node in _walk(tree) for fault in _faults_of_node(node)]
    if deepest_loop > MAX_LOOP_DEPTH:
        faults.append(Fault(f"loops may be nested {MAX_LOOP_DEPTH} deep", 1))
    elif steps > MAX_STEPS:
        faults.append(
            Fault("this may take too many steps", 1, "shorten the loops, or what is inside them")
        )
    return tuple(dict.fromkeys(faults))


def uses_of(tree: nodes.Template) -> tuple[Use, ...]:
    """Return the variables that `tree` reads, in order, loop variables left out."""
    return tuple(dict.fromkeys(_uses(tree, frozenset())))


def _walk(node: nodes.Node) -> Iterator[nodes.Node]:
    yield node
    for child in node.iter_child_nodes():
        yield from _walk(child)


def _measure(tree: nodes.Template) -> tuple[int, int] | None:
    """Return (loops inside each other, steps), or None for a tree that is too deep or too large."""
    count, steps, deepest = 0, 0, 0
    stack: list[tuple[nodes.Node, int, int]] = [(tree, 0, 0)]
    while stack:
        node, depth, loops = stack.pop()
        count += 1
        if depth > MAX_DEPTH or count > MAX_NODES:
            return None
        steps += MAX_LOOP ** min(loops, MAX_LOOP_DEPTH + 1)
        inside = loops + isinstance(node, nodes.For)
        deepest = max(deepest, inside)
        for child in node.iter_child_nodes():
            # What a loop goes over is computed once, outside of it.
            once = isinstance(node, nodes.For) and child is node.iter
            stack.append((child, depth + 1, loops if once else inside))
    return deepest, steps


def _faults_of_node(node: nodes.Node) -> Iterator[Fault]:
    if not isinstance(node, _ALLOWED):
        known = _REFUSED.get(type(node))
        yield Fault(known or f"`{type(node).__name__}` is not available in templates", node.lineno)
    elif isinstance(node, nodes.Filter):
        if node.name not in FILTER_NAMES:
            yield Fault(f"there is no filter `{node.name}`", node.lineno, _filter_hint(node.name))
        if node.dyn_args is not None or node.dyn_kwargs is not None:
            yield Fault("`*` and `**` arguments are not available", node.lineno)
    elif isinstance(node, nodes.Test) and node.name not in TEST_NAMES:
        yield Fault(f"there is no test `is {node.name}`", node.lineno, _test_hint(node.name))
    elif isinstance(node, nodes.For) and node.recursive:
        yield Fault("recursive loops are not available", node.lineno)
    elif isinstance(node, nodes.Getattr) and node.attr.startswith("_"):
        yield Fault(f"`{node.attr[:40]}` is not available in templates", node.lineno)
    elif isinstance(node, nodes.Const) and isinstance(node.value, float):
        if not math.isfinite(node.value):
            yield Fault("this number is too large", node.lineno)
    elif isinstance(node, nodes.Const) and not isinstance(node.value, str | int):
        # `none`: nothing is ever nothing here, a missing value never reaches a template.
        yield Fault("`none` is not available: a variable always has a value", node.lineno)
    elif isinstance(node, nodes.Name) and node.ctx == "store" and node.name.startswith("_"):
        yield Fault(f"`{node.name[:40]}` is not a name for a loop variable", node.lineno)


def _filter_hint(name: str) -> str:
    if name in ("default", "d"):
        return "write `default:` at the variable's declaration"
    if close := get_close_matches(name, sorted(FILTER_NAMES), 1):
        return f"did you mean `{close[0]}`?"
    return f"the filters are {', '.join(sorted(FILTER_NAMES))}"


def _test_hint(name: str) -> str | None:
    if name in ("defined", "undefined", "none"):
        return "a missing value never reaches a template: write `default:` or `on_missing: skip`"
    return None


def _uses(node: nodes.Node, local: frozenset[str]) -> Iterator[Use]:
    if isinstance(node, nodes.Name):
        if node.ctx == "load" and node.name not in local:
            yield Use(node.name, node.lineno)
    elif isinstance(node, nodes.Getattr):
        dotted = _dotted(node)
        if dotted is None:
            yield from _uses(node.node, local)
        elif dotted.partition(".")[0] not in local:
            yield Use(dotted, node.lineno)
    elif isinstance(node, nodes.For):
        yield from _uses(node.iter, local)
        inner = local | {name.name for name in _walk(node.target) if isinstance(name, nodes.Name)}
        inner |= {"loop"}
        for child in (*node.body, *([node.test] if node.test is not None else [])):
            yield from _uses(child, inner)
        for child in node.else_:
            yield from _uses(child, local)
    else:
        for child in node.iter_child_nodes():
            yield from _uses(child, local)


def _dotted(node: nodes.Expr) -> str | None:
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr):
        before = _dotted(node.node)
        return None if before is None else f"{before}.{node.attr}"
    return None
