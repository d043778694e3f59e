"""Macros of partial files, brought into the template that calls them.

`{% from '_words.jinja' import polite %}` and `{% import '_words.jinja' as words %}` name a partial
file of the workspace, whose source the resolved campaign carries. Nothing is loaded while a message
is rendered: the macros that are reached are put in front of the template, callee first, under names
that cannot meet, and every call is rewritten to them. So recursion is impossible, and how often a
macro can run is known before it does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from jinja2 import nodes

from engine.kernel.frozen import frozen
from engine.message.grammar import Macro
from engine.message.steps import fits_size, size_fault
from engine.message.syntax import Fault, Partials
from engine.message.uses import free_names, is_macro_name

MAX_MACROS = 100
"""Macros that one text may reach."""

Parse = Callable[[str], nodes.Template | Fault]


@frozen(kw_only=False)
class Linked:
    """A template's tree with its calls rewritten, the macros that it reaches, and the faults."""

    tree: nodes.Template
    macros: tuple[Macro, ...]
    faults: tuple[Fault, ...]


@dataclass(slots=True)
class _Unit:
    """A source with the macros it defines and those that it imported, by the name it uses."""

    name: str
    own: dict[str, nodes.Macro] = field(default_factory=dict)
    names: dict[str, tuple[_Unit, str]] = field(default_factory=dict)
    modules: dict[str, _Unit] = field(default_factory=dict)


def link(tree: nodes.Template, partials: Partials, parse: Parse) -> Linked:
    """Return `tree` linked with what it imports from `partials`. `tree` is changed in place."""
    linker = _Linker(dict(partials), parse)
    main = _Unit("")
    linker.imports(tree, main)
    linker.calls_in(tree, main)
    return Linked(tree, tuple(linker.macros), tuple(dict.fromkeys(linker.faults)))


class _Linker:
    def __init__(self, partials: Mapping[str, str], parse: Parse) -> None:
        self._partials, self._parse = partials, parse
        self._units: dict[str, _Unit | None] = {}
        self._linked: dict[tuple[str, str], str | None] = {}
        self.macros: list[Macro] = []
        self.faults: list[Fault] = []

    def imports(self, tree: nodes.Template, unit: _Unit) -> None:
        """Take the imports out of the top of `tree` and into `unit`."""
        kept: list[nodes.Node] = []
        for node in tree.body:
            if isinstance(node, nodes.Import | nodes.FromImport):
                self._import(node, unit)
            else:
                kept.append(node)
        tree.body = kept

    def _import(self, node: nodes.Import | nodes.FromImport, unit: _Unit) -> None:
        line = node.lineno
        if not isinstance(node.template, nodes.Const) or not isinstance(node.template.value, str):
            self._fault("an import names its partial in quotes: `'_words.jinja'`", line)
            return
        if node.with_context:
            self._fault("`with context` is not available: give the macro arguments", line)
            return
        source = self._unit(node.template.value, line)
        if source is None:
            return
        if isinstance(node, nodes.Import):
            unit.modules[node.target] = source
            return
        for one in node.names:
            wanted, known_as = one if isinstance(one, tuple) else (one, one)
            if wanted not in source.own:
                told = ", ".join(sorted(source.own)) or "none"
                message = f"the partial `{source.name}` has no macro `{wanted}`"
                self._fault(message, line, f"its macros are {told}")
            else:
                unit.names[known_as] = (source, wanted)

    def _unit(self, name: str, line: int) -> _Unit | None:
        """Return the partial `name`, read once; None with a fault if it cannot be used."""
        if name in self._units:
            found = self._units[name]
            if found is None:
                self._fault(f"the partial `{name}` cannot be used here", line)
            return found
        self._units[name] = None
        if name not in self._partials:
            hint = "a partial is a file like `_words.jinja` in templates/"
            self._fault(f"there is no partial `{name[:80]}`", line, hint)
            return None
        tree = self._parse(self._partials[name])
        if isinstance(tree, nodes.Template) and not fits_size(tree):
            tree = size_fault()
        if isinstance(tree, Fault):
            self._fault(f"in the partial `{name}`, line {tree.line}: {tree.message}", line)
            return None
        unit = _Unit(name)
        self.imports(tree, unit)
        for node in tree.body:
            if isinstance(node, nodes.Macro):
                unit.own[node.name] = node
            elif not _is_blank(node):
                message = f"the partial `{name}` says something outside of its macros"
                self._fault(message, line, f"line {node.lineno}: keep only macros there")
        unit.names.update({macro: (unit, macro) for macro in unit.own})
        self._units[name] = unit
        return unit

    def calls_in(self, tree: nodes.Node, unit: _Unit) -> None:
        """Rewrite every call of a macro in `tree` to the macro's own name."""
        for call in list(tree.find_all(nodes.Call)):
            found = _callee(call, unit)
            if found is None:
                continue  # the grammar refuses it
            name = self._macro(*found, line=call.lineno)
            if name is None:
                continue
            self._check_arguments(call, *found)
            call.node = nodes.Name(name, "load", lineno=call.lineno)

    def _macro(self, unit: _Unit, name: str, line: int) -> str | None:
        """Return the linked name of a macro, linking it and what it calls first."""
        key = (unit.name, name)
        if key in self._linked:
            if self._linked[key] is None:
                self._fault(f"the macro `{name}` calls itself", line)
            return self._linked[key]
        self._linked[key] = None
        if len(self._linked) > MAX_MACROS:
            self._fault(f"a text may reach {MAX_MACROS} macros", line)
            return None
        node = unit.own[name]
        self._check_macro(node, unit.name, line)
        self.calls_in(node, unit)
        linked = f"m__{len(self.macros)}__{name}"
        self.macros.append(Macro(linked, name, unit.name, node))
        self._linked[key] = linked
        return linked

    def _check_macro(self, node: nodes.Macro, partial: str, line: int) -> None:
        where = f"in the partial `{partial}`, line {node.lineno}"
        if not is_macro_name(node.name):
            self._fault(f"{where}: `{node.name[:40]}` is not a name for a macro", line)
        for name in free_names(node):
            message = f"{where}: the macro `{node.name}` reads `{name}`"
            self._fault(message, line, f"add `{name}` to its arguments")

    def _check_arguments(self, call: nodes.Call, unit: _Unit, name: str) -> None:
        macro = unit.own[name]
        wanted = [argument.name for argument in macro.args]
        given = [*wanted[: len(call.args)], *(one.key for one in call.kwargs)]
        needed = wanted[: len(wanted) - len(macro.defaults)]
        strange = [one.key for one in call.kwargs if one.key not in wanted]
        if call.dyn_args is not None or call.dyn_kwargs is not None:
            self._fault("`*` and `**` arguments are not available", call.lineno)
        elif len(call.args) > len(wanted) or strange or len(set(given)) < len(given):
            told = ", ".join(wanted) or "none"
            message = f"the macro `{name}` does not take these arguments"
            self._fault(message, call.lineno, f"its arguments are {told}")
        elif lacking := [one for one in needed if one not in given]:
            self._fault(f"the macro `{name}` needs `{lacking[0]}`", call.lineno)

    def _fault(self, message: str, line: int, hint: str | None = None) -> None:
        self.faults.append(Fault(message, line, hint))


def _callee(call: nodes.Call, unit: _Unit) -> tuple[_Unit, str] | None:
    target = call.node
    if isinstance(target, nodes.Name):
        return unit.names.get(target.name)
    if isinstance(target, nodes.Getattr) and isinstance(target.node, nodes.Name):
        module = unit.modules.get(target.node.name)
        if module is not None and target.attr in module.own:
            return module, target.attr
    return None


def _is_blank(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Output) and all(_blank_parts(node))


def _blank_parts(node: nodes.Output) -> Iterator[bool]:
    for part in node.nodes:
        yield isinstance(part, nodes.TemplateData) and not part.data.strip()
