"""The fast path: templates that are literal text, `{{ name }}` and `{{ name|filter('…') }}`.

Nearly all push texts are. They are read by one regular expression and joined without Jinja, with
results that equal Jinja's (a property test holds that). Anything else returns None.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from engine.kernel.frozen import frozen
from engine.message.columns import Column, Columns
from engine.message.failure import MAX_RENDERED, RenderError, check_length
from engine.message.filters import FILTER_NAMES, Filter
from engine.message.printed import printed

_BLANK = r"[ \t\n]*"
_STRING = r"(?:'[^'\\\n]*'|\"[^\"\\\n]*\")"
_ARGUMENT = rf"(?:{_STRING}|0|[1-9][0-9]{{0,8}})"
_ARGUMENTS = rf"\({_BLANK}(?:{_ARGUMENT}(?:{_BLANK},{_BLANK}{_ARGUMENT})*)?{_BLANK}\)"
_CALL = rf"\|{_BLANK}[a-z]+{_BLANK}(?:{_ARGUMENTS}{_BLANK})?"
_SLOT = re.compile(rf"\{{\{{{_BLANK}([A-Za-z_][A-Za-z0-9_]*){_BLANK}((?:{_CALL})*)\}}\}}")
_ONE_CALL = re.compile(rf"\|{_BLANK}([a-z]+){_BLANK}({_ARGUMENTS})?")
_ONE_ARGUMENT = re.compile(_ARGUMENT)
_LINE_END = re.compile(r"\r\n|\r")
# Words that Jinja reads as something other than a variable.
_RESERVED = frozenset(
    {"true", "false", "none", "True", "False", "None", "not", "and", "or", "in", "is", "if"}
    | {"else", "loop", "self", "super", "caller", "varargs", "kwargs", "recursive"}
)
_MAX_CALLS, _MAX_PARTS = 8, 500
"""Filters behind one value, and parts of one source; what is longer is judged as Jinja's."""
_Call = tuple[str, tuple[str | int, ...]]


@frozen(kw_only=False)
class Slot:
    """`{{ name|filter }}`: the filters with their literal arguments, and the line it stands in."""

    name: str
    calls: tuple[_Call, ...]
    line: int


Part = str | Slot
_Calls = tuple[tuple[Filter, tuple[str | int, ...]], ...]
_Step = tuple[str, _Calls]


def read_plain(source: str) -> tuple[Part, ...] | None:
    """Return the literal stretches and slots of `source`, or None if only Jinja can read it."""
    if "{%" in source or "{#" in source:
        return None
    # What Jinja does to line ends: all become \n, and one at the very end is dropped.
    source = _LINE_END.sub("\n", source).removesuffix("\n")
    parts: list[Part] = []
    start = 0
    while (found := source.find("{{", start)) >= 0:
        match = _SLOT.match(source, found)
        if match is None or match[1] in _RESERVED or len(parts) > _MAX_PARTS:
            return None
        calls = _read_calls(match[2])
        if calls is None:
            return None
        parts += [
            source[start:found],
            Slot(match[1], calls, source.count("\n", 0, match.start(1)) + 1),
        ]
        start = match.end()
    parts.append(source[start:])
    return tuple(part for part in parts if part)


def _read_calls(text: str) -> tuple[_Call, ...] | None:
    calls: list[_Call] = []
    for name, arguments in _ONE_CALL.findall(text):
        if name not in FILTER_NAMES or len(calls) == _MAX_CALLS:
            return None
        words = _ONE_ARGUMENT.findall(arguments)
        calls.append((name, tuple(w[1:-1] if w[0] in "'\"" else int(w) for w in words)))
    return tuple(calls)


def _filtered(value: object, name: str, calls: _Calls) -> object:
    try:
        for apply, given in calls:
            value = apply(value, *given)
    except (ArithmeticError, TypeError, ValueError, LookupError) as error:
        raise RenderError(f"a filter of `{name}` fails: {type(error).__name__}") from error
    return value


def plain_renderer(
    parts: tuple[Part, ...], filters: Mapping[str, Filter]
) -> Callable[[Mapping[str, object]], str]:
    """Return a function from values to text. It raises RenderError where Jinja would fail."""
    steps: list[str | _Step] = []
    for part in parts:
        if isinstance(part, str):
            steps.append(part)
        else:
            steps.append((part.name, tuple((filters[name], given) for name, given in part.calls)))
    frozen = tuple(steps)

    def render(values: Mapping[str, object]) -> str:
        texts: list[str] = []
        for step in frozen:
            if isinstance(step, str):
                texts.append(step)
                continue
            name, calls = step
            if name not in values:
                raise RenderError(f"`{name}` has no value")
            value = _filtered(values[name], name, calls) if calls else values[name]
            texts.append(value if isinstance(value, str) else printed(value))
        text = "".join(texts)
        check_length(len(text))
        return text

    return render


def plain_columns(
    parts: tuple[Part, ...], filters: Mapping[str, Filter]
) -> Callable[[Columns], Column]:
    """Return a function from the columns of a batch to a text per row.

    It says what `plain_renderer` says; a row for which that would raise is set aside.
    """
    texts = [part.replace("%", "%%") if isinstance(part, str) else "%s" for part in parts]
    pattern = "".join(texts)
    slots = tuple(
        (part.name, tuple((filters[name], given) for name, given in part.calls))
        for part in parts
        if isinstance(part, Slot)
    )

    def render(columns: Columns) -> Column:
        filled: list[Column] = []
        for name, calls in slots:
            values = columns.by_name.get(name)
            if values is None:
                columns.set_all_aside()
                return [""] * columns.size
            filled.append(_print_column(values, calls, columns.aside))
        if not filled:
            return [pattern % ()] * columns.size
        made = [pattern % row for row in zip(*filled, strict=True)]
        if max(map(len, made), default=0) > MAX_RENDERED:
            columns.aside.update(i for i, text in enumerate(made) if len(text) > MAX_RENDERED)
        return made

    return render


def _print_column(values: list[object], calls: _Calls, aside: set[int]) -> Column:
    for apply, given in calls:
        try:
            values = [apply(value, *given) for value in values]
        except (RenderError, ArithmeticError, TypeError, ValueError, LookupError):
            values = _apply_one_by_one(values, apply, given, aside)
    try:
        return [value if isinstance(value, str) else printed(value) for value in values]
    except RenderError:
        return [str(value) for value in _apply_one_by_one(values, printed, (), aside)]


def _apply_one_by_one(
    values: list[object], apply: Filter, given: tuple[str | int, ...], aside: set[int]
) -> list[object]:
    made: list[object] = []
    for row, value in enumerate(values):
        try:
            made.append(apply(value, *given))
        except (RenderError, ArithmeticError, TypeError, ValueError, LookupError):
            aside.add(row)
            made.append("")
    return made
