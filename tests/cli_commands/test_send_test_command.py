"""`pushform send-test`: to testers, marked, through the door, and in no books."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.app import providers
from engine.app.session import Session
from engine.cli.tested import digests_tested
from engine.dispatch.marked import mark, refit
from engine.kernel.errors import CredentialsError
from engine.model.channel import Channel
from engine.model.channel_settings import SmsFormat
from engine.model.kakao import Bubble, KakaoContent
from engine.model.message import Message
from engine.model.ports import Provider
from engine.workspace.read import read_workspace
from tests.cli_run import Result
from tests.cli_run import pushform as call
from tests.end_to_end.small import DUE, USERS, Shop
from tests.message.kakao import INTRO, SHOP_CARD, a_bubble
from tests.servers.fcm import LoopbackFcm

NOON = "2026-09-20T03:00:00Z"
"""12:00 in Seoul."""

NIGHT = "2026-09-20T12:00:00Z"
"""21:00 in Seoul: the first instant at which no advertisement may start."""

TESTERS = """\
- name: 민지
  addresses:
    app: {platform: android, token: ok-minji-token}
    phone: 010-1111-2222
  consent: {app: {ad: yes, night: no}, kakao: yes, sms: yes}
- name: 하니
  addresses: {app: {platform: ios, fid: fid-hani-00001}}
  consent: {app: no}
- name: 다니엘
  locale: en-AU
  addresses: {app: {platform: ios, fid: fid-dani-00001}}
"""


def shop_at(root: Path, testers: str = TESTERS, **more: object) -> Shop:
    shop = Shop(root=root, **more)  # type: ignore[arg-type]
    config = root / "pushform.yaml"
    config.write_text(config.read_text("utf-8") + "testers: testers.yaml\n", "utf-8")
    (root / "testers.yaml").write_text(testers, "utf-8")
    return shop


def send(shop: Shop, *words: str, as_of: str = NOON) -> Result:
    return call("send-test", "-C", shop.root, "sale", *words, "--as-of", as_of)


def outcomes(result: Result) -> list[tuple[str, str, str, str | None]]:
    return [
        (one["tester"], one["channel"], one["outcome"], one["reason"])
        for one in result.json()["messages"]
    ]


EVERYWHERE = "  app: {}\n  kakao: {product: brand}\n  sms: {from: '15880000'}\n"


def test_consent_is_asked_of_testers_too(tmp_path: Path) -> None:
    shop = shop_at(tmp_path, channels=EVERYWHERE)
    result = send(shop, "--all", "--format", "json")
    assert result.code == 0
    assert outcomes(result) == [
        ("하니", "app", "skipped", "no_consent"),
        ("다니엘", "app", "skipped", "unknown_consent"),
        ("민지", "app", "sent", None),
        ("민지", "kakao", "sent", None),
        ("민지", "sms", "sent", None),
    ]
    assert "a sandbox: no phone will ring; `pushform outbox` shows" in result.err


def test_the_mark_stands_after_the_label(tmp_path: Path) -> None:
    shop = shop_at(tmp_path, channels=EVERYWHERE)
    send(shop, "--to", "민지")
    read = {line["channel"]: (line["title"], line["body"]) for line in shop.outbox()}
    assert read["app"][0] == "(광고) [테스트] 민지님, 안녕하세요"
    # Kakao itself puts the label before a Brand Message.
    assert str(read["kakao"][0] or read["kakao"][1]).startswith("[테스트] 민지님")
    assert str(read["sms"][1]).startswith("(광고) [테스트] 샘플샵 ")
    assert str(read["sms"][1]).endswith("무료수신거부 080-000-0000")


def test_nothing_that_travels_names_the_campaign(tmp_path: Path) -> None:
    shop = shop_at(tmp_path)
    send(shop, "--to", "민지")
    (line,) = shop.outbox()
    assert line["campaign"] == "test:sale"
    request = line["request"]
    assert isinstance(request, dict)
    assert request["message"]["data"]["campaign"] == "test:sale"
    assert request["message"]["android"]["collapse_key"].startswith("test-sale")


@pytest.mark.parametrize(
    ("title", "body", "wanted"),
    [
        ("(광고) 특가", "본문", ("(광고) [테스트] 특가", "본문")),
        ("특가", "(광고) 본문", ("특가", "(광고) [테스트] 본문")),
        (None, "(광고)본문", (None, "(광고) [테스트] 본문")),
        ("안내", "본문", ("[테스트] 안내", "본문")),
        (None, "본문", (None, "[테스트] 본문")),
    ],
)
def test_where_the_mark_goes(title: str | None, body: str, wanted: tuple[str | None, str]) -> None:
    message = Message(
        channel=Channel.APP, locale="ko-KR", jurisdiction="KR", variant="a", title=title, body=body
    )
    marked = mark(message)
    assert (marked.title, marked.body) == wanted


@pytest.mark.parametrize(
    ("bubble", "changes", "seen"),
    [
        (Bubble.WIDE_ITEM_LIST, {}, lambda kakao: kakao.header),
        (Bubble.COMMERCE, {}, lambda kakao: kakao.commerce.title),
        (Bubble.CAROUSEL_FEED, {}, lambda kakao: kakao.cards[0].header),
        (
            Bubble.CAROUSEL_COMMERCE,
            {"intro": None, "cards": (SHOP_CARD, SHOP_CARD)},
            lambda kakao: kakao.cards[0].commerce.title,
        ),
        (Bubble.CAROUSEL_COMMERCE, {"intro": INTRO}, lambda kakao: kakao.intro.header),
        (Bubble.PREMIUM_VIDEO, {"header": None}, lambda kakao: kakao.header),
    ],
)
def test_a_bubble_without_a_body_is_marked_in_its_first_line(
    bubble: Bubble, changes: dict[str, object], seen: Callable[[KakaoContent], str | None]
) -> None:
    message, _ = a_bubble(bubble, **changes)
    marked = mark(message)
    assert (marked.title, marked.body) == (None, None)
    assert marked.kakao is not None
    assert message.kakao is not None
    assert seen(marked.kakao) == f"[테스트] {seen(message.kakao) or ''}".strip()


def test_an_alimtalk_that_the_vendor_words_stays_as_it_was_approved() -> None:
    message = Message(
        channel=Channel.KAKAO,
        locale="ko",
        jurisdiction="KR",
        variant="a",
        title=None,
        body=None,
        kakao=KakaoContent(variables={"이름": "민지"}),
    )
    assert mark(message) == message


def text_message(body: str, format_: SmsFormat) -> Message:
    return Message(
        channel=Channel.SMS,
        locale="ko",
        jurisdiction="KR",
        variant="a",
        title=None,
        body=body,
        sms_format=format_,
    )


@pytest.mark.parametrize(
    ("bytes_", "written", "settings", "wanted"),
    [
        (81, SmsFormat.SMS, SmsFormat.AUTO, SmsFormat.SMS),
        (82, SmsFormat.SMS, SmsFormat.AUTO, SmsFormat.LMS),
        (81, SmsFormat.SMS, SmsFormat.SMS, SmsFormat.SMS),
        (82, SmsFormat.SMS, SmsFormat.SMS, None),
        (1991, SmsFormat.LMS, SmsFormat.AUTO, SmsFormat.LMS),
        (1992, SmsFormat.LMS, SmsFormat.LMS, None),
    ],
)
def test_a_text_message_grows_with_its_mark(
    tmp_path: Path, bytes_: int, written: SmsFormat, settings: SmsFormat, wanted: SmsFormat | None
) -> None:
    channels = f"  sms: {{from: '15880000', format: {settings}}}\n"
    shop_at(tmp_path, channels=channels)
    campaign = read_workspace(tmp_path, None).resolved["sale"]
    # `[테스트] ` takes 9 bytes in cp949.
    found = refit(mark(text_message("a" * bytes_, written)), campaign)
    assert (found.sms_format if found else None) is wanted


def test_the_mark_speaks_english_elsewhere() -> None:
    message = Message(
        channel=Channel.APP, locale="ja", jurisdiction="JP", variant="a", title="秋", body="b"
    )
    assert mark(message).title == "[Test] 秋"


def test_the_window_holds_at_the_hour_of_the_test(tmp_path: Path) -> None:
    shop = shop_at(tmp_path)
    before = send(shop, "--to", "민지", as_of="2026-09-20T11:59:50Z")
    assert before.code == 0
    closed = send(shop, "--to", "민지", "--format", "json", as_of=NIGHT)
    assert closed.code == 4
    assert closed.json()["messages"][0]["opens_at"] == "2026-09-20T23:00:00Z"
    text = send(shop, "--to", "민지", as_of=NIGHT)
    assert text.out.splitlines() == [
        "민지  app/ko/default  skipped (window), the window opens at 2026-09-20T23:00:00Z",
        f"0 of 1 test messages sent, tested {closed.json()['message_digest'][:19]}",
    ]


def test_information_may_be_tested_at_night(tmp_path: Path) -> None:
    shop = shop_at(tmp_path, advertising=False)
    result = send(shop, "--to", "민지", as_of=NIGHT)
    assert result.code == 0
    assert shop.outbox()[0]["title"] == "[테스트] 민지님, 안녕하세요"


def test_the_night_needs_the_testers_own_consent_for_it(tmp_path: Path) -> None:
    shop = shop_at(tmp_path, schedule=", night: consented_only", at="2026-09-20 21:30")
    refused = send(shop, "--to", "민지", "--format", "json", as_of=NIGHT)
    assert outcomes(refused) == [("민지", "app", "skipped", "no_night_consent")]
    (tmp_path / "testers.yaml").write_text(TESTERS.replace("night: no", "night: yes"), "utf-8")
    assert send(shop, "--to", "민지", as_of=NIGHT).code == 0


def test_a_refusal_in_the_users_source_is_stronger(tmp_path: Path) -> None:
    testers = TESTERS.replace("- name: 민지\n", "- name: 민지\n  user_id: u000001\n")
    shop = shop_at(tmp_path, testers, user=lambda i: {"app_ad": "no"} if i == 1 else {})
    result = send(shop, "--to", "민지", "--format", "json")
    assert outcomes(result) == [("민지", "app", "skipped", "no_consent")]


def test_a_person_of_the_users_source_reads_their_own_values(tmp_path: Path) -> None:
    testers = TESTERS.replace("- name: 민지\n", "- name: 민지\n  user_id: u000003\n")
    shop = shop_at(tmp_path, testers)
    send(shop, "--to", "민지")
    assert shop.outbox()[0]["title"] == "(광고) [테스트] 손님3님, 안녕하세요"


def test_suppressed_people_get_no_test(tmp_path: Path) -> None:
    testers = TESTERS.replace("- name: 민지\n", "- name: 민지\n  user_id: u000001\n")
    shop = shop_at(tmp_path, testers, suppressed=("u000001",))
    result = send(shop, "--to", "민지", "--format", "json")
    assert outcomes(result) == [("민지", "app", "skipped", "suppressed")]


def test_values_of_the_file_are_shown(tmp_path: Path) -> None:
    shop = shop_at(
        tmp_path, TESTERS.replace("- name: 민지\n", "- name: 민지\n  values: {user.name: 별}\n")
    )
    send(shop, "--to", "민지")
    assert shop.outbox()[0]["title"] == "(광고) [테스트] 별님, 안녕하세요"


def test_tests_stand_in_no_books_and_in_nobodys_cap(tmp_path: Path) -> None:
    testers = TESTERS.replace("- name: 민지\n", "- name: 민지\n  user_id: u000001\n")
    cap = "{max_recipients: 100, per_user: {max: 1, within: 24h}}"
    shop = shop_at(tmp_path, testers, safety=cap)
    shop.apply()
    for _ in range(3):
        assert send(shop, "--to", "민지", as_of="2026-09-20T01:30:00Z").code == 0
    assert shop.dispatch(DUE).code == 0
    books = shop.device_books()
    assert (books["targeted"], books["sent"]) == (10, 10)


def test_what_was_tested_is_remembered_without_people(tmp_path: Path) -> None:
    shop = shop_at(tmp_path)
    first = send(shop, "--all", "--format", "json").json()["message_digest"]
    log = tmp_path / ".pushform" / "tests" / "sandbox" / "sale.jsonl"
    lines = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    assert [line["outcome"] for line in lines].count("sent") == 1
    assert log.stat().st_mode & 0o777 == 0o600
    assert not any(name in log.read_text("utf-8") for name in ("민지", "ok-minji", "fid-"))
    assert set(digests_tested(tmp_path, "sandbox", "sale")) == {first}
    assert digests_tested(tmp_path, "sandbox", "other") == {}


def test_the_digest_is_of_the_words_and_not_of_the_time(tmp_path: Path) -> None:
    shop = shop_at(tmp_path)
    first = send(shop, "--to", "민지", "--format", "json").json()["message_digest"]
    shop.at = "2026-09-21 15:00"
    shop.write_campaign()
    assert send(shop, "--to", "민지", "--format", "json").json()["message_digest"] == first
    shop.template = "가을 특가가 곧 끝나요"
    shop.write_template()
    assert send(shop, "--to", "민지", "--format", "json").json()["message_digest"] != first
    assert len(digests_tested(tmp_path, "sandbox", "sale")) == 2


def test_a_draft_can_be_tested(tmp_path: Path) -> None:
    shop = shop_at(tmp_path, extra="draft: true\n")
    assert send(shop, "--to", "민지").code == 0


def test_a_provider_that_refuses_is_told(tmp_path: Path) -> None:
    with LoopbackFcm() as fcm:
        vendor = (
            "{provider: fcm, project: sample-shop, timeout: 1, "
            f'base_url: "{fcm.base_url}", ca_file: "{fcm.ca_file}"}}'
        )
        testers = TESTERS.replace("ok-minji-token", "unregistered-minji").replace(
            "- name: 하니",
            "- name: 혜인\n  addresses: {app: {platform: ios, token: ok-hyein-1}}\n"
            "  consent: {app: yes}\n- name: 하니",
        )
        shop = shop_at(tmp_path, testers, app=vendor)
        result = send(shop, "--to", "민지", "--to", "혜인", "--format", "json")
        titles = {request.message["notification"]["title"] for request in fcm.received}
    assert result.code == 8
    assert sorted(outcomes(result)) == [
        ("민지", "app", "failed", "unregistered"),
        ("혜인", "app", "sent", None),
    ]
    assert titles == {"(광고) [테스트] 민지님, 안녕하세요"}


def test_a_provider_that_does_not_answer_leaves_it_unknown(tmp_path: Path) -> None:
    with LoopbackFcm() as fcm:
        vendor = (
            "{provider: fcm, project: sample-shop, timeout: 1, "
            f'base_url: "{fcm.base_url}", ca_file: "{fcm.ca_file}"}}'
        )
        shop = shop_at(tmp_path, TESTERS.replace("ok-minji-token", "silent-minji"), app=vendor)
        result = send(shop, "--to", "민지", "--format", "json")
        received = len(fcm.received)
    assert (result.code, received) == (8, 1)
    assert [one["outcome"] for one in result.json()["messages"]] == ["unknown"]


def test_a_provider_that_cannot_be_opened_is_found_before_anybody_gets_anything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = shop_at(tmp_path, channels=EVERYWHERE)
    real = providers.provider_opener

    def opener(session: Session) -> Callable[[Channel], Provider]:
        def open_one(channel: Channel) -> Provider:
            if channel is Channel.SMS:
                raise CredentialsError("sms needs the environment variable `SOLAPI_KEY`")
            return real(session)(channel)

        return open_one

    monkeypatch.setattr(providers, "provider_opener", opener)
    result = send(shop, "--to", "민지")
    assert result.code == 10
    assert shop.outbox() == []
    assert digests_tested(tmp_path, "sandbox", "sale") == {}
    assert send(shop, "--to", "민지", "--channel", "app").code == 0


def test_what_is_wrong_for_everybody_is_not_tested(tmp_path: Path) -> None:
    shop = shop_at(tmp_path)
    shop.template = "(광 고) 가을 특가"
    shop.write_template()
    file = tmp_path / "templates" / "words.yaml"
    file.write_text(
        file.read_text("utf-8").replace('title: "{{ name }}님, 안녕하세요", ', ""), "utf-8"
    )
    result = send(shop, "--to", "민지")
    assert result.code == 4
    assert "kr-ad-label-variant" in result.err
    assert "`sale` has mistakes that a test would have as well" in result.err
    assert shop.outbox() == []


def test_the_scheduled_time_is_no_mistake_of_a_test(tmp_path: Path) -> None:
    shop = shop_at(tmp_path, at="2026-09-19 23:30")
    assert send(shop, "--to", "민지").code == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "name testers with --to, or take all of them with --all"),
        (("--to", "민지", "--all"), "name testers with --to, or take all of them with --all"),
        (("--to", "민자"), "there is no tester `민자`"),
        (("--to", "민지", "--channel", "web"), "none of these testers has an address"),
    ],
)
def test_wrong_words_are_refused(tmp_path: Path, words: tuple[str, ...], message: str) -> None:
    shop = shop_at(tmp_path)
    result = send(shop, *words)
    assert result.code == 2
    assert message in result.err
    assert shop.outbox() == []


def test_a_campaign_that_is_not_there_names_those_that_are(tmp_path: Path) -> None:
    shop_at(tmp_path)
    result = call("send-test", "-C", tmp_path, "sael", "--all", "--as-of", NOON)
    assert result.code == 2
    assert "there is no campaign `sael`" in result.err
    assert "there are: `sale`" in result.err


def test_a_list_with_mistakes_sends_nothing(tmp_path: Path) -> None:
    shop = shop_at(tmp_path, TESTERS.replace("app: no", "app: perhaps"))
    result = send(shop, "--to", "민지")
    assert result.code == 2
    assert "testers.yaml:8" in result.err
    assert "`testers.yaml` has mistakes" in result.err
    assert shop.outbox() == []


def test_a_list_in_git_is_refused(tmp_path: Path) -> None:
    shop = shop_at(tmp_path)
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    subprocess.run(["git", "-C", str(tmp_path), "add", "testers.yaml"], check=True)
    result = send(shop, "--to", "민지")
    assert result.code == 4
    assert "git tracks `testers.yaml`, which holds people" in result.err


def test_the_clock_is_set_in_a_sandbox_only(tmp_path: Path) -> None:
    shop = shop_at(tmp_path)
    result = send(shop, "--to", "민지", "-e", "production")
    assert result.code == 2
    assert "`send-test` takes --as-of only in a sandbox environment" in result.err


def test_without_a_list_it_says_where_to_name_it(tmp_path: Path) -> None:
    shop = Shop(root=tmp_path)
    result = send(shop, "--all")
    assert result.code == 2
    assert "there is no list of testers" in result.err
    assert "write `testers: audiences/testers.yaml` in pushform.yaml" in result.err


@pytest.mark.parametrize(
    ("refusal", "skipped"),
    [
        (",,ok-minji-token ,all", {"app"}),
        (",1011112222,,all", {"app", "kakao", "sms"}),
        (",010-1111-2222,,sms", {"sms"}),
        ("u000003,,,kakao", set()),
    ],
)
def test_who_refused_is_refused_a_test_as_well(
    tmp_path: Path, refusal: str, skipped: set[str]
) -> None:
    """A tester whom the users source does not know may stand in the list with number or token."""
    shop = shop_at(tmp_path, channels=EVERYWHERE)
    refusals = tmp_path / "data" / "suppression.csv"
    refusals.write_text(f"user_id,phone,token,channel\n{refusal}\n", "utf-8")
    result = send(shop, "--to", "민지", "--format", "json")
    assert {one[1] for one in outcomes(result) if one[2:] == ("skipped", "suppressed")} == skipped
    assert {one[1] for one in outcomes(result) if one[2] == "sent"} == (
        {"app", "kakao", "sms"} - skipped
    )


def test_the_number_in_the_users_source_refuses_for_its_person(tmp_path: Path) -> None:
    testers = TESTERS.replace("- name: 민지\n", "- name: 민지\n  user_id: u000003\n")
    shop = shop_at(tmp_path, testers)
    (tmp_path / "data" / "suppression.csv").write_text("phone\n010-0000-0003\n", "utf-8")
    result = send(shop, "--to", "민지", "--format", "json")
    assert outcomes(result) == [("민지", "app", "skipped", "suppressed")]


def test_refusals_that_cannot_be_read_hold_tests_of_advertisements_only(tmp_path: Path) -> None:
    shop = shop_at(tmp_path)
    (tmp_path / "data" / "suppression.csv").write_text("phone\n없음\n", "utf-8")
    held = send(shop, "--to", "민지")
    assert held.code == 11
    assert "1 row names nobody who can be found: line 2" in held.err
    assert shop.outbox() == []
    shop.advertising = False
    shop.write_campaign()
    assert send(shop, "--to", "민지").code == 0


EXCEPTION = "exception: {ended_at: user.bought_on, direct: true, same_goods: true}\n"
BUYER = """\
- name: 구매자
  addresses: {{app: {{platform: android, token: ok-buyer}}}}
  values: {{user.bought_on: "{}"}}
"""


@pytest.mark.parametrize(
    ("bought", "consent", "outcome", "basis"),
    [
        ("2026-09-01", "", ("sent", None), "exception"),
        ("2026-03-19", "", ("skipped", "unknown_consent"), None),
        ("어제", "", ("skipped", "unknown_consent"), None),
        ("2026-09-01", "  consent: {app: no}\n", ("skipped", "no_consent"), None),
        ("2026-03-19", "  consent: {app: yes}\n", ("sent", None), "consent"),
    ],
)
def test_a_purchase_of_six_months_stands_in_for_a_testers_consent(
    tmp_path: Path, bought: str, consent: str, outcome: tuple[str, str | None], basis: str | None
) -> None:
    shop = buyers_shop(tmp_path, BUYER.format(bought) + consent)
    result = send(shop, "--all", "--format", "json")
    (one,) = result.json()["messages"]
    assert (one["outcome"], one["reason"], one["basis"]) == (*outcome, basis)
    said = send(shop, "--all").out
    assert ("sent, on a purchase of the last six months" in said) == (basis == "exception")


@pytest.mark.parametrize(
    ("place", "goes"),
    [
        ('  timezone: "Asia/Seoul"\n', True),
        ("  country: KR\n  timezone: Asia/Tokyo\n", True),
        ("  timezone: Asia/Tokyo\n", False),
        ("  country: JP\n", False),
    ],
)
def test_a_tester_abroad_needs_a_consent(tmp_path: Path, place: str, goes: bool) -> None:
    shop = buyers_shop(tmp_path, BUYER.format("2026-09-01") + place)
    expected = ("sent", None) if goes else ("skipped", "unknown_consent")
    assert outcomes(send(shop, "--all", "--format", "json")) == [("구매자", "app", *expected)]


def buyers_shop(root: Path, testers: str) -> Shop:
    shop = shop_at(root, testers, extra=EXCEPTION)
    rows = [shop._user(i) | {"bought_on": "2026-09-01", "app_ad": ""} for i in range(4)]
    shop._table("users", (*USERS, "bought_on"), rows)
    return shop


def test_the_purchase_is_that_of_the_users_source_and_never_a_samples(tmp_path: Path) -> None:
    testers = TESTERS.replace("  consent: {app: {ad: yes, night: no}, kakao: yes, sms: yes}\n", "")
    shop = buyers_shop(tmp_path, testers)
    words = tmp_path / "templates" / "words.yaml"
    text = words.read_text("utf-8").replace(
        "variables:\n",
        "variables:\n  day: {type: date, from: user.bought_on, on_missing: skip,"
        ' sample: "2026-09-01"}\n',
    )
    words.write_text(text.replace("님, 안녕하세요", "님, {{ day|date }}"), "utf-8")
    stranger = send(shop, "--to", "민지", "--format", "json")
    assert outcomes(stranger) == [("민지", "app", "skipped", "unknown_consent")]
    known = testers.replace("- name: 민지\n", "- name: 민지\n  user_id: u000001\n")
    (tmp_path / "testers.yaml").write_text(known, "utf-8")
    result = send(shop, "--to", "민지", "--format", "json")
    assert [(one["outcome"], one["basis"]) for one in result.json()["messages"]] == [
        ("sent", "exception")
    ]


def test_a_purchase_opens_no_night(tmp_path: Path) -> None:
    shop = buyers_shop(tmp_path, BUYER.format("2026-09-01"))
    result = send(shop, "--all", "--format", "json", as_of=NIGHT)
    assert outcomes(result) == [("구매자", "app", "skipped", "window")]
