"""An advertisement abroad says how to refuse further ones, in that country's words.

## What
Where a country asks for a way to refuse in every message, the channel has an opt-out text
(`sender.opt_out`) or the text itself says one. Where the words are fixed, one of them stands in what
arrives: `STOP` in the United States and France (there with a short code: `STOP au 36xxx`), `7726` in
the Emirates, `STOP` in English or Arabic in Saudi Arabia, `SAIR` in Brazil, `TD` or `R` in China. This
is what is elsewhere called `us-stop` and `fr-stop`.

## Why
Each finding cites the country's row. 47 CFR 64.1200(a)(10): a person may revoke by any reasonable means,
and the customary one is the word that carriers act on. CPCE L.34-5: an ad without it is unlawful.
Rows that only vendors or memory vouch for, and push where a row is about texts, are warnings.

## Fix
Write the words into `sender.opt_out.sms` in the locale of the text (`en: "Reply STOP to opt out"`,
`fr: "STOP au 36111"`), or at the end of the text.

## 한국어
해외 광고에는 그 나라의 수신거부 방법이 있어야 합니다. 문구가 정해진 나라에서는 그 말이 실제
메시지에 들어 있어야 합니다: 미국·프랑스 `STOP`, 아랍에미리트 `7726`, 사우디아라비아
`STOP`(영어·아랍어), 브라질 `SAIR`, 중국 `TD`·`R`. 업체 안내뿐인 규정과 문자 규정을 푸시에 견준 것은
경고입니다.
고치려면 `sender.opt_out.sms`에 그 언어로 적거나(`en: "Reply STOP to opt out"`) 본문 끝에 적으세요.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from engine.kernel.finding import Korean, Severity
from engine.kernel.origin import Origin
from engine.law.book import find_provision
from engine.law.provision import Provision
from engine.lint.abroad import Abroad, abroad, row_hit
from engine.lint.context import LintContext
from engine.lint.every_text import EveryText
from engine.lint.josa import josa
from engine.lint.rule import Bad, Good, Hit, RuleMeta, practice
from engine.lint.texts_abroad import texts_by_campaign
from engine.message.inserted import find_opt_out
from engine.model.channel import Channel

META = RuleMeta(
    id="foreign-opt-out",
    title="an advertisement abroad says how to refuse further ones",
    severity=Severity.ERROR,
    rests_on=practice(
        "own-opt-out-abroad",
        "the way to refuse of where a message arrives",
        title_ko="메시지가 도착하는 나라의 수신거부 방법",
    ),
    title_ko="해외 광고에는 그 나라의 수신거부 방법이 있어야 합니다",
)
_TO = (
    "campaign: {audience: {attribute: country, eq: %s}, channels: {app: null},"
    " schedule: {at: '2026-09-24 12:00', timezone: recipient}}"
)
_US, _FR, _GB = ("{" + _TO % country + ", " for country in ("US", "FR", "GB"))
_IN_KO = "workspace: {sender: {opt_out: {sms: {ko: '%s'}}}}}"
EXAMPLES = (
    Good(
        "campaign: {audience: {attribute: country, eq: GB}, channels: {sms: null},"
        " schedule: {timezone: recipient}}"
    ),
    Good(_TO % "GB"),
    Bad(
        _US + "workspace: {}}",
        ("workspace", "sender", "opt_out", "sms"),
        "does not say `STOP`, which US asks for",
        also=("jurisdiction-uncertain",),
    ),
    Bad(
        _FR + _IN_KO % "무료수신거부 080-000-0000",
        ("workspace", "sender", "opt_out", "sms"),
        "does not say `STOP`, which FR asks for",
        also=("jurisdiction-uncertain",),
    ),
    Bad(
        _GB + "workspace: {sender: {opt_out: {sms: null}}}}",
        ("workspace", "sender", "opt_out"),
        "nothing says on sms how to refuse, which GB asks for",
        also=("kr-ad-optout-missing", "kr-ad-optout-not-trailing"),
    ),
)

_WAYS = re.compile(
    r"opt[ -]?out|unsubscribe|\bstop\b|수신\s?거부|무료\s?거부|停止|abmelden|désabonn|退訂|退订",
    re.IGNORECASE,
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield channels on which nobody in a country is told how to refuse as it asks."""
    for one in context.once(abroad):
        for text in context.once(texts_by_campaign).get(one.campaign.id, ()):
            for channel in text.channels:
                if channel is not Channel.KAKAO:
                    yield from _judge(context, one, text, channel)


def _judge(context: LintContext, one: Abroad, text: EveryText, channel: Channel) -> Iterator[Hit]:
    asked = find_provision("ad_opt_out", one.country, one.on, channel)
    words = find_provision("ad_opt_out_words", one.country, one.on, channel)
    written = find_opt_out(one.campaign, channel, text.locale)
    shown = f"{text.words}\n{written or ''}"
    place = context.workspace.origin / "sender" / "opt_out"
    if words is not None and not _word_in(_as_words(words), shown):
        yield _without_word(one, words, text, channel, place / channel if written else place)
    elif words is None and asked is not None and not written and not text.may_say(_WAYS):
        yield _without_way(one, asked, channel, place)


def _without_word(
    one: Abroad, row: Provision, text: EveryText, channel: Channel, at: Origin
) -> Hit:
    listed = " or ".join(f"`{word}`" for word in _as_words(row))
    return row_hit(
        one,
        row,
        f"what arrives on {channel} in `{text.locale}` does not say {listed}, which {one.country}"
        " asks for",
        f"write it into `sender.opt_out.{channel}.{text.locale}`, or at the end of the text",
        Korean(
            f"{channel}의 `{text.locale}` 메시지에 {one.country}에서"
            f" 요구하는 {listed}{josa(listed, '이/가')}"
            " 없습니다",
            f"`sender.opt_out.{channel}.{text.locale}` 또는 본문 끝에 적으세요",
        ),
        at=at,
        channel=channel,
        locale=text.locale,
    )


def _without_way(one: Abroad, row: Provision, channel: Channel, at: Origin) -> Hit:
    return row_hit(
        one,
        row,
        f"nothing says on {channel} how to refuse, which {one.country} asks for",
        f"add `{channel}` under `sender.opt_out`",
        Korean(
            f"{channel} 광고에 {one.country}에서 요구하는 수신거부 방법이 없습니다",
            f"`sender.opt_out`에 `{channel}`{josa(channel, '을/를')} 더하세요",
        ),
        at=at,
        channel=channel,
    )


def _as_words(row: Provision) -> tuple[str, ...]:
    return row.value if isinstance(row.value, tuple) else (str(row.value),)


@lru_cache(maxsize=16384)
def _word_in(words: tuple[str, ...], text: str) -> bool:
    """Tell whether one of `words` stands in `text` as a word of its own, in whatever case."""
    listed = "|".join(map(re.escape, words))
    return re.search(rf"(?<!\w)(?:{listed})(?!\w)", text, re.IGNORECASE) is not None
