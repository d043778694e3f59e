"""An audience explained: how many people every part of its condition holds for, and the SQL."""

# ruff: noqa: S608 - values are parameters, names are quoted (engine.audience.sql)
from __future__ import annotations

from collections.abc import Iterator

from engine.audience.condition import Scope, predicate
from engine.audience.session import Session
from engine.kernel.instant import format_duration
from engine.model.audience import (
    All,
    AnyOf,
    AttributeIs,
    Condition,
    DeviceHas,
    EventHappened,
    Everyone,
    InAudience,
    InCampaign,
    InShare,
    Not,
    PropertyTest,
    Suppressed,
    Test,
)


def explain(session: Session, condition: Condition, scope: Scope) -> str:
    """Return a tree with the people of every node, and the statement that counts the whole.

    Values stand in the tree as they were written; in the statement they are parameters.
    """
    lines = [
        f"{_count(session, node, scope):>12,}  {'  ' * depth}{describe(node)}"
        for node, depth in _walk(condition, 0)
    ]
    whole = _fresh(scope)
    where = predicate(condition, whole)
    statement = f"SELECT count(*) FROM {whole.source} WHERE {where}"
    values = [f"  ${name} = {value!r}" for name, value in whole.params.values.items()]
    shown = [line for line in values if " = b'" not in line]
    return "\n".join([*lines, "", statement, *shown, ""])


def _walk(node: Condition, depth: int) -> Iterator[tuple[Condition, int]]:
    yield node, depth
    match node:
        case All(of=inner) | AnyOf(of=inner):
            for child in inner:
                yield from _walk(child, depth + 1)
        case Not(of=child):
            yield from _walk(child, depth + 1)
        case _:
            return


def _count(session: Session, node: Condition, scope: Scope) -> int:
    own = _fresh(scope)
    where = predicate(node, own)
    return session.number(f"SELECT count(*) FROM {own.source} WHERE {where}", own.params.values)


def _fresh(scope: Scope) -> Scope:
    return Scope(
        moment=scope.moment,
        tables=scope.tables,
        attributes=scope.attributes,
        reached=scope.reached,
        state_key=scope.state_key,
        country=scope.country,
    )


def describe(node: Condition) -> str:
    """Return one line for a node, in the words of the audience file."""
    match node:
        case Everyone():
            return "everyone"
        case All():
            return "all"
        case AnyOf():
            return "any"
        case Not():
            return "not"
        case AttributeIs(attribute=name, tests=tests):
            return f"{name} {_tests(tests)}"
        case EventHappened():
            return _event(node)
        case DeviceHas(where=where):
            return f"device {_where(where)}".rstrip()
        case InAudience(audience=name):
            return f"audience {name}"
        case InCampaign(campaign=name, outcome=outcome):
            return f"campaign {name}: {outcome}"
        case InShare(share=share, salt=salt):
            return f"share {share:.2%} of `{salt}`"
        case Suppressed(channel=channel):
            return f"suppressed {channel}"


def _event(node: EventHappened) -> str:
    said = [f"event {node.event}"]
    if node.where:
        said.append(f"where {_where(node.where)}")
    if node.within is not None:
        said.append(f"in the last {format_duration(node.within)}")
    if node.between is not None:
        said.append(f"from {node.between[0]} to {node.between[1]}")
    if node.never:
        said.append("never")
    if node.count:
        said.append(f"count {_tests(node.count)}")
    if node.total is not None:
        said.append(f"sum {_where((node.total,))}")
    if node.first:
        said.append(f"first {_tests(node.first)}")
    if node.last:
        said.append(f"last {_tests(node.last)}")
    return ", ".join(said)


def _where(where: tuple[PropertyTest, ...]) -> str:
    return " and ".join(f"{test.property} {_tests(test.tests)}" for test in where)


def _tests(tests: tuple[Test, ...]) -> str:
    return " and ".join(f"{test.operator} {_written(test)}" for test in tests)


def _written(test: Test) -> str:
    if isinstance(test.value, tuple):
        return f"[{', '.join(map(str, test.value))}]"
    return str(test.value).lower() if isinstance(test.value, bool) else str(test.value)
