"""What a plan says about sizes and missing values: numbers and places, never anybody's value."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.kernel.origin import Origin
from engine.kernel.source import SourceFile, SourceMap
from engine.message.limits import Measure
from engine.model.channel import Channel
from engine.model.channel_settings import KakaoProduct, KakaoSettings, SmsFormat, SmsSettings
from engine.model.facts import Extremes, ValueRange, Widest
from engine.model.kakao import Bubble
from engine.model.message import Message
from engine.model.resolved import ResolvedCampaign
from engine.model.template import Button, OnMissing, Text
from engine.plan.extremes import guard_extremes
from engine.plan.korean import KOREAN
from engine.plan.size_words import fullest_of, too_much
from engine.workspace.positions import read_positions
from tests.message.factories import a_campaign, a_template, a_variable
from tests.plan.making import NOW, People, plan_of, some_extremes, wanted

APP, WEB, KAKAO, SMS = Channel.APP, Channel.WEB, Channel.KAKAO, Channel.SMS
NAME = "남궁하늘빛나리"
FILE = "templates/t.yaml"
YAML = """\
kind: template
id: t
redefine:
  sms:
    ko:
      body: "{{ name }}님"
"""
SOURCES = SourceMap()
SOURCES.add(SourceFile(FILE, YAML, read_positions))
AT_SMS = Origin(FILE, ("redefine", "sms", "ko"))


def a_text(body: str, **changes: object) -> ResolvedCampaign:
    """Return a campaign that says `body` on sms and kakao, with a long name in it."""
    text = Text(body=body, origin=AT_SMS, **changes)  # type: ignore[arg-type]
    template = a_template(
        None, a_variable("name"), redefine={SMS: {"ko": text}, KAKAO: {"ko": text}}
    )
    return a_campaign(template, channels=settings(SmsFormat.SMS))


def settings(format_: SmsFormat) -> dict[Channel, object]:
    every = a_campaign().channels
    return {**every, SMS: SmsSettings(from_="15880000", format=format_)}


def somebody(channel: Channel, name: str | None = NAME, people: int = 812) -> Widest:
    return Widest(
        channel=channel,
        locale="ko",
        jurisdiction="KR",
        variant="default",
        people=people,
        values={"user.name": name},
    )


def judge(campaign: ResolvedCampaign, *widest: Widest, **ranges: ValueRange):
    people = People(values=some_extremes(*widest, **ranges))
    return guard_extremes(campaign, people, NOW, SOURCES)


def bytes_of_sms(name: str) -> int:
    return len(f"(광고) 샘플샵 {name}님\n무료수신거부 080-000-0000".encode("cp949"))


def test_an_sms_that_somebodys_name_makes_too_long_is_refused_at_its_line():
    name = "가" * 30
    (guard,) = judge(a_text("{{ name }}님"), somebody(SMS, name))
    assert not guard.passed
    assert guard.name == "sms-bytes"
    assert guard.message == (
        "sms ko KR default: for the longest values of 812 people "
        f"the text takes {bytes_of_sms(name)} bytes; SMS carries 90"
    )
    assert (guard.path, guard.line, guard.column) == (FILE, 6, 13)
    assert guard.hint == "shorten the text, or cut the value: `{{ name|truncate(10) }}`"


def test_one_that_fits_is_told_with_its_size():
    (guard,) = judge(a_text("{{ name }}님"), somebody(SMS))
    assert guard.passed
    assert guard.message == (
        f"sms ko KR: the body takes at most {bytes_of_sms(NAME)} of 90 bytes as SMS (812 people)"
    )
    assert guard.path is None


def test_an_sms_that_becomes_an_lms_for_somebody_is_told_as_one():
    campaign = replace(a_text("{{ name }}님"), channels=settings(SmsFormat.AUTO))
    (guard,) = judge(campaign, somebody(SMS, "가" * 30))
    assert guard.passed
    assert f"{bytes_of_sms('가' * 30)} of 2,000 bytes as LMS" in guard.message


@pytest.mark.parametrize(
    ("channel", "body", "says"),
    [
        (SMS, "{{ name }}" * 1_000, "bytes; LMS carries 2,000"),
        (KAKAO, "{{ name }}" * 200, "the body takes 1,400 characters; kakao carries 1,300"),
        (APP, "{{ name }}" * 250, "bytes; app carries 4,096"),
        (WEB, "{{ name }}" * 250, "bytes; web carries 3,993"),
    ],
)
def test_every_hard_limit_is_judged(channel, body, says):
    text = Text(title="제목", body=body, origin=Origin(FILE, ("locales", "ko")))
    template = a_template(
        {"ko": text},
        a_variable("name"),
        redefine={SMS: {"ko": text}, KAKAO: {"ko": text}},
    )
    (guard,) = judge(a_campaign(template), somebody(channel))
    assert not guard.passed
    assert says in guard.message


def test_a_long_title_is_no_refusal():
    text = Text(title="{{ name }}" * 20, body="본문")
    campaign = a_campaign(a_template({"ko": text}, a_variable("name")))
    (guard,) = judge(campaign, somebody(APP))
    assert guard.passed


@pytest.mark.parametrize(
    ("channel", "own", "alternative", "name"),
    [
        (SMS, SmsSettings(from_="15880000", format=SmsFormat.SMS), {}, "sms-bytes"),
        (SMS, SmsSettings(format=SmsFormat.SMS), {KAKAO: SMS}, "fallback-truncation"),
        (KAKAO, KakaoSettings(), {}, "kakao-brand-bubble"),
        (KAKAO, KakaoSettings(product=KakaoProduct.ALIMTALK), {}, "alimtalk-length"),
    ],
)
def test_the_plan_calls_a_size_what_lint_calls_it(
    channel: Channel, own: object, alternative: dict[Channel, Channel], name: str
) -> None:
    campaign = a_text("{{ name }}님 " * 60)
    every = {**campaign.channels, channel: own}
    campaign = replace(campaign, channels=every, alternative=alternative)
    guards = judge(campaign, somebody(channel, "가" * 90))
    assert {guard.name for guard in guards if not guard.passed} == {name}


@pytest.mark.parametrize("own", [KakaoSettings(), KakaoSettings(product=KakaoProduct.ALIMTALK)])
def test_the_name_of_a_button_is_about_buttons(own: KakaoSettings) -> None:
    button = Button(name="{{ name }}님께", link="https://shop.example/p")
    campaign = a_text("주문하신 상품", buttons=(button,))
    campaign = replace(campaign, channels={**campaign.channels, KAKAO: own})
    guards = judge(campaign, somebody(KAKAO, "가" * 20))
    assert [guard.name for guard in guards if not guard.passed] == ["kakao-buttons"]


@pytest.mark.parametrize(
    ("format_", "body", "told"),
    [
        (SmsFormat.AUTO, "{{ name }}님, 오늘만 최대 반값이에요 지금 서둘러요", True),
        (SmsFormat.AUTO, "{{ name }}님", False),
        (
            SmsFormat.AUTO,
            "{{ name }}님, 오늘 하루만 온라인 매장 전 상품을 최대 반값에 드립니다",
            False,
        ),
        (SmsFormat.LMS, "{{ name }}님, 오늘만 최대 반값이에요 지금 서둘러요", False),
    ],
)
def test_two_formats_for_two_people_are_told(format_: SmsFormat, body: str, told: bool) -> None:
    campaign = replace(a_text(body), channels=settings(format_))
    span = ValueRange(missing=0, longest=NAME, widest=NAME, shortest="이")
    guards = judge(campaign, somebody(SMS), name=span)
    flips = [guard for guard in guards if guard.name == "sms-type-flip"]
    assert [guard.message for guard in flips] == (
        ["sms ko KR default: an SMS for the shortest values, an LMS for the longest"]
        if told
        else []
    )
    assert all(guard.passed for guard in guards)
    assert NAME not in repr(guards)


def test_what_a_text_message_cannot_carry_is_no_size() -> None:
    (guard,) = judge(a_text("{{ name }}님 🎉"), somebody(SMS))
    assert (guard.passed, guard.name) == (False, "sms-encoding")


def test_a_button_is_refused_where_it_is_written():
    campaign = a_text("본문", buttons=(Button(name="{{ name }} 상품 보러 가기"),))
    guards = judge(campaign, somebody(KAKAO, "가" * 20))
    assert [guard.path for guard in guards if not guard.passed] == [FILE]
    assert "the button name takes 29 characters; kakao carries 14" in guards[0].message


@pytest.mark.parametrize(
    ("size", "people", "told", "korean"),
    [
        (
            Measure("items", 3, 4, "pieces"),
            812,
            "kakao ko KR: at most 3 of 4 items (812 people)",
            "kakao ko KR: 항목 최대 3, 한도 4, 대상 812명",
        ),
        (
            Measure("line_breaks", 20, 99, "line breaks"),
            1,
            "kakao ko KR: at most 20 of 99 line breaks (1 person)",
            "kakao ko KR: 줄바꿈 최대 20, 한도 99, 대상 1명",
        ),
        (
            Measure("title_and_body", 900, 1000, "characters"),
            2,
            "kakao ko KR: the title and body take at most 900 of 1,000 characters (2 people)",
            "kakao ko KR: 제목과 본문 최대 900, 한도 1,000자, 대상 2명",
        ),
        (
            Measure("body", 900, 1000, "characters"),
            1,
            "kakao ko KR: the body takes at most 900 of 1,000 characters (1 person)",
            "kakao ko KR: 본문 최대 900, 한도 1,000자, 대상 1명",
        ),
    ],
)
def test_sizes_agree_with_their_numbers(size, people, told, korean):
    message = Message(
        channel=KAKAO, locale="ko", jurisdiction="KR", variant="a", title=None, body="본문"
    )
    assert fullest_of(message, size, people) == told
    assert KOREAN.find(told) == korean


@pytest.mark.parametrize(
    ("size", "told", "korean"),
    [
        (
            Measure("items", 5, 4, "pieces"),
            "there are 5 items; kakao carries 4",
            "항목: 5. kakao 채널의 한도는 4입니다",
        ),
        (
            Measure("buttons", 1, 0, "buttons"),
            "there is 1 button; kakao carries 0",
            "버튼: 1. kakao 채널의 한도는 0입니다",
        ),
    ],
)
def test_too_many_are_counted(size, told, korean):
    assert too_much(size, KAKAO) == told
    where = "kakao ko KR default"
    said = KOREAN.find(f"{where}: for the longest values of 1 person {told}")
    assert said == f"{where}: 가장 긴 값을 가진 1명에게서 {korean}"


def test_one_person_has():
    span = ValueRange(missing=1, longest=NAME, widest=NAME, shortest="이")
    text = Text(body="{{ name }}님", origin=AT_SMS)
    template = a_template({"ko": text}, a_variable("name", on_missing=OnMissing.SKIP))
    (guard,) = judge(a_campaign(template), name=span)
    assert guard.message == "1 of 1,000 people has no `user.name`, they are skipped"
    assert KOREAN.find(guard.message) == (
        "1,000명 가운데 1명에게 `user.name` 값이 없습니다. 그 사람들은 건너뜁니다"
    )


def test_no_value_of_anybody_is_said():
    guards = judge(
        a_text("{{ name }}님 " * 8),
        somebody(SMS),
        somebody(KAKAO),
        name=ValueRange(missing=3, longest=NAME, widest=NAME, shortest="이"),
    )
    assert {guard.name for guard in guards} == {"size", "sms-bytes", "values"}
    assert NAME not in repr(guards)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"on_missing": OnMissing.SKIP}, "they are skipped"),
        ({}, "their messages fail: give `name` a default or `on_missing: skip`"),
        ({"default": "고객"}, None),
    ],
)
def test_who_lacks_a_value_is_counted(changes, says):
    text = Text(body="{{ name }}님", origin=AT_SMS)
    template = a_template({"ko": text}, a_variable("name", **changes))
    span = ValueRange(missing=38, longest=NAME, widest=NAME, shortest="이")
    said = [guard.message for guard in judge(a_campaign(template), name=span)]
    assert said == ([f"38 of 1,000 people have no `user.name`, {says}"] if says else [])


def test_a_plan_with_a_text_that_does_not_fit_is_not_applyable():
    desired = wanted(campaign=a_text("{{ name }}님"))
    fits = plan_of(desired, people=People(values=some_extremes(somebody(SMS))))
    too_long = plan_of(desired, people=People(values=some_extremes(somebody(SMS, "가" * 30))))
    assert fits.applyable
    assert not too_long.applyable
    # What is observed of people never enters what an approval binds to.
    assert fits.digest == too_long.digest


def test_nobody_is_measured_where_nobody_reads():
    assert judge(a_text("{{ name }}님")) == ()
    assert isinstance(some_extremes(), Extremes)


@pytest.mark.parametrize(
    "bubble",
    [Bubble.WIDE_ITEM_LIST, Bubble.COMMERCE, Bubble.CAROUSEL_FEED, Bubble.CAROUSEL_COMMERCE],
)
def test_a_bubble_that_has_no_body_carries_none(bubble):
    campaign = replace(a_text("본문만"), channels={KAKAO: KakaoSettings(bubble=bubble)})
    (guard,) = judge(campaign, somebody(KAKAO))
    assert (guard.name, guard.passed) == ("kakao-brand-bubble", False)
    assert guard.message.endswith("the body takes 3 characters; kakao carries 0")
    assert guard.hint == "delete it, or choose another bubble"
