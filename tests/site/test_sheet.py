"""The contact sheet: what is drawn, where the label stands, what is cut, how it is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from engine.kernel.origin import NOWHERE
from engine.model.campaign import Campaign
from engine.model.channel import Channel
from engine.model.channel_settings import KakaoProduct, KakaoSettings, SmsFormat, SmsSettings
from engine.model.experiment import Variant
from engine.model.facts import Extremes, Widest
from engine.model.legal import LabelPosition, MessageType
from engine.model.template import OnMissing, Text, Variable, VariableType
from tests.site.drawing import NAME, SETTINGS, Drawn, a_campaign, a_template, draw, draw_raw

ITEM = Variable(
    name="item",
    type=VariableType.STRING,
    source="derived.favourite",
    on_missing=OnMissing.SKIP,
    sample="한우",
)


def test_every_channel_is_drawn_on_its_screens() -> None:
    page = draw(a_campaign(a_template("추석 특가")))
    assert [section.attributes["id"] for section in page.root.all("section")] == [
        "app",
        "web",
        "kakao",
        "sms",
    ]
    for device in ("iphone", "android", "desktop", "bubble", "text_message"):
        (screen,) = page.screens(device)
        assert "30% 할인합니다" in screen.text


def test_every_locale_jurisdiction_and_variant_has_a_card() -> None:
    texts = {"ko": Text(title="추석", body="본문"), "ja": Text(title="秋夕", body="本文")}
    template = a_template(locales=texts)
    variants = tuple(Variant(id=id_, weight=1, template=template) for id_ in "ab")
    campaign = a_campaign(variants=variants, channels={Channel.APP: SETTINGS[Channel.APP]})
    headings = [card.all("h3")[0].text for card in draw(campaign, countries=("KR", "JP")).cards()]
    assert headings == [
        f"앱 푸시 {locale} 관할 {country} 변형 {variant}"
        for variant in "ab"
        for locale in ("ko", "ja")
        for country in ("JP", "KR")
    ]


def test_jurisdictions_whose_people_read_the_same_share_a_card() -> None:
    campaign = a_campaign(channels={Channel.APP: SETTINGS[Channel.APP]})
    page = draw(campaign, countries=("US", "KR", "GB"))
    assert [card.all("h3")[0].text for card in page.cards()] == [
        "앱 푸시 ko 관할 GB, US",
        "앱 푸시 ko 관할 KR",
    ]
    assert "이 관할에서는 필요하지 않음" in page.card("GB").text


@pytest.mark.parametrize(
    ("position", "field"), [(LabelPosition.AUTO, "title"), (LabelPosition.BODY, "body")]
)
def test_the_label_is_marked_where_it_stands(position: LabelPosition, field: str) -> None:
    page = draw(a_campaign(ad_label=position))
    for screen in page.screens("iphone"):
        label = screen.one("span", "label")
        assert label.text == "(광고)"
        assert screen.one("p", field).children[0] is label
    said = {"title": "제목 맨 앞", "body": "본문 맨 앞"}[field]
    assert said in page.card("앱 푸시").text


def test_kakao_labels_a_brand_message_beside_its_name() -> None:
    page = draw(a_campaign())
    screen = page.screens("bubble")[0]
    assert screen.one("p", "by").text == "(광고) 샘플샵"
    assert "카카오톡이 채널 이름 옆에 붙입니다" in page.card("카카오톡").text


def test_an_alimtalk_wears_its_ribbon_and_no_label() -> None:
    settings = KakaoSettings(product=KakaoProduct.ALIMTALK, template_code="A1")
    campaign = a_campaign(type=MessageType.INFORMATIONAL, channels={Channel.KAKAO: settings})
    page = draw(campaign)
    assert {screen.one("p", "ribbon").text for screen in page.screens("bubble")} == {"알림톡 도착"}
    assert "(광고)" not in page.screens("bubble")[0].text
    assert "정보성: 필요하지 않음" in page.card("카카오톡").text


def test_the_extremes_stand_beside_the_sample() -> None:
    page = draw(a_campaign())
    whose = [screen.one("figcaption").text for screen in page.screens("text_message")]
    assert whose == ["예시 문자 화면"]  # nothing personal in the body
    titles = [screen.one("p", "title").text for screen in page.screens("iphone")]
    assert titles == [
        "(광고) 춘향님, 추석 특가",
        "(광고) 남궁하늘빛나리님, 추석 특가",
        "(광고) 고객님, 추석 특가",
    ]


def an_audience(name: str, *channels: Channel) -> Extremes:
    """Return what an audience spans whose longest name is `name`."""
    return Extremes(
        evaluated_at=datetime(2026, 9, 20, tzinfo=UTC),
        users=812,
        ranges={},
        widest=tuple(
            Widest(
                channel=channel,
                locale="ko",
                jurisdiction="KR",
                variant="default",
                people=812,
                values={"user.name": name},
            )
            for channel in channels
        ),
    )


def test_the_widest_of_the_audience_is_drawn_masked_and_measured_as_it_is() -> None:
    campaign = a_campaign()
    html = draw_raw(campaign, extremes=an_audience("독고하늘빛나래미", Channel.APP))
    page = Drawn(html)
    titles = [screen.one("p", "title").text for screen in page.screens("iphone")]
    assert titles == [
        "(광고) 춘향님, 추석 특가",
        "(광고) ○○○○○○○가님, 추석 특가",
        "(광고) 고객님, 추석 특가",
    ]
    assert "독고하늘빛나래미" not in html
    assert "수신자 중 가장 긴 값 (가림)" in html
    # Web has no widest, so its long values are made up.
    assert "남궁하늘빛나리" in html


def test_a_text_message_that_a_real_name_makes_too_long_is_said() -> None:
    sms = SmsSettings(from_="15880000", format=SmsFormat.SMS)
    campaign = a_campaign(
        a_template(body="{{ name }}님, 오늘만 30% 할인합니다."), channels={Channel.SMS: sms}
    )
    html = draw_raw(campaign, extremes=an_audience("가" * 25, Channel.SMS))
    assert "bytes; SMS carries 90" in html
    assert "가" * 25 not in html


def test_long_values_are_in_the_reader_s_language() -> None:
    texts = {locale: Text(title="{{ name }}", body="x") for locale in ("ko", "en-GB", "ja", "vi")}
    page = draw(a_campaign(a_template(locales=texts), type=MessageType.INFORMATIONAL))
    longest = {
        locale: page.card("앱 푸시", f" {locale} ")
        .all("figure", "iphone")[1]
        .one("p", "title")
        .text
        for locale in texts
    }
    assert longest == {
        "ko": "남궁하늘빛나리",
        "en-GB": "Bartholomew Featherstonehaugh",
        "ja": "勅使河原 龍之介",
        "vi": "Bartholomew Featherstonehaugh",
    }


def test_values_without_a_default_are_told() -> None:
    points = replace(ITEM, name="points", source="user.points", on_missing=OnMissing.ERROR)
    template = a_template("{{ name }} {{ item }}", "{{ points }}", NAME, ITEM, points)
    page = draw(a_campaign(template))
    text = page.card("앱 푸시").text
    assert "값이 없으면 건너뜀item" in text
    assert "값이 없으면 오류points" in text
    missing = page.screens("iphone")[2]
    assert missing.one("p", "title").text == "(광고) 고객 한우"
    unread = draw(a_campaign(a_template("{{ name }}", "본문", NAME, ITEM, points)))
    assert "값이 없으면" not in unread.card("앱 푸시").text


def test_a_folded_title_is_cut_and_counted() -> None:
    title = "열두 글자마다 끊어서 읽으시면 편한 아주 긴 제목입니다"
    page = draw(a_campaign(a_template(title)))
    (screen,) = page.screens("iphone")
    shown = "".join(
        e.text for e in screen.one("p", "title").all("span") if "beyond" not in e.classes
    )
    assert shown == "(광고) 열두 글자마다 끊어서 읽으시면 편"
    assert "folds" in screen.one("p", "title").classes
    hidden = sum(len(span.text) for span in screen.all("span", "beyond"))
    assert screen.one("p", "foldnote").text == f"접힌 알림에서 {hidden}자가 가려집니다"


def test_what_does_not_fit_a_text_message_is_struck_out_and_said() -> None:
    body = "가" * 1100
    page = draw(a_campaign(a_template("제목", body), channels={Channel.SMS: SETTINGS[Channel.SMS]}))
    (card,) = page.cards()
    assert "trouble" in card.classes
    assert card.one("tr", "exceeded").text.endswith("한도 초과")
    over = "".join(span.text for span in card.all("span", "over"))
    assert over.endswith("무료수신거부 080-000-0000")
    assert len(over) > 100


def test_a_message_that_cannot_be_made_is_trouble() -> None:
    page = draw(a_campaign(a_template("{{ nobody }}")))
    card = page.card("앱 푸시")
    assert "trouble" in card.classes
    assert "보내지 않습니다" in card.all("figure", "iphone")[0].text
    assert "`nobody`" in card.all("figure", "iphone")[0].text


def test_without_a_title_an_iphone_shows_the_app_and_android_nothing() -> None:
    page = draw(a_campaign(a_template(None, "{{ name }}님, 오늘만")))
    assert page.screens("iphone")[0].one("p", "title").text == "샘플샵"
    assert not page.screens("android")[0].all("p", "title")
    assert page.screens("android")[0].one("p", "body").children[0].text == "(광고)"


def test_an_image_is_never_loaded() -> None:
    page = draw(
        a_campaign(a_template(image="https://shop.example/i.jpg", icon="https://x.example/i"))
    )
    assert page.screens("iphone")[0].one("figure", "picture").text == "https://shop.example/i.jpg"
    assert not page.root.all("img")


@pytest.mark.parametrize(
    ("language", "said", "day"),
    [
        ("ko-KR", "미리보기 시트", "9월 24일 목요일"),
        ("en", "Contact sheet", "Thursday, 24 September"),
    ],
)
def test_the_page_speaks_two_languages(language: str, said: str, day: str) -> None:
    page = draw(a_campaign(), language=language)
    assert page.root.one("html").attributes["lang"] == language[:2]
    assert said in page.root.text
    assert page.screens("iphone")[0].one("div", "clock").text.endswith(day)


def test_texts_carry_their_language() -> None:
    page = draw(a_campaign(a_template(locales={"ja": Text(title="秋夕", body="直送")})))
    title = page.screens("iphone")[0].one("p", "title")
    assert title.attributes["lang"] == "ja"


def test_a_draft_and_a_cancelled_campaign_say_so() -> None:
    draft = Campaign(id="c", draft=True, origin=NOWHERE)
    assert draw(a_campaign(written=draft)).root.all("li", "off")[0].text == "초안"
    off = Campaign(id="c", cancelled="비", origin=NOWHERE)
    assert draw(a_campaign(written=off)).root.all("li", "off")[0].text == "취소됨"


def test_two_runs_give_equal_bytes() -> None:
    assert draw(a_campaign()).html == draw(a_campaign()).html


# Against another revision.


def test_what_changed_is_marked_word_by_word() -> None:
    was = a_campaign(a_template("{{ name }}님, 추석 특가", "오늘만 20% 할인합니다."))
    page = draw(a_campaign(), was=was)
    card = page.card("앱 푸시")
    assert card.attributes["data-state"] == "changed"
    assert card.one("del").text == "20"
    assert card.one("ins").text == "30"
    assert [figure.one("figcaption").text for figure in card.all("figure", "iphone")][:2] == [
        "이전 아이폰",
        "예시 아이폰",
    ]
    assert "20% 할인" in card.all("figure", "was")[0].text


def test_what_is_equal_says_so() -> None:
    page = draw(a_campaign(), was=a_campaign())
    assert {card.attributes["data-state"] for card in page.cards()} == {"same"}
    assert not page.root.all("figure", "was")


def test_a_new_locale_and_a_removed_one_have_cards() -> None:
    ko, en = Text(title="추석", body="본문"), Text(title="Chuseok", body="Body")
    app = {Channel.APP: SETTINGS[Channel.APP]}
    was = a_campaign(a_template(locales={"ko": ko, "en": en}), channels=app)
    now = a_campaign(a_template(locales={"ko": ko, "ja": ko}), channels=app)
    page = draw(now, was=was)
    states = {card.attributes["data-state"]: card for card in page.cards()}
    assert set(states) == {"same", "new", "removed"}
    assert states["removed"].all("figure", "was")
    gone = "".join(each.text for each in states["removed"].all("del"))
    assert gone.startswith("(광고) Chuseok")


def test_a_page_that_was_not_compared_has_no_states() -> None:
    page = draw(a_campaign())
    assert {card.attributes["data-state"] for card in page.cards()} == {""}
    assert "바뀐 것만" not in page.root.one("nav").text
