"""How large a template may be, and how many steps it may take: counted before it runs."""

from __future__ import annotations

from collections.abc import Mapping

from jinja2 import nodes

from engine.message.syntax import Fault

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


def fits_size(tree: nodes.Template) -> bool:
    """Tell whether `tree` is small enough to be walked at all."""
    return measure(tree, {}) is not None


def size_fault() -> Fault:
    """Return what is said about a tree that is too large."""
    limits = f"{MAX_DEPTH} levels or {MAX_NODES:,} parts"
    return Fault(f"this has more than {limits}", 1, "split the text")


def measure(tree: nodes.Template, costs: Mapping[str, int]) -> tuple[int, int] | None:
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
