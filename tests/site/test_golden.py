"""What a reader of the sheet is told, from top to bottom, as plain lines.

A wanted change: read the difference that the failure shows, then write the new lines over the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from engine.model.channel import Channel
from engine.model.experiment import Variant
from engine.model.link import ActionLink
from engine.model.schedule import Schedule
from engine.model.template import Button, OnMissing, Redefinition, Template, Text
from tests.site.drawing import NAME, Drawn, Element, a_campaign, draw

GOLDEN = Path(__file__).with_name("golden.txt")
ITEM = replace(
    NAME,
    name="item",
    source="derived.favourite",
    default=None,
    on_missing=OnMissing.SKIP,
    sample="한우",
)
TEMPLATE = Template(
    id="chuseok",
    variables={"name": NAME, "item": ITEM},
    locales={
        "ko": Text(
            title="{{ name }}님, 추석 특가",
            body="자주 보신 {{ item|josa('을/를') }} 30% 할인해 드립니다. 9월 24일까지 진행합니다.",
            image="https://shop.example/img/chuseok.jpg",
        ),
        "ja": Text(title="秋夕セール開催中🎁", body="ギフトセットを30%割引でお届けします。"),
    },
    redefine={
        Channel.KAKAO: Redefinition(
            locales={
                "ko": Text(
                    body="{{ name }}님, 추석 선물을 만나 보세요.",
                    buttons=(Button(name="보러 가기", link="{{ link }}"),),
                )
            }
        ),
        Channel.SMS: Redefinition(locales={"ko": Text(body="추석특가 30%↓ {{ link }}")}),
    },
)


def the_page() -> Drawn:
    campaign = a_campaign(
        TEMPLATE,
        action={
            Channel.APP: (ActionLink(url="sampleshop://sale"),),
            Channel.WEB: (ActionLink(url="https://shop.example/c"),),
        },
        alternative={Channel.KAKAO: Channel.SMS},
        schedule=Schedule(at=datetime(2026, 9, 22, 10, 0), timezone="Asia/Seoul"),
    )
    old = replace(TEMPLATE.locales["ko"], title="{{ name }}님, 추석 세일")
    before = Variant(
        id="default",
        weight=1,
        template=replace(TEMPLATE, locales={"ko": old, "ja": TEMPLATE.locales["ja"]}),
    )
    return draw(campaign, was=replace(campaign, variants=(before,)), countries=("KR", "JP"))


def outline(page: Drawn) -> Iterator[str]:
    yield line(page.root.one("header"))
    yield line(page.root.one("nav"))
    for section in page.root.all("section"):
        yield f"# {line(section.all('h2')[0])}"
        for card in section.all("article"):
            yield f"## {line(card.one('h3'))}"
            for figure in card.all("figure", "screen"):
                yield f"[{line(figure.all('figcaption')[0])}] {line(figure.one('div', 'device'))}"
                yield from (f"  ({line(note)})" for note in figure.all("p", "foldnote"))
            for changed in card.all("div", "changes"):
                yield f"  {line(changed)}"
            yield from (f"  {line(fact)}" for fact in card.one("div", "facts").all("dl"))
            yield from (f"  {line(row)}" for row in card.all("tr"))


def line(element: Element) -> str:
    """Return an element's text on one line; what is marked stands in marks."""
    return " ".join("".join(_marked(element)).split())


def _marked(element: Element) -> Iterator[str]:
    marks = {"label": "«»", "beyond": "‹›", "over": "!!", "hidden": "??"}
    mark = next((marks[each] for each in marks if each in element.classes), "")
    mark = {"del": "−−", "ins": "++"}.get(element.name, mark)
    if element.name in (
        "p",
        "dt",
        "dd",
        "td",
        "th",
        "li",
        "figcaption",
        "h4",
        "button",
        "kbd",
        "h1",
    ):
        yield " "
    yield mark[:1]
    for child in element.children:
        yield from (child,) if isinstance(child, str) else _marked(child)
    yield mark[1:]


def test_the_sheet_tells_what_it_told_before() -> None:
    told = "\n".join(outline(the_page())) + "\n"
    assert told.splitlines() == GOLDEN.read_text("utf-8").splitlines()
