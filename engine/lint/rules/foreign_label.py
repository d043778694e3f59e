"""An advertisement abroad begins with the label of that country.

## What
Where the law book has a label for a channel (Singapore: a text begins with `<ADV>` and a blank), the
composed message begins with it, and no other form of it is typed into the text. The engine puts it in
front of texts by itself, in subject and body. This is what is elsewhere called `sg-adv-label`.

## Why
Singapore's Spam Control Act, Second Schedule: the label is the first thing that is read, so that
people and filters can tell. Another spelling (`[ADV]`, `ADV:`) is no label, and two are one too many.

## Fix
Type no label: the engine inserts it.

## 한국어
나라별 광고 표시(싱가포르 문자: `<ADV>`와 빈칸)가 있는 채널에서는 완성된 메시지가 그 표시로 시작해야
하고, 본문에 다른 모양의 표시(`[ADV]`, `ADV:`)를 직접 적으면 안 됩니다. 싱가포르 스팸관리법
제2부속서의 의무입니다. 엔진이 문자 제목과 본문 앞에 자동으로 넣습니다.
고치려면 직접 적은 표시를 지우세요.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.kernel.finding import Korean, Severity
from engine.law.book import find_provision
from engine.law.label import label_abroad
from engine.law.provision import Provision
from engine.lint.abroad import Abroad, abroad, row_hit
from engine.lint.context import LintContext
from engine.lint.every_text import EveryText, composed
from engine.lint.josa import josa
from engine.lint.rule import Bad, Good, Hit, RuleMeta, Setting, practice
from engine.lint.texts_abroad import texts_by_campaign
from engine.model.message import Message

META = RuleMeta(
    id="foreign-label",
    title="an advertisement abroad begins with the label of that country",
    severity=Severity.ERROR,
    rests_on=practice(
        "own-label-abroad",
        "the label of the country where a message arrives",
        title_ko="메시지가 도착하는 나라의 광고 표시",
    ),
    title_ko="해외 광고는 그 나라의 광고 표시로 시작해야 합니다",
)
_SG = "campaign: {audience: {attribute: country, eq: SG}, channels: {app: null}}"
EXAMPLES = (
    Good(_SG),
    Bad(
        f"{{{_SG}, template: {{redefine: {{sms: {{ko: {{body: '[ADV] 최대 50% {{{{ link }}}}'}}}}}}}}}}",
        ("template", "redefine", "sms", "ko", "body"),
        "`[ADV]` is typed",
        also=("kr-ad-label-translated",),
    ),
    Bad(
        f"{{{_SG}, template: {{redefine: {{sms: {{en: {{body: 'ADV: up to 50% {{{{ link }}}}'}}}}}}}}}}",
        ("template", "redefine", "sms", "en", "body"),
        "`ADV:` is typed",
    ),
    Bad(
        _SG,
        ("template", "redefine", "sms", "ko", "body"),
        "does not begin with `<ADV> `",
        Setting(
            composed={
                "channel": "sms",
                "jurisdiction": "SG",
                "body": "샘플샵 <ADV> 특가\n무료수신거부 080-000-0000",
            }
        ),
    ),
)


def check(context: LintContext) -> Iterator[Hit]:
    """Yield texts to a country with a label that lack it, or carry an imitation."""
    texts = None
    for one in context.once(abroad):
        for channel in one.campaign.channels:
            label = label_abroad(one.country, channel, one.on)
            if label is None:
                continue
            row = find_provision("ad_label", one.country, one.on, channel)
            texts = context.once(texts_by_campaign) if texts is None else texts
            for text in texts.get(one.campaign.id, ()):
                if row is not None and channel in text.channels:
                    yield from _typed(one, row, text, label)
                    yield from _composed(context, one, row, text, label)


def _typed(one: Abroad, row: Provision, text: EveryText, label: str) -> Iterator[Hit]:
    word = re.escape(re.sub(r"\W", "", label))
    form = re.compile(rf"\s*([\[(（【<〈]\s*{word}\s*[\])）】>〉]|{word}\s*[:：])", re.IGNORECASE)
    for field, source in (("title", text.text.title), ("body", text.text.body)):
        found = form.match(source or "")
        if found is not None and found[1] != label.strip():
            yield row_hit(
                one,
                row,
                f"`{found[1]}` is typed where the label of {one.country} is `{label}`",
                "delete it: the engine inserts the label",
                Korean(
                    f"{one.country}의 광고 표시는 `{label}`인데 `{found[1]}`{josa(found[1], '이/가')}"
                    " 적혀 있습니다",
                    "지우세요. 표시는 엔진이 넣습니다",
                ),
                at=text.origin / field,
                locale=text.locale,
                channel=text.channels[0],
            )


def _composed(
    context: LintContext, one: Abroad, row: Provision, text: EveryText, label: str
) -> Iterator[Hit]:
    for sample in composed(context, text, one.country):
        message = sample.composed
        if not isinstance(message, Message) or message.channel not in row.channels:
            continue
        if not (message.title or message.body or "").startswith(label):
            yield row_hit(
                one,
                row,
                f"the {message.channel} text to {one.country} does not begin with `{label}`",
                "leave label and sender to the engine, and report this if you did",
                Korean(
                    f"{one.country}에 가는 {message.channel} 메시지가 `{label}`로 시작하지 않습니다",
                    "표시와 발신자 이름은 엔진에 맡기고, 그래도 나타나면 알려 주세요",
                ),
                at=text.origin / "body",
                locale=text.locale,
                channel=message.channel,
            )
