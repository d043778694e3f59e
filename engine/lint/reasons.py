"""Why a template cannot be used, in Korean: what `message` says, in the words of its Korean reader."""

from __future__ import annotations

import re
from collections.abc import Mapping

from engine.kernel.sayings import Sayings

_MAY_NOT: Mapping[str, str] = {
    "a template cannot call functions: use a filter, `{}`": (
        "템플릿에서는 함수를 부를 수 없습니다. `{0}`처럼 필터를 쓰세요"
    ),
    "{} without `=` is not available: write {}": "`=` 없는 {0}은 쓸 수 없습니다. {1}로 쓰세요",
    "{} stands at the start of a text, outside of everything": (
        "{0}는 글의 맨 앞, 아무것에도 싸이지 않은 자리에 씁니다"
    ),
    "{} stands in a partial like `templates/_words.jinja`": (
        "{0}는 `templates/_words.jinja` 같은 조각 파일에 씁니다"
    ),
    "{} is not available: write the filter behind the value": (
        "{0}는 쓸 수 없습니다. 값 뒤에 필터를 쓰세요"
    ),
    "{} is not available: declare a variable": "{0}는 쓸 수 없습니다. 변수를 선언하세요",
    "dictionaries are not available in templates": "템플릿에서는 사전을 쓸 수 없습니다",
    "recursive loops are not available": "자기를 다시 부르는 반복은 쓸 수 없습니다",
    "`*` and `**` arguments are not available": "`*`, `**` 인자는 쓸 수 없습니다",
    "`none` is not available: a variable always has a value": (
        "`none`은 쓸 수 없습니다. 변수에는 언제나 값이 있습니다"
    ),
    "`with context` is not available: give the macro arguments": (
        "`with context`는 쓸 수 없습니다. 매크로에 인자를 주세요"
    ),
    "{} is not available": "{0} 기능은 쓸 수 없습니다",
    "{} is not available in templates": "{0} 기능은 쓸 수 없습니다",
    "there is no filter `{}`": "`{0}` 필터는 없습니다",
    "there is no test `{}`": "`{0}` 검사는 없습니다",
    "`{}` is not a name to keep a value under": "`{0}` 이름으로는 값을 둘 수 없습니다",
    "`{}` is not a name for a loop variable": "`{0}` 이름은 반복 변수에 쓸 수 없습니다",
    "{} gives one name one value": "{0}에는 이름 하나와 값 하나를 씁니다",
    "`plural` needs a text for `other`, by name": "`plural`에는 `other=`로 글을 주어야 합니다",
}
"""What the sandbox refuses."""

_TOO_MUCH: Mapping[str, str] = {
    "this is nested too deeply": "너무 깊이 겹쳐 있습니다",
    "this may take too many steps": "너무 많은 단계를 거칠 수 있습니다",
    "this number is too large": "수가 너무 큽니다",
    "this has more than {} levels or {} parts": "{0}단계나 {1}조각을 넘습니다",
    "the text is longer than {} KiB": "글이 {0}KiB를 넘습니다",
    "loops may be nested {} deep": "반복은 {0}겹까지 쓸 수 있습니다",
    "a text may reach {} macros": "글 하나가 부를 수 있는 매크로는 {0}개까지입니다",
}

_PARTIALS: Mapping[str, str] = {
    "in the partial `{}`, line {}: {}": "조각 파일 `{0}`의 {1}번째 줄: {2}",
    "an import names its partial in quotes: `'_words.jinja'`": (
        "조각 파일의 이름은 `'_words.jinja'`처럼 따옴표 안에 씁니다"
    ),
    "there is no partial `{}`": "조각 파일 `{0}` 파일이 없습니다",
    "the partial `{}` has no macro `{}`": "조각 파일 `{0}`에 `{1}` 매크로가 없습니다",
    "the partial `{}` cannot be used here": "조각 파일 `{0}` 파일은 여기에서 쓸 수 없습니다",
    "the partial `{}` says something outside of its macros": (
        "조각 파일 `{0}`에 매크로 밖의 글이 있습니다"
    ),
    "the macro `{}` calls itself": "`{0}` 매크로가 자기 자신을 부릅니다",
    "the macro `{}` reads `{}`": "`{0}` 매크로가 인자에 없는 `{1}` 값을 읽습니다",
    "the macro `{}` does not take these arguments": "`{0}` 매크로는 이런 인자를 받지 않습니다",
    "the macro `{}` needs `{}`": "`{0}` 매크로에는 `{1}` 인자가 있어야 합니다",
    "`{}` is not a name for a macro": "`{0}` 이름은 매크로에 쓸 수 없습니다",
    "a template calls nothing but macros of partials": "템플릿은 조각 파일의 매크로만 부릅니다",
}

_UNREADABLE: Mapping[str, str] = {
    "a number or a string cannot be read": "숫자나 문자열을 읽을 수 없습니다",
    "the template cannot be compiled: {}": "템플릿을 번역할 수 없습니다({0})",
    "the template cannot be read: {}": "템플릿을 읽을 수 없습니다. {0}",
    "the template cannot be read: unexpected end of template, expected {}": (
        "템플릿이 도중에 끝났습니다. {0} 자리가 비었습니다"
    ),
    "the template cannot be read: unexpected end of template.{}": "템플릿이 도중에 끝났습니다",
    "the template cannot be read: unexpected end of template": "템플릿이 도중에 끝났습니다",
    "the template cannot be read: encountered unknown tag `{}`.{}": "`{0}` 태그는 없습니다",
    "the template cannot be read: encountered unknown tag `{}`": "`{0}` 태그는 없습니다",
    "the template cannot be read: no filter named `{}`": "`{0}` 필터는 없습니다",
    "the template cannot be read: no test named `{}`": "`{0}` 검사는 없습니다",
    "unexpected `{}`, expected `{}`": "`{1}` 자리에 `{0}` 글자가 있습니다",
    "unexpected `{}`": "`{0}` 자리가 잘못되었습니다",
    "unexpected char {} at {}": "{1}번째 글자 {0} 자리가 잘못되었습니다",
    "expected token `{}`, got `{}`": "`{0}` 자리에 `{1}` 글자가 있습니다",
    "expected an expression, got `{}`": "값이 올 자리에 `{0}` 글자가 있습니다",
    "expected name or number": "이름이나 숫자가 올 자리입니다",
    "expected subscript expression": "대괄호 안에 값이 없습니다",
    "expected call": "매크로를 부를 자리입니다",
    "tag name expected": "태그 이름이 없습니다",
    "missing end of comment tag": "주석을 `#}}`로 닫지 않았습니다",
    "missing end of raw directive": "`raw`를 닫지 않았습니다",
    "invalid character in identifier": "이름에 쓸 수 없는 글자가 있습니다",
    "invalid syntax for function call expression": "인자를 적은 모양이 잘못되었습니다",
    "you cannot chain multiple tests with is": "`is` 검사는 한 번만 쓸 수 있습니다",
    "can`t assign to `{}`": "`{0}`에는 값을 둘 수 없습니다",
    "non-default argument follows default argument": (
        "기본값이 있는 인자 뒤에는 기본값이 없는 인자를 쓸 수 없습니다"
    ),
    "names starting with an underline can not be imported": (
        "밑줄로 시작하는 이름은 가져올 수 없습니다"
    ),
}
"""What cannot be read as a template at all; most of it in the words of Jinja's own parser."""

_FAILS: Mapping[str, str] = {
    "`{}` has no value": "`{0}` 값이 없습니다",
    "a value has no such part": "값에 그런 부분이 없습니다",
    "an expression fails: ZeroDivisionError": "0으로 나누는 계산이 있습니다",
    "an expression fails: {}": "계산할 수 없는 식이 있습니다({0})",
    "a filter of `{}` fails: {}": "`{0}`의 필터를 쓸 수 없습니다({1})",
    "`{}` needs a number": "`{0}`에는 숫자를 주어야 합니다",
    "`{}` needs a text between its brackets": "`{0}`의 괄호 안에는 글을 써야 합니다",
    "`{}` needs a whole number between its brackets": "`{0}`의 괄호 안에는 정수를 써야 합니다",
    "`{}` works on numbers": "`{0}` 계산은 숫자에만 쓸 수 있습니다",
    "`replace` needs something to look for": "`replace`에는 찾을 글이 있어야 합니다",
    "`round` keeps at most {} digits": "`round`는 소수 {0}자리까지 남깁니다",
    "`{}` writes at most {} decimals": "`{0}`의 소수는 {1}자리까지입니다",
    "`{}` is not a currency code like `KRW`": "`{0}`: `KRW` 같은 통화 코드가 아닙니다",
    "`{}` is not a unit like 'kilometer' or 'hour'": (
        "`{0}`: `kilometer`, `hour` 같은 단위가 아닙니다"
    ),
    "`{}` is not a pair of Korean particles like `을/를`": "`{0}`: `을/를` 같은 조사 짝이 아닙니다",
    "a date pattern may have {} characters": "날짜 형식은 {0}자까지입니다",
    "`date` needs a date or an instant": "`date`에는 날짜나 시각을 주어야 합니다",
    "`{}` needs an instant": "`{0}`에는 시각을 주어야 합니다",
    "`relative_day` needs two dates or instants": (
        "`relative_day`에는 날짜나 시각을 둘 주어야 합니다"
    ),
    "`list` needs a list of at most {} items": "`list`에는 {0}개까지의 목록을 주어야 합니다",
    "`list` joins with 'and' or 'or'": "`list`에는 `and`나 `or`를 씁니다",
    "`plural` needs `other`, and knows zero, one, two, few and many": (
        "`plural`에는 `other`가 있어야 하고, 그 밖에 `zero`, `one`, `two`, `few`, `many`를 쓸 수 있습니다"
    ),
    "`unit` is 'short', 'long' or 'narrow'": "`unit`에는 `short`, `long`, `narrow`를 씁니다",
    "a yes/no value cannot be printed: use it in `{}`": (
        "예/아니요 값은 글로 쓸 수 없습니다. `{0}` 안에서 쓰세요"
    ),
    "only texts, numbers, dates and instants can be printed": (
        "글, 숫자, 날짜, 시각만 쓸 수 있습니다"
    ),
    "only texts, numbers, dates and lists of them can be kept": (
        "글, 숫자, 날짜와 그 목록만 둘 수 있습니다"
    ),
    "a number grows beyond all bounds": "수가 끝없이 커집니다",
    "a number grows beyond thirty digits": "수가 서른 자리를 넘습니다",
    "a loop goes over a list or a text": "반복은 목록이나 글에만 쓸 수 있습니다",
    "a loop goes over at most {} items": "반복은 {0}개까지 돕니다",
    "a list keeps at most {} items": "목록에는 {0}개까지 둘 수 있습니다",
    "a text of more than {} characters cannot be kept": "{0}자가 넘는 글은 둘 수 없습니다",
    "the text grows beyond {} characters": "글이 {0}자를 넘습니다",
    "the text takes {} bytes; {} carries {}": "글이 {0}바이트입니다. {1} 한도는 {2}바이트입니다",
    "the message has no text": "메시지에 글이 없습니다",
    "there is no text in `{}` for {}": "{1} 채널에 `{0}` 글이 없습니다",
}
"""What fails for the values of the made-up person."""

_HINTS: Mapping[str, str] = {
    "split the text": "글을 나누세요",
    "shorten it": "줄이세요",
    "shorten the loops, or what is inside them": "반복이나 그 안의 글을 줄이세요",
    "close `{}` with `{}`": "`{0}`를 `{1}`로 닫으세요",
    "did you mean `{}`?": "혹시 `{0}` 필터인가요?",
    "the filters are {}": "쓸 수 있는 필터: {0}",
    "write `default:` at the variable's declaration": "변수를 선언한 곳에 `default:`를 적으세요",
    "a missing value never reaches a template: write `default:` or `on_missing: skip`": (
        "빈 값은 템플릿에 오지 않습니다. `default:`나 `on_missing: skip`을 적으세요"
    ),
    "its macros are {}": "있는 매크로: {0}",
    "a partial is a file like `_words.jinja` in templates/": (
        "조각 파일은 templates/ 안의 `_words.jinja` 같은 파일입니다"
    ),
    "line {}: keep only macros there": "{0}번째 줄: 매크로만 남기세요",
    "add `{}` to its arguments": "`{0}` 인자를 더하세요",
    "its arguments are {}": "받는 인자: {0}",
}

_SAYINGS = Sayings({**_MAY_NOT, **_TOO_MUCH, **_PARTIALS, **_UNREADABLE, **_FAILS})
_ADVICE = Sayings(_HINTS)
_HANGUL = re.compile("[가-힣]")


def reason_in_korean(reason: str) -> str:
    """Return `reason` in Korean; as it is where nobody has translated it."""
    found = _SAYINGS.find(reason)
    # A sentence around an unknown one is no translation.
    return reason if found is None or not _HANGUL.search(found) else found


def hint_in_korean(hint: str | None) -> str | None:
    """Return a hint to such a reason in Korean, None where nobody has translated it."""
    if hint is None:
        return None
    return hint if hint.startswith("`{{") else _ADVICE.find(hint)
