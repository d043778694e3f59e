"""Syntax errors in words that help: libyaml's own name the grammar, these name the remedy."""

from __future__ import annotations

from engine.kernel.finding import Finding, Severity
from engine.kernel.origin import Origin
from engine.workspace.parser import MarkedYAMLError, YAMLError

_JINJA = 'put text with `{{ … }}` in quotes: "{{ name }}님"'
_KNOWN: tuple[tuple[str, str, str], ...] = (
    (
        "mapping values are not allowed",
        "a `:` stands where no key can be",
        "put the text in quotes if it contains `: `, or check the indentation",
    ),
    (
        "found a tab character",
        "a tab stands where the indentation is",
        "indent with blanks; YAML allows no tabs there",
    ),
    (
        "cannot start any token",
        "{character} cannot start a value",
        "put the text in quotes",
    ),
    (
        "could not find expected ':'",
        "a key has no `:` after it",
        "write `key: value`, or indent the line as part of the text above",
    ),
    (
        "did not find expected key",
        "this line fits neither the line above nor the block around it",
        "check the indentation, and the quotes and brackets above",
    ),
    (
        "did not find expected '-' indicator",
        "this line is no item of the list above",
        "start it with `- `, or indent it less",
    ),
    (
        "did not find expected ',' or",
        "a bracket is not closed, or a comma is missing",
        "close `[ ]` and `{ }`, and put text with such characters in quotes",
    ),
    ("found unexpected end of stream", "a quote is not closed", "close the quotation"),
    ("found unexpected document indicator", "a quote is not closed", "close the quotation"),
    (
        "but found another document",
        "a second document starts here; one file holds one",
        "delete the `---`, or move the rest to a file of its own",
    ),
    ("found undefined alias", "an alias is not read", "put text that starts with `*` in quotes"),
    ("found duplicate anchor", "an anchor is not read", "write the value out"),
    (
        "did not find expected alphabetic",
        "`&` and `*` have a meaning in YAML at the start of a value",
        "put the text in quotes",
    ),
    (
        "found unknown escape character",
        "this `\\` starts no escape that YAML knows",
        "write `\\\\`, or use single quotes",
    ),
    (
        "did not find expected <document start>",
        "this line does not belong to what stands above",
        "check the indentation and the quotes of the lines above",
    ),
    (
        "block sequence entries are not allowed",
        "a list cannot start here",
        "write `- ` on a line of its own, below its key",
    ),
)


def syntax_finding(error: YAMLError, text: str, file: str) -> Finding:
    """Return the finding for what libyaml says about `text`."""
    line = column = 1
    problem = "the file is not YAML"
    if isinstance(error, MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        if mark is not None:
            line, column = mark.line + 1, mark.column + 1
        problem = error.problem or problem
    lines = text.splitlines()
    written = lines[line - 1] if line <= len(lines) else ""
    message, hint = _explain(problem, written[column - 1 : column])
    if "{{" in written and "unexpected end of stream" not in problem:
        hint = _JINJA
    return Finding(
        rule="yaml-anchor" if "alias" in problem or "anchor" in problem else "yaml-syntax",
        severity=Severity.ERROR,
        message=message,
        hint=hint,
        at=Origin(file),
        line=line,
        column=column,
    )


def _explain(problem: str, character: str) -> tuple[str, str | None]:
    for words, message, hint in _KNOWN:
        if words in problem:
            if character == "\t":
                return "a tab stands where the indentation is", "indent with blanks"
            named = f"`{character}`" if character else "this"
            return message.format(character=named), hint
    return problem, None
