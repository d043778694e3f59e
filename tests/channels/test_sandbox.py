"""The sandbox shows what a person would get, keeps it private, and survives a crash."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.channels.fcm_body import preview_body
from engine.channels.outbox import append_entries, read_outbox
from engine.channels.sandbox import SandboxProvider, mask_address, plain_body
from engine.kernel.errors import ExitCode, UnavailableError
from engine.model.channel import Channel
from engine.model.kakao import ButtonKind, KakaoContent, KakaoItem
from engine.model.message import MessageButton
from engine.model.outcome import Accepted
from tests.channels.making import StillClock, a_message, an_envelope, an_outgoing, send_all

PHONE = "+821012345678"


def sandbox(folder: Path, channel: Channel = Channel.SMS) -> SandboxProvider:
    encode = preview_body if channel is Channel.APP else plain_body
    return SandboxProvider(channel, folder, StillClock(), encode)


def test_the_outbox_shows_the_message_and_hides_the_address(tmp_path: Path) -> None:
    send_all(sandbox(tmp_path), [an_outgoing(PHONE, Channel.SMS)])
    file = tmp_path / "chuseok-sale" / "sms.jsonl"
    (entry,) = read_outbox(tmp_path)
    assert entry.title == "(광고) 민지님, 추석 특가"
    assert entry.at == "2026-09-24T01:00:00Z"
    assert entry.expires_at == "2026-09-24T12:00:00Z"
    assert (entry.address, entry.address_kind, entry.attempt) == ("…5678", "phone", 1)
    assert entry.collapse_key == "chuseok-sale"
    assert PHONE not in file.read_text("utf-8")
    assert "추석" in file.read_text("utf-8")


def test_app_messages_stand_there_as_fcm_would_get_them(tmp_path: Path) -> None:
    provider = sandbox(tmp_path, Channel.APP)
    send_all(provider, [an_outgoing("token-0001", Channel.APP)])
    (entry,) = read_outbox(tmp_path)
    assert entry.request == preview_body(an_envelope())
    assert entry.request == provider.encode(an_envelope())


def test_other_channels_are_shown_as_they_are() -> None:
    message = a_message(
        Channel.KAKAO,
        image=None,
        data={},
        buttons=(MessageButton(name="보러 가기", link="https://s"),),
    )
    assert plain_body(an_envelope(Channel.KAKAO, message=message)) == {
        "expires_at": "2026-09-24T12:00:00Z",
        "message": {
            "channel": "kakao",
            "title": "(광고) 민지님, 추석 특가",
            "body": "송편을 30% 할인 ※수신거부: 앱 > 설정 > 알림",
            "link": "https://shop.example/sale/chuseok",
            "buttons": [{"name": "보러 가기", "link": "https://s"}],
        },
    }


def test_the_contents_of_a_bubble_are_shown_without_what_is_empty() -> None:
    message = a_message(
        Channel.KAKAO,
        title=None,
        body=None,
        image=None,
        data={},
        link=None,
        buttons=(MessageButton(name="상담하기", kind=ButtonKind.CONSULT),),
        kakao=KakaoContent(
            header="가을 장바구니",
            items=(KakaoItem(title="햇사과", image="https://s/a.png", link="https://s"),),
        ),
    )
    assert plain_body(an_envelope(Channel.KAKAO, message=message))["message"] == {
        "channel": "kakao",
        "buttons": [{"name": "상담하기", "link": None, "kind": "consult"}],
        "kakao": {
            "header": "가을 장바구니",
            "items": [{"title": "햇사과", "image": "https://s/a.png", "link": "https://s"}],
        },
    }


def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    folder = tmp_path / ".pushform" / "outbox" / "sandbox"
    send_all(sandbox(folder), [an_outgoing(PHONE, Channel.SMS)])
    file = folder / "chuseok-sale" / "sms.jsonl"
    assert file.stat().st_mode & 0o777 == 0o600
    for above in list(file.parents)[:4]:
        assert above.stat().st_mode & 0o777 == 0o700, above.name


def test_each_campaign_has_its_own_file_and_each_attempt_its_own_name(tmp_path: Path) -> None:
    batch = [
        an_outgoing(PHONE, Channel.SMS),
        an_outgoing(PHONE, Channel.SMS, attempt=2),
        an_outgoing(PHONE, Channel.SMS, campaign="early-bird"),
    ]
    outcomes = send_all(sandbox(tmp_path), batch)
    names = [o.provider_id for o in outcomes if isinstance(o, Accepted)]
    assert len(set(names)) == 3
    assert names == [
        o.provider_id
        for o in send_all(sandbox(tmp_path / "again"), batch)
        if isinstance(o, Accepted)
    ]
    counts = {f.parent.name: sum(1 for _ in read_outbox(f)) for f in tmp_path.glob("*/sms.jsonl")}
    assert counts == {"chuseok-sale": 2, "early-bird": 1}


def test_a_line_torn_by_a_crash_costs_only_itself(tmp_path: Path) -> None:
    send_all(sandbox(tmp_path), [an_outgoing(PHONE, Channel.SMS)])
    file = tmp_path / "chuseok-sale" / "sms.jsonl"
    whole = file.read_bytes()
    file.write_bytes(whole + whole[: len(whole) // 2])
    send_all(sandbox(tmp_path), [an_outgoing(PHONE, Channel.SMS, attempt=2)])
    assert [entry.attempt for entry in read_outbox(file)] == [1, 2]


def test_nothing_sent_is_an_empty_outbox(tmp_path: Path) -> None:
    assert list(read_outbox(tmp_path)) == []
    assert list(read_outbox(tmp_path / "never")) == []


def test_an_outbox_that_cannot_be_written_stops_the_dispatch(tmp_path: Path) -> None:
    (tmp_path / "chuseok-sale").write_text("a file where a folder should be", encoding="utf-8")
    with pytest.raises(UnavailableError) as caught:
        sandbox(tmp_path).submit([an_outgoing(PHONE, Channel.SMS)])
    assert caught.value.exit_code is ExitCode.UNAVAILABLE
    assert caught.value.message.startswith("the outbox `sms.jsonl` cannot be written: ")


def test_appending_nothing_makes_an_empty_file(tmp_path: Path) -> None:
    append_entries(tmp_path / "c" / "app.jsonl", [])
    assert list(read_outbox(tmp_path)) == []


@pytest.mark.parametrize(
    ("value", "shown"),
    [("+821012345678", "…5678"), ("1234567", "…"), ("", "…"), ("가나다라마바사아", "…마바사아")],
)
def test_short_addresses_are_hidden_whole(value: str, shown: str) -> None:
    assert mask_address(value) == shown
