"""What the notices of 제50조제7항 and 제8항 say: the fields of the decree in Korean and English, no more.

시행령 제62조의2 (sender; the fact and the day of the consent, refusal or withdrawal; the result) and
제62조의3제2항 (sender; the fact and the day of the consent; how to keep or withdraw it).
"""

from __future__ import annotations

from datetime import date

from engine.kernel.frozen import frozen
from engine.model.channel import Channel
from engine.model.workspace import ConsentColumns, Workspace


@frozen
class Asked:
    """One notice: whose consent (`channel`), through what it goes (`through`), on which day."""

    workspace: Workspace
    channel: Channel
    columns: ConsentColumns
    through: Channel
    recheck: bool
    agreed: bool
    today: date

    @property
    def name(self) -> str:
        kind = "recheck" if self.recheck else "result" if self.agreed else "withdrawn"
        return f"consent-{kind}-{self.channel}-{self.today}"


_MEDIUM = {
    Channel.APP: ("앱 푸시", "app notifications"),
    Channel.WEB: ("웹 푸시", "web notifications"),
    Channel.KAKAO: ("카카오톡", "KakaoTalk"),
    Channel.SMS: ("문자메시지", "text messages"),
}


def korean_text(notice: Asked) -> dict[str, str]:
    """Return title and body in Korean."""
    sender, (medium, _) = notice.workspace.sender, _MEDIUM[notice.channel]
    day = "{{ agreed_on|date('yyyy년 M월 d일') }}"
    if notice.recheck:
        title = "광고 수신동의 확인"
        body = (
            f"[{sender.name}] {day}에 {medium} 광고 수신에 동의하셨습니다. 유지하시려면 그대로 두시고, "
            f"철회하시려면 {_way_out(notice, 'ko')}"
        )
    else:
        title = "광고 수신동의 처리 결과" if notice.agreed else "광고 수신거부 처리 결과"
        body = f"[{sender.name}] {day} {medium} 광고 " + (
            "수신동의 의사에 따라 수신동의로 처리했습니다."
            if notice.agreed
            else "수신거부(동의 철회) 의사에 따라 더 보내지 않도록 처리했습니다."
        )
    return {"title": title, "body": body}


def english_text(notice: Asked) -> dict[str, str]:
    """Return title and body in English."""
    sender, (_, medium) = notice.workspace.sender, _MEDIUM[notice.channel]
    day = "{{ agreed_on|date('d MMMM yyyy') }}"
    if notice.recheck:
        title = "Your consent to advertising"
        body = (
            f"{sender.name}: on {day} you agreed to advertising by {medium}. To keep your consent do "
            f"nothing; to withdraw: {_way_out(notice, 'en')}"
        )
    else:
        title = "Your choice about advertising"
        body = f"{sender.name}: on {day} you " + (
            f"agreed to advertising by {medium}. Your consent has been processed."
            if notice.agreed
            else f"refused advertising by {medium}. This has been processed: no more will be sent."
        )
    return {"title": title, "body": body}


def _way_out(notice: Asked, locale: str) -> str:
    """Return the workspace's own words for refusing on that channel, or how to say it to somebody."""
    texts = notice.workspace.sender.opt_out.get(notice.channel, {})
    words = texts.get(locale) or texts.get(notice.workspace.locale)
    if words is None:
        contact = notice.workspace.sender.contact
        return f"고객센터 {contact}" if locale == "ko" else f"contact {contact}"
    return words


def title_of(notice: Asked) -> str:
    """Return what the drafts are called, for people."""
    medium, _ = _MEDIUM[notice.channel]
    what = "광고성 정보 수신동의 확인" if notice.recheck else "광고성 정보 수신동의 처리 결과"
    return f"{medium} {what}"
