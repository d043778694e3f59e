"""One comparison → SQL. NULL stands for "the value is missing", which nothing holds for.

A missing value is NULL or an empty text. A number compares numerically (a text that is no number is
missing), `true` and `false` compare as yes and no, everything else as text by code points.
`contains` looks for a substring, `matches` wants the whole text to match an RE2 pattern.
`between` is half-open; of two dates or times it compares instants. `before` and `after` are strict.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from engine.audience.bounds import TICK, Moment, before, is_bound, not_before, read_bound
from engine.audience.columns import Kind, Value
from engine.audience.sql import NO_WORDS, YES_WORDS, Params, literals
from engine.kernel.errors import UsageError
from engine.kernel.instant import parse_duration
from engine.model.audience import Operator, Scalar, Test

_SIGNS = {Operator.LT: "<", Operator.LTE: "<=", Operator.GT: ">", Operator.GTE: ">="}


def all_hold(value: Value, tests: Sequence[Test], moment: Moment, params: Params) -> str:
    """Return SQL that is true where `value` passes every test, false or NULL elsewhere.

    Raises UsageError for a test that means nothing (`before: soon`).
    """
    written = [holds(value, test, moment, params) for test in tests]
    return " AND ".join(f"({sql})" for sql in written) if written else "true"


def holds(value: Value, test: Test, moment: Moment, params: Params) -> str:
    """Return SQL for one test of `value`."""
    match test.operator:
        case Operator.EXISTS:
            present = f"({value.sql} IS NOT NULL AND {value.text} <> '')"
            return present if _single(test) else f"NOT {present}"
        case Operator.EQ:
            return _equal(value, _single(test), params)
        case Operator.NE:
            return _unequal(value, _single(test), params)
        case Operator.IN:
            return _in_list(value, _many(test), params)
        case Operator.NOT_IN:
            written = [f"({_unequal(value, item, params)})" for item in _many(test)]
            return " AND ".join(written) or f"{value.text} <> ''"
        case Operator.BETWEEN:
            return _between(value, _many(test), moment, params)
        case Operator.BEFORE | Operator.AFTER | Operator.WITHIN:
            return _in_time(value, test, moment, params)
        case Operator.CONTAINS | Operator.STARTS_WITH | Operator.MATCHES:
            return _in_text(value, test, params)
        case _:
            return _ordered(value, _SIGNS[test.operator], _single(test), params)


def number(value: Value) -> str:
    """Return SQL for the value as a DOUBLE; NULL where it is no number (NaN is none)."""
    if value.kind is Kind.NUMBER:
        cast = f"CAST({value.sql} AS DOUBLE)"
    elif value.kind is Kind.TEXT:
        cast = f"TRY_CAST({value.sql} AS DOUBLE)"
    else:
        return "CAST(NULL AS DOUBLE)"
    return f"nullif({cast}, 'nan'::DOUBLE)"


def _equal(value: Value, wanted: Scalar, params: Params) -> str:
    if isinstance(wanted, bool):
        return f"lower(trim({value.text})) IN ({literals(YES_WORDS if wanted else NO_WORDS)})"
    if isinstance(wanted, int | float):
        return f"{number(value)} = {params.add(float(wanted))}"
    return f"{value.text} = {params.add(wanted)}" if wanted else "false"


def _unequal(value: Value, wanted: Scalar, params: Params) -> str:
    if isinstance(wanted, bool):
        return _equal(value, not wanted, params)
    if isinstance(wanted, int | float):
        return f"{number(value)} <> {params.add(float(wanted))}"
    return f"{value.text} <> {params.add(wanted)} AND {value.text} <> ''"


def _in_list(value: Value, wanted: Sequence[Scalar], params: Params) -> str:
    texts = [item for item in wanted if isinstance(item, str) and item]
    others = [item for item in wanted if not isinstance(item, str)]
    written = [_equal(value, item, params) for item in others]
    if texts:
        written.append(f"{value.text} IN ({', '.join(params.add(text) for text in texts)})")
    return " OR ".join(f"({sql})" for sql in written) or "false"


def _ordered(value: Value, sign: str, wanted: Scalar, params: Params) -> str:
    if isinstance(wanted, bool):
        raise UsageError(f"`{str(wanted).lower()}` has no order", "compare it with `eq` or `ne`")
    if isinstance(wanted, int | float):
        return f"{number(value)} {sign} {params.add(float(wanted))}"
    return f"{value.text} {sign} {params.add(wanted)} AND {value.text} <> ''"


def _between(value: Value, ends: Sequence[Scalar], moment: Moment, params: Params) -> str:
    if len(ends) != 2:
        raise UsageError(f"`between` takes two values, not {len(ends)}", "write `[from, to]`")
    low, high = ends
    if isinstance(low, str) and isinstance(high, str) and is_bound(low) and is_bound(high):
        start, end = (read_bound(text, moment.zone) for text in (low, high))
        return (
            f"({not_before(value, start, moment.zone, params)})"
            f" AND ({before(value, end, moment.zone, params)})"
        )
    return f"({_ordered(value, '>=', low, params)}) AND ({_ordered(value, '<', high, params)})"


def _in_time(value: Value, test: Test, moment: Moment, params: Params) -> str:
    start, end = time_span(test, moment)
    parts = []
    if start is not None:
        parts.append(f"({not_before(value, start, moment.zone, params)})")
    if end is not None:
        parts.append(f"({before(value, end, moment.zone, params)})")
    return " AND ".join(parts)


def time_span(test: Test, moment: Moment) -> tuple[datetime | None, datetime | None]:
    """Return the half-open stretch [start, end) that `before`, `after`, `within` or `between`
    means.

    None is an open end. Raises UsageError for another operator or an unreadable value.
    """
    match test.operator, test.value:
        case Operator.BEFORE, str() as text:
            return None, read_bound(text, moment.zone)
        case Operator.AFTER, str() as text:
            return read_bound(text, moment.zone) + TICK, None
        case Operator.WITHIN, str() as text:
            return moment.since(_duration(text)), moment.end
        case Operator.BETWEEN, (str() as low, str() as high):
            return read_bound(low, moment.zone), read_bound(high, moment.zone)
        case _:
            raise UsageError(
                f"`{test.operator}: {test.value}` is not a stretch of time",
                "use `before`, `after`, `between` with dates or `within` with a duration",
            )


def _in_text(value: Value, test: Test, params: Params) -> str:
    wanted = _single(test)
    if not isinstance(wanted, str):
        wanted = str(wanted).lower() if isinstance(wanted, bool) else str(wanted)
    functions: dict[Operator, Callable[[str], str]] = {
        Operator.CONTAINS: lambda mark: f"contains({value.text}, {mark})",
        Operator.STARTS_WITH: lambda mark: f"starts_with({value.text}, {mark})",
        Operator.MATCHES: lambda mark: f"regexp_full_match({value.text}, {mark})",
    }
    return f"{functions[test.operator](params.add(wanted))} AND {value.text} <> ''"


def _duration(text: str) -> timedelta:
    try:
        return parse_duration(text)
    except ValueError as error:
        raise UsageError(str(error), "write a number and `s`, `m`, `h`, `d` or `w`") from error


def _single(test: Test) -> Scalar:
    if isinstance(test.value, tuple):
        raise UsageError(f"`{test.operator}` takes one value", "use `in` for a list of values")
    return test.value


def _many(test: Test) -> tuple[Scalar, ...]:
    return test.value if isinstance(test.value, tuple) else (test.value,)
