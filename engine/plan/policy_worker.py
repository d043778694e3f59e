"""A process that evaluates CEL and nothing else, so that whoever started it can end it in time.

It reads `{"shared": {…}, "sets": [[{…}, …], …], "questions": [{"rule": …, "set": 0}, …]}` from stdin: each
rule is asked of everything in its set, which all sees what is shared. It writes a list of as many
answers: an error (text) for a rule that is not CEL, else one per member of the set: true, false, or an
error. Null stands for all where the library is not installed.
"""

from __future__ import annotations

import json
import logging
import re
import resource
import sys
from collections.abc import Mapping, Sequence
from typing import Any

MEMORY_BYTES = 1 << 30
_UNKNOWN = re.compile(
    r"undeclared reference to '([^']+)'|no such (?:member|key)[^:]*: ['\"]?([\w.]+)", re.IGNORECASE
)
"""How celpy 0.5 says that a name, a key or a member is not there."""


def main() -> None:
    """Answer the questions of stdin on stdout."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    logging.disable(logging.CRITICAL)
    asked = json.load(sys.stdin)
    try:
        import celpy
    except ImportError:
        json.dump(None, sys.stdout)
        return
    shared = _values(celpy, asked["shared"])
    sets = [[shared | _values(celpy, one) for one in each] for each in asked["sets"]]
    answers = [_answer(celpy, one["rule"], sets[one["set"]]) for one in asked["questions"]]
    json.dump(answers, sys.stdout)


def _values(celpy: Any, plain: Mapping[str, Any]) -> dict[str, Any]:
    return {name: celpy.json_to_cel(value) for name, value in plain.items()}


def _answer(celpy: Any, rule: str, given: Sequence[Mapping[str, Any]]) -> Any:
    environment = celpy.Environment()
    try:
        program = environment.program(environment.compile(rule))
    except celpy.CELParseError as error:
        place = f" (line {error.line}, column {error.column})" if error.line else ""
        return f"it is not CEL{place}"
    except (RecursionError, MemoryError):
        return "it is nested too deep"
    return [_evaluate(celpy, program, one) for one in given]


def _evaluate(celpy: Any, program: Any, given: Mapping[str, Any]) -> bool | str:
    try:
        found = program.evaluate(dict(given))
    except celpy.CELEvalError as error:
        return _said(error)
    except (RecursionError, MemoryError):
        return "it is nested too deep"
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        return f"it has no value ({type(error).__name__})"
    if isinstance(found, celpy.celtypes.BoolType | bool):
        return bool(found)
    return "it is neither true nor false"


def _said(error: Exception) -> str:
    """Return what is wrong in the words of whoever wrote the rule, not in the library's."""
    told = str(error.args[0]) if error.args else ""
    missing = _UNKNOWN.search(told)
    if missing is not None:
        return f"there is no `{missing[1] or missing[2]}`"
    if told.startswith("no such key"):
        return "there is no such key"
    if "field selection" in told:
        return "a member is asked of a value that has none"
    if "overload" in told or "unsupported" in told:
        return "two values of different kinds stand beside an operator"
    if "divide" in told or "modulus" in told:
        return "it divides by zero"
    return "it has no value"


if __name__ == "__main__":
    main()
