"""Tests of a count or a sum: exact numbers, no dates and no texts."""

from __future__ import annotations

from decimal import Decimal

from engine.audience.sql import Params
from engine.kernel.errors import UsageError
from engine.model.audience import Operator, Scalar, Test

_SIGNS = {
    Operator.EQ: "=",
    Operator.NE: "<>",
    Operator.LT: "<",
    Operator.LTE: "<=",
    Operator.GT: ">",
    Operator.GTE: ">=",
}
_LISTS = {Operator.IN: "IN", Operator.NOT_IN: "NOT IN", Operator.BETWEEN: ""}


def quantity_holds(expression: str, test: Test, params: Params) -> str:
    """Return SQL for one test of a number. Raises UsageError for an operator of texts or times."""
    if test.operator in _SIGNS:
        return f"{expression} {_SIGNS[test.operator]} {_bound(test.value, params)}"
    values = test.value if isinstance(test.value, tuple) else (test.value,)
    if (
        test.operator not in _LISTS
        or not values
        or (test.operator is Operator.BETWEEN and len(values) != 2)
    ):
        raise UsageError(
            f"a count or a sum cannot be tested with `{test.operator}`",
            "use `eq ne lt lte gt gte in not_in` or `between` with two numbers",
        )
    written = [_bound(value, params) for value in values]
    if test.operator is Operator.BETWEEN:
        low, high = written
        return f"({expression} >= {low} AND {expression} < {high})"
    return f"{expression} {_LISTS[test.operator]} ({', '.join(written)})"


def holds_for_zero(test: Test) -> bool:
    """Tell whether a count of 0 passes `test`."""
    values = test.value if isinstance(test.value, tuple) else (test.value,)
    numbers = [_exact(value) for value in values]
    first = numbers[0] if numbers else Decimal(0)
    match test.operator:
        case Operator.EQ:
            return first == 0
        case Operator.NE:
            return first != 0
        case Operator.LT:
            return first > 0
        case Operator.LTE:
            return first >= 0
        case Operator.GT:
            return first < 0
        case Operator.GTE:
            return first <= 0
        case Operator.BETWEEN:
            return len(numbers) == 2 and numbers[0] <= 0 < numbers[1]
        case Operator.IN:
            return 0 in numbers
        case Operator.NOT_IN:
            return 0 not in numbers
        case _:
            return False


def _bound(value: Scalar | tuple[Scalar, ...], params: Params) -> str:
    return params.add(_exact(value))


def _exact(value: Scalar | tuple[Scalar, ...]) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise UsageError(f"`{value}` is not a number", "counts and sums compare with numbers")
    return Decimal(str(value))
