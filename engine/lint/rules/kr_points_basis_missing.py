"""A notice about points or coupons says what they were given for.

## What
An informational text to Korea that tells of points, miles or coupons which were given, run out or end
(적립금 소멸, 쿠폰 만료, 포인트 1,200P가 12월 31일 소멸, 12,000마일이 소멸 …) names the purchase or the
act that earned them: 구매, 결제, 가입, 참여, 신청, 후기, 탑승 and the like. A change of terms and the
correction of a mistake are no such notices. An error where the text goes out as an AlimTalk on 2026-04-01
or later (also for the text that `channels.kakao.templates` declares), else a warning.

## Why
KakaoTalk's review policy for AlimTalk since 2026-04-01, as vendors tell it (onehae.gitbook.io 26.04):
points and coupons only where a purchase or a clear act of the user earned them, and the text says
which. Points that a shop gives by itself make the notice an advertisement.

## Fix
Add what earned them: `※ 고객님의 유료 구매로 지급된 포인트 안내입니다.` If nothing did, the message is an
advertisement.

## 한국어
적립금·포인트·쿠폰의 지급이나 소멸을 알리는 정보성 메시지는 무엇으로 받은 것인지(구매, 결제, 가입, 이벤트
참여, 신청, 탑승 등)를 함께 밝혀야 합니다. 약관 변경 안내와 오류 정정은 보지 않습니다.
2026년 4월 1일부터 알림톡 심사 기준이 그렇게 바뀌었다고 발송 업체가 안내합니다. 그날 이후에 보내는
알림톡이면 오류, 그 전이나 다른 채널이면 경고입니다. 가게가 일방적으로 준 적립금 안내는 광고로 봅니다.
고치려면 「※ 고객님의 유료 구매로 지급된 포인트 안내입니다.」처럼 근거를 더하세요. 근거가 없으면 광고로
보내야 합니다.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from engine.kernel.finding import Korean, Severity
from engine.kernel.origin import Origin
from engine.law.book import in_force
from engine.law.jurisdiction import KOREA
from engine.lint.context import LintContext
from engine.lint.due import day_of_sending
from engine.lint.every_text import every_text
from engine.lint.promotion_contexts import sentence_at
from engine.lint.rule import Bad, Cites, Good, Hit, RuleMeta
from engine.lint.said import is_korean, said_within
from engine.model.channel import Channel
from engine.model.channel_settings import KakaoProduct, KakaoSettings
from engine.model.resolved import ResolvedCampaign

META = RuleMeta(
    id="kr-points-basis-missing",
    title="a notice about points or coupons says what they were given for",
    severity=Severity.WARNING,
    rests_on=Cites("alimtalk_points_basis", "KR", Channel.KAKAO),
    jurisdictions=frozenset({"KR"}),
    title_ko="적립금·쿠폰 안내에는 무엇으로 받은 것인지 적습니다",
)
_INFO = "{campaign: {type: informational, basis: transaction, channels: {%s}}, template: {%s}}"
_APP = "redefine: null, locales: {en: null, ko: {title: '{{ name }}님께', body: '%s'}}"
_KAKAO = "redefine: {sms: null, kakao: {ko: {body: '%s'}}}"
EXAMPLES = (
    Good(
        _INFO
        % ("sms: null", _APP % "적립금 3,000원이 소멸됩니다. 고객님의 구매로 지급된 적립금입니다.")
    ),
    Good(_INFO % ("sms: null", _APP % "탑승으로 적립하신 4,210마일이 12월 31일에 소멸됩니다")),
    Good(
        _INFO % ("sms: null", _APP % "이용약관이 12월 24일부터 바뀝니다: 적립금 유효기간 2년→1년")
    ),
    Good(_INFO % ("sms: null", _APP % "시스템 오류로 쿠폰이 두 번 지급되어 1장을 회수했습니다")),
    Bad(
        _INFO
        % ("sms: null", _APP % "이용약관이 바뀝니다. 보유하신 적립금 3,000원은 12월에 소멸됩니다"),
        ("template", "locales", "ko", "body"),
        "does not say what `적립금 3,000원은 12월에 소멸` was given for",
    ),
    Bad(
        _INFO % ("sms: null", _APP % "적립금 3,000원 소멸 예정"),
        ("template", "locales", "ko", "body"),
        "does not say what `적립금 3,000원 소멸` was given for",
    ),
    Bad(
        _INFO % ("sms: null", _APP % "보유하신 포인트 1,200P가 12월 31일 소멸됩니다"),
        ("template", "locales", "ko", "body"),
        "`포인트 1,200P가 12월 31일 소멸` was given for",
    ),
    Bad(
        _INFO % ("sms: null", _APP % "12,000마일이 2026.12.31에 만료됩니다"),
        ("template", "locales", "ko", "body"),
        "`마일이 2026.12.31에 만료` was given for",
    ),
    Bad(
        _INFO
        % (
            "app: null, sms: null, kakao: {product: alimtalk, template_code: POINT_01}",
            _KAKAO % "{{ name }}님, 보유하신 쿠폰이 내일 만료됩니다",
        ),
        ("template", "redefine", "kakao", "ko", "body"),
        "does not say what `쿠폰이 내일 만료` was given for",
        also=("fallback-missing",),
    ),
    Bad(
        "{workspace: {channels: {kakao: {templates: {POINT_01: {status: approved,"
        " text: '적립금 3,000원이 소멸됩니다'}}}}}, "
        + (
            _INFO
            % (
                "app: null, sms: null, kakao: {product: alimtalk, template_code: POINT_01}",
                _KAKAO % "{{ name }}님, 고객님의 구매로 받으신 적립금이 소멸됩니다",
            )
        )[1:],
        ("workspace", "channels", "kakao", "templates", "POINT_01", "text"),
        "does not say what `적립금 3,000원이 소멸` was given for",
        also=("fallback-missing", "alimtalk-variables"),
    ),
)
_POINTS = re.compile(
    r"(?:적립금|포인트|마일(?:리지)?(?![드스즈])|캐시|쿠폰)[^.!?\n]{0,16}?"
    r"(?:(?:\d{4}\s?[-./년]\s?)?\d{1,2}\s?[-./월]\s?\d{1,2}[^.!?\n]{0,14}?)?"
    r"(?:소멸|만료|지급|종료|사용\s?기한|유효\s?기간)"
)
_BASIS = re.compile(
    r"구매|결제|주문|구입|유료|가입|참여|응모|신청|후기|리뷰|작성|예약|충전|이용하신|환불|취소|교환|보상"
    r"|(?:탑승|투숙|이용)(?:으로|하(?:여|신|셔)|해)|적립하(?:신|셨)"
)
_TERMS = re.compile(
    r"(?:약관|방침|정책|기준)(?:(?:의|이|가|을|를)[^.!?\n]{0,24}?|\s?)"
    r"(?:변경|개정|개편|바뀝|바뀌|바뀐|달라)|개정\s?(?:이용\s?)?약관"
)
"""A change of rules names what it is about: `적립금 유효기간 2년→1년`."""
_OWN = re.compile(r"보유|남은|(?:고객|회원)님(?:의|께|이)")
_CORRECTED = re.compile(r"오류|착오|잘못|중복|이중|두\s?번|정정|누락")


def check(context: LintContext) -> Iterator[Hit]:
    """Yield notices about points or coupons that name nothing that earned them."""
    for one in context.once(every_text):
        if one.campaign.advertising or not one.may_say(_POINTS) or not is_korean(context, one):
            continue
        for said in said_within(context, one, _POINTS, unfounded):
            hit = said.hit(*_words(said.words))
            yield replace(hit, severity=_severity(one.campaign, said.channel))
    yield from _declared(context)


def unfounded(text: str, whole: str | None = None) -> str | None:
    """Return what `text` says of points or coupons if nothing names what earned them.

    `whole` is the message that `text` is a field of (None: `text` is all): a title may name it for the
    body. What a sentence corrects, or says of everybody's in a change of terms, is no notice about them.
    """
    about = text if whole is None else whole
    if _BASIS.search(about):
        return None
    terms = _TERMS.search(about)
    for found in _POINTS.finditer(text):
        sentence = sentence_at(text, *found.span())
        if not _CORRECTED.search(sentence) and not (terms and not _OWN.search(sentence)):
            return found[0]
    return None


def _severity(campaign: ResolvedCampaign, channel: Channel) -> Severity:
    settings = campaign.channels.get(channel)
    if isinstance(settings, KakaoSettings) and settings.product is KakaoProduct.ALIMTALK:
        return _of_alimtalk(campaign)
    return Severity.WARNING


def _of_alimtalk(campaign: ResolvedCampaign) -> Severity:
    """Return ERROR from the day on which the review policy holds, by the day of sending."""
    row = in_force("alimtalk_points_basis", KOREA, day_of_sending(campaign), Channel.KAKAO)
    return Severity.WARNING if row is None else Severity.ERROR


def _declared(context: LintContext) -> Iterator[Hit]:
    """Yield AlimTalk templates in use whose declared text is such a notice."""
    kakao = context.workspace.channels.get(Channel.KAKAO)
    templates = kakao.options.get("templates") if kakao is not None else None
    if kakao is None or not isinstance(templates, Mapping):
        return
    # Of the campaigns that send a template the last to be due is judged: the policy is the newest.
    senders = [
        campaign
        for campaign in reversed(context.live)
        if isinstance(campaign.channels.get(Channel.KAKAO), KakaoSettings)
    ]
    used = {
        settings.template_code: campaign
        for campaign in sorted(senders, key=day_of_sending)
        if isinstance(settings := campaign.channels.get(Channel.KAKAO), KakaoSettings)
    }
    for code, declared in templates.items():
        text = declared.get("text") if isinstance(declared, Mapping) else None
        words = unfounded(text) if isinstance(text, str) else None
        if words is not None and code in used:
            at: Origin = context.workspace.origin / "channels" / "kakao" / "templates" / code
            message, hint, korean = _words(words)
            yield Hit(
                message=message,
                at=at / "text",
                hint=hint,
                campaign=used[code].id,
                channel=Channel.KAKAO,
                jurisdiction=KOREA,
                severity=_of_alimtalk(used[code]),
                korean=korean,
            )


def _words(words: str) -> tuple[str, str, Korean]:
    return (
        f"the text does not say what `{words}` was given for",
        "add it: `※ 고객님의 유료 구매로 지급된 포인트 안내입니다.`; if nothing earned it, it advertises",
        Korean(
            f"`{words}` 안내에 무엇으로 받은 것인지가 없습니다",
            "「※ 고객님의 유료 구매로 지급된 포인트 안내입니다.」처럼 더하세요. 근거가 없으면 광고입니다",
        ),
    )
