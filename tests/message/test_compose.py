"""What a person reads: label, sender and opt-out in their places, values, links, formats."""

from __future__ import annotations

import pytest

from engine.kernel.origin import Origin
from engine.message.compose import Composer
from engine.model.channel import Platform
from engine.model.channel_settings import KakaoSettings, SmsFormat, SmsSettings, WebSettings
from engine.model.experiment import Variant
from engine.model.legal import LabelPosition, MessageType
from engine.model.link import ActionLink
from engine.model.message import Message, MessageButton, MissingValue, RenderFailure
from engine.model.template import Button, OnMissing, Text, VariableType
from engine.model.workspace import Sender
from tests.message.factories import (
    APP,
    KAKAO,
    OPT_OUT,
    SMS,
    WEB,
    a_campaign,
    a_template,
    a_variable,
    settings,
    texts,
)


def read(campaign, channel=APP, locale="ko", jurisdiction="KR", values=None) -> Message:
    composed = Composer(campaign).compose(channel, locale, jurisdiction, "default", values or {})
    assert isinstance(composed, Message), composed
    return composed


def failure(campaign, channel=APP, locale="ko", values=None) -> str:
    composed = Composer(campaign).compose(channel, locale, "KR", "default", values or {})
    assert isinstance(composed, RenderFailure), composed
    return composed.reason


def an_sms(body: str, title: str | None = None, **changes):
    template = a_template({}, redefine={SMS: texts(ko=(title, body))})
    return a_campaign(template, **changes)


# The label


def test_an_app_advertisement_is_labelled_in_its_title_and_ends_with_the_way_out():
    message = read(a_campaign())
    assert message.title == "(광고) 추석 특가"
    assert message.body == "오늘만 30% 할인\n수신거부: 앱 > 설정 > 알림"


def test_without_a_title_the_label_leads_the_body():
    message = read(a_campaign(a_template(texts(ko=(None, "오늘만 30% 할인")))))
    assert message.title is None
    assert message.body == "(광고) 오늘만 30% 할인\n수신거부: 앱 > 설정 > 알림"


def test_ad_label_body_puts_the_label_there():
    message = read(a_campaign(ad_label=LabelPosition.BODY))
    assert message.title == "추석 특가"
    assert message.body is not None
    assert message.body.startswith("(광고) 오늘만")


def test_ad_label_title_falls_back_to_the_body_where_there_is_no_title():
    campaign = a_campaign(a_template(texts(ko=(None, "할인"))), ad_label=LabelPosition.TITLE)
    assert read(campaign).body == "(광고) 할인\n수신거부: 앱 > 설정 > 알림"


@pytest.mark.parametrize("position", list(LabelPosition))
def test_a_label_typed_into_the_title_is_never_doubled(position):
    message = read(a_campaign(a_template(texts(ko=("(광고) 특가", "할인"))), ad_label=position))
    assert message.title == "(광고) 특가"
    assert message.body == "할인\n수신거부: 앱 > 설정 > 알림"


def test_a_label_typed_into_the_body_moves_to_the_title_that_is_seen_first():
    message = read(a_campaign(a_template(texts(ko=("특가", "(광고) 할인")))))
    assert message.title == "(광고) 특가"
    assert message.body == "할인\n수신거부: 앱 > 설정 > 알림"


def test_a_label_typed_into_the_only_text_is_kept_as_typed():
    message = read(a_campaign(a_template(texts(ko=(None, "(광고)오늘만 할인")))))
    assert message.body == "(광고)오늘만 할인\n수신거부: 앱 > 설정 > 알림"


@pytest.mark.parametrize(("locale", "title"), [("en", "(광고) Sale"), ("ja", "(광고) セール")])
def test_people_in_korea_get_the_literal_label_in_every_language(locale, title):
    template = a_template(texts(en=("Sale", "30% off"), ja=("セール", "30%割引")))
    assert read(a_campaign(template), locale=locale).title == title


@pytest.mark.parametrize("jurisdiction", ["US", "JP"])
def test_elsewhere_there_is_no_label_and_still_a_way_out(jurisdiction):
    template = a_template(texts(en=("Sale", "30% off")))
    message = read(a_campaign(template), locale="en", jurisdiction=jurisdiction)
    assert message.title == "Sale"
    assert message.body == "30% off\nOpt out: App > Settings"


@pytest.mark.parametrize("channel", [APP, WEB, KAKAO, SMS])
def test_nothing_is_added_to_an_informational_message(channel):
    template = a_template(texts(ko=("배송 안내", "상품을 보냈습니다")), universal=(KAKAO, SMS))
    message = read(a_campaign(template, type=MessageType.INFORMATIONAL), channel)
    assert message.body == "상품을 보냈습니다"
    assert "(광고)" not in (message.title or "")


def test_an_image_without_words_is_labelled_in_text():
    template = a_template({"ko": Text(image="https://shop.example/banner.jpg")})
    assert read(a_campaign(template)).body == "(광고)\n수신거부: 앱 > 설정 > 알림"


# Sender and way out


def test_web_names_the_sender_on_the_last_line():
    message = read(a_campaign(), WEB)
    assert message.title == "(광고) 추석 특가"
    assert message.body == "오늘만 30% 할인\n샘플샵 · 수신거부: 마이페이지 > 알림 설정"


def test_web_does_not_name_the_sender_twice():
    message = read(a_campaign(a_template(texts(ko=("샘플샵 추석 특가", "할인")))), WEB)
    assert message.body == "할인\n수신거부: 마이페이지 > 알림 설정"


def test_the_way_out_follows_the_locale_chain_to_the_workspace_locale():
    template = a_template(texts(**{"en-GB": ("Sale", "off"), "ja": ("セール", "割引")}))
    campaign = a_campaign(template)
    assert (read(campaign, locale="en-GB").body or "").endswith("Opt out: App > Settings")
    assert (read(campaign, locale="ja").body or "").endswith(OPT_OUT[APP]["ko"])


def test_a_way_out_typed_at_the_end_is_not_doubled():
    body = "할인\n수신거부: 앱 > 설정 > 알림"
    assert read(a_campaign(a_template(texts(ko=("특가", body))))).body == body


def test_without_a_text_for_the_way_out_none_is_made_up():
    campaign = a_campaign(sender=Sender(name="샘플샵", contact="1588-0000"))
    assert read(campaign).body == "오늘만 30% 할인"


def test_an_sms_starts_with_label_and_sender_and_ends_with_the_free_number():
    message = read(an_sms("추석특가 30%↓ {{ link }}"), SMS)
    assert message.body == (
        "(광고) 샘플샵 추석특가 30%↓ https://shop.example/sale\n무료수신거부 080-000-0000"
    )
    assert message.sms_format is SmsFormat.SMS
    assert message.title is None


@pytest.mark.parametrize(
    ("typed", "body"),
    [
        ("(광고)샘플샵 특가", "(광고) 샘플샵 특가"),
        ("(광고) 특가", "(광고) 샘플샵 특가"),
        ("[샘플샵] 특가", "(광고) [샘플샵] 특가"),
        ("특가\n샘플샵 드림", "(광고) 샘플샵 특가\n샘플샵 드림"),
    ],
)
def test_what_an_sms_says_by_hand_is_not_said_twice(typed, body):
    assert read(an_sms(typed), SMS).body == f"{body}\n무료수신거부 080-000-0000"


def test_an_sms_from_another_number_gives_the_contact():
    campaign = an_sms("특가", channels=settings(sms_from="0212345678"))
    assert read(campaign, SMS).body == "(광고) 샘플샵 1588-0000 특가\n무료수신거부 080-000-0000"


def test_the_label_of_an_lms_stands_in_the_body_and_not_in_the_subject_alone():
    message = read(an_sms("가" * 60, title="추석 안내", ad_label=LabelPosition.TITLE), SMS)
    assert message.sms_format is SmsFormat.LMS
    assert message.title == "추석 안내"
    assert (message.body or "").startswith("(광고) 샘플샵 가가")


def test_an_sms_abroad_has_the_sender_and_no_label():
    body = read(an_sms("특가"), SMS, jurisdiction="JP").body
    assert body == "샘플샵 특가\n무료수신거부 080-000-0000"


@pytest.mark.parametrize("typed", ["특가", "<ADV> 특가", "<ADV>특가"])
def test_an_sms_to_singapore_starts_with_its_label_once(typed):
    body = read(an_sms(typed), SMS, jurisdiction="SG").body
    assert body == "<ADV> 샘플샵 특가\n무료수신거부 080-000-0000"
    assert read(an_sms("특가"), SMS).body.startswith("(광고) 샘플샵")


def test_a_subject_to_singapore_carries_the_label_too():
    message = read(an_sms("가" * 60, title="<ADV> 추석 안내"), SMS, jurisdiction="SG")
    assert message.title == "<ADV> 추석 안내"
    assert message.body.startswith("<ADV> 샘플샵 가가")


def test_push_to_singapore_and_information_have_no_label():
    assert read(a_campaign(), jurisdiction="SG").title == "추석 특가"
    order = an_sms("상품을 보냈습니다", type=MessageType.INFORMATIONAL)
    assert read(order, SMS, jurisdiction="SG").body == "상품을 보냈습니다"


def test_kakao_leaves_label_and_way_out_to_the_platform():
    campaign = a_campaign(a_template({}, redefine={KAKAO: texts(ko=(None, "[샘플샵] 추석 특가"))}))
    assert read(campaign, KAKAO).body == "[샘플샵] 추석 특가"


def test_kakao_takes_the_label_and_the_way_out_that_are_asked_for():
    sender = Sender(name="샘플샵", contact="1588-0000", opt_out={KAKAO: {"ko": "채널 홈 > 차단"}})
    template = a_template({}, redefine={KAKAO: texts(ko=(None, "추석 특가"))})
    campaign = a_campaign(template, ad_label=LabelPosition.BODY, sender=sender)
    assert read(campaign, KAKAO).body == "(광고) 추석 특가\n채널 홈 > 차단"


# Values


def test_a_value_a_default_and_a_skip():
    name = a_variable(default="고객")
    item = a_variable("item", source="derived.favourite", on_missing=OnMissing.SKIP)
    template = a_template(texts(ko=("{{ name }}님", "{{ item|josa('을/를') }} 할인")), name, item)
    campaign = a_campaign(template, type=MessageType.INFORMATIONAL)
    full = read(campaign, values={"user.name": "민지", "derived.favourite": "송편"})
    assert (full.title, full.body) == ("민지님", "송편을 할인")
    assert read(campaign, values={"user.name": " ", "derived.favourite": "쌀"}).title == "고객님"
    composer = Composer(campaign)
    missing = composer.compose(APP, "ko", "KR", "default", {"user.name": "민지"})
    assert missing == MissingValue(variable="item", skip=True)


def test_a_value_that_is_missing_without_a_word_about_it_is_an_error():
    campaign = a_campaign(a_template(texts(ko=("{{ name }}님", "할인")), a_variable()))
    composed = Composer(campaign).compose(APP, "ko", "KR", "default", {"user.name": None})
    assert composed == MissingValue(variable="name", skip=False)


def test_a_variable_that_this_text_does_not_read_keeps_nobody_from_it():
    item = a_variable("item", on_missing=OnMissing.SKIP)
    template = a_template(
        texts(ko=("특가", "할인")), item, redefine={KAKAO: texts(ko=(None, "{{ item }} 할인"))}
    )
    campaign = a_campaign(template)
    assert read(campaign).title == "(광고) 특가"
    kakao = Composer(campaign).compose(KAKAO, "ko", "KR", "default", {})
    assert kakao == MissingValue(variable="item", skip=True)


def test_values_of_the_campaign_are_the_same_for_everybody():
    discount = a_variable("discount", type=VariableType.INTEGER, source="with.discount")
    shop = a_variable("shop", source="campaign.sender")
    template = a_template(texts(ko=("{{ shop }} {{ discount }}%", "할인")), discount, shop)
    campaign = a_campaign(template, values={"discount": 30})
    composer = Composer(campaign)
    first = composer.compose(APP, "ko", "KR", "default", {"user.name": "민지"})
    second = composer.compose(APP, "ko", "KR", "default", {"user.name": "철수"})
    assert isinstance(first, Message)
    assert first.title == "(광고) 샘플샵 30%"
    assert first is second


def test_dates_are_shown_in_the_recipients_zone():
    visit = a_variable("visit", type=VariableType.DATETIME)
    template = a_template(texts(ko=(None, "{{ visit|date('M월 d일') }} {{ visit|time }}")), visit)
    campaign = a_campaign(template, type=MessageType.INFORMATIONAL)
    values = {"user.visit": "2026-09-24T15:30:00Z"}
    assert read(campaign, values=values).body == "9월 25일 오전 12:30"
    composer = Composer(campaign)
    abroad = composer.compose(APP, "ko", "KR", "default", values, "America/New_York")
    nowhere = composer.compose(APP, "ko", "KR", "default", values, "Mars/Olympus")
    assert isinstance(abroad, Message)
    assert isinstance(nowhere, Message)
    assert abroad.body == "9월 24일 오전 11:30"
    assert nowhere.body == "9월 25일 오전 12:30"


def test_a_text_that_renders_to_nothing_is_not_sent():
    grade = a_variable("grade")
    template = a_template(texts(ko=(None, "{% if grade == 'vip' %}VIP{% endif %}")), grade)
    assert failure(a_campaign(template), values={"user.grade": "gold"}) == "the message has no text"


def test_an_undeclared_variable_fails_and_names_itself():
    campaign = a_campaign(a_template(texts(ko=("{{ nick }}님", "할인"))))
    assert failure(campaign) == "`nick` has no value"


# Links, buttons, channels


def test_the_link_is_the_channels_own_else_the_webs():
    template = a_template(
        texts(ko=("특가", "할인")),
        redefine={
            KAKAO: {"ko": Text(body="할인", buttons=(Button(name="보기", link="{{ link }}"),))}
        },
    )
    web = (ActionLink(url="https://shop.example/w"),)
    campaign = a_campaign(template, action={APP: (ActionLink(url="shop://s"),), WEB: web})
    assert read(campaign).link == "shop://s"
    assert read(campaign, WEB).link == "https://shop.example/w"
    kakao = read(campaign, KAKAO)
    assert kakao.buttons == (MessageButton(name="보기", link="https://shop.example/w"),)


def test_a_link_is_a_template_and_fits_locale_and_variant():
    links = (
        ActionLink(url="https://shop.example/{{ name|urlencode }}"),
        ActionLink(url="https://shop.example/en", locale="en"),
        ActionLink(url="https://shop.example/b", variant="b"),
    )
    template = a_template(texts(ko=("특가", "할인"), en=("Sale", "off")), a_variable())
    campaign = a_campaign(template, action={APP: links})
    values = {"user.name": "민지 & 철수"}
    expected = "https://shop.example/%EB%AF%BC%EC%A7%80%20%26%20%EC%B2%A0%EC%88%98"
    assert read(campaign, values=values).link == expected
    assert read(campaign, locale="en", values=values).link == "https://shop.example/en"
    assert Composer(campaign).uses() == {"user.name"}


@pytest.mark.parametrize(
    ("locale", "url"),
    [("en-GB", "https://shop.example/en"), ("ja", "https://shop.example/ko"), ("ko", None)],
)
def test_a_link_that_is_written_for_locales_follows_the_chain(locale, url):
    links = tuple(ActionLink(url=f"https://shop.example/{one}", locale=one) for one in ("en", "ko"))
    template = a_template(texts(**{"ko": ("가", "나"), "en-GB": ("a", "b"), "ja": ("あ", "い")}))
    link = read(a_campaign(template, action={WEB: links}), WEB, locale=locale).link
    assert link == (url or "https://shop.example/ko")


def test_a_text_that_asks_for_a_link_which_is_not_there_fails():
    assert failure(an_sms("특가 {{ link }}", action={}), SMS) == "`link` has no value"


def test_push_carries_campaign_and_variant_and_kakao_and_sms_do_not():
    campaign = a_campaign(a_template(texts(ko=("특가", "할인")), universal=(KAKAO, SMS)))
    data = {
        "message_id": "chuseok-sale/default",
        "campaign": "chuseok-sale",
        "variant": "default",
    }
    assert read(campaign).data == data
    assert read(campaign, WEB).data == data
    assert read(campaign, KAKAO).data == {}
    assert read(campaign, SMS).data == {}


def test_a_channel_that_says_nothing_in_a_locale_says_so():
    assert failure(a_campaign(), SMS) == "there is no text in `ko` for sms"


# Text messages


def test_ninety_bytes_are_an_sms_and_ninety_one_an_lms():
    exact = 90 - len("(광고) 샘플샵 \n무료수신거부 080-000-0000".encode("cp949"))
    assert read(an_sms("a" * exact), SMS).sms_format is SmsFormat.SMS
    assert read(an_sms("a" * (exact + 1)), SMS).sms_format is SmsFormat.LMS


def test_an_image_makes_it_an_mms():
    text = Text(body="특가", image="https://shop.example/i.jpg")
    campaign = a_campaign(a_template({}, redefine={SMS: {"ko": text}}))
    assert read(campaign, SMS).sms_format is SmsFormat.MMS


def test_a_text_that_would_be_cut_is_not_sent_but_is_shown_by_the_sample():
    channels = {SMS: SmsSettings(from_="15880000", format=SmsFormat.SMS)}
    campaign = an_sms("가" * 40, channels=channels)
    assert failure(campaign, SMS) == "the text takes 120 bytes; SMS carries 90"
    sample = Composer(campaign).sample(SMS, "ko", "KR", "default")
    assert isinstance(sample, Message)
    assert sample.sms_format is SmsFormat.SMS


def test_an_emoji_in_a_name_becomes_a_question_mark_and_one_in_the_text_is_told():
    template = a_template({}, a_variable(), redefine={SMS: texts(ko=(None, "{{ name }}님"))})
    campaign = a_campaign(template, type=MessageType.INFORMATIONAL)
    assert read(campaign, SMS, values={"user.name": "민지👩‍🚀🎉"}).body == "민지?님"
    reason = failure(an_sms("추석 🎉 — 특가"), SMS)
    assert reason == "a text message cannot carry `🎉` `—`"


def test_a_decomposed_name_is_composed_before_it_is_sent():
    template = a_template(
        {}, a_variable(), redefine={SMS: texts(ko=(None, "{{ name|josa('이/가') }}"))}
    )
    campaign = a_campaign(template, type=MessageType.INFORMATIONAL)
    decomposed = "\u1106\u1175\u11ab\u110c\u116e\u11ab"
    assert read(campaign, SMS, values={"user.name": decomposed}).body == "민준이"


def test_won_and_narrow_blanks_have_a_form_in_text_messages():
    price = a_variable("price", type=VariableType.INTEGER, source="with.price")
    body = "{{ price|money('KRW') }}\u202f부터"
    template = a_template({}, price, redefine={SMS: texts(en=(None, body))})
    campaign = a_campaign(template, type=MessageType.INFORMATIONAL, values={"price": 9900})
    assert read(campaign, SMS, locale="en").body == "￦9,900 부터"


# Samples


def test_samples_cover_every_message_that_occurs():
    template = a_template(
        texts(ko=("{{ name }}님", "할인"), en=("Sale", "off")),
        a_variable(),
        redefine={SMS: texts(ko=(None, "특가"))},
    )
    variants = (
        Variant(id="a", weight=1, template=template),
        Variant(id="b", weight=1, template=a_template(texts(ko=("B", "할인")))),
    )
    campaign = a_campaign(variants=variants, channels={APP: settings()[APP], SMS: settings()[SMS]})
    samples = list(Composer(campaign).samples(["US", "KR"]))
    seen = [(s.variant, s.channel, s.locale, s.jurisdiction) for s in samples]
    expected = [
        ("a", APP, "ko", "KR"),
        ("a", APP, "ko", "US"),
        ("a", APP, "en", "KR"),
        ("a", APP, "en", "US"),
        ("a", SMS, "ko", "KR"),
        ("a", SMS, "ko", "US"),
        ("b", APP, "ko", "KR"),
        ("b", APP, "ko", "US"),
    ]
    assert seen == expected
    first = samples[0]
    assert isinstance(first.composed, Message)
    assert first.composed.title == "(광고) 춘향님"
    assert first.origin == Origin("templates/t.yaml", ("locales", "ko"))
    pairs = list(Composer(campaign).sample_messages(["US", "KR"]))
    assert pairs == [(sample.composed, sample.origin) for sample in samples]


def test_samples_of_one_source_may_differ_by_variable():
    korean, english = (
        a_variable(sample="우치"),
        a_variable("name_en", source="user.name", sample="Dorothy"),
    )
    template = a_template(
        texts(ko=("{{ name }}님", "할인"), en=("Hi {{ name_en }}", "off")), korean, english
    )
    composer = Composer(a_campaign(template, type=MessageType.INFORMATIONAL))
    assert composer.sample(APP, "ko", "KR", "default").title == "우치님"
    assert composer.sample(APP, "en", "KR", "default").title == "Hi Dorothy"
    assert composer.uses() == {"user.name"}


def test_an_alternative_channel_is_composed_although_only_kakao_is_listed():
    template = a_template(texts(ko=("특가", "할인")), universal=(KAKAO, SMS))
    campaign = a_campaign(template, channels={KAKAO: KakaoSettings()}, alternative={KAKAO: SMS})
    assert Composer(campaign).channels == (KAKAO, SMS)


def test_a_deep_link_may_differ_by_platform():
    link = ActionLink(
        url="https://shop.example/sale", android="sampleshop://sale?u={{ name }}", ios="shop:sale"
    )
    ja = ActionLink(url="https://shop.example/ja", locale="ja")
    template = a_template(texts(ko=("특가", "{{ link }}"), ja=("特価", "{{ link }}")), a_variable())
    campaign = a_campaign(template, action={APP: (link, ja)})
    message = read(campaign, values={"user.name": "춘향"})
    assert message.link == "https://shop.example/sale"
    assert (message.body or "").startswith("https://shop.example/sale")
    assert message.platform_links == {
        Platform.ANDROID: "sampleshop://sale?u=춘향",
        Platform.IOS: "shop:sale",
    }
    rows = [{"user.name": "민지"}, {"user.name": None}]
    composer = Composer(campaign)
    many = composer.compose_many(APP, "ko", "KR", "default", rows, [None, None])
    assert many == [composer.compose(APP, "ko", "KR", "default", row) for row in rows]
    assert many[0].platform_links[Platform.ANDROID] == "sampleshop://sale?u=민지"
    assert composer.uses() == {"user.name"}
    assert read(campaign, APP, "ja").platform_links == {}


def test_the_icon_of_the_channel_stands_in_where_a_text_has_none():
    channels = {WEB: WebSettings(icon="https://shop.example/i.png")}
    locales = {"ko": Text(body="특가"), "en": Text(body="Sale", icon="https://shop.example/en.png")}
    campaign = a_campaign(a_template(locales), channels=channels)
    assert read(campaign, WEB).icon == "https://shop.example/i.png"
    assert read(campaign, WEB, "en").icon == "https://shop.example/en.png"
