"""Where a message says something: judged on what is composed, found at the source's line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from engine.kernel.finding import Korean
from engine.kernel.frozen import frozen
from engine.kernel.origin import Origin
from engine.law.jurisdiction import KOREA
from engine.lint.context import LintContext
from engine.lint.every_text import Certainty, EveryText, composed, shown
from engine.lint.rule import Hit
from engine.model.channel import Channel
from engine.model.message import Message

Judge = Callable[[str], str | None]
"""From a text to the words in it that are meant, as they stand there; None where there are none."""


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
    if not one.may_say(pattern):
        return
    if one.certainty is Certainty.EXACT and judge(one.words) is None:
        return
    for sample in composed(context, one, KOREA):
        message = sample.composed
        if not isinstance(message, Message):
            continue
        for path, words in shown(message):
            found = judge(words)
            if found is not None:
                at = one.origin
                for key in path:
                    at = at / key
                yield Said(text=one, channel=message.channel, at=at, words=found)
