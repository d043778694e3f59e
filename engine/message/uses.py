"""Which names a template reads: its variables, without those that it sets itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from jinja2 import nodes

from engine.message.syntax import Use

_LINKED = re.compile(r"m__[0-9]+__")
"""How the names of linked macros start."""


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


def walk(node: nodes.Node) -> Iterator[nodes.Node]:
    """Yield `node` and every node below it."""
    yield node
    for child in node.iter_child_nodes():
        yield from walk(child)


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
    inner = local | {name.name for name in walk(node.target) if isinstance(name, nodes.Name)}
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
