"""Masked values: as long as the real ones, with particles that fit, saying nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.message.particles import with_particle
from engine.model.experiment import Variant
from engine.model.template import Template, Variable, VariableType
from engine.site.masking import masked_text, masked_values


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("남궁하늘", "○○○갈"),
        ("김민지", "○○가"),
        ("선우 강", "○가 강"),
        ("Kim O'Brien 7", "Xxx X'Xxxxx 9"),
        ("田中さくら", "○○○○○"),
        ("박😀", "강○"),
        ("", ""),
    ],
)
def test_letters_are_replaced_and_shapes_stay(text, masked):
    assert masked_text(text) == masked


KOREAN = st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), min_size=1, max_size=8)


@given(KOREAN)
def test_korean_keeps_its_size_and_its_particles(name):
    masked = masked_text(name)
    assert len(masked.encode("cp949")) == len(name.encode("cp949"))
    assert len(masked.encode()) == len(name.encode())
    for pair in ("을/를", "으로/로", "이/가"):
        particle = with_particle(name, pair).removeprefix(name)
        assert with_particle(masked, pair) == masked + particle


@given(st.text(max_size=40))
def test_no_letter_of_anybody_stays(text):
    masked = masked_text(text)
    assert len(masked) == len(text)
    kept = set(masked) & {char for char in text if char.isalnum()}
    assert kept <= set("Xx9가갈강")


def test_every_type_keeps_its_kind():
    types = {
        "name": VariableType.STRING,
        "points": VariableType.INTEGER,
        "spent": VariableType.NUMBER,
        "born": VariableType.DATE,
        "seen": VariableType.DATETIME,
        "text": VariableType.INTEGER,
    }
    variables = {
        name: Variable(name=name, type=type_, source=f"user.{name}")
        for name, type_ in types.items()
    }
    variant = Variant(id="a", weight=1, template=Template(id="t", variables=variables))
    real = {
        "user.name": "흥부",
        "user.points": 1204,
        "user.spent": 58333.5,
        "user.born": "1990-05-05",
        "user.seen": "2026-01-02T03:04:05Z",
        "user.text": "59829",
        "user.gone": None,
    }
    assert masked_values(variant, real) == {
        "user.name": "○가",
        "user.points": 9999,
        "user.spent": 99999.9,
        "user.born": "2026-09-30",
        "user.seen": "2026-09-30 22:58",
        "user.text": "99999",
        "user.gone": None,
    }
