"""`pushform translations`: out to a translator and back into the files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.model.channel import Channel
from engine.workspace.read import read_workspace
from tests.cli_run import Result, pushform
from tests.workspace.small import said, write

TEMPLATE = """\
kind: template
id: chuseok-sale
variables:
  discount: {type: integer, from: with.discount, sample: 30}
locales:
  # 앱과 웹이 함께 쓰는 문구
  ko: {title: "추석 {{ discount }}%", body: "오늘만: 특가"} # 마감 전까지
redefine:
  kakao:
    ko:
      body: "{{ discount }}% 할인"
      buttons:
        - {name: 보러 가기, link: "{{ link }}"}
        - {name: 매장, link: "https://shop.example/stores"}
"""
JA = {
    "추석 {{ discount }}%": "秋夕{{ discount }}%",
    "오늘만: 특가": '本日限り: "特価"',
    "{{ discount }}% 할인": "{{ discount }}%割引",
    "보러 가기": "見る",
    "매장": "店舗",
}


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return write(tmp_path, {"templates/chuseok-sale.yaml": TEMPLATE})


def run(*words: str | Path) -> Result:
    return pushform("translations", *words)


def translated(shop: Path, changes: dict[str, Any] | None = None) -> Path:
    file = shop / "ja.po"
    done = run("export", "ja", "--template", "chuseok-sale", "-o", file, "-C", shop)
    assert done.code == 0
    text = file.read_text("utf-8")
    for source, target in {**JA, **(changes or {})}.items():
        quoted = target.replace('"', '\\"')
        text = text.replace(f'msgid "{source}"\nmsgstr ""', f'msgid "{source}"\nmsgstr "{quoted}"')
    file.write_text(text, "utf-8")
    return file


def test_translations_come_back_into_the_file_and_comments_stay(shop: Path) -> None:
    done = run("import", translated(shop), "-C", shop)
    assert done.code == 0
    assert "wrote templates/chuseok-sale.yaml" in done.out
    loaded = read_workspace(shop, None)
    assert said(loaded) == []
    template = loaded.templates["chuseok-sale"]
    assert template.locales["ja"].title == "秋夕{{ discount }}%"
    assert template.locales["ja"].body == '本日限り: "特価"'
    kakao = template.redefine[Channel.KAKAO].locales["ja"]
    assert kakao.body == "{{ discount }}%割引"
    assert [(button.name, button.link) for button in kakao.buttons] == [
        ("見る", "{{ link }}"),
        ("店舗", "https://shop.example/stores"),
    ]
    text = (shop / "templates/chuseok-sale.yaml").read_text("utf-8")
    assert "# 앱과 웹이 함께 쓰는 문구" in text
    assert "# 마감 전까지" in text
    again = run("import", translated(shop), "-C", shop)
    assert "wrote" not in again.out


def test_what_breaks_a_placeholder_is_left_out_and_told(shop: Path) -> None:
    file = translated(shop, {"추석 {{ discount }}%": "秋夕セール", "매장": ""})
    done = run("import", file, "-C", shop)
    assert done.code == 1
    assert (
        "placeholder: the translation of `chuseok-sale/title` lost `{{ discount }}` (put it back)"
        in done.out
    )
    loaded = read_workspace(shop, None)
    template = loaded.templates["chuseok-sale"]
    assert template.locales["ja"].title is None
    assert [b.name for b in template.redefine[Channel.KAKAO].locales["ja"].buttons] == [
        "見る",
        "매장",
    ]


def test_check_writes_nothing_and_wants_every_text(shop: Path) -> None:
    before = (shop / "templates/chuseok-sale.yaml").read_bytes()
    done = run("import", translated(shop), "--check", "-C", shop)
    assert done.code == 1
    assert "missing: `chuseok-sale-b/title` is not translated" in done.out
    assert "chuseok-sale/title" not in done.out
    assert (shop / "templates/chuseok-sale.yaml").read_bytes() == before


def test_a_template_that_is_not_there_and_a_language_into_itself(shop: Path) -> None:
    done = run("export", "ja", "--template", "nope", "-C", shop)
    assert (done.code, "there is no template `nope`" in done.err) == (2, True)
    file = translated(shop)
    done = run("import", file, "--from", "ja", "-C", shop)
    assert (done.code, "translates `ja` into itself" in done.err) == (2, True)


def test_a_file_with_mistakes_is_not_written(shop: Path) -> None:
    file = translated(shop)
    path = shop / "templates/chuseok-sale.yaml"
    path.write_text(TEMPLATE + "colour: red\n", "utf-8")
    done = run("import", file, "-C", shop)
    assert (done.code, "`templates/chuseok-sale.yaml` has mistakes" in done.err) == (2, True)


WIDE = """\
kind: template
id: chuseok-sale
locales:
  ko: {body: "오늘만", image: "https://shop.example/ko.png"}
redefine:
  kakao:
    ko:
      header: 이번 주 추천
      items:
        - {title: 햅쌀, image: "https://shop.example/rice.png", link: "https://shop.example/rice"}
        - {title: 송편, image: "https://shop.example/cake.png", link: "https://shop.example/cake"}
      coupon: {title: 3000원 할인 쿠폰, description: 오늘만 쓰는 쿠폰, link: "https://shop.example/c"}
"""
WIDE_JA = {
    "오늘만": "本日限り",
    "이번 주 추천": "今週のおすすめ",
    "햅쌀": "新米",
    "송편": "餅",
    "3000원 할인 쿠폰": "3000원 할인 쿠폰",
    "오늘만 쓰는 쿠폰": "本日のクーポン",
}


def test_pictures_rows_and_coupons_go_with_the_words(tmp_path: Path) -> None:
    shop = write(tmp_path, {"templates/chuseok-sale.yaml": WIDE})
    file = translated(shop, WIDE_JA)
    done = run("import", file, "-C", shop)
    assert done.code == 0, done.out
    template = read_workspace(shop, None).templates["chuseok-sale"]
    assert template.locales["ja"].image == "https://shop.example/ko.png"
    for texts in (template.locales, template.redefine[Channel.KAKAO].locales):
        before, after = dict(texts["ko"].sources()), dict(texts["ja"].sources())
        assert after == {path: WIDE_JA.get(text, text) for path, text in before.items()}
    assert "wrote" not in run("import", file, "-C", shop).out


def test_a_language_may_have_its_own_picture(tmp_path: Path) -> None:
    shop = write(tmp_path, {"templates/chuseok-sale.yaml": WIDE})
    file = translated(shop, WIDE_JA)
    own = file.read_text("utf-8").replace(
        'msgstr "https://shop.example/rice.png"', 'msgstr "https://shop.example/ja/rice.png"'
    )
    file.write_text(own, "utf-8")
    assert run("import", file, "-C", shop).code == 0
    kakao = read_workspace(shop, None).templates["chuseok-sale"].redefine[Channel.KAKAO]
    content = kakao.locales["ja"].kakao
    assert content is not None
    assert [item.image for item in content.items] == [
        "https://shop.example/ja/rice.png",
        "https://shop.example/cake.png",
    ]
