"""Templates that try to get out, run on, or grow: refused or stopped in bounded time and memory.

Every one is read and rendered alone, in a batch, and as a field of a campaign. The corpus of
`test_templates.HOSTILE` and of `test_partials` is not repeated here.
"""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from engine.message.columns import Columns
from engine.message.compiled import compile_column, compile_source, read_source
from engine.message.compose import Composer
from engine.message.failure import MAX_RENDERED, RenderError
from engine.model.message import Message, RenderFailure
from engine.model.template import Text
from tests.message.factories import APP, a_campaign, a_template, a_variable

VALUES = {"name": "춘향" * 400, "item": "{{ 7 * 7 }}", "n": 3}

WAYS_OUT = [
    "{{ ().__class__.__bases__[0].__subclasses__() }}",
    "{{ [].__class__.__mro__ }}",
    "{{ name.__init__.__globals__['__builtins__'] }}",
    "{{ name['__cl' ~ 'ass__'] }}",
    "{{ name|attr('__cl' ~ 'ass__') }}",
    "{{ (name|string).__class__ }}",
    "{{ 'x'.join(name) }}",
    "{{ 'a'.__add__('b') }}",
    "{{ name.isalpha.__self__ }}",
    "{{ loop.__class__ }}",
    "{% for c in 'ab' %}{{ loop.__init__ }}{% endfor %}",
    "{% for c in 'ab' %}{{ loop._iterator }}{% endfor %}",
    "{% for c in 'ab' %}{{ loop.cycle('a', 'b') }}{% endfor %}",
    "{% for c in 'ab' %}{{ loop.changed(c) }}{% endfor %}",
    "{% for c in 'ab' %}{{ loop['index'].__class__ }}{% endfor %}",
    "{% set l = loop %}{{ l }}",
    "{% for c in 'ab' %}{% set l = loop %}{{ l.index }}{% endfor %}",
    "{{ context }}{{ context.parent }}",
    "{{ environment }}",
    "{{ request.application.__globals__ }}",
    "{{ get_flashed_messages.__globals__ }}",
    "{{ url_for.__globals__ }}",
    "{{ caller() }}",
    "{{ varargs }}{{ kwargs }}",
    "{{ rows_ }}",
    "{{ end_ }}",
    "{{ self._TemplateReference__context }}",
    "{{ missing }}{{ undefined }}{{ resolve('name') }}",
    "{{ name|bounded_loop_ }}",
    "{{ name|kept_ }}",
    "{{ [name]|joined_ }}",
    "{{ name|xmlattr }}",
    "{{ name|tojson }}",
    "{{ name|list|map(attribute='__class__') }}",
    "{{ [name]|sort(attribute='__class__') }}",
    "{{ [name]|groupby('__class__') }}",
    "{{ [name]|selectattr('__class__') }}",
    "{{ [name]|sum(start=name) }}",
    "{{ name|random }}",
    "{{ name|wordwrap(1) }}",
    "{{ name|batch(1) }}",
    "{{ name is callable }}",
    "{{ name is filter }}",
    "{{ name is sameas name }}",
    "{% include name %}",
    "{% include ['a', 'b'] ignore missing %}",
    "{% import name as x %}",
    "{% from '../secrets/_x.jinja' import a %}",
    "{% from '_x.jinja' import a %}{{ a() }}",
    "{% import '_x.jinja' as __class__ %}",
    "{% extends name %}",
    "{% block title scoped %}x{% endblock %}",
    "{% raw %}{{ name }}{% endraw %}{{ nobody }}",
    "{% trans %}x{% endtrans %}",
    "{% debug %}",
    "{% break %}",
    "{% do [].append(1) %}",
    "{% set ns = namespace(a=1) %}",
    "{% set name.x = 1 %}",
    "{% set rows_ = 1 %}{{ rows_|nope }}",
    "{{ '%s%s' % (name, name) }}",
    "{{ '{0.__class__}{1}'|format(name) }}",
    "{{ '\\ud800' }}{{ nobody }}",
    "{{ n|unit('../kilometer') }}",
    "{{ n|plural(other='#', __class__='x') }}",
    "{{ n|date('yyyy') }}",
    "{{ n|money('KRW' * 3) }}",
]

RUNNING_ON = [
    "{% for a in name %}x{% endfor %}",
    "{% for a in [name] %}{% for b in a %}x{% endfor %}{% endfor %}",
    "{% for a in [1]" + " + [1]" * 60 + " %}x{% endfor %}",
    "{{ " + "n + " * 3000 + "n }}",
    "{{ " + "n if n else " * 900 + "n }}",
    "{% if n %}" * 60 + "x" + "{% endif %}" * 60,
    "{% if n %}x{% elif n %}" + "y{% elif n %}" * 2000 + "{% endif %}{{ nobody }}",
    "{{ n" + "[0]" * 5000 + " }}",
    "{{ " + "[" * 200 + "]" * 200 + " }}",
    "{{ 'a'" + "|replace('a', 'aa')" * 60 + " }}",
    "{% set a = 'aa' %}" + "{% set a = a|replace('a', 'aaaaaaaa') %}" * 30 + "{{ a }}",
    "{% set a = [name, name] %}{% set b = [a, a] %}{{ b }}",
    "{% set a = 9 %}" + "{% set a = a * a %}" * 30 + "{{ a }}",
    "{% set a = 0.1 %}" + "{% set a = a / 1000000000 %}" * 60 + "{{ 1 / a }}",
    "{% for a in '" + "가" * 50 + "' %}{% for b in '" + "가" * 50 + "' %}"
    "{{ name }}{% endfor %}{% endfor %}",
    "{% for a in '" + "가" * 50 + "' %}{% for b in '" + "가" * 50 + "' %}{% for c in 'ab' %}"
    "{% endfor %}{% endfor %}{% endfor %}",
    "{% for a in '"
    + "가" * 50
    + "' %}{% for b in '"
    + "가" * 50
    + "' %}"
    + "가" * 10_000
    + "{% endfor %}{% endfor %}",
    "{{ '" + "a" * 9000 + "'|truncate(999999999, '" + "b" * 9000 + "') }}" * 3 + "{{ nobody }}",
    "{{ [" + "name, " * 49 + "name]|list|upper|lower|urlencode|urlencode }}",
    "{{ [" + "n, " * 60 + "n]|list }}",
    "{{ 10 ** 10 ** 10 }}",
    "{{ 1" + "0" * 4000 + " }}",
    "{{ -" + "9" * 31 + " * 9 }}",
    "{{ n|round(999999) }}",
    "{{ n|number(999999) }}",
    "{{ name" + "|upper" * 3000 + " }}",
    "{#" + "가" * 40_000 + "#}",
    "{{ '" + "가" * 40_000 + "' }}",
    "{% set " + "a" * 30_000 + " = 1 %}{{ nobody }}",
]

CORPUS = WAYS_OUT + RUNNING_ON


def test_the_corpus_is_large_enough() -> None:
    assert len(set(CORPUS)) >= 90


@pytest.mark.parametrize("source", CORPUS, ids=range(len(CORPUS)))
def test_it_is_refused_or_stopped_soon(source: str) -> None:
    started = time.process_time()
    with pytest.raises(RenderError) as caught:
        compile_source.__wrapped__(source, "ko")(VALUES)
    columns = Columns(3, {name: [value] * 3 for name, value in VALUES.items()})
    compile_column.__wrapped__(source, "ko")(columns)
    assert columns.aside == {0, 1, 2}
    assert time.process_time() - started < 2.0
    assert "춘향" not in caught.value.reason
    assert len(caught.value.reason) < 400


def test_one_hostile_campaign_leaves_the_others_alone() -> None:
    template = a_template({"ko": Text(body="{% for a in name %}x{% endfor %}")}, a_variable())
    rows = [{"user.name": "가" * length} for length in (3, 60, 4)]
    composed = Composer(a_campaign(template)).compose_many(
        APP, "ko", "KR", "default", rows, [None] * 3
    )
    assert [type(one) for one in composed] == [Message, RenderFailure, Message]


@pytest.mark.parametrize(
    "value", ["{{ 7 * 7 }}", "{% for a in b %}", "#}", "'}}{{ nobody", "__class__"]
)
def test_what_a_person_is_called_is_never_a_template(value: str) -> None:
    for source in ("{{ name }}", "{% if name %}{{ name }}{% endif %}", "{{ [name]|list }}"):
        assert compile_source(source, "ko")({"name": value}) == value


def test_the_whole_corpus_takes_little_memory() -> None:
    """In a process of its own, whose memory is its own."""
    program = (
        "import resource; from tests.message import test_hostile as t;"
        "from engine.message.compiled import compile_source;"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "for source in t.CORPUS:\n"
        "    try: compile_source.__wrapped__(source, 'ko')(t.VALUES)\n"
        "    except t.RenderError: pass\n"
        "print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert int(ran.stdout) < 150, "MiB"


def test_no_text_is_longer_than_any_channel_carries() -> None:
    source = "{% for a in '" + "가" * 50 + "' %}" + "{{ name }}" * 9 + "{% endfor %}"
    short = {"name": "가" * (MAX_RENDERED // 450)}
    assert len(compile_source(source, "ko")(short)) <= MAX_RENDERED
    with pytest.raises(RenderError, match="the text grows beyond 65,536 characters"):
        compile_source(source, "ko")({"name": "가" * 200})


def test_reading_is_as_bounded_as_rendering() -> None:
    started = time.process_time()
    for source in CORPUS:
        read_source.__wrapped__(source)
    assert time.process_time() - started < 10.0
