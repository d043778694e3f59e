"""Where a message says something: judged on what is composed, found at the source's line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from engine.kernel.finding import Korean
from engine.kernel.frozen import frozen
from engine.kernel.origin import Origin
from engine.law.jurisdiction import KOREA
from engine.lint.as_read import as_read
from engine.lint.context import LintContext
from engine.lint.every_text import Certainty, EveryText, composed, shown
from engine.lint.rule import Hit
from engine.model.channel import Channel
from engine.model.message import Message

Judge = Callable[[str], str | None]
"""From a text to the words in it that are meant, as they are read; None where there are none."""
JudgeWithin = Callable[[str, str], str | None]
"""The same from a text and the whole message that it is a field of."""


@frozen
class Said:
    """`words` stand in the message of one channel, at `at` of the file."""

    text: EveryText
    channel: Channel
    at: Origin
    words: str

    def hit(self, message: str, hint: str, korean: Korean) -> Hit:
        """Return it as a rule about Korea reports it; all channels that show the text say the same."""
        return Hit(
            message=message,
            at=self.at,
            hint=hint,
            campaign=self.text.campaign.id,
            locale=self.text.locale,
            channel=self.channel,
            jurisdiction=KOREA,
            korean=korean,
        )


def is_korean(context: LintContext, one: EveryText) -> bool:
    """Tell whether a Korean resident may read it."""
    return KOREA in context.jurisdictions[one.campaign.id]


def said_in(
    context: LintContext, one: EveryText, pattern: re.Pattern[str], judge: Judge
) -> Iterator[Said]:
    """Yield what `judge` finds in the messages that `one` becomes in Korea, field by field.

    `pattern` matches wherever `judge` finds anything: only texts that may match it are composed.
    """
    yield from said_within(context, one, pattern, lambda words, _: judge(words))


def said_within(
    context: LintContext, one: EveryText, pattern: re.Pattern[str], judge: JudgeWithin
) -> Iterator[Said]:
    """Yield the same where `judge` has to know the rest of the message to judge a field of it."""
    if not one.may_say(pattern):
        return
    if one.certainty is Certainty.EXACT and judge(one.words, one.words) is None:
        return
    for sample in composed(context, one, KOREA):
        message = sample.composed
        if not isinstance(message, Message):
            continue
        fields = [(path, as_read(words)) for path, words in shown(message)]
        whole = "\n".join(words for _, words in fields)
        for path, words in fields:
            found = judge(words, whole)
            if found is not None:
                at = one.origin
                for key in path:
                    at = at / key
                yield Said(text=one, channel=message.channel, at=at, words=found)
