"""Variables and templates looked at without rendering: every mistake with its place."""

from __future__ import annotations

from engine.kernel.origin import Origin
from engine.message.analyse import (
    link_fields,
    syntax_problems,
    template_fields,
    undeclared_variables,
    unused_variables,
    used_variables,
)
from engine.message.problem import ProblemKind
from engine.model.campaign import Campaign
from engine.model.link import ActionLink
from engine.model.template import Button, Text
from tests.message.factories import KAKAO, WEB, a_campaign, a_template, a_variable, texts

FILE = "templates/t.yaml"


def test_every_text_is_a_field_with_its_place():
    kakao = Text(body="본문", buttons=(Button(name="보기", link="{{ link }}"),))
    template = a_template(texts(ko=("제목", "본문")), redefine={KAKAO: {"ko": kakao}})
    places = [(str(field.at), field.channel, field.locale) for field in template_fields(template)]
    assert places == [
        (f"{FILE}:locales.ko.title", None, "ko"),
        (f"{FILE}:locales.ko.body", None, "ko"),
        (f"{FILE}:redefine.kakao.ko.body", KAKAO, "ko"),
        (f"{FILE}:redefine.kakao.ko.buttons.0.name", KAKAO, "ko"),
        (f"{FILE}:redefine.kakao.ko.buttons.0.link", KAKAO, "ko"),
    ]


def test_a_typo_is_undeclared_and_what_it_meant_is_unused():
    template = a_template(
        texts(ko=("{{ nmae }}님", "줄\n{{ user.grade }} {{ link }}")), a_variable()
    )
    fields = tuple(template_fields(template))
    found = undeclared_variables(template, fields)
    assert [(p.variable, p.message, p.hint, str(p.at), p.line) for p in found] == [
        (
            "nmae",
            "`nmae` is used and not declared",
            "did you mean `name`?",
            f"{FILE}:locales.ko.title",
            1,
        ),
        (
            "user.grade",
            "`user.grade` is used and not declared",
            "declare `grade: {type: string, from: user.grade}` and write `{{ grade }}`",
            f"{FILE}:locales.ko.body",
            2,
        ),
    ]
    unused = unused_variables(template, fields)
    assert [(p.message, str(p.at)) for p in unused] == [
        ("`name` is declared and not used", f"{FILE}:variables.name")
    ]


def test_a_variable_may_be_read_by_a_link_only_and_a_link_cannot_read_itself():
    links = (ActionLink(url="https://shop.example/{{ name }}?{{ link }}", variant="default"),)
    written = Campaign(id="chuseok-sale", origin=Origin("campaigns/c.yaml"))
    campaign = a_campaign(a_template(None, a_variable()), action={WEB: links}, written=written)
    template = campaign.variants[0].template
    fields = (*template_fields(template), *link_fields(campaign))
    assert used_variables(fields) == {"name", "link"}
    assert unused_variables(template, fields) == ()
    found = undeclared_variables(template, fields)
    assert [(p.variable, str(p.at)) for p in found] == [
        ("link", "campaigns/c.yaml:action.web.default")
    ]
    assert list(link_fields(campaign, "b")) == []


def test_all_syntax_problems_of_all_texts_are_told():
    template = a_template(
        texts(ko=("{{ name", "{% with a = 1 %}{% endwith %}\n{{ name|uper }}")), a_variable()
    )
    found = syntax_problems(tuple(template_fields(template)))
    assert [(str(p.at).split(".")[-1], p.line, p.kind) for p in found] == [
        ("title", 1, ProblemKind.SYNTAX),
        ("body", 1, ProblemKind.SYNTAX),
        ("body", 2, ProblemKind.SYNTAX),
    ]
    assert found[0].hint == "close `{{` with `}}`"
