"""What the notices that Korean law asks for have to say: 시행령 제62조의2, 제62조의3제2항.

A field counts as there if the composed text has words for it, in Korean, English or Japanese. Other
languages cannot be read here, so only the sender and the date are looked for in them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from engine.kernel.finding import Korean
from engine.kernel.frozen import frozen
from engine.law.jurisdiction import KOREA
from engine.lint.context import LintContext
from engine.lint.every_text import EveryText, composed, every_text, shown
from engine.lint.rule import Hit
from engine.lint.said import is_korean
from engine.model.channel import Channel
from engine.model.legal import Notice
from engine.model.message import Message

_DATE = re.compile(
    r"\d{4}\s?[-./年년]\s?\d{1,2}\s?[-./月월]\s?\d{1,2}"
    r"|\d{1,2}\s?[월月]\s?\d{1,2}\s?[일日]"
    r"|\b\d{1,2}\.? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*"
    r"|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*\.? \d{1,2}\b",
    re.IGNORECASE,
)
Words = Mapping[str, re.Pattern[str]]
_CONSENT: Words = {
    "ko": re.compile(r"동의"),
    "en": re.compile(r"consent|agreed|opted in|subscri", re.IGNORECASE),
    "ja": re.compile(r"同意|受信許可"),
}
_KEEP_OR_WITHDRAW: Words = {
    "ko": re.compile(
        r"(?:유지|철회|거부|해지|변경|끄).{0,40}?(?:하|시|>|→|\d|가능|방법|있)", re.DOTALL
    ),
    "en": re.compile(
        r"\b(?:keep|withdraw|opt out|unsubscribe|turn (?:it |them )?off)", re.IGNORECASE
    ),
    "ja": re.compile(r"継続|維持|撤回|停止|解除"),
}
_CHOICE: Words = {
    "ko": re.compile(r"동의|거부|철회|해지"),
    "en": re.compile(r"consent|agreed|refus|withdr|opt(?:ed)? out|unsubscri", re.IGNORECASE),
    "ja": re.compile(r"同意|拒否|撤回|停止|解除"),
}
_RESULT: Words = {
    "ko": re.compile(r"처리|완료|반영|되었|됐|보내지\s?않|더\s?이상"),
    "en": re.compile(
        r"\b(?:done|completed?|processed|in effect|no longer|has been|have been|will not|we have)\b",
        re.IGNORECASE,
    ),
    "ja": re.compile(r"完了|処理|反映|しました|いたしました|されました"),
}


@frozen(kw_only=False)
class Field:
    """Something that a notice has to say. `words` per language; `dated`: with a date beside them."""

    name: str
    name_ko: str
    words: Words
    dated: bool = False


FIELDS: Mapping[Notice, tuple[Field, ...]] = {
    Notice.CONSENT_RECHECK: (
        Field(
            "that the person agreed, and when", "수신동의 사실과 동의한 날짜", _CONSENT, dated=True
        ),
        Field("how to keep or withdraw the consent", "유지 또는 철회 방법", _KEEP_OR_WITHDRAW),
    ),
    Notice.CONSENT_RESULT: (
        Field("what the person chose, and when", "의사표시 사실과 그 날짜", _CHOICE, dated=True),
        Field("the result", "처리 결과", _RESULT),
    ),
}
"""Beside the sender's name, which every notice has to give."""


def missing_fields(context: LintContext, notice: Notice) -> Iterator[Hit]:
    """Yield what the texts of notices of this kind to Korean residents do not say."""
    for one in context.once(every_text):
        if one.campaign.notice is not notice or not is_korean(context, one):
            continue
        for sample in composed(context, one, KOREA):
            if isinstance(sample.composed, Message):
                yield from _missing(one, notice, sample.composed)


def _missing(one: EveryText, notice: Notice, message: Message) -> Iterator[Hit]:
    text = "\n".join(words for _, words in shown(message))
    language = one.locale.partition("-")[0]
    # The app and the KakaoTalk profile show the sender's name around the text.
    sender = one.campaign.sender
    name = sender.name.strip()
    names = {name, sender.legal_name} if sender.legal_name else {name}
    read = message.channel in (Channel.SMS, Channel.WEB) and (language == "ko" or name.isascii())
    if read and not any(each in text for each in names):
        yield _hit(one, message, f"the sender, `{name}`", f"전송자의 명칭 `{name}`")
    for field in FIELDS[notice]:
        words = field.words.get(language)
        said = words is None or words.search(text) is not None
        if not said or (field.dated and _DATE.search(text) is None):
            yield _hit(one, message, field.name, field.name_ko)


def _hit(one: EveryText, message: Message, field: str, field_ko: str) -> Hit:
    return Hit(
        message=f"the notice does not say {field}",
        at=one.origin / "body",
        hint="add it; dates come from a variable of type `date`, such as `user.ad_confirmed_at`",
        campaign=one.campaign.id,
        locale=one.locale,
        channel=message.channel,
        jurisdiction=KOREA,
        korean=Korean(
            f"통지에 빠진 것이 있습니다: {field_ko}",
            "더하세요. 날짜는 `user.ad_confirmed_at` 같은 `date` 변수로 넣습니다",
        ),
    )
