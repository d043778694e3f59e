"""The audience semantics once more, in plain Python loops: what the SQL is held against.

Written from the design, not from the SQL: rows are dicts of texts as they stand in csv files.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from engine.kernel.digest import bucket, keyed_hash
from engine.model.audience import (
    All,
    AnyOf,
    AttributeIs,
    Condition,
    DeviceHas,
    EventHappened,
    Everyone,
    InCampaign,
    InShare,
    Not,
    Operator,
    Test,
)
from tests.audience.world import KEY

SEOUL = ZoneInfo("Asia/Seoul")
Row = Mapping[str, str]
ANSWERS = (
    "push_ad_agreed",
    "night_ad_agreed",
    "push_enabled",
    "web_ad_agreed",
    "kakao_ad_agreed",
    "sms_ad_agreed",
    "guardian_consent",
)
YES, NO = {"yes", "true", "y", "1"}, {"no", "false", "n", "0"}


@dataclass(frozen=True)
class Loops:
    """A world as rows, judged at one instant."""

    users: Sequence[Row]
    devices: Sequence[Row]
    events: Sequence[Row]
    at: datetime
    reached: frozenset[str] = frozenset()

    def members(self, condition: Condition) -> set[str]:
        return {row["user_id"] for row in people(self.users) if self.holds(condition, row)}

    def holds(self, node: Condition, user: Row) -> bool:
        match node:
            case Everyone():
                return True
            case All(of=inner):
                return all(self.holds(child, user) for child in inner)
            case AnyOf(of=inner):
                return any(self.holds(child, user) for child in inner)
            case Not(of=child):
                return not self.holds(child, user)
            case AttributeIs(attribute=name, tests=tests):
                return self.passes(user[name], tests)
            case DeviceHas(where=where):
                return any(
                    (not row["enabled"] or row["enabled"].strip().lower() in YES)
                    and all(self.passes(row[test.property], test.tests) for test in where)
                    for row in self.devices
                    if row["user_id"] == user["user_id"]
                )
            case InShare(share=share, salt=salt):
                return bucket(salt, user["user_id"]) < share
            case InCampaign():
                return keyed_hash(KEY, "recipient", user["user_id"]) in self.reached
            case EventHappened():
                return self.happened(node, user)
            case _:
                raise AssertionError(node)

    def happened(self, node: EventHappened, user: Row) -> bool:
        found = []
        for row in self.events:
            at = read_time(row["occurred_at"])
            if row["user_id"] != user["user_id"] or row["name"] != node.event or at is None:
                continue
            if at > self.at:
                continue
            if node.within is not None and not (self.at - node.within < at <= self.at):
                continue
            if node.between is not None:
                start, end = (read_time(text) for text in node.between)
                if not start <= at < end:
                    continue
            if all(self.passes(value(row, test.property), test.tests) for test in node.where):
                found.append((at, row))
        if node.never:
            return not found
        if not found and (node.total or node.first or node.last or not node.count):
            return False
        return (
            all(quantity(len(found), test) for test in node.count)
            and (node.total is None or self.totals(node, [row for _, row in found]))
            and all(self.in_time(min(at for at, _ in found), test) for test in node.first)
            and all(self.in_time(max(at for at, _ in found), test) for test in node.last)
        )

    def totals(self, node: EventHappened, rows: Sequence[Row]) -> bool:
        assert node.total is not None
        amounts = [exact(value(row, node.total.property)) for row in rows]
        known = [amount for amount in amounts if amount is not None]
        return bool(known) and all(quantity(sum(known), test) for test in node.total.tests)

    def passes(self, text: str | None, tests: Sequence[Test]) -> bool:
        return all(self.test(text or "", test) for test in tests)

    def test(self, text: str, test: Test) -> bool:
        wanted = test.value
        if test.operator is Operator.EXISTS:
            return bool(text) == wanted
        if not text:
            return False
        match test.operator:
            case Operator.EQ:
                return equal(text, wanted) is True
            case Operator.NE:
                return equal(text, wanted) is False
            case Operator.IN:
                return any(equal(text, item) is True for item in wanted)
            case Operator.NOT_IN:
                return all(equal(text, item) is False for item in wanted)
            case Operator.CONTAINS:
                return str(wanted) in text
            case Operator.STARTS_WITH:
                return text.startswith(str(wanted))
            case Operator.MATCHES:
                return re.fullmatch(str(wanted), text) is not None
            case Operator.BEFORE | Operator.AFTER | Operator.WITHIN:
                at = read_time(text)
                return at is not None and self.in_time(at, test)
            case Operator.BETWEEN:
                return self.lies_between(text, test)
            case _:
                signs = {"lt": "<", "lte": "<=", "gt": ">", "gte": ">="}
                return ordered(text, wanted, signs[test.operator.value])

    def lies_between(self, text: str, test: Test) -> bool:
        low, high = test.value
        if isinstance(low, str) and read_time(low) and read_time(high):
            at = read_time(text)
            return at is not None and self.in_time(at, test)
        return ordered(text, low, ">=") and ordered(text, high, "<")

    def in_time(self, at: datetime, test: Test) -> bool:
        match test.operator:
            case Operator.BEFORE:
                return at < read_time(test.value)
            case Operator.AFTER:
                return at > read_time(test.value)
            case Operator.WITHIN:
                days = timedelta(days=int(test.value.removesuffix("d")))
                return self.at - days < at <= self.at
            case _:
                low, high = test.value
                return read_time(low) <= at < read_time(high)


def people(rows: Sequence[Row]) -> list[Row]:
    """Return one row a person: the first, with the least of what all of their rows agree to."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        if row["user_id"]:
            found.setdefault(row["user_id"], []).append(row)
    return [
        {
            **all_of[0],
            **{name: least([row[name] for row in all_of]) for name in ANSWERS},
            "ad_confirmed_at": oldest([row["ad_confirmed_at"] for row in all_of]),
        }
        for all_of in found.values()
    ]


def least(texts: Sequence[str]) -> str:
    """Return the first that refuses, else that cannot be read, else that is empty, else agrees."""
    words = [text.strip().lower() for text in texts]
    for wanted in (
        lambda word: word in NO,
        lambda word: word and word not in YES,
        lambda word: not word,
    ):
        for text, word in zip(texts, words, strict=True):
            if wanted(word):
                return text
    return texts[0]


def oldest(texts: Sequence[str]) -> str:
    days = [(at, index) for index, text in enumerate(texts) if (at := read_time(text))]
    if days:
        return texts[min(days)[1]]
    return next((text for text in texts if text), "")


def value(event: Row, name: str) -> str | None:
    try:
        found = json.loads(event["properties"] or "null")
    except ValueError:
        return None
    item = found.get(name) if isinstance(found, dict) else None
    if item is None or isinstance(item, str):
        return item
    return json.dumps(item)


def read_time(text: str | None) -> datetime | None:
    try:
        at = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return (at if at.tzinfo else at.replace(tzinfo=SEOUL)).astimezone(UTC)


def real(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return None if math.isnan(number) else number


def exact(text: str | None) -> Decimal | None:
    try:
        number = Decimal(text or "")
    except InvalidOperation:
        return None
    return round(number, 6) if number.is_finite() else None


def equal(text: str, wanted: object) -> bool | None:
    """True, False, or None where the two cannot be compared."""
    if isinstance(wanted, bool):
        word = text.strip().lower()
        return (word in YES) == wanted if word in YES | NO else None
    if isinstance(wanted, int | float):
        number = real(text)
        return None if number is None else number == wanted
    return text == wanted


def ordered(text: str, wanted: object, sign: str) -> bool:
    left, right = (text, wanted) if isinstance(wanted, str) else (real(text), wanted)
    if left is None:
        return False
    return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[sign]


def quantity(number: object, test: Test) -> bool:
    if isinstance(test.value, tuple):
        bounds = [Decimal(str(item)) for item in test.value]
    else:
        bounds = [Decimal(str(test.value))]
    match test.operator:
        case Operator.EQ:
            return number == bounds[0]
        case Operator.NE:
            return number != bounds[0]
        case Operator.LT:
            return number < bounds[0]
        case Operator.LTE:
            return number <= bounds[0]
        case Operator.GT:
            return number > bounds[0]
        case Operator.GTE:
            return number >= bounds[0]
        case Operator.IN:
            return number in bounds
        case Operator.NOT_IN:
            return number not in bounds
        case _:
            return bounds[0] <= number < bounds[1]
