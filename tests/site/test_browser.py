"""The pages in a real browser: nothing foreign runs or loads, nothing overflows, keys work, Hangul
has its glyphs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from engine.app.session import open_session
from engine.cli.contact_sheet import pages_of, write_pages
from engine.model.legal import MessageType
from engine.model.template import Button, Text
from tests.site.drawing import a_campaign, a_template, draw
from tests.site.test_hostile import HOSTILE

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
ROOT = Path(__file__).parents[2]
GREETING = "안녕하세요 김밥(특) 🎁👨\u200d👩\u200d👧"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample shop's pages on disk."""
    folder = tmp_path_factory.mktemp("site")
    pages = pages_of(open_session(ROOT, None, None), (), against=None, language="ko")
    write_pages(pages, folder)
    return folder


@contextmanager
def tab(chromium: Any, page: Path, *, width: int = 1280, scheme: str = "light") -> Iterator[Any]:
    """An open page that must stay quiet: no error, no dialog, no request but for itself."""
    context = chromium.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, reduced_motion="reduce"
    )
    opened = context.new_page()
    noise: list[str] = []
    opened.on("console", lambda message: noise.append(message.text))
    opened.on("pageerror", lambda error: noise.append(str(error)))
    opened.on("dialog", lambda dialog: (noise.append("dialog"), dialog.dismiss()))
    opened.on("request", lambda request: noise.append(request.url))
    opened.goto(page.resolve().as_uri())
    yield opened
    # Moving on the page adds a fragment; only the page itself may have been asked for.
    assert [each for each in noise if each != page.resolve().as_uri()] == []
    context.close()


def write(folder: Path, html: str) -> Path:
    page = folder / "page.html"
    page.write_text(html, encoding="utf-8")
    return page


def test_hostile_texts_do_not_run(chromium: Any, tmp_path: Path) -> None:
    text = " ".join(HOSTILE).replace("{", "(")
    template = a_template(
        text, text, image=text, icon=text, buttons=(Button(name=text, link=text),)
    )
    campaign = a_campaign(template, title=text, type=MessageType.INFORMATIONAL)
    page = draw(campaign, was=a_campaign(a_template(text + "이전", text)))
    with tab(chromium, write(tmp_path, page.html)) as opened:
        opened.mouse.move(400, 400)
        assert opened.locator("article").count() == len(page.cards())
        assert opened.locator("img, iframe, base, body script + script").count() == 0


def test_our_own_script_and_style_pass_the_policy(chromium: Any, tmp_path: Path) -> None:
    with tab(chromium, write(tmp_path, draw(a_campaign()).html)) as opened:
        assert opened.evaluate("getComputedStyle(document.body).wordBreak") == "keep-all"
        opened.get_by_role("button", name="접힌 알림으로 보기").click()
        assert "fold" in opened.evaluate("document.documentElement.className")


@pytest.mark.parametrize(
    "name", ["campaigns/chuseok-sale.html", "campaigns/overseas-weekend.html", "index.html"]
)
def test_no_page_is_wider_than_its_window(chromium: Any, shop: Path, name: str) -> None:
    with tab(chromium, shop / name) as opened:
        for width in (320, 390, 768, 1280):
            opened.set_viewport_size({"width": width, "height": 800})
            assert opened.evaluate("document.documentElement.scrollWidth") <= width, width


def test_no_text_runs_out_of_its_box(chromium: Any, tmp_path: Path) -> None:
    long = "가" * 60 + " " + "https://shop.example/" + "x" * 120
    page = draw(a_campaign(a_template(long, long, image="https://shop.example/" + "y" * 90)))
    boxes = ".notification, .balloon, .device, article, dd"
    script = (
        "(css) => [...document.querySelectorAll(css)]"
        ".filter((box) => box.scrollWidth > box.clientWidth + 1).map((box) => box.className)"
    )
    for width in (360, 1280):
        with tab(chromium, write(tmp_path, page.html), width=width) as opened:
            assert opened.evaluate(script, boxes) == []


def test_keys_move_fold_and_filter(chromium: Any, tmp_path: Path) -> None:
    was = a_campaign(a_template(body="오늘만 20% 할인합니다."))
    texts = {"ko": Text(title="{{ name }}님, 추석 특가", body="오늘만 20% 할인합니다."),
             "en": Text(title="Chuseok", body="Today only")}  # fmt: skip
    page = draw(a_campaign(a_template(locales=texts)), was=was)
    focused = "document.activeElement.id"
    with tab(chromium, write(tmp_path, page.html)) as opened:
        opened.keyboard.press("j")
        assert opened.evaluate(focused) == "message-1"
        # A Korean keyboard: the key beside it says ㅓ.
        opened.evaluate(
            "document.activeElement.dispatchEvent(new KeyboardEvent('keydown',"
            "{key: 'ㅓ', code: 'KeyJ', bubbles: true}))"
        )
        assert opened.evaluate(focused) == "message-2"
        opened.keyboard.press("k")
        assert opened.evaluate(focused) == "message-1"
        opened.keyboard.press("c")
        visible = opened.locator("article:visible")
        assert {visible.nth(i).get_attribute("data-state") for i in range(visible.count())} == {
            "new"
        }
        opened.keyboard.press("c")
        assert opened.locator("article:visible").count() == len(page.cards())
        opened.keyboard.press("Shift+?")
        assert opened.locator("dialog").is_visible()
        opened.keyboard.press("Escape")
        assert not opened.locator("dialog").is_visible()


def test_folding_hides_what_a_phone_hides(chromium: Any, tmp_path: Path) -> None:
    body = "첫 줄은 보이고 나머지는 접혀서 보이지 않는 아주 긴 본문입니다. " * 3
    with tab(chromium, write(tmp_path, draw(a_campaign(a_template(body=body))).html)) as opened:
        beyond = opened.locator(".android .body .beyond").first
        assert beyond.is_visible()
        opened.keyboard.press("f")
        assert not beyond.is_visible()


def test_the_reader_s_scheme_is_followed_and_can_be_turned(chromium: Any, tmp_path: Path) -> None:
    back = "getComputedStyle(document.body).backgroundColor"
    page = write(tmp_path, draw(a_campaign()).html)
    with tab(chromium, page, scheme="light") as opened:
        light = opened.evaluate(back)
    with tab(chromium, page, scheme="dark") as opened:
        dark = opened.evaluate(back)
        opened.keyboard.press("t")
        assert opened.evaluate(back) == light
        opened.reload()
        assert opened.evaluate(back) == light
    assert dark != light


def test_hangul_kana_and_emoji_have_glyphs(chromium: Any, tmp_path: Path) -> None:
    texts = {"ko": Text(title=GREETING, body="뷁"), "ja": Text(title="辻さん直送🎁", body="かな")}
    campaign = a_campaign(a_template(locales=texts), type=MessageType.INFORMATIONAL)
    with tab(chromium, write(tmp_path, draw(campaign).html)) as opened:
        session = opened.context.new_cdp_session(opened)
        session.send("DOM.enable")
        session.send("CSS.enable")
        root = session.send("DOM.getDocument")["root"]["nodeId"]
        used = {}
        for language in texts:
            css = f"p.title[lang={language}]"
            node = session.send("DOM.querySelector", {"nodeId": root, "selector": css})
            fonts = session.send("CSS.getPlatformFontsForNode", {"nodeId": node["nodeId"]})
            used[language] = {font["familyName"] for font in fonts["fonts"]}
    # `Noto Sans KR` is the same font under the name it has on other machines.
    named = {key: {name.replace(" CJK", "") for name in names} for key, names in used.items()}
    assert named["ko"] == {"Noto Sans KR", "Noto Color Emoji"}
    assert named["ja"] == {"Noto Sans JP", "Noto Color Emoji"}
