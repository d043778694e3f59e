"""Refusing advertisements costs nothing.

## What
A number that stands as the way out of an advertisement to Korea starts with 080, in
`sender.opt_out` and in texts; and where a text message names the way out, typed or from
`sender.opt_out`, it says that it is free: `무료수신거부 080-000-0000`, `수신거부 080-000-0000(무료)`.

## Why
정보통신망법 제50조제6항, 시행령 제62조: no cost for whoever refuses; a free telephone service or the
like. 시행령 별표 6: the text says that it is free. A fine of up to 30,000,000 won (제76조제2항제9호).

## Fix
Rent an 080 number (vendors offer them with text messages) and write `무료수신거부 080-000-0000`.

## 한국어
한국으로 가는 광고의 수신거부 번호는 080으로 시작해야 합니다. 문자의 수신거부 문구에는 본문에 직접
적었더라도 무료라는 말(「무료수신거부」, 「080-000-0000(무료)」)이 있어야 합니다. 정보통신망법 제50조제6항과
시행령 제62조에 따라 거부에 드는 비용을 받는 사람이 내게 해서는 안 됩니다. 3천만 원 이하의 과태료에
해당합니다.
고치려면 문자 발송 업체에서 080 번호를 빌려 「무료수신거부 080-000-0000」이라고 적으세요.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from engine.kernel.finding import Korean, Severity
from engine.kernel.origin import Origin
from engine.law.book import provision
from engine.law.jurisdiction import KOREA
from engine.lint.context import LintContext
from engine.lint.due import day_of_sending
from engine.lint.every_text import every_text
from engine.lint.opt_outs import opt_outs
from engine.lint.rule import Bad, Cites, Good, Hit, RuleMeta
from engine.lint.said import is_korean, said_in
from engine.lint.ways_out import costly_number, numbers_in, says_free, unfree_number
from engine.model.channel import Channel
from engine.model.resolved import ResolvedCampaign

META = RuleMeta(
    id="kr-ad-optout-not-free",
    title="refusing advertisements costs nothing",
    severity=Severity.ERROR,
    rests_on=Cites("ad_opt_out_free", "KR"),
    jurisdictions=frozenset({"KR"}),
    title_ko="수신거부에는 비용이 들지 않아야 합니다",
)
EXAMPLES = (
    Good("workspace: {sender: {opt_out: {sms: {ko: '무료 거부 080-123-4567'}}}}"),
    Bad(
        "workspace: {sender: {opt_out: {sms: {ko: '무료수신거부 1588-1234'}}}}",
        ("workspace", "sender", "opt_out", "sms", "ko"),
        "`1588-1234` is no free number",
    ),
    Bad(
        "workspace: {sender: {opt_out: {sms: {ko: '수신거부 080-123-4567'}}}}",
        ("workspace", "sender", "opt_out", "sms", "ko"),
        "does not say that refusing is free",
    ),
    Bad(
        "template: {redefine: {sms: {ko: {body: '최대 50% {{ link }} 수신거부 02-123-4567'}}}}",
        ("template", "redefine", "sms", "ko", "body"),
        "`02-123-4567` is no free number",
    ),
    Bad(
        "template: {redefine: {sms: {ko: {body: '최대 50% {{ link }} 수신거부 080-123-4567'}}}}",
        ("template", "redefine", "sms", "ko", "body"),
        "`수신거부 080-123-4567` does not say that refusing is free",
    ),
)
_MENTIONED = re.compile("거부|끄기|해지")


def check(context: LintContext) -> Iterator[Hit]:
    """Yield opt-out texts that cost something or do not say that they are free."""
    for one in opt_outs(context):
        free = _free_number(context.korean_ads[0])  # there is one: they use these texts
        costly = next((n for n in numbers_in(one.text) if not n.startswith(free)), None)
        if costly is not None:
            yield _costly(costly, free, one.at, one.channel)
        elif one.channel is Channel.SMS and not says_free(one.text):
            yield _unsaid(one.text.strip(), one.at, one.channel)
    yield from _typed(context)


def _free_number(campaign: ResolvedCampaign) -> str:
    """Return what free numbers begin with on the day on which `campaign` is sent."""
    row = provision("ad_opt_out_number", KOREA, day_of_sending(campaign), Channel.SMS)
    return str(row.value)


def _typed(context: LintContext) -> Iterator[Hit]:
    """Yield texts that name such a way out themselves; what is inserted is judged where it is set."""
    inserted = sorted({one.text.strip() for one in opt_outs(context)} - {""}, key=len, reverse=True)

    def unfree(words: str, free: str) -> str | None:
        for text in inserted:
            words = words.replace(text, "")
        return unfree_number(words, free)

    for text in context.once(every_text):
        if not text.campaign.advertising or not text.may_say(_MENTIONED):
            continue
        if not is_korean(context, text):
            continue
        free = _free_number(text.campaign)
        costly, unsaid = partial(costly_number, free=free), partial(unfree, free=free)
        for said in said_in(context, text, _MENTIONED, costly):
            yield _costly(said.words, free, said.at, said.channel, text.campaign.id)
        if Channel.SMS in text.channels:
            for said in said_in(context, text, _MENTIONED, unsaid):
                if said.channel is Channel.SMS:
                    yield _unsaid(said.words, said.at, said.channel, text.campaign.id)


def _unsaid(words: str, at: Origin, channel: Channel, campaign: str | None = None) -> Hit:
    return Hit(
        message=f"`{words}` does not say that refusing is free",
        at=at,
        hint="write `무료수신거부` in front of the number",
        campaign=campaign,
        channel=channel,
        jurisdiction=KOREA,
        korean=Korean(f"`{words}`에 무료라는 말이 없습니다", "번호 앞에 `무료수신거부`라고 쓰세요"),
    )


def _costly(
    number: str, free: str, at: Origin, channel: Channel, campaign: str | None = None
) -> Hit:
    return Hit(
        message=f"`{number}` is no free number, and people refuse advertisements by it",
        at=at,
        hint=f"write a number that starts with {free}",
        campaign=campaign,
        channel=channel,
        jurisdiction=KOREA,
        korean=Korean(
            f"수신거부 번호가 무료 번호가 아닙니다: `{number}`",
            f"{free}으로 시작하는 번호를 쓰세요",
        ),
    )
