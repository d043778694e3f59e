"""Why a template cannot be used, in Korean: the reader gets no English sentence."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.lint.catalog import RULES
from engine.lint.reasons import hint_in_korean, reason_in_korean
from engine.lint.rule import Bad, Rule
from engine.lint.run import run_rules
from engine.message import grammar
from engine.message.compiled import read_source
from engine.message.steps import size_fault
from tests.lint.workspaces import open_context, write_workspace

MESSAGE = Path(grammar.__file__).parent
ENGLISH = re.compile(r"[A-Za-z]+(?: [A-Za-z'-]+)+")
"""Two words or more: one alone may be a name, which has no backticks where the law has none."""
NAMES = re.compile(r"Labor Day|Thanksgiving Day|[A-Z]{2}(?:-[A-Z]{2})?|App Store|NHN Cloud|KiB")


def said() -> Iterator[str]:
    """Yield what the room `message` says of templates, with `X` where something is filled in."""
    for path in sorted(MESSAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not (
                isinstance(node, ast.Call) and isinstance(node.func, (ast.Name, ast.Attribute))
            ):
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            if name not in ("Fault", "RenderError", "_fault"):
                continue
            text = _text(node.args[0])
            if text and not text.startswith(("X X", "XX")):
                yield text.removeprefix("X: ")


def _text(node: ast.expr) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(part.value) if isinstance(part, ast.Constant) else "X" for part in node.values
        )
    return None


REFUSED = [*grammar._REFUSED.values(), size_fault().message]


def test_there_is_something_to_look_at() -> None:
    assert len(set(said())) > 40


@pytest.mark.parametrize("reason", sorted({*said(), *REFUSED}))
def test_whatever_a_template_can_do_wrong_has_korean_words(reason: str) -> None:
    korean = reason_in_korean(
        reason.replace("has more than X", "has more than 2 levels or 3 parts")
    )
    assert re.search("[가-힣]", korean), reason
    assert not ENGLISH.search(re.sub("`[^`]*`", "", korean)), korean


@pytest.mark.parametrize(
    "source",
    [
        "{{ name",
        "{{ name }",
        "{{ }}",
        "{{ name| }}",
        "{{ name|shout }}",
        "{{ a b }}",
        "{{ 'a }}",
        "{{ name[ }}",
        "{{ name ? }}",
        "{{ name) }}",
        "{{ f() }}",
        "{{ name.__class__ }}",
        "{% if name %}",
        "{% if %}{% endif %}",
        "{% endif %}",
        "{% shout %}",
        "{% for x in name %}{{ x }}",
        "{% set x %}",
        "{% from '_w.jinja' import polite %}{{ polite(1) }}",
        "{% include 'x' %}",
        "{% %}",
        "{# open",
        "{% raw %} {{",
        "{{ name is shouted }}",
        "{{ name is defined }}",
        "{{ 2 ** 3 }}",
        "{{ {'a': 1} }}",
        "{{ 1_000_000_000_000_000_000_000_000_000_000_000_000 }}",
        "{{ none }}",
        "{{ name is even is odd }}",
        "{% set 'a' = 1 %}",
        "글" * 20_000,
    ],
)
def test_common_slips_are_told_in_korean(source: str) -> None:
    faults = read_source(source).faults
    assert faults
    for fault in faults:
        korean = reason_in_korean(fault.message)
        assert re.search("[가-힣]", korean), fault.message
        assert not ENGLISH.search(re.sub("`[^`]*`", "", korean)), korean
        if fault.hint is not None:
            assert hint_in_korean(fault.hint) is not None, fault.hint


@pytest.mark.parametrize(
    ("reason", "korean"),
    [
        (
            "a template cannot call functions: use a filter, `{{ name|upper }}`",
            "템플릿에서는 함수를 부를 수 없습니다. `{{ name|upper }}`처럼 필터를 쓰세요",
        ),
        ("`**` is not available in templates", "`**` 기능은 쓸 수 없습니다"),
        ("loops may be nested 2 deep", "반복은 2겹까지 쓸 수 있습니다"),
        (
            "the template cannot be read: unexpected `}`",
            "템플릿을 읽을 수 없습니다. `}` 자리가 잘못되었습니다",
        ),
        (
            "in the partial `_w.jinja`, line 3: there is no filter `shout`",
            "조각 파일 `_w.jinja`의 3번째 줄: `shout` 필터는 없습니다",
        ),
        ("an expression fails: ZeroDivisionError", "0으로 나누는 계산이 있습니다"),
        ("something new", "something new"),
    ],
)
def test_reasons(reason: str, korean: str) -> None:
    assert reason_in_korean(reason) == korean


@pytest.mark.parametrize("rule", RULES, ids=[rule.META.id for rule in RULES])
def test_no_korean_finding_holds_an_english_sentence_or_two_particles(
    rule: Rule, tmp_path: Path
) -> None:
    for number, example in enumerate(one for one in rule.EXAMPLES if isinstance(one, Bad)):
        root = write_workspace(tmp_path / str(number), example.yaml)
        _, context = open_context(root, example.setting)
        for finding in run_rules(context, (rule,)):
            assert finding.korean is not None
            for words in (finding.korean.message, finding.korean.hint or ""):
                plain = NAMES.sub("", re.sub("`[^`]*`", "", words))
                assert not ENGLISH.search(plain), words
                assert not re.search(r"[은이을와]\([는가를과]\)|\(으\)로", words), words
