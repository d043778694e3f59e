"""Campaigns for the contact sheet, and a reader that finds what a page really holds."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from engine.model.channel import Channel
from engine.model.channel_settings import AppSettings, KakaoSettings, SmsSettings, WebSettings
from engine.model.facts import Extremes
from engine.model.link import ActionLink
from engine.model.resolved import ResolvedCampaign
from engine.model.template import Redefinition, Template, Text, Variable, VariableType
from engine.model.workspace import Sender
from engine.site.case import Before
from engine.site.extremes import cases_of
from engine.site.sheet import contact_sheet_html
from tests.resolved import an_advertisement

SETTINGS = {
    Channel.APP: AppSettings(android_channel_id="marketing"),
    Channel.WEB: WebSettings(),
    Channel.KAKAO: KakaoSettings(),
    Channel.SMS: SmsSettings(from_="15880000"),
}
SENDER = Sender(
    name="샘플샵",
    contact="1588-0000",
    opt_out={
        Channel.APP: {"ko": "수신거부: 앱 > 설정 > 알림"},
        Channel.WEB: {"ko": "수신거부: 마이페이지"},
        Channel.SMS: {"ko": "무료수신거부 080-000-0000"},
    },
)
NAME = Variable(
    name="name", type=VariableType.STRING, source="user.name", default="고객", sample="춘향"
)
VOID = {"meta", "br", "hr", "img", "input", "link"}


def a_template(
    title: str | None = "{{ name }}님, 추석 특가",
    body: str | None = "오늘만 30% 할인합니다.",
    *variables: Variable,
    **more: Any,
) -> Template:
    locales = more.pop("locales", None) or {"ko": Text(title=title, body=body, **more)}
    return Template(
        id="t",
        variables={each.name: each for each in variables or (NAME,)},
        locales=locales,
        redefine={
            Channel.KAKAO: Redefinition(universal=True),
            Channel.SMS: Redefinition(universal=True),
        },
    )


def a_campaign(template: Template | None = None, **changes: Any) -> ResolvedCampaign:
    """An advertisement on all four channels in Korean, unless told otherwise."""
    given: dict[str, Any] = {
        "sender": SENDER,
        "action": {Channel.WEB: (ActionLink(url="https://shop.example/sale"),)},
        "channels": SETTINGS,
        **changes,
    }
    return an_advertisement(template or a_template(), **given)


def draw(
    campaign: ResolvedCampaign,
    *,
    was: ResolvedCampaign | None = None,
    countries: tuple[str, ...] = ("KR",),
    language: str = "ko",
) -> Drawn:
    before = None
    if was is not None:
        before = Before(revision="main", cases=tuple(cases_of(was, countries)))
    samples = tuple(cases_of(campaign, countries))
    return Drawn(contact_sheet_html(campaign, samples=samples, before=before, language=language))


def draw_raw(campaign: ResolvedCampaign, *, extremes: Extremes) -> str:
    """Return the Korean page of `campaign` over an audience with these extremes."""
    samples = tuple(cases_of(campaign, ("KR",), extremes))
    return contact_sheet_html(campaign, samples=samples, language="ko")


class Element:
    """One element: its name, attributes, children and text, as a browser reads them."""

    def __init__(self, name: str, attributes: dict[str, str]) -> None:
        self.name, self.attributes = name, attributes
        self.children: list[Element | str] = []

    @property
    def classes(self) -> set[str]:
        return set(self.attributes.get("class", "").split())

    @property
    def text(self) -> str:
        return "".join(each if isinstance(each, str) else each.text for each in self.children)

    def all(self, name: str | None = None, css: str | None = None) -> list[Element]:
        found = []
        for child in self.children:
            if isinstance(child, Element):
                if name in (None, child.name) and (css is None or css in child.classes):
                    found.append(child)
                found += child.all(name, css)
        return found

    def one(self, name: str | None = None, css: str | None = None) -> Element:
        (found,) = self.all(name, css)
        return found


class Drawn(HTMLParser):
    """A page, parsed. Raises AssertionError where an element is not closed as it was opened."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.html = html
        self.root = Element("", {})
        self._open = [self.root]
        self.feed(html)
        self.close()
        assert self._open == [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {key: value or "" for key, value in attrs})
        self._open[-1].children.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open[-1].children.append(Element(tag, {key: value or "" for key, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop().name == tag

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)

    def cards(self) -> list[Element]:
        return self.root.all("article", "card")

    def card(self, *words: str) -> Element:
        """The one card whose heading says all of `words`."""
        (found,) = [c for c in self.cards() if all(w in c.all("h3")[0].text for w in words)]
        return found

    def screens(self, device: str) -> list[Element]:
        return self.root.all("figure", device)
