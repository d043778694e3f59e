"""KakaoTalk can open every link.

## What
With the samples, every link and picture of a KakaoTalk message is `http://` or `https://` with a
host that has a dot and no blanks; links into an app have a scheme; a video is a page of Kakao TV.
None takes more than 1,000 characters, of an AlimTalk 500.

## Why
KakaoTalk and its vendors refuse others (SOLAPI bms, NHN AlimTalk v2.3 and Brand Message v1.0). A link
that a variable makes is judged with the variable's sample.

## Fix
Write the whole address, with a variable in its path or query and not in its host; shorten a long one.

## 한국어
카카오톡 메시지의 링크와 이미지는 예시 값으로 만들었을 때 `http(s)://`로 시작하고 점이 있는
호스트를 가지며 공백이 없어야 합니다. 앱 링크에는 스킴이, 동영상에는 카카오TV 주소가 필요합니다.
길이는 1,000자, 알림톡은 500자까지입니다. 그렇지 않으면 업체가 거절합니다(SOLAPI, NHN 알림톡 v2.3,
브랜드 메시지 v1.0).
고치려면 주소를 끝까지 쓰고, 변수는 호스트가 아니라 경로나 쿼리에 두고, 긴 주소는 줄이세요.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.finding import Severity
from engine.lint.bubbles import hits
from engine.lint.context import LintContext
from engine.lint.rule import Bad, Good, Hit, RuleMeta, practice

META = RuleMeta(
    id="kakao-url",
    title="KakaoTalk can open every link",
    severity=Severity.ERROR,
    rests_on=practice(
        "kakao-links",
        "SOLAPI bms and NHN Brand Message v1.0: http(s), a host with a dot, no blanks, 1,000 characters",
        title_ko="SOLAPI bms, NHN 브랜드 메시지 v1.0: http(s), 점이 있는 호스트, 빈칸 없이 1,000자",
    ),
    title_ko="카카오톡이 열 수 있는 링크여야 합니다",
)
_LINK = (
    "{campaign: {channels: {kakao: {}}}, template: {locales: {en: null},"
    " redefine: {sms: {en: null}, kakao: {ko:"
    " {body: 가을 신상, buttons: [{name: 보기, link: '%s'}]}}}}}"
)
_PLACE = ("template", "redefine", "kakao", "ko", "buttons", 0, "link")
EXAMPLES = (
    Good(_LINK % "https://shop.example/p?u={{ name }}"),
    Bad(_LINK % "https:///{{ name }}", _PLACE, "no address that KakaoTalk opens"),
    Bad(_LINK % "https://shop.example/가을 신상", _PLACE, "no address that KakaoTalk opens"),
    Bad(_LINK % "https://localhost/p", _PLACE, "`https://localhost/p`"),
    Bad(_LINK % f"https://shop.example/?q={'a' * 1000}", _PLACE, "carries 1,000"),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield links and pictures that KakaoTalk refuses."""
    yield from hits(context, META.id)
