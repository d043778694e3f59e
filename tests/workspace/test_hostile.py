"""Whatever stands in a file, reading it ends with findings or values, never with a traceback."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.kernel.errors import UsageError
from engine.kernel.origin import Origin
from engine.workspace.build_audience import build_audience
from engine.workspace.build_campaign import build_campaign
from engine.workspace.build_template import build_template
from engine.workspace.build_workspace import build_workspace
from engine.workspace.check import check_shape
from engine.workspace.decode import decode
from engine.workspace.document import parse_document
from engine.workspace.notes import Notes
from engine.workspace.positions import read_positions
from engine.workspace.read import read_workspace
from engine.workspace.schemas import Kind, explainer, is_valid
from tests.workspace.shapes import values_of
from tests.workspace.small import FILES, write

SLOW = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)  # fmt: skip
CHARACTERS = "{}[]:,&*!|>'\"%@`#-?~ \t\n\r\x00\ufeff가\U0001f600\\0e9$/<"


def _build(kind: Kind, data: Any) -> Notes:
    notes, at = Notes(), Origin("a.yaml")
    match kind:
        case Kind.CAMPAIGN:
            build_campaign(data, "a", at, notes)
        case Kind.AUDIENCE:
            build_audience(data, "a", at, notes)
        case Kind.TEMPLATE:
            build_template(data, "a", at, notes)
        case Kind.WORKSPACE:
            try:
                build_workspace(data, None, at, notes)
            except UsageError:
                build_workspace(data, "sandbox", at, notes)
    return notes


@pytest.mark.parametrize("kind", list(Kind))
def test_what_a_schema_accepts_is_built_or_gets_findings(kind: Kind) -> None:
    accepted = 0

    @SLOW
    @given(values_of(kind))
    def run(data: Any) -> None:
        nonlocal accepted
        if kind is Kind.CAMPAIGN:
            data["draft"] = True  # so that most settings may be missing
        checked = check_shape(kind, data, "a.yaml")
        accepted += not checked.findings
        if checked.data is not None:
            _build(kind, checked.data)

    run()
    assert accepted > 20


@pytest.mark.parametrize("kind", list(Kind))
def test_both_validators_agree(kind: Kind) -> None:
    @settings(SLOW, max_examples=40)
    @given(values_of(kind), st.randoms(use_true_random=False))
    def run(data: Any, chance: random.Random) -> None:
        _spoil(data, chance)
        errors = list(explainer(kind).iter_errors(data))
        assert is_valid(kind, data) == (not errors)
        assert bool(check_shape(kind, data, "a.yaml").findings) == bool(errors)

    run()


def _spoil(data: Any, chance: random.Random) -> None:
    """Change one value somewhere inside `data`."""
    while isinstance(data, dict | list) and data:
        key = chance.choice(list(data) if isinstance(data, dict) else range(len(data)))
        if not isinstance(data[key], dict | list) or chance.random() < 0.2:
            data[key] = chance.choice([None, "", "x", 0, -1, 1.5, True, [], {}, {"x": []}, "5%"])
            return
        data = data[key]


def _mutate(text: str, chance: random.Random) -> str:
    lines = text.splitlines(keepends=True)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(text) + 1)
        match chance.randrange(6):
            case 0:
                text = text[:at] + chance.choice(CHARACTERS) * chance.randint(1, 3) + text[at:]
            case 1:
                text = text[:at] + text[at + chance.randint(1, 20) :]
            case 2:
                text = text[:at] + chance.choice(lines) + text[at:]
            case 3:
                text = text[:at]
            case 4:
                old = chance.choice([": ", "{", "}", "  ", '"', "- "])
                text = text.replace(old, chance.choice(["", ":", "[", "\t", "null", "? "]), 1)
            case _:
                text = (
                    text[:at]
                    + chance.choice(["0.05", "null", "[]", "&a ", "*a", "<<: "])
                    + text[at:]
                )
    return text


@pytest.mark.parametrize("seed", range(3))
def test_mutated_files_never_raise(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    write(tmp_path)
    found = 0
    for _ in range(100):
        path, text = chance.choice(sorted(FILES.items()))
        (tmp_path / path).write_bytes(_mutate(text, chance).encode("utf-8", "surrogatepass"))
        loaded = read_workspace(tmp_path, None)
        found += bool(loaded.findings)
        for finding in loaded.findings:
            span = loaded.sources.locate(finding.at, key=finding.key)
            source = loaded.sources.get(finding.at.file)
            assert source is not None
            line = finding.line or span.line
            assert 1 <= line <= max(1, len(source.text.splitlines())) + 1
            assert (finding.column or span.column) <= len(source.line(line)) + 2
            assert finding.message[0] not in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
            assert not finding.message.endswith(".")
            loaded.sources.snippet(finding.at.file, span)
        (tmp_path / path).write_text(text, encoding="utf-8")
    assert found > 50


@SLOW
@given(st.binary(max_size=200))
def test_any_bytes_are_text_or_a_finding(raw: bytes) -> None:
    text, finding = decode(raw, "a.yaml")
    if finding is None:
        parse_document(text, "a.yaml")
        read_positions(text)


@SLOW
@given(st.text(alphabet=CHARACTERS + "ab1", max_size=60))
def test_any_text_is_values_or_findings(text: str) -> None:
    cleaned, finding = decode(text.encode("utf-8", "surrogatepass"), "a.yaml")
    if finding is not None:
        return
    document = parse_document(cleaned, "a.yaml")
    again = parse_document(cleaned, "a.yaml")
    assert again == document
    for kind in Kind:
        check_shape(kind, document.data, "a.yaml")
