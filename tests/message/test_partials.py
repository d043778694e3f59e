"""Macros from partials, `set`, and what keeps them from running on."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from engine.message.analyse import syntax_problems, template_fields, undeclared_variables
from engine.message.columns import Columns
from engine.message.compiled import compile_column, compile_source, read_source
from engine.message.failure import RenderError
from engine.model.template import Text
from tests.message.factories import a_template, a_variable

WORDS = """\
{# 이름 뒤의 말 #}
{% from '_marks.jinja' import star as s %}
{% macro polite(name, word='님') %}{{ name }}{{ word }}{% endmacro %}
{% macro shout(name) %}{{ polite(name, word='님!') }}{{ s(2) }}{% endmacro %}
{% macro many(items) %}{% for one in items %}{{ loop.index }}. {{ one }} {% endfor %}{% endmacro %}
{% macro which(n) %}
{%- if n > 3 %}{% set w = '많이' %}{% else %}{% set w = '조금' %}{% endif %}{{ w }}
{%- endmacro %}
"""
MARKS = "{% macro star(n) %}{% for i in '★★★★★'[:n] %}{{ i }}{% endfor %}{% endmacro %}"
PARTIALS = (("_marks.jinja", MARKS), ("_words.jinja", WORDS))
VALUES = {"name": "민지", "item": "쌀", "n": 4}


def show(source: str, partials=PARTIALS) -> str:
    return compile_source(source, "ko", partials)(VALUES)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{% from '_words.jinja' import polite %}{{ polite(name) }}", "민지님"),
        ("{% from '_words.jinja' import polite as p %}{{ p(name, '씨') }}", "민지씨"),
        ("{% from '_words.jinja' import polite %}{{ polite(word='씨', name=name) }}", "민지씨"),
        ("{% import '_words.jinja' as w %}{{ w.shout(name) }}", "민지님!★★"),
        ("{% import '_words.jinja' as w %}{{ w.many([name, item]) }}", "1. 민지 2. 쌀 "),
        ("{% import '_words.jinja' as w %}{{ w.polite(name)|josa('은/는') }}", "민지님은"),
        ("{% import '_words.jinja' as w %}{{ w.polite(w.polite(name)) }}", "민지님님"),
        ("{% import '_words.jinja' as w %}{{ w.which(n) }}/{{ w.which(1) }}", "많이/조금"),
        (
            "{% import '_words.jinja' as w %}{% for c in name %}{{ w.polite(c, '-') }}{% endfor %}",
            "민-지-",
        ),
        ("{% set who = name ~ '님' %}{{ who }}{{ who }}", "민지님민지님"),
        ("{% set both = [name, item] %}{{ both[1] }}", "쌀"),
        (
            "{% if n > 3 %}{% set w = '많이' %}{% else %}{% set w = '조금' %}{% endif %}{{ w }}",
            "많이",
        ),
        ("{% set name = name|upper %}{{ name }}", "민지"),
    ],
)
def test_what_macros_and_set_say(source, text):
    assert show(source) == text
    columns = Columns(2, {name: [value, value] for name, value in VALUES.items()})
    assert compile_column(source, "ko", PARTIALS)(columns) == [text, text]
    assert columns.aside == set()


@pytest.mark.parametrize(
    ("source", "partials", "message"),
    [
        ("{% from '_x.jinja' import a %}", (), "there is no partial `_x.jinja`"),
        ("{% from '/etc/passwd' import a %}", PARTIALS, "there is no partial `/etc/passwd`"),
        ("{% from name import a %}", PARTIALS, "an import names its partial in quotes"),
        ("{% from '_words.jinja' import no %}", PARTIALS, "has no macro `no`"),
        ("{% import '_words.jinja' as w with context %}", PARTIALS, "`with context` is not"),
        (
            "{% if n %}{% import '_words.jinja' as w %}{% endif %}",
            PARTIALS,
            "`{% import %}` stands at the start",
        ),
        ("{% include '_words.jinja' %}", PARTIALS, "`{% include %}` is not available"),
        ("{% extends '_words.jinja' %}", PARTIALS, "`{% extends %}` is not available"),
        ("{% macro m() %}{% endmacro %}", PARTIALS, "`{% macro %}` stands in a partial"),
        ("{% import '_words.jinja' as w %}{{ w.polite() }}", PARTIALS, "`polite` needs `name`"),
        (
            "{% import '_words.jinja' as w %}{{ w.polite(1, 2, 3) }}",
            PARTIALS,
            "the macro `polite` does not take these arguments",
        ),
        (
            "{% import '_words.jinja' as w %}{{ w.polite(nam=1) }}",
            PARTIALS,
            "the macro `polite` does not take these arguments",
        ),
        (
            "{% import '_words.jinja' as w %}{{ w.polite(*name) }}",
            PARTIALS,
            "`*` and `**` arguments are not available",
        ),
        ("{% import '_words.jinja' as w %}{{ w.nope() }}", PARTIALS, "cannot call functions"),
        (
            "{% import '_a.jinja' as a %}",
            (("_a.jinja", "{% macro a() %}{{ a"),),
            "in the partial `_a.jinja`, line 1: the template cannot be read",
        ),
        (
            "{% import '_a.jinja' as a %}",
            (("_a.jinja", "\n안녕{% macro a() %}{% endmacro %}"),),
            "the partial `_a.jinja` says something outside of its macros",
        ),
        (
            "{% import '_a.jinja' as a %}{{ a.a() }}",
            (("_a.jinja", "{% macro a() %}\n{{ name }}{% endmacro %}"),),
            "in the partial `_a.jinja`, line 1: the macro `a` reads `name`",
        ),
        (
            "{% import '_a.jinja' as a %}{{ a.a() }}",
            (("_a.jinja", "\n{% macro a() %}{{ a() }}{% endmacro %}"),),
            "the macro `a` calls itself",
        ),
        (
            "{% import '_a.jinja' as a %}{{ a.a() }}",
            (
                (
                    "_a.jinja",
                    "{% import '_b.jinja' as b %}{% macro a() %}{{ b.b() }}{% endmacro %}",
                ),
                (
                    "_b.jinja",
                    "{% import '_a.jinja' as a %}{% macro b() %}{{ a.a() }}{% endmacro %}",
                ),
            ),
            "the partial `_a.jinja` cannot be used here",
        ),
        (
            "{% import '_a.jinja' as a %}{{ a.a() }}",
            (("_a.jinja", "{% macro a() %}{{ 1|nope }}{{ 'x'.upper() }}{% endmacro %}"),),
            "in the partial `_a.jinja`, line 1: there is no filter `nope`",
        ),
        (
            "{% import '_a.jinja' as a %}{{ a._a() }}",
            (("_a.jinja", "{% macro _a() %}{% endmacro %}"),),
            "`_a` is not a name for a macro",
        ),
        ("{% set _x = 1 %}", (), "`_x` is not a name to keep a value under"),
        ("{% set loop = 1 %}", (), "`loop` is not a name to keep a value under"),
        ("{% set a, b = 'ab' %}", (), "`{% set %}` gives one name one value"),
        ("{% set a.b = 1 %}", (), ""),
        ("{% set a %}x{% endset %}", (), "`{% set %}` without `=` is not available"),
    ],
)
def test_what_macros_and_set_may_not_do(source, partials, message):
    faults = read_source(source, partials).faults
    assert any(message in fault.message for fault in faults), faults
    with pytest.raises(RenderError):
        compile_source(source, "ko", partials)(VALUES)


def test_what_is_set_in_one_branch_only_is_not_declared():
    source = "{% if n %}{% set w = '가' %}{% endif %}{{ w }}"
    assert [use.name for use in read_source(source).uses] == ["n", "w"]
    assert [use.name for use in read_source("{% set w = name %}{{ w }}").uses] == ["name"]
    inside = "{% for c in name %}{% set w = c %}{% endfor %}{{ w }}"
    assert [use.name for use in read_source(inside).uses] == ["name", "w"]


DOUBLING = "".join("{% set a = a ~ a %}" for _ in range(60))
NESTING = "".join("{% set a = [a, a] %}" for _ in range(30))
LADDER = (
    "{% macro m0() %}" + "가" * 100 + "{% endmacro %}",
    *(
        f"{{% macro m{i}() %}}{{{{ m{i - 1}() }}}}{{{{ m{i - 1}() }}}}{{% endmacro %}}"
        for i in range(1, 40)
    ),
)
LOOPING = (
    "{% macro inner(t) %}{% for a in t %}{% for b in t %}{{ a }}{% endfor %}{% endfor %}{% endmacro %}"
    "{% macro outer(t) %}{% for a in t %}{% for b in t %}{{ inner(t) }}{% endfor %}{% endfor %}"
    "{% endmacro %}"
)
GROWING = (
    "{% macro big(t) %}{% for a in 'aaaaaaaaaa' %}{% for b in 'aaaaaaaaaa' %}"
    "{{ t|replace('a', 'bbbbbbbbbb') }}{% endfor %}{% endfor %}{% endmacro %}"
)
LONG = "{% macro m() %}" + "{{ 1 }}" * 5000 + "{% endmacro %}"


@pytest.mark.parametrize(
    ("source", "partial"),
    [
        ("{% set a = name %}" + DOUBLING + "{{ a|length }}", ""),
        ("{% set a = 'x' %}" + DOUBLING.replace("~", "+") + "{{ a|length }}", ""),
        ("{% set a = [1] %}" + NESTING + "{{ a|length }}", ""),
        ("{% set a = [1] %}{% set b = [1] %}" + NESTING + "{{ a == b }}", ""),
        ("{% set a = name %}{% for c in '가나다라' %}" + DOUBLING + "{% endfor %}{{ a }}", ""),
        ("{% import '_m.jinja' as m %}{{ m.m39() }}", "".join(LADDER)),
        ("{% import '_m.jinja' as m %}{{ m.outer('" + "가" * 50 + "') }}", LOOPING),
        ("{% import '_m.jinja' as m %}{{ m.big('" + "a" * 4000 + "') }}", GROWING),
        (
            "{% import '_m.jinja' as m %}{{ m.echo(m.echo('" + "a" * 5000 + "')) }}",
            "{% macro echo(t) %}{{ t }}{% endmacro %}",
        ),
        ("{% import '_m.jinja' as m %}{{ m.m() }}", "{% macro m() %}{{ m }}{% endmacro %}"),
        ("{% import '_m.jinja' as m %}{{ m }}", "{% macro m() %}{% endmacro %}"),
        ("{% from '_m.jinja' import m %}{{ m }}", "{% macro m() %}{% endmacro %}"),
        ("{% from '_m.jinja' import m %}{{ m.name }}", "{% macro m() %}{% endmacro %}"),
        ("{% from '_m.jinja' import m %}{{ m()() }}", "{% macro m() %}{% endmacro %}"),
        (
            "{% from '_m.jinja' import m %}{{ m__0__m('a', 2) }}{{ m() }}",
            "{% macro m() %}{% endmacro %}",
        ),
        ("{% from '_m.jinja' import m %}{{ m() }}", "{% macro m() %}{{ caller() }}{% endmacro %}"),
        ("{% from '_m.jinja' import m %}{{ m(1) }}", "{% macro m() %}{{ varargs }}{% endmacro %}"),
        ("{% from '_m.jinja' import m %}{{ m(a=1) }}", "{% macro m() %}{{ kwargs }}{% endmacro %}"),
        (
            "{% from '_m.jinja' import m %}{{ m('a') }}",
            "{% macro m(x) %}{{ x.__class__ }}{% endmacro %}",
        ),
        (
            "{% from '_m.jinja' import m %}{{ m() }}",
            "{% macro m() %}" + "{{ 1 }}" * 5000 + "{% endmacro %}",
        ),
        (
            "{% from '_m.jinja' import "
            + ", ".join(f"m{i}" for i in range(150))
            + " %}"
            + "".join(f"{{{{ m{i}() }}}}" for i in range(150)),
            "".join(f"{{% macro m{i}() %}}{{% endmacro %}}" for i in range(150)),
        ),
    ],
)
def test_hostile_macros_are_refused_or_stopped_in_no_time(source, partial):
    started = time.process_time()
    with pytest.raises(RenderError):
        compile_source.__wrapped__(source, "ko", (("_m.jinja", partial),))(VALUES)
    assert time.process_time() - started < 2.0


def test_the_linter_reads_the_partials_of_a_template():
    text = Text(body="{% from '_words.jinja' import polite %}{{ polite(nam) }}")
    template = a_template({"ko": text}, a_variable())
    assert [p.message for p in syntax_problems(tuple(template_fields(template)))] == [
        "there is no partial `_words.jinja`"
    ]
    whole = replace(template, partials=dict(PARTIALS))
    fields = tuple(template_fields(whole))
    assert syntax_problems(fields) == ()
    assert [p.variable for p in undeclared_variables(whole, fields)] == ["nam"]
