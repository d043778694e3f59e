"""Vendor facts in lint: who is believed, what of KakaoTalk is composed, and what is kept of a run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.app.session import open_session
from engine.cli.linting import lint_files
from engine.kernel.finding import Severity
from engine.kernel.instant import parse_instant
from engine.lint.bubbles import _cannot_be_wrong, bubble_problems, in_korean
from engine.lint.every_text import every_text
from engine.lint.rule import Setting
from engine.lint.run import run_rules
from engine.lint.vendor import known_senders, profile_states, template_states
from engine.message.kakao_bubbles import problems
from engine.message.kakao_problem import KakaoProblem, KakaoProblemKind
from engine.model.channel import Channel
from engine.model.channel_settings import KakaoSettings
from engine.model.vendor import SavedFacts, TemplateStatus, VendorFacts
from engine.report.vendor import vendor_document
from tests.lint.workspaces import open_context, write_workspace

PROFILE = {"status": "blocked", "daily_max": None, "sent_today": None}
KAKAO = "campaign: {channels: {kakao: {}}}"
TEXT = "template: {redefine: {kakao: {ko: %s}}}"
DAILY = (
    "{kind: campaign, id: NAME, type: advertising, audience: buyers,"
    " channels: {kakao: {profile: main}, sms: {from: '15880000'}},"
    " message: {template: sale}, action: {web: 'https://shop.example/NAME'},"
    " schedule: {at: '2026-09-24 11:00', timezone: Asia/Seoul}}"
)


def context_of(root: Path, *fragments: str, **vendor: Any) -> Any:
    return open_context(write_workspace(root, *fragments), Setting(vendor=vendor))[1]


def test_the_vendor_is_believed_before_the_file(tmp_path: Path) -> None:
    written = "workspace: {channels: {kakao: {profiles: {main: {status: dormant}}}}}"
    context = context_of(tmp_path, written, profiles={"main": PROFILE})
    assert [(state, told.words) for state, told in profile_states(context, "main")] == [
        ("blocked", "(production, 2026-09-19)")
    ]


def test_the_file_tells_of_what_no_vendor_named(tmp_path: Path) -> None:
    written = "workspace: {channels: {kakao: {profiles: {main: {status: dormant}}}}}"
    context = context_of(tmp_path, written, profiles={"sub": PROFILE})
    assert [(state, told.words) for state, told in profile_states(context, "main")] == [
        ("dormant", "(pushform.yaml)")
    ]
    assert list(profile_states(context, "unknown")) == []
    assert list(known_senders(context)) == []


def test_a_template_that_the_vendor_lacks_is_not_one_nobody_asked_about(tmp_path: Path) -> None:
    asked = {"order_02": {"status": "approved", "text": None}}
    context = context_of(tmp_path, templates=asked)
    assert [found for found, _ in template_states(context, "order_01")] == [None]
    assert list(template_states(context_of(tmp_path), "order_01")) == []
    written = "workspace: {channels: {kakao: {templates: {order_01: {text: '#{이름}님'}}}}}"
    (found,) = [one for one, _ in template_states(context_of(tmp_path, written), "order_01")]
    assert found is not None
    assert (found.status, found.text) == (TemplateStatus.APPROVED, "#{이름}님")


@pytest.mark.parametrize(
    ("text", "composed"),
    [
        ("{body: '{{ name }}님, 가을 신상'}", False),
        ("{body: 신상, buttons: [{name: 보기, link: 'https://shop.example/p?a=1'}]}", False),
        ("{body: 신상, buttons: [{name: 보기, link: '{{ link }}'}]}", True),
        (
            "{body: 신상, buttons: [{name: 아주아주아주아주아주긴이름이에요, link: 'https://a.kr'}]}",
            True,
        ),
        ("{body: '%s'}" % ("가" * 501), True),
        ("{body: '{% if name %}신상{% endif %}'}", True),
        ("{title: 신상}", True),
    ],
)
def test_only_what_may_be_wrong_is_composed(tmp_path: Path, text: str, composed: bool) -> None:
    context = context_of(tmp_path, KAKAO, TEXT % text)
    (one,) = [one for one in context.once(every_text) if Channel.KAKAO in one.channels]
    assert _cannot_be_wrong(one, KakaoSettings()) is not composed
    if not composed:
        # What is passed over has indeed no problem.
        for message, _ in context.texts(one.campaign, ("KR",)):
            assert problems(message, KakaoSettings()) == ()


def test_a_problem_of_one_text_is_reported_once_at_its_line(tmp_path: Path) -> None:
    wide = "campaign: {channels: {kakao: {bubble: wide}}}"
    text = "{body: '%s', image: 'https://shop.example/i.png'}" % ("가" * 80)
    context = context_of(tmp_path, wide, TEXT % text)
    (found,) = bubble_problems(context)
    assert (found.rule, str(found.at)) == (
        "kakao-brand-bubble",
        "templates/sale.yaml:redefine.kakao.ko.body",
    )
    (finding,) = [one for one in run_rules(context) if one.rule == "kakao-brand-bubble"]
    assert finding.korean is not None
    assert finding.korean.message == "`body` 글자 수가 80인데 76까지 됩니다"


@pytest.mark.parametrize(
    ("settings", "parts", "rule", "at"),
    [
        (
            "{}",
            "buttons: [{name: %s, link: 'https://a.kr'}]" % ("긴" * 15),
            "kakao-buttons",
            "name",
        ),
        (
            "{}",
            "buttons: [{name: 보기, link: 'https://a.kr/%s'}]" % ("p" * 1000),
            "kakao-url",
            "link",
        ),
        (
            "{bubble: wide}",
            "image: 'https://a.kr/i.png', buttons: "
            + str([{"name": "보기", "link": "https://a.kr"}] * 3),
            "kakao-buttons",
            "buttons",
        ),
        ("{bubble: wide}", "image: 'https://a.kr/%s.png'" % ("p" * 1000), "kakao-url", "image"),
        (
            "{product: alimtalk, template_code: order_01}",
            "buttons: [{name: 보기, link: 'https://a.kr/%s'}]" % ("p" * 500),
            "kakao-url",
            "link",
        ),
        ("{}", "header: 긴 머리말", "kakao-brand-bubble", "header"),
    ],
)
def test_a_mistake_of_buttons_and_links_is_said_once(
    tmp_path: Path, settings: str, parts: str, rule: str, at: str
) -> None:
    campaign = f"campaign: {{channels: {{kakao: {settings}}}}}"
    context = context_of(tmp_path, campaign, TEXT % f"{{body: 신상, {parts}}}")
    (found,) = bubble_problems(context)
    assert (found.rule, found.at.path[-1]) == (rule, at)


def test_where_vendors_differ_it_is_a_warning(tmp_path: Path) -> None:
    image = "campaign: {channels: {kakao: {bubble: image}}}"
    text = "{body: '%s', image: 'https://shop.example/i.png'}" % ("가" * 500)
    context = context_of(tmp_path, image, TEXT % text)
    (finding,) = [one for one in run_rules(context) if one.rule == "kakao-brand-bubble"]
    assert finding.severity is Severity.WARNING
    assert "400 with some vendors" in finding.message


@pytest.mark.parametrize(
    ("kind", "message", "said"),
    [
        ("length", "`a` takes 1,301 characters; x carries 1,300", "글자 수가 1,301인데 1,300까지"),
        ("length", "`a` takes 3 line breaks; x carries 1", "줄바꿈 수가 3인데 1까지"),
        ("length", "`a` takes nothing; x carries 8", "글자 수가 0인데 8까지"),
        ("count", "`a` has 7; x takes 2 to 6", "7개가 있는데 2–6개여야"),
        ("count", "`a` has 6; x takes 5 beside a coupon", "6개가 있는데 5개여야"),
        ("count", "`items` has 3 rows; SOLAPI sends 4", "3개가 있는데 4개여야"),
        ("link", "whatever", "열 수 없는 주소"),
    ],
)
def test_problems_speak_korean_with_their_numbers(kind: str, message: str, said: str) -> None:
    problem = KakaoProblem(kind=KakaoProblemKind(kind), message=message, path=("a",))
    assert said in in_korean(problem).message
    assert in_korean(problem).hint


def test_every_kind_of_problem_has_korean_words() -> None:
    for kind in KakaoProblemKind:
        korean = in_korean(KakaoProblem(kind=kind, message="x"))
        assert korean.message.startswith("`말풍선`")
        assert korean.hint


def test_what_the_vendor_says_now_counts_before_what_is_kept(tmp_path: Path) -> None:
    write_workspace(tmp_path)
    file = tmp_path / "reports/production/vendor.json"
    file.parent.mkdir(parents=True)

    def linted(senders: list[str], as_of: str = "2026-09-20T00:00:00Z") -> list[str]:
        saved = SavedFacts(
            as_of=parse_instant("2026-09-19T00:00:00Z"), facts=VendorFacts(senders=tuple(senders))
        )
        file.write_text(json.dumps(vendor_document("production", saved)), "utf-8")
        session = open_session(tmp_path, None, as_of, {})
        in_parts = [one.rule for one in lint_files(session, many=1).findings]
        assert in_parts == [one.rule for one in lint_files(session, many=10**9).findings]
        return in_parts

    assert linted(["15880000"]) == []
    assert linted(["0212345678"]) == ["sms-sender-registered"]
    assert linted(["15880000"]) == []
    # The same bytes grow old: that is never kept.
    later = linted(["15880000"], "2026-10-01T00:00:00Z")
    assert "vendor-facts-old" in later


def test_the_daily_limit_counts_all_campaigns_of_a_day_in_whatever_part(tmp_path: Path) -> None:
    write_workspace(
        tmp_path,
        "{workspace: {channels: {kakao: {profiles: {main: {daily_max: 100000}}}}},"
        " audience: {kind: audience, id: buyers, where: {attribute: country, eq: KR},"
        " expect: {size: {max: 60000}}}, template: {redefine: {kakao: {universal: true}}},"
        f" first: {DAILY.replace('NAME', 'first')}, second: {DAILY.replace('NAME', 'second')}}}",
    )
    session = open_session(tmp_path, None, "2026-09-20T00:00:00Z", {})
    for many in (1, 10**9):
        found = lint_files(session, many=many).findings
        told = [one for one in found if one.rule == "kakao-daily-max"]
        assert [one.campaign for one in told] == ["first", "second"]
        assert "expect 120,000 people on 2026-09-24" in told[0].message
