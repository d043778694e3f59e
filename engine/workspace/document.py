"""One YAML file → plain values and findings, in one walk over its nodes.

Nodes are dropped at once: keeping those of 10,000 files alive costs five times the parsing.
Positions are not kept either (`positions.py` reads them again for the few files that need them).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NoReturn

from engine.kernel.finding import Finding, Severity
from engine.kernel.frozen import frozen
from engine.kernel.origin import Origin
from engine.workspace import parser
from engine.workspace.parser import MappingNode, Node, ScalarNode
from engine.workspace.scalars import TYPED_FIRST, read_scalar
from engine.workspace.syntax import syntax_finding

_DIGITS = frozenset("-0123456789")
_RISKY_KEYS = frozenset({"", "~", "<<", "null", "Null", "NULL", "true", "True", "TRUE"}) | {
    "false",
    "False",
    "FALSE",
}
Data = Any
"""None, bool, int, float, str, lists and string-keyed dicts of these: what the YAML says."""


@frozen(kw_only=False)
class Document:
    """The values of a file. `data` is None where it cannot be read, and then there are findings."""

    data: Data
    findings: tuple[Finding, ...]


class _TooMuchError(Exception):
    """An alias blew the document up beyond its bounds."""


@dataclass(slots=True)
class _Construction:
    file: str
    findings: list[Finding] = field(default_factory=list)
    nodes: int = 0

    def build(self, node: Node, depth: int) -> Data:
        if node.__class__ is ScalarNode:
            self.nodes += 1
            return _scalar(node)
        self.nodes += 1
        if depth >= parser.MAX_DEPTH or self.nodes > parser.MAX_NODES:
            self.stop(node, depth)
        if isinstance(node, MappingNode):
            return self.build_mapping(node, depth + 1)
        return [self.build(child, depth + 1) for child in node.value]

    def build_mapping(self, node: MappingNode, depth: int) -> Data:
        data: dict[str, Data] = {}
        self.nodes += len(node.value)
        for key_node, value_node in node.value:
            key = key_node.value
            if key_node.__class__ is not ScalarNode:
                self.note("yaml-syntax", *_complex_key(key_node), key_node)
                continue
            if not key_node.style and (key in _RISKY_KEYS or key[0] in _DIGITS):
                if key == "<<":
                    message = "the merge key `<<` is not read"
                    self.note("yaml-anchor", message, "write the keys out", key_node)
                    continue
                if not isinstance(read_scalar(key), str):
                    message = f"the key `{key}` is not text"
                    self.note("yaml-syntax", message, f'put it in quotes: "{key}":', key_node)
            if key in data:
                self.note_duplicate(node, key_node)
                self.build(value_node, depth)
            elif value_node.__class__ is ScalarNode:
                # `_scalar`, written out: most of a file's values come this way.
                value = value_node.value
                if value_node.style or (value and value[0] not in TYPED_FIRST):
                    data[key] = value
                else:
                    data[key] = read_scalar(value)
            else:
                data[key] = self.build(value_node, depth)
        return data

    def stop(self, node: Node, depth: int) -> NoReturn:
        """Note that the file is too deep or too large, and read no further."""
        if depth >= parser.MAX_DEPTH:
            message = f"the file is nested deeper than {parser.MAX_DEPTH} levels"
            self.note("yaml-bounds", message, "name a part of it in a file of its own", node)
        else:
            message = f"the file has more than {parser.MAX_NODES:,} values"
            self.note("yaml-bounds", message, "split it up", node)
        raise _TooMuchError

    def note_duplicate(self, node: MappingNode, key_node: ScalarNode) -> None:
        key = key_node.value
        first = next(other for other, _ in node.value if other.value == key)
        line = first.start_mark.line + 1
        message = f"the key `{key}` is written twice (first in line {line})"
        self.note("yaml-duplicate-key", message, "delete one of them", key_node)

    def note(self, rule: str, message: str, hint: str, node: Node) -> None:
        self.findings.append(
            Finding(
                rule=rule,
                severity=Severity.ERROR,
                message=message,
                hint=hint,
                at=Origin(self.file),
                line=node.start_mark.line + 1,
                column=node.start_mark.column + 1,
            )
        )


def _scalar(node: ScalarNode) -> Data:
    """Return a scalar's value: plain ones have the style '' and anything quoted is text."""
    value = node.value
    if node.style or (value and value[0] not in TYPED_FIRST):
        return value
    return read_scalar(value)


def parse_document(text: str, file: str) -> Document:
    """Return the values of `text` and everything that is wrong with it as YAML."""
    construction = _Construction(file)
    try:
        if parser.is_suspicious(text):
            oddities, safe = parser.survey(text)
            construction.findings.extend(_from_oddity(oddity, file) for oddity in oddities)
            if not safe:
                return Document(None, tuple(construction.findings))
        node = parser.compose(text)
    except parser.YAMLError as error:
        finding = syntax_finding(error, text, file)
        if not any(finding.rule == other.rule for other in construction.findings):
            construction.findings.append(finding)
        return Document(None, tuple(construction.findings))
    if node is None:
        empty = Finding(
            rule="yaml-syntax",
            severity=Severity.ERROR,
            message="the file is empty",
            hint="delete it, or write it with `pushform new`",
            at=Origin(file),
        )
        return Document(None, (empty,))
    try:
        data = construction.build(node, 0)
    except _TooMuchError:
        data = None
    return Document(data, tuple(construction.findings))


def _complex_key(node: Node) -> tuple[str, str]:
    if isinstance(node, MappingNode) and node.flow_style:
        return (
            "`{{ … }}` without quotes is a mapping, not text",
            'put the text in quotes: "{{ name }}님"',
        )
    return "a key must be text, not a list or a mapping", "write a plain word before the `:`"


def _from_oddity(oddity: parser.Oddity, file: str) -> Finding:
    return Finding(
        rule=oddity.rule,
        severity=Severity.ERROR,
        message=oddity.message,
        hint=oddity.hint,
        at=Origin(file),
        line=oddity.line,
        column=oddity.column,
    )
