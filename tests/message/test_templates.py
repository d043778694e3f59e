"""Templates: what they may say, what is refused, and that nothing takes long or grows."""

from __future__ import annotations

import time
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.message.compiled import compile_source, read_source
from engine.message.failure import RenderError
from engine.message.filters import filters_of
from engine.message.judging import judge
from engine.message.plain import plain_renderer, read_plain
from engine.message.rendering import jinja_renderer

VALUES = {"name": "춘향", "item": "송편", "n": 3, "price": 10000, "long": "가" * 2000}


def outcome(render, values) -> str | None:
    try:
        return render(values)
    except RenderError:
        return None


def show(source: str) -> str:
    return compile_source(source, "ko")(VALUES)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{{ name }}님", "춘향님"),
        ("{{name}}님", "춘향님"),
        ("{{ item|josa('을/를') }}", "송편을"),
        ("{{ (price * 0.7)|round|money('KRW') }}", "7,000원"),
        ("{% if n > 2 %}많이{% else %}조금{% endif %}", "많이"),
        ("{% if n == 1 %}하나{% elif n == 3 %}셋{% endif %}", "셋"),
        ("{{ '단골' if n >= 3 else '손님' }}", "단골"),
        ("{% for x in ['떡', '과일'] %}{{ loop.index }}.{{ x }} {% endfor %}", "1.떡 2.과일 "),
        ("{% for x in name %}{{ x }}{% if not loop.last %}·{% endif %}{% endfor %}", "춘·향"),
        ("{{ name[:1] }}씨", "춘씨"),
        ("{{ name ~ '/' ~ n }}", "춘향/3"),
        ("{% raw %}{{ name }}{% endraw %}", "{{ name }}"),
        ("{# 메모 #}본문", "본문"),
        ("{{ 'a' in name }}{{ 1 }}", None),
        ("줄\n", "줄"),
        ("줄\r\n둘", "줄\n둘"),
    ],
)
def test_what_a_template_may_say(source, text):
    if text is None:
        with pytest.raises(RenderError, match="yes/no"):
            show(source)
    else:
        assert show(source) == text


HOSTILE = [
    "{{ name.__class__ }}",
    "{{ name.__class__.__mro__[1].__subclasses__() }}",
    "{{ ''.__class__.__base__ }}",
    "{{ name['__class__'] }}",
    "{{ name[item] }}",
    "{{ name.upper() }}",
    "{{ name.format(n) }}",
    "{{ '{0.__class__}'.format(name) }}",
    "{{ name.encode }}",
    "{{ self }}",
    "{{ self.__init__.__globals__ }}",
    "{{ config }}",
    "{{ lipsum.__globals__['os'].popen('id').read() }}",
    "{{ cycler.__init__.__globals__.os }}",
    "{{ joiner }}",
    "{{ namespace(a=1) }}",
    "{{ dict(a=1) }}",
    "{{ range(10) }}",
    "{% for i in range(999999999) %}x{% endfor %}",
    "{% for a in long %}{{ a }}{% endfor %}",
    "{% for a in [1] %}" * 3 + "x" + "{% endfor %}" * 3,
    "{% for a in [[1]] recursive %}{{ loop(a) }}{% endfor %}",
    "{{ 'a' * 1000000000 }}",
    "{{ [1] * 1000000000 }}",
    "{{ 9 ** 9 ** 9 }}",
    "{{ 999999999999999 * 999999999999999 * 999999999999999 }}",
    "{{ '%1000000000d' % n }}",
    "{{ '%s' % name }}",
    "{{ name|attr('__class__') }}",
    "{{ name|map('upper') }}",
    "{{ name|format }}",
    "{{ name|pprint }}",
    "{{ name|center(1000000000) }}",
    "{{ 'x'|indent(1000000000) }}",
    "{{ long|replace('가', '나' ~ long)|replace('가', long) }}",
    "{% include '/etc/passwd' %}",
    "{% import 'os' as os %}",
    "{% from 'os' import path %}",
    "{% extends 'base' %}",
    "{% block a %}{% endblock %}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{% set x %}a{% endset %}",
    "{% call m() %}{% endcall %}",
    "{% filter upper %}a{% endfilter %}",
    "{% with a = 1 %}{{ a }}{% endwith %}",
    "{% autoescape true %}{% endautoescape %}",
    "{% do name %}",
    "{{ {'a': 1} }}",
    "{{ name|round(method='x') }}",
    "{{ price // 0 }}",
    "{{ name + n }}",
    "{{ name - 1 }}",
    "{{ n|josa(*name) }}",
    "{{ none }}",
    "{{ name is defined }}",
    "{{ name|default('x') }}",
    "{{ undefined_name }}",
    "{{ 1e999 }}",
    "{{ 1e308 * 10 }}",
    "{{ n" + "~n" * 15000 + " }}",
    "{{ n" + " == n" * 6000 + " }}",
    "{{ [" + "1," * 15000 + "] }}",
    "{{ n|round(" + "1," * 10000 + ") }}",
    "{{ name" + ".b" * 15000 + " }}",
    "{{name}}" * 4000,
    "{{ '" + "\\'" * 15000,
    "{{ 1_" + "1_" * 15000 + " }}",
    "{% for a, b in [1] %}{% endfor %}",
    "{% for i in [1] %}{{ loop }}{% endfor %}",
    "{{ name[::0] }}",
    "{{ n is divisibleby(0) }}",
    "{{ [1, 2] }}",
    "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}",
    "{{ " + "-" * 3000 + "1 }}",
    "{{ " + "not " * 3000 + "n }}",
    "{{ " + "9" * 6000 + " }}",
    "{{ " + " ~ ".join(["long"] * 40) + " }}",
    "{% if n %}" * 500 + "{% endif %}" * 500,
    "{{ '\\x' }}",
    "{{ '\\N{" + "A" * 500 + "}' }}",
    "{{ name",
    "{% if %}",
    "{% endif %}",
    "{{ }}",
    "{% " * 5000,
    "{{ " * 5000,
    "{#" * 10000,
    "{{ name|" + "upper|" * 3000 + "upper }}",
    "가" * 40_000,
]


@pytest.mark.parametrize("source", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_templates_are_refused_or_stopped_in_no_time(source):
    started = time.process_time()
    with pytest.raises(RenderError) as caught:
        compile_source.__wrapped__(source, "ko")(VALUES)
    assert time.process_time() - started < 2.0
    reason = caught.value.reason
    assert reason
    assert not any(value in reason for value in ("춘향", "송편", "가가"))


GROWING = [
    "{{ 'a' * 1000000000 }}",
    "{{ [1] * 1000000000 }}",
    "{{ '%1000000000d' % n }}",
    "{{ long|replace('가', long)|replace('가', long)|replace('가', long) }}",
    "{{ " + " ~ ".join(["long"] * 1000) + " }}",
    "{% for a in [1, 2, 3] %}{% for b in name %}{{ long ~ long ~ long ~ long ~ long }}"
    + "{{ long }}" * 20
    + "{% endfor %}{% endfor %}",
    "{{ long }}" * 400,
    "{{ n|date('" + "y" * 60 + "') }}{{ long|truncate(999999999) }}",
]


@pytest.mark.parametrize("source", GROWING, ids=range(len(GROWING)))
def test_nothing_grows(source):
    tracemalloc.start()
    outcome(compile_source.__wrapped__(source, "ko"), VALUES)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10_000_000


def test_the_longest_loops_that_are_allowed_end_soon():
    rounds = "[" + ",".join(["1"] * 50) + "]"
    inner = f"{{% for b in {rounds} %}}{{{{ long|length }}}}{{% endfor %}}"
    source = f"{{% for a in {rounds} %}}{inner}{{% endfor %}}"
    started = time.process_time()
    assert len(show(source)) == 50 * 50 * 4
    assert time.process_time() - started < 1.0


@pytest.mark.parametrize(
    ("source", "message", "line", "hint"),
    [
        ("가\n{{ name", "the template cannot be read", 2, "close `{{` with `}}`"),
        ("{% if n %}", "the template cannot be read", 1, None),
        ("{{ n|uper }}", "there is no filter `uper`", 1, "did you mean `upper`?"),
        (
            "{{ n|default('x') }}",
            "there is no filter `default`",
            1,
            "write `default:` at the variable's declaration",
        ),
        ("\n\n{% set a, b = n %}", "`{% set %}` gives one name one value", 3, None),
        ("{{ n ** 2 }}", "`**` is not available in templates", 1, None),
    ],
)
def test_faults_are_data_with_a_line_and_a_way_on(source, message, line, hint):
    fault = read_source(source).faults[0]
    assert fault.message.startswith(message)
    assert fault.line == line
    assert fault.hint == hint


def test_all_faults_are_told_at_once():
    reading = read_source("{% set a, b = n %}{{ n ** 2 }}{{ n|nope }}{{ f() }}")
    assert len(reading.faults) == 4


def test_uses_are_dotted_and_loop_variables_are_not_among_them():
    source = "{{ name }}{% for x in [item] %}{{ x }}{{ loop.index }}{% endfor %}{{ user.grade }}"
    assert [use.name for use in read_source(source).uses] == ["name", "item", "user.grade"]
    assert [use.line for use in read_source("{{ a }}\n\n{{ b }}").uses] == [1, 3]


# The fast path

_TEXTS = st.text(st.sampled_from(list("가나힣 a1{}%#|\n\r\t'\"\\-+()😀_")), max_size=12)
_CALLS = st.sampled_from(
    [
        "",
        "|upper",
        " | lower ",
        "|josa('을/를')",
        '|josa("은/는")',
        "|truncate( 2 , '.')",
        "|replace('a', 'b')|upper",
        "|number",
        "|josa('x')",
        "|nope",
        "|money('KRW')",
        "|length",
        "|trim" * 9,
    ]
)
_SLOTS = st.builds(
    "{{{{{}{}{}{}}}}}".format,
    st.sampled_from(["", " ", "\n", "-"]),
    st.sampled_from(["name", "item", "n", "price", "gone", "true", "if", "loop", "_x", "이름"]),
    _CALLS,
    st.sampled_from(["", " ", "-"]),
)
_SOURCES = st.lists(st.one_of(_TEXTS, _SLOTS), max_size=6).map("".join)


@settings(max_examples=400, deadline=None)
@given(_SOURCES)
def test_the_fast_path_says_what_jinja_says(source):
    parts = read_plain(source)
    if parts is None:
        return
    uses, faults = judge(source)
    assert not faults
    slow = jinja_renderer(source, "ko")
    fast = plain_renderer(parts, filters_of("ko"))
    assert outcome(fast, VALUES) == outcome(slow, VALUES)
    assert set(read_source(source).uses) == set(uses)


@pytest.mark.parametrize(
    "source",
    ["본문", "{{ name }}", "{{ name|josa('을/를') }}", "a }} b", "{{\nname\n}}", "끝\n\n", ""],
)
def test_what_the_fast_path_reads(source):
    assert read_plain(source) is not None
    assert outcome(compile_source(source, "ko"), VALUES) == jinja_renderer(source, "ko")(VALUES)


_WORDS = """
    name n long price 'a' 1 2.5 1e5 ( ) [ ] , |upper |josa('을/를') |number |date |money('KRW')
    |round(2) |replace('a','b') [:1] + - * / // % ~ ** < == if else and or not in is odd .x
    .upper() {{ }} {%if %} {%endif%} {%else%} {%for for loop.index x {# #} -%} {{- {%raw%}
    {%endraw%} {%endfor%} = { } ' " \\ 😀 가 none true : class
"""
_TOKENS = st.sampled_from(_WORDS.split()).map(lambda token: f" {token} ")


@settings(max_examples=500, deadline=None)
@given(st.lists(_TOKENS, max_size=14).map("".join), st.booleans())
def test_any_text_is_a_template_or_has_a_fault(text, inside):
    source = f"{{{{ {text} }}}}" if inside else text
    faults = read_source(source).faults
    shown = outcome(compile_source(source, "ko"), VALUES)
    assert shown is None or not faults
