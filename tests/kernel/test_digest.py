"""Digests are equal on any machine; buckets are even; keyed hashes need the key."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.kernel.digest import bucket, canonical, digest, digest_bytes, keyed_hash

ROOT = Path(__file__).resolve().parents[2]
PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=12,
)


def shuffled(value: object) -> object:
    """Return `value` with the keys of every mapping in the opposite order."""
    if isinstance(value, dict):
        return {key: shuffled(value[key]) for key in reversed(list(value))}
    return [shuffled(item) for item in value] if isinstance(value, list) else value


@settings(deadline=None)
@given(PLAIN)
def test_canonical_json_is_read_back_and_knows_no_key_order(value: object) -> None:
    assert json.loads(canonical(value)) == value
    assert canonical(shuffled(value)) == canonical(value)
    assert digest(value) == digest_bytes(canonical(value))


def test_canonical_is_utf8_without_blanks() -> None:
    assert canonical({"b": [1, None], "a": "추석"}) == '{"a":"추석","b":[1,null]}'.encode()


@pytest.mark.parametrize("value", [float("nan"), float("inf"), [float("-inf")]])
def test_what_is_no_number_has_no_digest(value: object) -> None:
    with pytest.raises(ValueError, match="Out of range float"):
        digest(value)


def test_a_digest_is_the_same_under_any_hash_seed() -> None:
    program = (
        "from engine.kernel.digest import digest, bucket\n"
        "print(digest({k: [k] for k in {'송편', 'b', 'a'}}), bucket('추석', 'u1', 'holdout'))"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(said) == 1


def test_buckets_are_even() -> None:
    tenths = Counter(int(bucket("추석", f"u{n}", "holdout") * 10) for n in range(20_000))

    assert set(tenths) == set(range(10))
    # chi-squared with 9 degrees of freedom: above 27.9 in one of a thousand draws
    assert sum((count - 2_000) ** 2 / 2_000 for count in tenths.values()) < 27.9


def test_buckets_of_two_purposes_know_nothing_of_each_other() -> None:
    both = sum(
        bucket("추석", f"u{n}", "holdout") < 0.5 and bucket("추석", f"u{n}", "variant") < 0.5
        for n in range(10_000)
    )
    assert 2_300 < both < 2_700


@settings(deadline=None)
@given(st.lists(st.text(max_size=5), min_size=1, max_size=4))
def test_a_bucket_lies_between_nought_and_one(parts: list[str]) -> None:
    assert 0 <= bucket(*parts) < 1
    assert bucket(*parts) == bucket(*parts)


def test_where_parts_end_matters() -> None:
    assert bucket("ab", "c") != bucket("a", "bc")
    assert keyed_hash(b"k", "ab", "c") != keyed_hash(b"k", "a", "bc")


def test_a_keyed_hash_depends_on_key_purpose_and_value() -> None:
    found = {
        keyed_hash(key, purpose, value)
        for key in (b"one", b"two")
        for purpose in ("recipient", "address")
        for value in ("민지", "춘향")
    }
    assert len(found) == 8
    assert all(len(name) == 32 and int(name, 16) >= 0 for name in found)
