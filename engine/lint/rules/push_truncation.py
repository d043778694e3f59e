"""A push can be read before it is opened.

## What
A title fits on more than half of the screens of its channel: 50 letters on phones, 43 in browsers.
A body fits where it is shown whole: 240 letters on phones, 140 in browsers; what is lost beyond is
the end of an advertisement, which says how to refuse. A Hangul syllable or an emoji counts as two
letters. Label, sender and opt-out count.

## Why
Screens cut: a title is one line, a body ends where even the expanded notification ends. The numbers are
what push vendors measured (`pushform preview --format html` draws every screen); nobody publishes
exact ones.

## Fix
Shorten it, and put what matters first.

## 한국어
제목은 그 채널 화면의 절반이 넘는 곳에서 다 보여야 합니다(휴대전화 50자, 브라우저 43자). 본문은
펼쳐서 다 볼 수 있는 길이여야 합니다(휴대전화 240자, 브라우저 140자). 넘치면 광고의 끝, 곧 수신거부
안내가 잘립니다. 한글 한 글자와 이모지는 두 자로 세며, (광고) 표시와 보내는 사람, 수신거부 안내도
포함합니다. 숫자는 푸시 업체들이 잰 것이며(`pushform preview --format html`이 화면마다 그려 줍니다)
공식 값은 없습니다. 고치려면 줄이고, 중요한 말을 앞에 두세요.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from engine.kernel.finding import Citation, Confidence, Korean, Severity
from engine.lint.context import LintContext
from engine.lint.every_text import Certainty, EveryText, every_text
from engine.lint.pushes import pushes
from engine.lint.rule import Bad, Good, Hit, RuleMeta
from engine.lint.texts import PUSH
from engine.message.screens import SCREENS, letters
from engine.model.channel import Channel
from engine.model.message import Message
from engine.model.workspace import Sender

META = RuleMeta(
    id="push-truncation",
    title="a push can be read before it is opened",
    severity=Severity.WARNING,
    rests_on=Citation(
        id="push-vendor-screens",
        title="mojicnt.click, doc.batch.com and others: what screens show of a notification",
        title_ko="mojicnt.click, doc.batch.com 등: 화면이 알림을 어디까지 보여 주는지",
        confidence=Confidence.GUIDANCE,
    ),
    title_ko="푸시는 열지 않고도 읽을 수 있어야 합니다",
)
EXAMPLES = (
    Good("template: {locales: {ko: {title: '한가위 준비는 샘플샵에서', body: '오늘 자정까지'}}}"),
    Bad(
        "template: {locales: {ko: {title: '{{ name }}님만을 위해 준비한 추석 선물세트 모음전 오늘 마감'}}}",
        ("template", "locales", "ko", "title"),
        "letters; half of the screens show 50",
    ),
    Bad(
        f"template: {{locales: {{ko: {{body: '{'한우와 과일을 한자리에서 만나 보세요. ' * 6}'}}}}}}",
        ("template", "locales", "ko", "body"),
        "how to refuse is lost",
    ),
    Bad(
        "{campaign: {type: informational, basis: transaction,"
        " channels: {app: null, sms: null, web: {}}}, template: {variables: null, redefine: null,"
        " locales: {ko: {title: 배송 안내, body: 오늘 도착합니다}, en: {title: Your parcel,"
        f" body: '{'Your parcel is on its way. ' * 6}'}}}}}}}}",
        ("template", "locales", "en", "body"),
        "no screen shows more than 140",
    ),
)
_LABEL = 7
"""Letters of `(광고) `."""
_GROWN = {"josa": 6, "number": 8, "money": 14, "date": 24, "time": 24, "datetime": 40}
"""So many letters a filter may add to a value: a particle, commas, a date that is written out."""
_FILTER = re.compile(r"\| *(\w+)")


def _limits(channel: Channel) -> tuple[int, int]:
    """Return what more than half of the screens show of a title, and the roomiest of a body."""
    screens = [screen for screen in SCREENS if screen.channel is channel]
    titles = sorted(screen.title for screen in screens)
    return titles[(len(titles) - 1) // 2], max(screen.body for screen in screens)


LIMITS = {channel: _limits(channel) for channel in (Channel.APP, Channel.WEB)}


def check(context: LintContext) -> Iterator[Hit]:
    """Yield titles and bodies that most screens, or all of them, cut."""
    added: dict[int, int] = {}
    limits: dict[tuple[Channel, ...], tuple[tuple[Channel, ...], int, int]] = {}
    for one in context.once(every_text):
        if one.channels not in limits:
            limits[one.channels] = _limits_of(one.channels)
        channels, most_title, most_body = limits[one.channels]
        if not channels:
            continue
        campaign = one.campaign
        if campaign.advertising:
            sender = campaign.sender
            if id(sender) not in added:
                added[id(sender)] = _added(sender)
            most_title, most_body = most_title - _LABEL, most_body - added[id(sender)]
        if _surely_fits(one, most_title, most_body):
            continue
        for channel in channels:
            for message in pushes(context, one, channel):
                yield from _judge(one, message)


def _surely_fits(one: EveryText, most_title: int, most_body: int) -> bool:
    """Tell without composing whether title and body have no more letters than these."""
    if one.certainty is Certainty.OPEN:
        return False
    words, written = one.words, one.text.title
    title = words.partition("\n")[0] if written else ""
    if written and "\n" in written:
        title = "\n".join(words.split("\n")[: written.count("\n") + 1])
    # At least as many letters as there are: three bytes of Hangul are two of them.
    of_title = len(title.encode()) + len(title)
    of_all = len(words.encode()) + len(words)
    if one.certainty is Certainty.EXACT:
        return of_title <= 2 * most_title and of_all - of_title <= 2 * most_body
    in_title, in_body = (
        of_title + 2 * _growth(written),
        of_all - of_title + 2 * _growth(one.text.body),
    )
    return in_title <= 2 * most_title and in_body <= 2 * most_body


@lru_cache(maxsize=4096)
def _growth(source: str | None) -> int:
    """Return how many letters more than its words the filters of `source` may make."""
    if source is None or "|" not in source:
        return 0
    return sum(_GROWN.get(name, 0) for name in _FILTER.findall(source))


def _limits_of(channels: tuple[Channel, ...]) -> tuple[tuple[Channel, ...], int, int]:
    """Return those of `channels` that are pushes, and the least that one of them shows."""
    pushed = tuple(channel for channel in channels if channel in PUSH)
    titles, bodies = zip(*(LIMITS[channel] for channel in pushed or LIMITS), strict=True)
    return pushed, min(titles), min(bodies)


def _added(sender: Sender) -> int:
    """Return how many letters label, sender and opt-out may add to a body."""
    texts = [text for channel in PUSH for text in sender.opt_out.get(channel, {}).values()]
    longest = max(map(letters, texts), default=0)
    return _LABEL + letters(sender.name) + longest + 4


def _judge(one: EveryText, message: Message) -> Iterator[Hit]:
    title, body = LIMITS[message.channel]
    width = letters(message.title or "")
    place, place_ko = (
        ("phones", "휴대전화") if message.channel is Channel.APP else ("browsers", "브라우저")
    )
    if width > title:
        yield _hit(
            one,
            message,
            "title",
            f"the title has {width} letters; half of the screens show {title} at most ({place})",
            Korean(
                f"제목이 {width}자입니다({place_ko} 화면의 절반은 {title}자까지만 보여 줍니다)",
                "줄이고 중요한 말을 앞에 두세요. 한글은 두 자로 셉니다",
            ),
        )
    width = letters(message.body or "")
    if width > body:
        lost = "; how to refuse is lost" if one.campaign.advertising else ""
        lost_ko = ". 끝에 있는 수신거부 안내가 잘립니다" if one.campaign.advertising else ""
        yield _hit(
            one,
            message,
            "body",
            f"the body has {width} letters, and no screen shows more than {body} ({place}){lost}",
            Korean(
                f"본문이 {width}자인데 {body}자보다 많이 보여 주는 {place_ko} 화면은 없습니다{lost_ko}",
                "줄이고 중요한 말을 앞에 두세요. 한글은 두 자로 셉니다",
            ),
        )


def _hit(one: EveryText, message: Message, field: str, words: str, korean: Korean) -> Hit:
    return Hit(
        message=words,
        at=one.origin / field,
        hint="shorten it, and put what matters first; a Hangul syllable counts as two",
        campaign=one.campaign.id,
        locale=one.locale,
        channel=message.channel,
        korean=korean,
    )
