"""Hold a JSON body against the fields that a vendor documents: unknown, missing, mistyped, too long."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Spec = Mapping[str, Any]
"""Field → `str`, `int`, `bool`, a longest length, a tuple of allowed values, a Spec, or `[Spec]`.

`name!` must be there. A length is of characters (str) or entries (`[Spec, length]`).
"""


def problems_in(body: object, spec: Spec, where: str = "") -> Iterator[str]:
    """Return what is wrong with `body`, with the way to it."""
    if not isinstance(body, dict):
        yield f"{where or 'body'}: not an object"
        return
    known = {name.rstrip("!"): (name.endswith("!"), kind) for name, kind in spec.items()}
    for name in body.keys() - known.keys():
        yield f"{where}{name}: unknown"
    for name, (required, kind) in known.items():
        if name in body:
            yield from _value(body[name], kind, f"{where}{name}")
        elif required:
            yield f"{where}{name}: missing"


def _value(value: Any, kind: Any, where: str) -> Iterator[str]:
    if isinstance(kind, list):
        yield from _list(value, kind, where)
    elif isinstance(kind, Mapping):
        yield from problems_in(value, kind, f"{where}.")
    elif isinstance(kind, tuple):
        if value not in kind:
            yield f"{where}: `{value}` is none of {kind}"
    elif isinstance(kind, int):
        if not isinstance(value, str) or not 0 < len(value) <= kind:
            yield f"{where}: no text of at most {kind}"
    elif not isinstance(value, kind) or isinstance(value, bool) != (kind is bool):
        yield f"{where}: no {kind.__name__}"


def _list(value: Any, kind: list[Any], where: str) -> Iterator[str]:
    if not isinstance(value, list) or not value:
        yield f"{where}: not a list with something in it"
        return
    if len(kind) > 1 and len(value) > kind[1]:
        yield f"{where}: more than {kind[1]}"
    for number, each in enumerate(value):
        if isinstance(kind[0], Mapping):
            yield from problems_in(each, kind[0], f"{where}[{number}].")
        else:
            yield from _value(each, kind[0], f"{where}[{number}]")
