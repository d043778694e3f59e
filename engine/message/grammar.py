"""What may stand in a template: a list of syntax nodes.

A template that passes runs in bounded time: it calls nothing but macros of partials, which cannot
call themselves (`engine.message.linking`), keeps only short values (`{% set %}`), loops over at most
`MAX_LOOP` items two loops deep, and every filter is bounded. Widening the language is adding a node
here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches

from jinja2 import nodes

from engine.kernel.frozen import frozen
from engine.message.arguments import PLURALS
from engine.message.filters import FILTER_NAMES
from engine.message.steps import MAX_LOOP_DEPTH, MAX_NUMBER, MAX_STEPS, measure, size_fault
from engine.message.syntax import Fault
from engine.message.uses import is_macro_name, walk

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


@frozen(kw_only=False)
class Macro:
    """A macro that a template reaches: the name it is called by, and where it was written."""

    linked: str
    name: str
    partial: str
    node: nodes.Macro


def faults_of(tree: nodes.Template, macros: Sequence[Macro] = ()) -> tuple[Fault, ...]:
    """Return everything in `tree` that may not stand in a template; empty if it may run.

    `macros` are those that it reaches, callee first; their faults are among those returned.
    """
    costs: dict[str, int] = {}
    faults: list[Fault] = []
    for macro in macros:
        faults += _faults_of_macro(macro, costs)
    size = measure(tree, costs)
    if size is None:
        return (size_fault(),)
    deepest_loop, steps = size
    faults += [fault for node in walk(tree) for fault in _faults_of_node(node, costs)]
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
    size = measure(body, costs)
    where = f"in the partial `{macro.partial}`, line"
    if size is None:
        costs[macro.linked] = MAX_STEPS
        yield Fault(f"{where} {macro.node.lineno}: {size_fault().message}", 1)
        return
    costs[macro.linked] = min(size[1], MAX_STEPS + 1)
    for node in walk(body):
        for fault in _faults_of_node(node, costs):
            yield Fault(f"{where} {fault.line}: {fault.message}", 1, fault.hint)
    if size[0] > MAX_LOOP_DEPTH:
        yield Fault(f"{where} {macro.node.lineno}: loops may be nested {MAX_LOOP_DEPTH} deep", 1)


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
