"""Texts that would like to run, load, leave or turn the page around only ever show."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256

import pytest

from engine.model.channel import Channel
from engine.model.legal import MessageType
from engine.model.link import ActionLink
from engine.model.template import Button
from engine.site.index import Entry, index_html
from tests.site.drawing import Drawn, a_campaign, a_template, draw

HOSTILE = (
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</style><svg onload=alert(1)>",
    "<!-- <!--> --!>",
    "<base href=https://evil.example>",
    "javascript:alert(1)",
    "&lt;script&gt;",
    "]]><iframe srcdoc=1>",
    "`${alert(1)}`",
    "\u202e<b>gpj.exe",
)
ALLOWED = {
    "html", "head", "meta", "title", "style", "body", "a", "header", "p", "h1", "h2", "h3", "h4",
    "bdi", "code", "ul", "li", "b", "nav", "button", "kbd", "main", "section", "article", "span",
    "em", "div", "figure", "figcaption", "svg", "rect", "circle", "path", "dl", "dt", "dd", "table",
    "caption", "thead", "tbody", "tr", "th", "td", "small", "meter", "footer", "dialog", "form",
    "script", "i", "ins", "del",
}  # fmt: skip
ATTRIBUTES = {
    "lang", "charset", "http-equiv", "content", "name", "class", "href", "id", "tabindex", "title", "role",
    "aria-label", "aria-pressed", "aria-hidden", "aria-labelledby", "scope", "min", "max", "high",
    "optimum", "value", "method", "type", "dir", "hidden", "viewbox", "width", "height", "rx", "cx",
    "cy", "r", "d", "data-switch", "data-theme", "data-help", "data-state", "data-name",
}  # fmt: skip


def check(page: Drawn) -> None:
    """Only our own elements and attributes, one script and one style, both named by their hash."""
    elements = page.root.all()
    assert {each.name for each in elements} <= ALLOWED
    assert {name for each in elements for name in each.attributes} <= ATTRIBUTES
    style, script = page.root.one("style"), page.root.one("script")
    policy = next(
        each.attributes["content"] for each in elements if "http-equiv" in each.attributes
    )
    for source in (style.text, script.text):
        assert b64encode(sha256(source.encode()).digest()).decode() in policy
    for link in page.root.all("a"):
        assert re.fullmatch(r"#[a-z]+|[a-z-]+\.html|\.\./index\.html", link.attributes["href"])
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b]", page.html)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_is_shown_and_nothing_else(text: str) -> None:
    source = text
    template = a_template(
        source, source, image=source, icon=source, buttons=(Button(name=source, link=source),)
    )
    campaign = a_campaign(
        template,
        title=text,
        type=MessageType.INFORMATIONAL,
        action={Channel.WEB: (ActionLink(url=source),)},
    )
    was = a_campaign(a_template(source + " 이전", "이전"), type=MessageType.INFORMATIONAL)
    page = draw(campaign, was=was)
    check(page)
    seen = page.screens("iphone")[1].one("p", "title").text
    assert seen == source.replace("\u202e", "U+202E")


def test_a_hostile_value_of_a_setting_or_a_name_is_shown_too() -> None:
    text = '"><script>alert(1)</script>\u202e'
    page = draw(a_campaign(id=text, workspace_timezone=text), countries=(text,))
    check(page)


def test_the_policy_allows_nothing_from_elsewhere() -> None:
    page = draw(a_campaign())
    policy = page.root.all("meta")[1].attributes["content"]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert "http" not in policy.replace("https://shop.example", "")
    head = page.root.one("style").text
    assert "url(" not in head
    assert "@import" not in head


def test_the_index_is_as_careful() -> None:
    rows = [
        Entry(
            id=text,
            title=text,
            address="a.html",
            advertising=True,
            status="",
            at="2026-09-22 10:00",
            zone=text,
            channels=("app",),
            messages=1,
            troubles=1,
            changed=0,
        )
        for text in HOSTILE
    ]
    check(Drawn(index_html(HOSTILE[1], rows, language="ko", revision=HOSTILE[2])))
