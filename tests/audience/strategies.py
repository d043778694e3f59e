"""Small worlds and conditions for property tests: few values, so that they meet, and ugly ones."""

from __future__ import annotations

import json
from datetime import timedelta

from hypothesis import strategies as st

from engine.model.audience import (
    All,
    AnyOf,
    AttributeIs,
    DeviceHas,
    EventHappened,
    Everyone,
    InCampaign,
    InShare,
    Not,
    Operator,
    PropertyTest,
    Test,
)
from tests.audience.world import DEVICE, EVENT, USER

WORDS = ["", "KR", "US", "vip", "서울 송파", "5", "10.5", "-3", "nan", "yes", "No", "a'b;--", " x "]
TIMES = [
    "",
    "2026-09-24",
    "2026-09-23",
    "2026-08-25 10:00",
    "2026-08-25T01:00:00Z",
    "2026-08-25T01:00:00.000001Z",
    "2026-09-24T10:00:00+09:00",
    "2026-09-24T10:00:01+09:00",
    "2026-09-24 09:59:59.5",
    "2026-01-01",
    "2027-01-01",
    "추석",
]
BOUNDS = ["2026-09-24", "2026-08-25 10:00", "2026-09-24T01:00:00Z", "2026-01-01", "2026-09-23"]
NUMBERS = [0, 1, 2, 5, 10.5, -3, 0.3]
PROPERTIES = [
    "{}",
    "",
    "{broken",
    "[1]",
    json.dumps({"amount": 0.1, "category": "떡"}),
    json.dumps({"amount": 0.2}),
    json.dumps({"amount": "5", "category": "vip"}),
    json.dumps({"amount": None, "category": "KR"}),
    json.dumps({"amount": "많이"}),
    json.dumps({"amount": -3, "a/b~c": "KR"}),
]
IDS = ["u1", "u2", "u3", "", "u 4'"]

_scalars = st.sampled_from([*[word for word in WORDS if word], *NUMBERS, True, False])
_texts = st.sampled_from(["KR", "vip", "서", "a'b;--", "5", "x"])
_many = st.lists(_scalars, min_size=1, max_size=3).map(tuple)


def _tests() -> st.SearchStrategy[Test]:
    orders = st.sampled_from([Operator.LT, Operator.LTE, Operator.GT, Operator.GTE])
    ordered = st.one_of(_texts, st.sampled_from(NUMBERS))
    pairs = st.one_of(
        st.tuples(st.sampled_from(NUMBERS), st.sampled_from(NUMBERS)),
        st.tuples(st.sampled_from(BOUNDS), st.sampled_from(BOUNDS)),
        st.tuples(_texts, _texts),
    )
    return st.one_of(
        st.builds(Test, st.sampled_from([Operator.EQ, Operator.NE]), _scalars),
        st.builds(Test, st.sampled_from([Operator.IN, Operator.NOT_IN]), _many),
        st.builds(Test, orders, ordered),
        st.builds(Test, st.just(Operator.BETWEEN), pairs),
        st.builds(Test, st.just(Operator.EXISTS), st.booleans()),
        st.builds(Test, st.sampled_from([Operator.CONTAINS, Operator.STARTS_WITH]), _texts),
        st.builds(Test, st.just(Operator.MATCHES), st.sampled_from(["K.*", "[0-9]+", ".*송파"])),
        _time_tests(),
    )


def _time_tests() -> st.SearchStrategy[Test]:
    edges = st.sampled_from([Operator.BEFORE, Operator.AFTER])
    return st.one_of(
        st.builds(Test, edges, st.sampled_from(BOUNDS)),
        st.builds(Test, st.just(Operator.WITHIN), st.sampled_from(["1d", "30d"])),
    )


def _quantities() -> st.SearchStrategy[Test]:
    signs = ["eq", "ne", "lt", "lte", "gt", "gte"]
    number = st.sampled_from([0, 1, 2, 0.3, 5])
    return st.one_of(
        st.builds(Test, st.sampled_from([Operator(sign) for sign in signs]), number),
        st.builds(
            Test,
            st.sampled_from([Operator.IN, Operator.NOT_IN, Operator.BETWEEN]),
            st.tuples(number, number),
        ),
    )


def _some(tests: st.SearchStrategy[Test]) -> st.SearchStrategy[tuple[Test, ...]]:
    return st.lists(tests, min_size=1, max_size=2).map(tuple)


def _maybe(tests: st.SearchStrategy[Test]) -> st.SearchStrategy[tuple[Test, ...]]:
    return st.one_of(st.just(()), _some(tests))


_property_tests = st.builds(
    PropertyTest, property=st.sampled_from(["amount", "category", "a/b~c"]), tests=_some(_tests())
)
_device_tests = st.builds(
    PropertyTest, property=st.sampled_from(["platform", "last_seen_at"]), tests=_some(_tests())
)
_events = st.builds(
    EventHappened,
    event=st.sampled_from(["purchase", "구매"]),
    where=st.lists(_property_tests, max_size=1).map(tuple),
    within=st.sampled_from([None, timedelta(days=1), timedelta(days=30)]),
    between=st.sampled_from([None, ("2026-08-25", "2026-09-24"), ("2026-01-01", "2026-08-25")]),
    count=_maybe(_quantities()),
    total=st.one_of(
        st.none(), st.builds(PropertyTest, property=st.just("amount"), tests=_some(_quantities()))
    ),
    never=st.sampled_from([False, False, True]),
    first=_maybe(_time_tests()),
    last=_maybe(_time_tests()),
)
_leaves = st.one_of(
    st.builds(
        AttributeIs,
        attribute=st.sampled_from(["country", "name", "birth_date", "push_ad_agreed"]),
        tests=_some(_tests()),
    ),
    _events,
    _events,
    st.builds(DeviceHas, where=st.lists(_device_tests, max_size=2).map(tuple)),
    st.builds(InShare, share=st.sampled_from([0.0, 0.3, 0.5, 1.0]), salt=st.just("소금")),
    st.builds(InCampaign, campaign=st.just("early-bird")),
    st.just(Everyone()),
)
conditions = st.recursive(
    _leaves,
    lambda inner: st.one_of(
        st.builds(All, of=st.lists(inner, max_size=3).map(tuple)),
        st.builds(AnyOf, of=st.lists(inner, max_size=3).map(tuple)),
        st.builds(Not, of=inner),
    ),
    max_leaves=5,
)
users = st.lists(
    st.fixed_dictionaries(
        {
            **{name: st.just(text) for name, text in USER.items()},
            "user_id": st.sampled_from(IDS),
            "country": st.sampled_from(WORDS),
            "name": st.sampled_from(WORDS),
            "birth_date": st.sampled_from(TIMES),
            "push_ad_agreed": st.sampled_from(WORDS),
        }
    ),
    max_size=7,
)
devices = st.lists(
    st.fixed_dictionaries(
        {
            **{name: st.just(text) for name, text in DEVICE.items()},
            "user_id": st.sampled_from(IDS),
            "platform": st.sampled_from(["android", "ios", "web", ""]),
            "enabled": st.sampled_from(["", "yes", "no", "?"]),
            "last_seen_at": st.sampled_from(TIMES),
        }
    ),
    max_size=5,
)
events = st.lists(
    st.fixed_dictionaries(
        {
            **{name: st.just(text) for name, text in EVENT.items()},
            "user_id": st.sampled_from(IDS),
            "name": st.sampled_from(["purchase", "구매", "view"]),
            "occurred_at": st.sampled_from(TIMES),
            "properties": st.sampled_from(PROPERTIES),
        }
    ),
    max_size=12,
)
