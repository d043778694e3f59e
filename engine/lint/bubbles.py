"""What KakaoTalk messages would be, and what is wrong with their bubbles: shared out among the rules.

Texts whose bubble cannot be wrong (a short text, plain buttons with addresses) are not composed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.kernel.finding import Korean, Severity
from engine.kernel.frozen import frozen
from engine.kernel.origin import Origin
from engine.law.jurisdiction import KOREA
from engine.lint.context import LintContext
from engine.lint.every_text import Certainty, EveryText, composed, every_text
from engine.lint.rule import Hit
from engine.lint.samples import CampaignSample
from engine.lint.vendor import kakao_campaigns
from engine.message.kakao_bubbles import problems
from engine.message.kakao_problem import KakaoProblem, KakaoProblemKind, written
from engine.model.channel import Channel
from engine.model.channel_settings import KakaoProduct, KakaoSettings
from engine.model.kakao import Bubble, ButtonKind
from engine.model.message import Message
from engine.model.template import Button

_SHORT, _FEW_LINES, _FEW_BUTTONS, _SHORT_NAME = 500, 50, 4, 14
"""A text below these fits the bubble `text` and an AlimTalk, whatever is added to it."""
_ADDRESS = re.compile(r"https?://[\w-]+(?:\.[\w-]+)+(?:/[^\s{}]{0,300})?", re.IGNORECASE)
_KIND = KakaoProblemKind
_RULES = {
    _KIND.BUTTON: "kakao-buttons",
    _KIND.MODE: "kakao-brand-button-mode",
    _KIND.LINK: "kakao-url",
    _KIND.COUPON: "kakao-coupon-title",
}
_ADDRESSES = frozenset(
    {"link", "link_pc", "android", "ios", "image", "image_link", "more", "thumbnail", "url"}
)
"""Keys whose length is the length of an address."""
_SIZES = re.compile(r"takes (?P<found>[\d,]+|nothing)(?: \w+)* ?;.* carries (?P<most>[\d,]+)")
_COUNTS = re.compile(r"has (?P<found>\d+)(?: rows)?;.* (?:takes|sends) (?P<most>[\d to]*\d)")


@frozen
class BubbleProblem:
    """A problem of a sample, the rule that reports it, and its place in the template."""

    rule: str
    sample: CampaignSample
    problem: KakaoProblem
    locale: str
    at: Origin


def hits(context: LintContext, rule: str) -> Iterator[Hit]:
    """Yield what is to be said under `rule`; where vendors differ it is a warning."""
    for found in context.once(bubble_problems):
        if found.rule != rule:
            continue
        problem = found.problem
        yield Hit(
            message=problem.message,
            at=found.at,
            hint=problem.hint or "change it",
            campaign=found.sample.campaign.id,
            locale=found.locale,
            channel=Channel.KAKAO,
            severity=None if problem.sure else Severity.WARNING,
            korean=in_korean(problem),
        )


def bubble_problems(context: LintContext) -> tuple[BubbleProblem, ...]:
    """Return everything that is wrong with KakaoTalk samples. For `context.once`."""
    users = {campaign.id: settings for campaign, settings in context.once(kakao_campaigns)}
    if not users:
        return ()
    return tuple(
        found
        for one in context.once(every_text)
        if Channel.KAKAO in one.channels and one.campaign.id in users
        for found in _problems_of(context, one, users[one.campaign.id])
    )


def kakao_messages(context: LintContext, one: EveryText) -> Iterator[CampaignSample]:
    """Yield the KakaoTalk messages that `one` becomes, as Koreans get them where any may."""
    named = context.jurisdictions[one.campaign.id]
    for sample in composed(context, one, KOREA if KOREA in named else min(named)):
        if isinstance(sample.composed, Message) and sample.composed.channel is Channel.KAKAO:
            yield sample


def in_korean(problem: KakaoProblem) -> Korean:
    """Say a problem in Korean: the place, and the numbers where it is about numbers."""
    place = f"`{written(problem.path) or '말풍선'}`"
    size, count = _SIZES.search(problem.message), _COUNTS.search(problem.message)
    match problem.kind:
        case _KIND.LENGTH if size is not None:
            unit = "줄바꿈" if "line breaks" in problem.message else "글자"
            found = "0" if size["found"] == "nothing" else size["found"]
            said = f"{place} {unit} 수가 {found}인데 {size['most']}까지 됩니다"
        case _KIND.COUNT if count is not None:
            most = count["most"].replace(" to ", "–")
            said = f"{place}에 {count['found']}개가 있는데 {most}개여야 합니다"
        case _:
            said = f"{place}: {_SAID[problem.kind]}"
    return Korean(said, _TO_DO[problem.kind])


_SAID = {
    _KIND.PART: "이 말풍선에 필요한 항목이 없거나, 보여 주지 않는 항목이 있습니다",
    _KIND.LENGTH: "길이가 말풍선의 한도를 넘습니다",
    _KIND.COUNT: "개수가 말풍선에 맞지 않습니다",
    _KIND.BUTTON: "말풍선이 받지 않는 버튼이거나 버튼에 필요한 링크가 없습니다",
    _KIND.MODE: "이 발송 방식에서 모든 업체가 받지는 않는 버튼입니다",
    _KIND.LINK: "카카오톡이 열 수 없는 주소입니다",
    _KIND.COUPON: "쿠폰 제목은 정해진 다섯 가지 형식이어야 합니다",
    _KIND.PRICE: "가격이 맞지 않습니다",
    _KIND.TARGETING: "이 말풍선은 채널 친구에게만 갑니다",
}
_TO_DO = {
    _KIND.PART: "항목을 쓰거나 지우세요. 다른 `bubble`을 골라도 됩니다",
    _KIND.LENGTH: "줄이세요",
    _KIND.COUNT: "더하거나 지우세요",
    _KIND.BUTTON: "`kind: web`과 `link`를 쓰세요",
    _KIND.MODE: "`kind: web`과 링크로 바꾸세요",
    _KIND.LINK: "`https://`로 시작하고 공백이 없는 주소를 쓰세요",
    _KIND.COUPON: "`5000원 할인 쿠폰`, `30% 할인 쿠폰`, `배송비 할인 쿠폰`처럼 쓰세요",
    _KIND.PRICE: "가격과 할인을 고치세요",
    _KIND.TARGETING: "`targeting: I`로 쓰거나 다른 말풍선을 고르세요",
}


def _problems_of(
    context: LintContext, one: EveryText, settings: KakaoSettings
) -> Iterator[BubbleProblem]:
    if _cannot_be_wrong(one, settings):
        return
    for sample in kakao_messages(context, one):
        message = sample.composed
        if not isinstance(message, Message):
            continue
        for problem in problems(message, settings):
            yield BubbleProblem(
                rule=_rule_of(problem, settings),
                sample=sample,
                problem=problem,
                locale=message.locale,
                at=Origin(sample.origin.file, (*sample.origin.path, *problem.path)),
            )


def _rule_of(problem: KakaoProblem, settings: KakaoSettings) -> str:
    """Return the one rule that a problem is reported under: buttons and links have their own."""
    if problem.kind in (_KIND.LENGTH, _KIND.COUNT) and problem.path:
        *_, last = problem.path
        if last == "buttons" or (last == "name" and "buttons" in problem.path):
            return "kakao-buttons"
        if last in _ADDRESSES:
            return "kakao-url"
    if problem.kind is _KIND.LENGTH and settings.product is KakaoProduct.ALIMTALK:
        return "alimtalk-length"
    return _RULES.get(problem.kind, "kakao-brand-bubble")


def _cannot_be_wrong(one: EveryText, settings: KakaoSettings) -> bool:
    text = one.text
    return (
        settings.bubble is Bubble.TEXT
        and text.kakao is None
        and not text.image
        and bool(text.body)
        and one.certainty is not Certainty.OPEN
        and len(one.words) <= _SHORT
        and one.words.count("\n") <= _FEW_LINES
        and len(text.buttons) <= _FEW_BUTTONS
        and all(map(_is_plain, text.buttons))
    )


def _is_plain(button: Button) -> bool:
    return (
        button.kind in (None, ButtonKind.WEB)
        and not (button.android or button.ios or button.link_pc)
        and "{" not in button.name
        and 0 < len(button.name) <= _SHORT_NAME
        and _ADDRESS.fullmatch(button.link or "") is not None
    )
