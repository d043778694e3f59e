"""Why a template cannot be used, in Korean."""

from __future__ import annotations

import re

import pytest

from engine.lint.reasons import reason_in_korean
from engine.message import grammar


@pytest.mark.parametrize("reason", [*grammar._REFUSED.values(), grammar.size_fault().message])
def test_whatever_the_sandbox_refuses_has_korean_words(reason: str) -> None:
    assert re.search("[가-힣]", reason_in_korean(reason))


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
        ("something new", "something new"),
    ],
)
def test_reasons(reason: str, korean: str) -> None:
    assert reason_in_korean(reason) == korean
