from __future__ import annotations

import pytest

from engine.workspace.scalars import read_scalar


@pytest.mark.parametrize(
    "text",
    [
        "21:00", "9:30", "08:30:00", "+821012345678", "0123", "NO", "no", "yes", "on", "Off", "y",
        "2026-09-24", "2026-09-24 10:00", "0x1F", "0o14", "1_000", ".5", "1.", ".inf", ".nan", "+1",
        "1e999", "-", "--1", "30m", "5%", "추석", "null ", "nUll", "1234567890123456789", "٣",
    ],
)  # fmt: skip
def test_everything_but_json_literals_stays_text(text: str) -> None:
    assert read_scalar(text) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0), ("-0", 0), ("30", 30), ("-7", -7), ("821012345678", 821012345678),
        ("1.5", 1.5), ("1e3", 1000.0), ("-2.5E-1", -0.25), ("1.10", 1.1),
        ("true", True), ("False", False), ("TRUE", True),
        ("null", None), ("~", None), ("", None), ("Null", None),
    ],
)  # fmt: skip
def test_json_literals_are_typed(text: str, value: object) -> None:
    found = read_scalar(text)
    assert found == value
    assert type(found) is type(value)
