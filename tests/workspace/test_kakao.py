"""What only a KakaoTalk bubble shows: read from a template, and a finding anywhere else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.kernel.place import span_of
from engine.model.channel import Channel
from engine.model.kakao import (
    Bubble,
    ButtonKind,
    KakaoButton,
    KakaoCard,
    KakaoCommerce,
    KakaoContent,
    KakaoCoupon,
    KakaoIntro,
    KakaoItem,
    KakaoVideo,
)
from engine.model.template import Button
from engine.workspace.fmt import format_text
from engine.workspace.read import Loaded, read_workspace
from engine.workspace.schemas import Kind
from tests.workspace.small import CAMPAIGN, TEMPLATE, write

T, C = "templates/chuseok-sale.yaml", "campaigns/chuseok-sale.yaml"
KAKAO_LINE = (
    '    ko: {body: "{{ discount }}% 할인", buttons: [{name: 보러 가기, link: "{{ link }}"}]}\n'
)
EVERYTHING = """\
    ko:
      header: 가을 장바구니
      emphasis: 주문 완료
      title: 제목
      body: 본문
      image: https://shop.example/a.png
      image_link: "{{ link }}"
      items:
        - {title: 햇사과, image: https://shop.example/apple.png, link: "{{ link }}"}
        - {image: https://shop.example/rice.png, link: https://shop.example/rice}
      commerce: {title: 한우, regular_price: 89000, discount_price: "{{ discount }}", discount_rate: 30}
      additional: 무료 배송
      video: {url: https://tv.kakao.com/v/1, thumbnail: https://shop.example/v.png}
      intro: {header: 한우 주간, body: 등급별 쿠폰, image: https://shop.example/i.png}
      cards:
        - header: 하나
          body: 단풍길
          image: https://shop.example/1.png
          link: https://shop.example/1
          commerce: {title: 갈비, regular_price: "75000", discount_price: 70000, discount_fixed: 5000}
          additional: 손질 갈비
          coupon: {title: 배송비 할인 쿠폰, description: 3만 원 이상}
          buttons: [{name: 사기, kind: app, android: "shop://a", ios: "shop://i"}]
        - {header: 둘}
      more: https://shop.example/more
      coupon: {title: "{{ discount }}% 할인 쿠폰", description: VIP 전용, link: "{{ link }}"}
      buttons:
        - {name: 보기, link: "{{ link }}", link_pc: https://shop.example/pc}
        - {name: 상담, kind: consult}
      variables: {이름: "{{ discount }}", 가게 이름: 샘플샵}
"""


def load(tmp_path: Path, template: str = TEMPLATE, campaign: str = CAMPAIGN) -> Loaded:
    return read_workspace(write(tmp_path, {T: template, C: campaign}), None)


def test_all_of_it_is_read(tmp_path: Path) -> None:
    assert TEMPLATE.count(KAKAO_LINE) == 1
    loaded = load(tmp_path, TEMPLATE.replace(KAKAO_LINE, EVERYTHING))
    assert loaded.findings == ()
    text = loaded.templates["chuseok-sale"].redefine[Channel.KAKAO].locales["ko"]
    assert text.buttons == (
        Button(name="보기", link="{{ link }}", link_pc="https://shop.example/pc"),
        Button(name="상담", kind=ButtonKind.CONSULT),
    )
    assert text.kakao == KakaoContent(
        header="가을 장바구니",
        items=(
            KakaoItem(title="햇사과", image="https://shop.example/apple.png", link="{{ link }}"),
            KakaoItem(image="https://shop.example/rice.png", link="https://shop.example/rice"),
        ),
        commerce=KakaoCommerce(
            title="한우", regular_price="89000", discount_price="{{ discount }}", discount_rate="30"
        ),
        additional="무료 배송",
        video=KakaoVideo(url="https://tv.kakao.com/v/1", thumbnail="https://shop.example/v.png"),
        coupon=KakaoCoupon(
            title="{{ discount }}% 할인 쿠폰", description="VIP 전용", link="{{ link }}"
        ),
        intro=KakaoIntro(
            header="한우 주간", body="등급별 쿠폰", image="https://shop.example/i.png"
        ),
        cards=(
            KakaoCard(
                header="하나",
                body="단풍길",
                image="https://shop.example/1.png",
                link="https://shop.example/1",
                commerce=KakaoCommerce(
                    title="갈비",
                    regular_price="75000",
                    discount_price="70000",
                    discount_fixed="5000",
                ),
                additional="손질 갈비",
                coupon=KakaoCoupon(title="배송비 할인 쿠폰", description="3만 원 이상"),
                buttons=(
                    KakaoButton(
                        name="사기", kind=ButtonKind.APP, android="shop://a", ios="shop://i"
                    ),
                ),
            ),
            KakaoCard(header="둘"),
        ),
        more="https://shop.example/more",
        image_link="{{ link }}",
        emphasis="주문 완료",
        variables={"이름": "{{ discount }}", "가게 이름": "샘플샵"},
    )


def test_every_text_has_its_line(tmp_path: Path) -> None:
    loaded = load(tmp_path, TEMPLATE.replace(KAKAO_LINE, EVERYTHING))
    text = loaded.templates["chuseok-sale"].redefine[Channel.KAKAO].locales["ko"]
    written = loaded.sources.get(T)
    assert written is not None
    places = list(text.sources())
    assert len(places) == 46
    for path, source in places:
        at = text.origin
        for key in path:
            at = at / key
        span = loaded.sources.locate(at)
        assert span is not None
        assert source in written.line(span.line), path


@pytest.mark.parametrize("bubble", Bubble)
def test_the_bubble_is_one_of_kakaos(tmp_path: Path, bubble: Bubble) -> None:
    loaded = load(tmp_path, campaign=CAMPAIGN.replace("bubble: text", f"bubble: {bubble}"))
    settings = loaded.campaigns["chuseok-sale"].channels[Channel.KAKAO]
    assert settings.bubble is bubble


SMS = "  sms: {ko: {body"
WAY = "only a KakaoTalk bubble shows it: write it under `redefine: {kakao: {ko: …}}`"
BUTTONS = (
    "only buttons of KakaoTalk have it: write it under `redefine: {kakao: {ko: {buttons: …}}}`"
)


@pytest.mark.parametrize(
    ("old", "new", "message", "hint"),
    [
        (
            '  en: {title: "Chuseok sale", ', '  en: {header: "Sale", title: "Chuseok sale", ',
            "the key `header` is unknown in `locales.en`", WAY,
        ),
        (
            SMS, f"{SMS.removesuffix('body')}cards: [{{header: 가}}], body",
            "the key `cards` is unknown in `redefine.sms.ko`", WAY,
        ),
        (
            SMS, f"  app: {{ko: {{coupon: {{title: 가, description: 나}}, body: 다}}}}\n{SMS}",
            "the key `coupon` is unknown in `redefine.app.ko`", WAY,
        ),
        (
            SMS, f"  web: {{ko: {{body: 다, buttons: [{{name: 가, kind: app}}]}}}}\n{SMS}",
            "the key `kind` is unknown in `redefine.web.ko.buttons[0]`", BUTTONS,
        ),
        (
            "{body: \"{{ discount }}% 할인\", buttons", "{heder: 가, buttons",
            "the key `heder` is unknown in `redefine.kakao.ko`", "did you mean `header`?",
        ),
    ],
)  # fmt: skip
def test_what_stands_elsewhere_is_a_finding_with_the_way_out(
    tmp_path: Path, old: str, new: str, message: str, hint: str | None
) -> None:
    assert TEMPLATE.count(old) == 1
    loaded = load(tmp_path, TEMPLATE.replace(old, new))
    found = {(one.rule, one.message, one.hint) for one in loaded.findings}
    assert ("schema-unknown-key", message, hint) in found
    (finding,) = (one for one in loaded.findings if one.message == message)
    span = span_of(finding, loaded.sources)
    assert span is not None
    written = loaded.sources.get(T)
    assert written is not None
    key = message.split("`")[1]
    assert written.line(span.line)[span.column - 1 :].startswith(key)


@pytest.mark.parametrize(
    ("part", "message"),
    [
        ("items: [{title: 가, link: https://a.b}]", "`redefine.kakao.ko.items[0].image` is missing"),
        ("commerce: {title: 한우}", "`redefine.kakao.ko.commerce.regular_price` is missing"),
        ("coupon: {title: 배송비 할인 쿠폰}", "`redefine.kakao.ko.coupon.description` is missing"),
        ("video: {thumbnail: a}", "`redefine.kakao.ko.video.url` is missing"),
        ("intro: {header: 가, body: 나}", "`redefine.kakao.ko.intro.image` is missing"),
        (
            "variables: {order.id: 가}",
            "the key `order.id` must be a name as it stands in `#{…}`, without `.`",
        ),
    ],
)  # fmt: skip
def test_a_part_without_what_it_is_made_of(tmp_path: Path, part: str, message: str) -> None:
    line = f"    ko: {{body: 본문, {part}}}\n"
    loaded = load(tmp_path, TEMPLATE.replace(KAKAO_LINE, line))
    assert message in [one.message for one in loaded.findings]


def test_an_inline_message_has_it_too(tmp_path: Path) -> None:
    message = (
        "message:\n  variables: {discount: {type: integer, from: with.discount}}\n"
        "  ko: {body: 앱}\n  redefine:\n    sms: {universal: true}\n    kakao:\n"
        "      ko: {header: 가을, video: {url: https://tv.kakao.com/v/1}}\n"
        "  with: {discount: 30}\n"
    )
    campaign = CAMPAIGN.replace(
        "message: {template: chuseok-sale, with: {discount: 30}}\n", message
    )
    loaded = load(tmp_path, campaign=campaign)
    assert not [one.message for one in loaded.findings if "redefine" in one.message]
    use = loaded.campaigns["chuseok-sale"].message
    assert use is not None
    text = use.template.redefine[Channel.KAKAO].locales["ko"]
    assert text.kakao == KakaoContent(
        header="가을", video=KakaoVideo(url="https://tv.kakao.com/v/1")
    )


def test_fmt_has_an_order_for_it() -> None:
    body = (
        "kind: template\nid: a\nredefine:\n  kakao:\n    ko:\n"
        "      buttons: [{link: https://a.b, kind: web, name: 보기}]\n"
        "      coupon: {description: 나, title: 가}\n"
        "      cards:\n        - {buttons: [], header: 가}\n"
        "      header: 헤더\n"
    )
    formatted = format_text(body, Kind.TEMPLATE, 1)
    assert formatted is not None
    assert formatted.split("id: a\n")[1].strip("\n").split("\n") == [
        "redefine:",
        "  kakao:",
        "    ko:",
        "      header: 헤더",
        "      cards:",
        "        - {header: 가, buttons: []}",
        "      coupon: {title: 가, description: 나}",
        "      buttons: [{name: 보기, kind: web, link: https://a.b}]",
    ]


def test_the_ways_out_name_exactly_what_only_kakao_has() -> None:
    schema = json.loads((Path(__file__).parents[2] / "schemas/template.schema.json").read_text())
    for plain, own in (("text", "kakao_text"), ("button", "kakao_button")):
        shared = schema["$defs"][plain]
        elsewhere = set(shared["x-elsewhere"]["keys"])
        assert elsewhere == schema["$defs"][own]["properties"].keys() - shared["properties"].keys()
    words = schema["$defs"]["kakao_button"]["properties"]["kind"]["enum"]
    assert words == [kind.value for kind in ButtonKind]
