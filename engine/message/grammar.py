"""What may stand in a template: a list of syntax nodes, and how much of it.

A template that passes runs in bounded time: it calls nothing but macros of partials, which cannot
call themselves (`engine.message.linking`), keeps only short values (`{% set %}`), loops over at most
`MAX_LOOP` items two loops deep, and every filter is bounded. Widening the language is adding a node
here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from jinja2 import nodes

from engine.message.arguments import PLURALS
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
"""Nodes that one rendering may visit, every loop counted as `MAX_LOOP` rounds, calls followed."""
MAX_NUMBER = 10**30
"""Numbers further from zero are no amounts (and take longer and longer to multiply)."""
_CHARACTERS_PER_STEP = 100
"""Written text costs steps too: a macro's text is collected before its length can be judged."""

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
    nodes.Assign,
)
_LINKED = re.compile(r"m__[0-9]+__")
"""How the names of linked macros start."""

_REFUSED: Mapping[type[nodes.Node], str] = {
    nodes.Call: "a template cannot call functions: use a filter, `{{ name|upper }}`",
    nodes.Pow: "`**` is not available in templates",
    nodes.AssignBlock: "`{% set %}` without `=` is not available: write `{% set name = … %}`",
    nodes.Include: "`{% include %}` is not available",
    nodes.Import: "`{% import %}` stands at the start of a text, outside of everything",
    nodes.FromImport: "`{% from … import %}` stands at the start of a text, outside of everything",
    nodes.Extends: "`{% extends %}` is not available",
    nodes.Block: "`{% block %}` is not available",
    nodes.Macro: "`{% macro %}` stands in a partial like `templates/_words.jinja`",
    nodes.CallBlock: "`{% call %}` is not available",
    nodes.FilterBlock: "`{% filter %}` is not available: write the filter behind the value",
    nodes.With: "`{% with %}` is not available: declare a variable",
    nodes.ScopedEvalContextModifier: "`{% autoescape %}` is not available",
    nodes.Dict: "dictionaries are not available in templates",
}


@dataclass(frozen=True, slots=True)
class Macro:
    """A macro that a template reaches: the name it is called by, and where it was written."""

    linked: str
    name: str
    partial: str
    node: nodes.Macro


def fits_size(tree: nodes.Template) -> bool:
    """Tell whether `tree` is small enough to be walked at all."""
    return _measure(tree, {}) is not None


def size_fault() -> Fault:
    """Return what is said about a tree that is too large."""
    limits = f"{MAX_DEPTH} levels or {MAX_NODES:,} parts"
    return Fault(f"this has more than {limits}", 1, "split the text")


def faults_of(tree: nodes.Template, macros: Sequence[Macro] = ()) -> tuple[Fault, ...]:
    """Return everything in `tree` that may not stand in a template; empty if it may run.

    `macros` are those that it reaches, callee first; their faults are among those returned.
    """
    costs: dict[str, int] = {}
    faults: list[Fault] = []
    for macro in macros:
        faults += _faults_of_macro(macro, costs)
    size = _measure(tree, costs)
    if size is None:
        return (size_fault(),)
    deepest_loop, steps = size
    faults += [fault for node in _walk(tree) for fault in _faults_of_node(node, costs)]
    if deepest_loop > MAX_LOOP_DEPTH:
        faults.append(Fault(f"loops may be nested {MAX_LOOP_DEPTH} deep", 1))
    elif steps > MAX_STEPS:
        faults.append(
            Fault("this may take too many steps", 1, "shorten the loops, or what is inside them")
        )
    return tuple(dict.fromkeys(faults))


def _faults_of_macro(macro: Macro, costs: dict[str, int]) -> Iterator[Fault]:
    """Yield the faults of a macro's own text and add what it costs to `costs`."""
    body = nodes.Template([*macro.node.defaults, *macro.node.body], lineno=macro.node.lineno)
    size = _measure(body, costs)
    where = f"in the partial `{macro.partial}`, line"
    if size is None:
        costs[macro.linked] = MAX_STEPS
        yield Fault(f"{where} {macro.node.lineno}: {size_fault().message}", 1)
        return
    costs[macro.linked] = min(size[1], MAX_STEPS + 1)
    for node in _walk(body):
        for fault in _faults_of_node(node, costs):
            yield Fault(f"{where} {fault.line}: {fault.message}", 1, fault.hint)
    if size[0] > MAX_LOOP_DEPTH:
        yield Fault(f"{where} {macro.node.lineno}: loops may be nested {MAX_LOOP_DEPTH} deep", 1)


def uses_of(tree: nodes.Template) -> tuple[Use, ...]:
    """Return the variables that `tree` reads, in order, its own (`for`, `set`) left out."""
    uses: list[Use] = []
    _block(tree.body, frozenset(), uses)
    return tuple(dict.fromkeys(use for use in uses if not _LINKED.match(use.name)))


def free_names(macro: nodes.Macro) -> tuple[str, ...]:
    """Return the names that `macro` reads and that are neither arguments nor its own."""
    uses: list[Use] = []
    for default in macro.defaults:
        _expression(default, frozenset(), uses)
    _block(macro.body, frozenset(argument.name for argument in macro.args), uses)
    called = {
        call.node.name for call in macro.find_all(nodes.Call) if isinstance(call.node, nodes.Name)
    }
    modules = {
        call.node.node.name
        for call in macro.find_all(nodes.Call)
        if isinstance(call.node, nodes.Getattr) and isinstance(call.node.node, nodes.Name)
    }
    names = dict.fromkeys(use.name for use in uses)
    return tuple(n for n in names if n not in called and n.partition(".")[0] not in modules)


def is_macro_name(name: str) -> bool:
    """Tell whether a macro, or what a `set` keeps, may have this name."""
    return not name.startswith("_") and name != "loop" and not _LINKED.match(name)


def _walk(node: nodes.Node) -> Iterator[nodes.Node]:
    yield node
    for child in node.iter_child_nodes():
        yield from _walk(child)


def _measure(tree: nodes.Template, costs: Mapping[str, int]) -> tuple[int, int] | None:
    """Return (loops inside each other, steps), or None for a tree that is too deep or too large.

    `costs` says how many steps a call of each macro takes.
    """
    count, steps, deepest = 0, 0, 0
    stack: list[tuple[nodes.Node, int, int]] = [(tree, 0, 0)]
    while stack:
        node, depth, loops = stack.pop()
        count += 1
        if depth > MAX_DEPTH or count > MAX_NODES:
            return None
        steps += _cost(node, costs) * MAX_LOOP ** min(loops, MAX_LOOP_DEPTH + 1)
        inside = loops + isinstance(node, nodes.For)
        deepest = max(deepest, inside)
        for child in node.iter_child_nodes():
            # What a loop goes over is computed once, outside of it.
            once = isinstance(node, nodes.For) and child is node.iter
            stack.append((child, depth + 1, loops if once else inside))
    return deepest, steps


def _cost(node: nodes.Node, costs: Mapping[str, int]) -> int:
    if isinstance(node, nodes.TemplateData):
        return 1 + len(node.data) // _CHARACTERS_PER_STEP
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        return 1 + len(node.value) // _CHARACTERS_PER_STEP
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name):
        return 1 + costs.get(node.node.name, 0)
    return 1


def _faults_of_node(node: nodes.Node, macros: Mapping[str, int]) -> Iterator[Fault]:
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name):
        if node.node.name not in macros:
            yield Fault(_REFUSED[nodes.Call], node.lineno)
    elif isinstance(node, nodes.Assign):
        yield from _faults_of_set(node)
    elif not isinstance(node, _ALLOWED):
        known = _REFUSED.get(type(node))
        yield Fault(known or f"`{type(node).__name__}` is not available in templates", node.lineno)
    elif isinstance(node, nodes.Filter):
        yield from _faults_of_filter(node)
    elif isinstance(node, nodes.Test) and node.name not in TEST_NAMES:
        yield Fault(f"there is no test `is {node.name}`", node.lineno, _test_hint(node.name))
    elif isinstance(node, nodes.For) and node.recursive:
        yield Fault("recursive loops are not available", node.lineno)
    elif isinstance(node, nodes.Getattr) and node.attr.startswith("_"):
        yield Fault(f"`{node.attr[:40]}` is not available in templates", node.lineno)
    elif isinstance(node, nodes.Const):
        yield from _faults_of_constant(node)
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


def _faults_of_constant(node: nodes.Const) -> Iterator[Fault]:
    if isinstance(node.value, int | float) and not abs(node.value) <= MAX_NUMBER:
        yield Fault("this number is too large", node.lineno)
    elif not isinstance(node.value, str | int | float):
        # Nothing is ever nothing here, a missing value never reaches a template.
        yield Fault("`none` is not available: a variable always has a value", node.lineno)


def _faults_of_filter(node: nodes.Filter) -> Iterator[Fault]:
    if node.name not in FILTER_NAMES:
        yield Fault(f"there is no filter `{node.name}`", node.lineno, _filter_hint(node.name))
    if node.dyn_args is not None or node.dyn_kwargs is not None:
        yield Fault("`*` and `**` arguments are not available", node.lineno)
    elif node.name == "plural":
        given = {keyword.key for keyword in node.kwargs}
        if node.args or "other" not in given or not given <= set(PLURALS):
            hint = "`{{ n|plural(one='# item', other='# items') }}`"
            yield Fault("`plural` needs a text for `other`, by name", node.lineno, hint)


def _faults_of_set(node: nodes.Assign) -> Iterator[Fault]:
    if not isinstance(node.target, nodes.Name):
        yield Fault("`{% set %}` gives one name one value", node.lineno)
    elif not is_macro_name(node.target.name):
        yield Fault(f"`{node.target.name[:40]}` is not a name to keep a value under", node.lineno)


def _block(body: Sequence[nodes.Node], local: frozenset[str], uses: list[Use]) -> frozenset[str]:
    """Add what `body` reads to `uses`; return the names that surely have a value behind it."""
    for node in body:
        if isinstance(node, nodes.Assign):
            _expression(node.node, local, uses)
            if isinstance(node.target, nodes.Name):
                local |= {node.target.name}
        elif isinstance(node, nodes.If):
            local = _branches(node, local, uses)
        elif isinstance(node, nodes.For):
            _loop(node, local, uses)
        else:
            _expression(node, local, uses)
    return local


def _branches(node: nodes.If, local: frozenset[str], uses: list[Use]) -> frozenset[str]:
    """What is set in every branch has a value afterwards; what is set in some of them has none."""
    _expression(node.test, local, uses)
    ends = [_block(node.body, local, uses)]
    for other in node.elif_:
        _expression(other.test, local, uses)
        ends.append(_block(other.body, local, uses))
    ends.append(_block(node.else_, local, uses))
    return frozenset.intersection(*ends)


def _loop(node: nodes.For, local: frozenset[str], uses: list[Use]) -> None:
    _expression(node.iter, local, uses)
    inner = local | {name.name for name in _walk(node.target) if isinstance(name, nodes.Name)}
    inner |= {"loop"}
    if node.test is not None:
        _expression(node.test, inner, uses)
    _block(node.body, inner, uses)
    _block(node.else_, local, uses)


def _expression(node: nodes.Node, local: frozenset[str], uses: list[Use]) -> None:
    if isinstance(node, nodes.Name):
        if node.ctx == "load" and node.name not in local:
            uses.append(Use(node.name, node.lineno))
    elif isinstance(node, nodes.Getattr):
        dotted = _dotted(node)
        if dotted is None:
            _expression(node.node, local, uses)
        elif dotted.partition(".")[0] not in local:
            uses.append(Use(dotted, node.lineno))
    else:
        for child in node.iter_child_nodes():
            _expression(child, local, uses)


def _dotted(node: nodes.Expr) -> str | None:
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr):
        before = _dotted(node.node)
        return None if before is None else f"{before}.{node.attr}"
    return None
