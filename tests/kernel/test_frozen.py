"""`@frozen` makes what `dataclass(frozen=True, slots=True, kw_only=True)` makes, sooner."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from collections.abc import Mapping
from dataclasses import FrozenInstanceError, dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.kernel.frozen import frozen


@frozen
class Ours:
    """Fields of every kind."""

    name: str
    size: int = 3
    tags: Mapping[str, int] = field(default_factory=dict)
    place: str = field(default="", compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Theirs:
    name: str
    size: int = 3
    tags: Mapping[str, int] = field(default_factory=dict)
    place: str = field(default="", compare=False, repr=False)


@frozen(kw_only=False)
class Pair:
    """Given by position."""

    first: int
    second: int = 0

    def __post_init__(self) -> None:
        if self.first < 0:
            raise ValueError("negative")


@frozen(eq=False)
class Own:
    """Equal to itself only."""

    value: int


@frozen
class Spoken:
    """With words of its own."""

    value: int

    def __repr__(self) -> str:
        return f"<{self.value}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Spoken)

    def __hash__(self) -> int:
        return 1


@frozen
class Empty:
    """Nothing."""


VALUES = st.fixed_dictionaries(
    {"name": st.text(max_size=3)},
    optional={
        "size": st.integers(0, 2),
        "tags": st.dictionaries(st.text(max_size=1), st.integers(0, 1), max_size=2),
        "place": st.text(max_size=2),
    },
)


@given(one=VALUES, other=VALUES)
def test_it_is_what_a_dataclass_is(one: dict[str, object], other: dict[str, object]) -> None:
    ours, theirs = Ours(**one), Theirs(**one)  # type: ignore[arg-type]
    second, their_second = Ours(**other), Theirs(**other)  # type: ignore[arg-type]

    assert repr(ours) == repr(theirs).replace("Theirs", "Ours")
    assert (ours == second) is (theirs == their_second)
    assert dataclasses.asdict(ours) == dataclasses.asdict(theirs)
    assert replace(ours, size=9) == Ours(**{**one, "size": 9})  # type: ignore[arg-type]
    assert pickle.loads(pickle.dumps(ours)) == copy.deepcopy(ours) == copy.copy(ours) == ours
    assert pickle.loads(pickle.dumps(ours)).place == ours.place


def test_names_of_fields_are_those_of_a_dataclass() -> None:
    assert dataclasses.is_dataclass(Ours)
    assert [one.name for one in dataclasses.fields(Ours)] == ["name", "size", "tags", "place"]
    assert Ours.__match_args__ == ()
    assert Pair.__match_args__ == ("first", "second")


def test_nothing_can_be_set_or_deleted() -> None:
    one = Ours(name="a")
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'size'"):
        one.size = 4  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError, match="cannot delete field 'size'"):
        del one.size
    with pytest.raises(FrozenInstanceError):
        one.other = 1  # type: ignore[attr-defined]
    assert not hasattr(one, "__dict__")


def test_what_is_missing_or_unknown_is_named() -> None:
    with pytest.raises(TypeError, match=r"Ours\.__init__\(\) missing 1 required keyword-only"):
        Ours()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="unexpected keyword argument 'other'"):
        Ours(name="a", other=1)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="takes 1 positional argument"):
        Ours("a")  # type: ignore[misc]


def test_each_instance_has_its_own_default() -> None:
    one, other = Ours(name="a"), Ours(name="b")

    assert one.tags == {}
    assert one.tags is not other.tags


def test_equal_ones_have_one_hash() -> None:
    assert hash(Pair(1, 2)) == hash(Pair(1, 2))
    assert len({Pair(1), Pair(1, 0), Pair(2)}) == 2
    assert Pair(1) != (1, 0)
    with pytest.raises(TypeError, match="unhashable"):
        hash(Ours(name="a"))


def test_one_may_be_equal_to_itself_only() -> None:
    one = Own(value=1)

    assert one == one
    assert one != Own(value=1)
    assert len({one, Own(value=1)}) == 2


def test_it_looks_itself_over() -> None:
    with pytest.raises(ValueError, match="negative"):
        Pair(-1)


def test_own_methods_are_kept() -> None:
    assert repr(Spoken(value=1)) == "<1>"
    assert Spoken(value=1) == Spoken(value=2)
    assert hash(Spoken(value=1)) == 1


def test_nothing_is_equal_to_nothing() -> None:
    assert Empty() == Empty()
    assert repr(Empty()) == "Empty()"


def test_a_field_that_nobody_gives_is_refused() -> None:
    with pytest.raises(TypeError, match=r"late` is frozen before it could be filled"):

        @frozen
        class _Late:
            """A field for later."""

            late: int = field(default=0, init=False)
