"""`pushform new`: five answers make a draft that lints; no answer makes a list of what is missing."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from engine.model.audience import All, AttributeIs, EventHappened, InAudience, Not
from engine.model.channel import Channel
from engine.model.channel_settings import KakaoProduct, KakaoSettings, SmsSettings
from engine.model.legal import Basis, MessageType
from engine.workspace.fmt import format_bytes
from engine.workspace.read import read_workspace
from tests.cli_run import Result, pushform
from tests.cli_run import pushform as call
from tests.workspace.small import WORKSPACE, write

NOW = "2026-09-20T00:00:00Z"
"""09:00 in Seoul."""

CAMPAIGN = {
    "--purpose": "가을 재구매 유도",
    "--type": "advertising",
    "--channels": "app, sms",
    "--audience": "loyal-shoppers",
    "--at": "2026-09-24 10:00",
}


class Terminal(io.StringIO):
    """A keyboard on which somebody has typed ahead."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    return write(tmp_path)


def new(shop: Path, *words: str) -> Result:
    return call("new", words[0], "-C", shop, "--as-of", NOW, *words[1:])


def campaign(shop: Path, id_: str = "autumn", **changes: str | None) -> Result:
    """Run `new campaign` with the usual options, changed by `changes` (None: left out)."""
    given = {**CAMPAIGN, **{f"--{key.replace('_', '-')}": text for key, text in changes.items()}}
    words = [word for key, text in given.items() if text is not None for word in (key, text)]
    return new(shop, "campaign", id_, *words)


def typing(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal("".join(f"{line}\n" for line in lines)))


def test_a_campaign_from_options(shop: Path) -> None:
    result = campaign(shop)
    assert (result.code, result.out) == (0, "campaigns/autumn.yaml\n")
    assert "next: write its `message`, then `pushform preview autumn`" in result.err
    written = read_workspace(shop, None).campaigns["autumn"]
    assert (written.purpose, written.title) == ("가을 재구매 유도", "가을 재구매 유도")
    assert (written.type, written.basis) == (MessageType.ADVERTISING, None)
    assert list(written.channels) == [Channel.APP, Channel.SMS]
    assert written.channels[Channel.SMS] == SmsSettings(from_="15880000")
    assert (written.audience, written.draft) == ("loyal-shoppers", True)
    assert written.schedule is not None
    assert (f"{written.schedule.at}", written.schedule.timezone) == (
        "2026-09-24 10:00:00",
        "Asia/Seoul",
    )


def test_what_is_written_needs_no_formatting(shop: Path) -> None:
    campaign(shop)
    new(shop, "audience", "gold", "--title", "금", "--attributes", "grade=gold points=100")
    new(shop, "template", "hi", "--title", "인사", "--text", "ko", "안녕: {{ name }}", '"하"')
    for path in ("campaigns/autumn.yaml", "audiences/gold.yaml", "templates/hi.yaml"):
        formatted = format_bytes((shop / path).read_bytes(), path)
        assert not formatted.changes, path
        assert formatted.findings == ()


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"channels": "app,web,kakao,sms"},
        {"type": "informational", "basis": "contract", "at": "2026-09-24 23:30"},
        {
            "type": "informational",
            "basis": "transaction",
            "channels": "kakao",
            "template_code": "ORDER_01",
        },
        {"timezone": "recipient", "title": "가을: 첫인사"},
        {"audience": "everyone"},
    ],
)
def test_the_finished_draft_passes_lint(shop: Path, changes: dict[str, str]) -> None:
    new(
        shop,
        *("template", "autumn-words", "--title", "가을 문구", "--universal", "kakao,sms"),
        *("--text", "ko", "{{ name }}님, 가을이 왔어요", "따뜻한 차를 준비했습니다"),
    )
    config = WORKSPACE.replace("web: web_ad_agreed,", "web: web_ad_agreed, kakao: kakao_ad,")
    config = config.replace('app: {ko: "수신', 'web: {ko: "수신거부: 설정"}, app: {ko: "수신')
    (shop / "pushform.yaml").write_text(config, "utf-8")
    assert campaign(shop, template="autumn-words", **changes).code == 0
    file = shop / "campaigns" / "autumn.yaml"
    lines = file.read_text("utf-8").splitlines(keepends=True)
    assert sum(line.startswith("draft: true") for line in lines) == 1
    for text in ("".join(lines), "".join(line for line in lines if "draft:" not in line)):
        file.write_text(text, "utf-8")
        result = pushform("lint", "-C", shop, "--as-of", NOW, "--format", "json", file)
        found = [f["message"] for f in result.json()["findings"] if f["severity"] == "error"]
        assert found == []


def test_alimtalk_carries_information_and_brand_messages_advertise(shop: Path) -> None:
    campaign(shop, "ad", channels="kakao")
    campaign(
        shop,
        "notice",
        channels="kakao",
        type="informational",
        basis="account",
        template_code="PW_01",
    )
    written = read_workspace(shop, None).campaigns
    assert written["ad"].channels[Channel.KAKAO] == KakaoSettings(profile="main")
    assert written["notice"].channels[Channel.KAKAO] == KakaoSettings(
        product=KakaoProduct.ALIMTALK, profile="main", template_code="PW_01"
    )
    assert written["notice"].basis is Basis.ACCOUNT


@pytest.mark.parametrize(
    ("changes", "message", "hint"),
    [
        ({"type": "promo"}, "there is no type `promo`", "`advertising`, `informational`"),
        ({"channels": "app,email"}, "there is no channel `email`", "there are `app`"),
        ({"channels": " "}, "no channel is named", ""),
        (
            {"audience": "loyal-shopers"},
            "there is no audience `loyal-shopers`",
            "did you mean `loy",
        ),
        ({"template": "nope"}, "there is no template `nope`", "chuseok-sale"),
        ({"purpose": " "}, "an empty answer says nothing", "write a few words"),
        ({"at": "tomorrow"}, "`tomorrow` is not a date and time", ""),
        (
            {"at": "2026-09-20 09:59"},
            "`2026-09-20 09:59` is too soon: a send needs 1h of lead",
            "the earliest time is 2026-09-20 10:00 in Asia/Seoul",
        ),
        (
            {"at": "2026-09-24 21:00"},
            "`2026-09-24 21:00` lies outside the hours in which advertisements may be sent",
            "the next time is 2026-09-25 08:00 in Asia/Seoul",
        ),
        (
            {"at": "2026-09-24 20:55", "channels": "kakao"},
            "`2026-09-24 20:55` lies outside the hours",
            "the next time is 2026-09-25 08:00",
        ),
        ({"at": "2026-09-24 10:00+09:00"}, "has an offset", "--timezone says where"),
        (
            {"at": "2027-03-14 02:30", "timezone": "America/New_York"},
            "`2027-03-14 02:30` does not exist in America/New_York",
            "",
        ),
        ({"timezone": "Seoul"}, "there is no time zone `Seoul`", "write one like `Asia/Seoul`"),
        ({"type": "informational", "basis": "habit"}, "there is no basis `habit`", "`account`"),
    ],
)
def test_a_wrong_answer_says_why(
    shop: Path, changes: dict[str, str], message: str, hint: str
) -> None:
    result = campaign(shop, **changes)
    assert result.code == 2
    assert message in result.err
    assert hint in result.err
    assert not (shop / "campaigns" / "autumn.yaml").exists()


def test_ten_oclock_is_a_full_lead_away(shop: Path) -> None:
    assert campaign(shop, at="2026-09-20 10:00").code == 0


def test_without_a_terminal_the_options_are_named(shop: Path) -> None:
    result = new(shop, "campaign")
    assert result.code == 2
    assert (
        "`new campaign` needs `ID`, `--purpose`, `--type`, `--channels`, `--audience`, `--at`"
    ) in result.err
    assert "on a terminal it asks for them instead" in result.err
    result = campaign(shop, type="informational", channels="kakao", at=None)
    assert "`new campaign` needs `--basis`, `--template-code`, `--at`" in result.err
    assert "`new audience` needs `--title`, `--attributes` or `--events`" in (
        new(shop, "audience", "a").err
    )
    assert "`new template` needs `ID`, `--title`, `--text`" in new(shop, "template").err


@pytest.mark.parametrize(
    ("kind", "id_", "path"),
    [
        ("campaign", "early-bird", "campaigns/early-bird.yaml"),
        ("audience", "staff", "audiences/staff.yaml"),
        ("template", "chuseok-sale-b", "templates/event/chuseok-sale-b.yaml"),
    ],
)
def test_nothing_is_overwritten(shop: Path, kind: str, id_: str, path: str) -> None:
    before = (shop / path).read_text("utf-8")
    result = new(shop, kind, id_)
    assert result.code == 2
    assert f"the {kind} `{id_}` is there already: `{path}`" in result.err
    assert (shop / path).read_text("utf-8") == before


def test_everyone_is_taken(shop: Path) -> None:
    assert "`everyone` is built in" in new(shop, "audience", "everyone").err


def test_five_questions_in_korean(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    typing(
        monkeypatch,
        *("Autumn!", "autumn", "가을 재구매", "몰라요", "advertising", "email", "app sms"),
        *("loyal-shoppers", "2026-09-24 22:00", "2026-09-24 10:00"),
    )
    result = new(shop, "campaign")
    assert result.code == 0
    for words in (
        "1/5 무엇을 위해 보내나요?",
        "2/5 광고성인가요, 정보성인가요?",
        "경제적 이득을 얻으려고 보내는",
        "3/5 어느 채널로 보내나요? (쉼표로 나열: app, web, kakao, sms)",
        "4/5 누구에게 보내나요? (everyone, bought-this-week, loyal-shoppers, staff)",
        "5/5 언제 보내나요? (Asia/Seoul 시각",
        "지금부터 1h 뒤인 2026-09-20 10:00 이후여야 합니다. 광고는 08:00~21:00에만 보낼 수 있습니다.",
        "`Autumn!` cannot be an id",
        "there is no type `몰라요`",
        "there is no channel `email`",
        "lies outside the hours in which advertisements may be sent",
    ):
        assert words in result.out, words
    assert read_workspace(shop, None).campaigns["autumn"].purpose == "가을 재구매"


def test_five_questions_in_english(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    typing(
        monkeypatch,
        *("terms", "new terms", "informational", "contract", "app", "everyone"),
        "2026-09-24 22:00",
    )
    result = new(shop, "campaign", "--language", "en")
    assert result.code == 0
    assert "2/5 Advertising or informational?" in result.out
    assert "At least 1h from now, so from 2026-09-20 10:00 on.:" in result.out
    assert "Advertisements only between" not in result.out
    assert "delete this line when everything is set" in (
        shop / "campaigns" / "terms.yaml"
    ).read_text("utf-8")


def test_an_audience_from_answers(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    typing(
        monkeypatch,
        *("gold", "금 등급 고객", "country", "country=KR grade=gold,vip points=100"),
        *("purchase, view", "한달", "14d", "staf", "staff"),
    )
    result = new(shop, "audience")
    assert result.code == 0
    assert "`country` is no attribute with a value" in result.out
    assert "`한달` is not a duration" in result.out
    loaded = read_workspace(shop, None)
    assert not [f for f in loaded.findings if f.at.file == "audiences/gold.yaml"]
    where = loaded.audiences["gold"].where
    assert isinstance(where, All)
    kinds = [type(part) for part in where.of]
    assert kinds == [AttributeIs, AttributeIs, AttributeIs, EventHappened, EventHappened, Not]
    assert where.of[-1] == Not(of=InAudience(audience="staff"))
    assert "{attribute: points, eq: 100}" in (shop / "audiences" / "gold.yaml").read_text("utf-8")


def test_an_audience_of_nobody_in_particular_is_refused(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typing(monkeypatch, "all", "모두", "", "", "")
    result = new(shop, "audience")
    assert result.code == 2
    assert "nobody was described" in result.err


def test_a_template_from_answers(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    typing(
        monkeypatch,
        *(
            "hello",
            "첫인사",
            "ko, EN",
            "ko, en",
            "{{ name }}님, 반가워요",
            "가을입니다",
            "Hi",
            "Autumn",
        ),
        *("email", "sms"),
    )
    result = new(shop, "template")
    assert result.code == 0
    assert "`EN` is no locale" in result.out
    template = read_workspace(shop, None).templates["hello"]
    assert list(template.locales) == ["ko", "en"]
    assert template.locales["ko"].title == "{{ name }}님, 반가워요"
    assert template.variables["name"].default == "고객"
    assert template.redefine[Channel.SMS].universal


def test_a_variable_whose_source_nobody_can_guess_is_refused(shop: Path) -> None:
    result = new(shop, "template", "a", "--title", "b", "--text", "ko", "{{ item }} 할인", "c")
    assert result.code == 2
    assert "`{{ item }}` is not declared" in result.err
    assert not (shop / "templates" / "a.yaml").exists()
