"""Why a template cannot be used, in Korean: what the sandbox says, in the words of its Korean reader."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

_WHOLE: Mapping[str, str] = {
    "a template cannot call functions: use a filter, `{{ name|upper }}`": (
        "템플릿에서는 함수를 부를 수 없습니다. `{{ name|upper }}`처럼 필터를 쓰세요"
    ),
    "`{% set %}` without `=` is not available: write `{% set name = … %}`": (
        "`=` 없는 `{% set %}`은 쓸 수 없습니다. `{% set name = … %}`로 쓰세요"
    ),
    "`{% import %}` stands at the start of a text, outside of everything": (
        "`{% import %}`는 글의 맨 앞, 아무것에도 싸이지 않은 자리에 씁니다"
    ),
    "`{% from … import %}` stands at the start of a text, outside of everything": (
        "`{% from … import %}`는 글의 맨 앞, 아무것에도 싸이지 않은 자리에 씁니다"
    ),
    "`{% macro %}` stands in a partial like `templates/_words.jinja`": (
        "`{% macro %}`는 `templates/_words.jinja` 같은 조각 파일에 씁니다"
    ),
    "`{% filter %}` is not available: write the filter behind the value": (
        "`{% filter %}`는 쓸 수 없습니다. 값 뒤에 필터를 쓰세요"
    ),
    "`{% with %}` is not available: declare a variable": (
        "`{% with %}`는 쓸 수 없습니다. 변수를 선언하세요"
    ),
    "dictionaries are not available in templates": "템플릿에서는 사전을 쓸 수 없습니다",
    "this is nested too deeply": "너무 깊이 겹쳐 있습니다",
    "a number or a string cannot be read": "숫자나 문자열을 읽을 수 없습니다",
}
_SHAPES: Sequence[tuple[re.Pattern[str], str]] = (
    (re.compile(r"(`.+`) is not available(?: in templates)?"), "{0} 기능은 쓸 수 없습니다"),
    (
        re.compile(r"this has more than ([\d,]+) levels or ([\d,]+) parts"),
        "{0}단계나 {1}조각을 넘습니다",
    ),
    (re.compile(r"loops may be nested (\d+) deep"), "반복은 {0}겹까지 쓸 수 있습니다"),
    (
        re.compile(r"the template cannot be read: unexpected (`.+`)"),
        "템플릿을 읽을 수 없습니다. {0} 자리가 잘못되었습니다",
    ),
    (
        re.compile(r"the template cannot be read: expected token (`.+`), got (`.+`)"),
        "템플릿을 읽을 수 없습니다. {0} 자리에 {1}이 있습니다",
    ),
    (
        re.compile(r"the template cannot be read: unexpected end of template.*"),
        "템플릿이 도중에 끝났습니다",
    ),
    (
        re.compile(r"the template cannot be read: encountered unknown tag (`[^`]+`).*"),
        "{0} 태그는 없습니다",
    ),
    (re.compile(r"the template cannot be read: no filter named (`.+`)"), "{0} 필터는 없습니다"),
)
"""(what is said, the same in Korean): the reader's own words for what it could not read."""


def reason_in_korean(reason: str) -> str:
    """Return `reason` in Korean; as it is where nobody has translated it."""
    if reason in _WHOLE:
        return _WHOLE[reason]
    for shape, korean in _SHAPES:
        found = shape.fullmatch(reason)
        if found is not None:
            return korean.format(*found.groups())
    return reason
