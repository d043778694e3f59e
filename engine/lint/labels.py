"""Where labels stand in the texts of Korean advertisements: looked at once, for a dozen rules."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from unicodedata import normalize

from engine.kernel.finding import Korean, Severity
from engine.kernel.frozen import frozen
from engine.kernel.origin import Origin
from engine.law.jurisdiction import KOREA
from engine.law.label import (
    LABEL,
    LOOK_ALIKES,
    LabelFault,
    is_labelled,
    may_carry_label,
    typed_faults,
)
from engine.lint.context import LintContext
from engine.lint.readings import readings
from engine.lint.rule import Hit
from engine.lint.samples import CampaignSample, korean_ad, lead_of, samples
from engine.lint.texts import PUSH, used_texts
from engine.model.channel import Channel
from engine.model.message import Message
from engine.model.resolved import ResolvedCampaign
from engine.model.template import Text

IMAGE_ONLY = "image_only"
LMS_SUBJECT_ONLY = "lms_subject_only"
BODY_ONLY = "body_only"
IN_BRANCH = "in_branch"
_BRANCH = re.compile(r"\s*(?:\{%|\{\{[^{}]*\(광고\)[^{}]*\bif\b|\{\{[^{}]*\bif\b[^{}]*\(광고\))")
"""A text that opens with a condition: `{% if … %}`, `{{ '(광고)' if … else '' }}`."""
_TYPED = frozenset({*LOOK_ALIKES, LabelFault.DUPLICATE})
"""What is marked where it was typed, if it was."""
_FIELDS_KO = {"title": "제목", "body": "본문", "image": "그림"}


@frozen
class Mark:
    """A text of an advertisement whose label is wrong in one way; `text` is what stands there."""

    campaign: ResolvedCampaign
    channel: Channel | None
    locale: str
    at: Origin
    text: str

    def hit(
        self, message: str, hint: str, korean: Korean, *, severity: Severity | None = None
    ) -> Hit:
        """Return this mark as a rule reports it; `severity` only where the card's is not meant."""
        return Hit(
            message=message,
            at=self.at,
            hint=hint,
            campaign=self.campaign.id,
            locale=self.locale,
            channel=self.channel,
            jurisdiction=KOREA,
            severity=severity,
            korean=korean,
        )


Marks = Mapping[str, tuple[Mark, ...]]


def label_marks(context: LintContext) -> Marks:
    """Return the marks by fault: hand-typed labels in the sources, and the composed texts."""
    found: defaultdict[str, list[Mark]] = defaultdict(list)
    read = context.once(readings)
    for campaign in context.korean_ads:
        for channel, locale, text in used_texts(campaign):
            if text.image or read.of(text).labelled:
                _mark_source(campaign, channel, locale, text, found)
    seen = {mark.at for marks in found.values() for mark in marks}
    for sample in context.once(samples):
        message = korean_ad(sample)
        if message is not None:
            _mark_composed(sample, message, seen, found)
    return {fault: tuple(marks) for fault, marks in found.items()}


def what(mark: Mark) -> str:
    """Return what people call the marked text: `title of sms`, `body`."""
    field = str(mark.at.path[-1]) if mark.at.path else "text"
    return f"{field} of {mark.channel}" if mark.channel is not None else field


def what_ko(mark: Mark) -> str:
    """Return the same in Korean: `sms 제목`, `본문`."""
    field = _FIELDS_KO.get(str(mark.at.path[-1]) if mark.at.path else "", "글")
    return f"{mark.channel} {field}" if mark.channel is not None else field


def excerpt(text: str) -> str:
    """Return the beginning of `text` on one line, for a message."""
    line = " ".join(text.split())
    return line if len(line) <= 24 else line[:23] + "…"


def _mark_source(
    campaign: ResolvedCampaign,
    channel: Channel | None,
    locale: str,
    text: Text,
    found: defaultdict[str, list[Mark]],
) -> None:
    words = (text.title or "").strip() or (text.body or "").strip() or text.kakao
    if text.image and not words:
        found[IMAGE_ONLY].append(
            _mark(campaign, channel, locale, text.origin / "image", text.image)
        )
    for field, source in (("title", text.title), ("body", text.body)):
        if not source or not may_carry_label(source):
            continue
        faults: frozenset[str] = typed_faults(source)
        mark = _mark(campaign, channel, locale, text.origin / field, source)
        if LabelFault.NOT_LEADING in faults and _BRANCH.match(source):
            faults = (faults - {LabelFault.NOT_LEADING}) | {IN_BRANCH}
        for fault in faults:
            found[fault].append(mark)


def _mark_composed(
    sample: CampaignSample, message: Message, seen: set[Origin], found: defaultdict[str, list[Mark]]
) -> None:
    """Mark a composed text whose label is missing, in the wrong place, or there twice.

    Brand Messages show the label beside the profile's name, put there by Kakao (cs.kakao.com,
    Kakao Moment message ads; assumed the same for Brand Messages).
    """
    channel = message.channel
    title, body = message.title or "", message.body or ""
    lead = lead_of(message)
    field = "title" if lead == title and channel is not Channel.SMS else "body"
    fault: str | None = None
    if channel is not Channel.KAKAO and not is_labelled(lead):
        if channel is Channel.SMS and is_labelled(title):
            fault = LMS_SUBJECT_ONLY
        elif channel in PUSH and is_labelled(body):
            fault = BODY_ONLY
        elif message.image is None or lead:
            # A look-alike is no label, and told once: as what it is.
            fault = min(typed_faults(lead) & LOOK_ALIKES, default=LabelFault.MISSING)
        else:
            fault = IMAGE_ONLY
    elif (title + body).count(LABEL) > 1 and channel is not Channel.SMS:
        # The subject of an LMS may repeat the label of its body.
        field, fault = ("body" if LABEL in body else "title"), LabelFault.DUPLICATE
    at = sample.origin / field
    if fault is None or (fault in _TYPED and at in seen):
        return
    text = normalize("NFC", lead)
    found[fault].append(_mark(sample.campaign, channel, message.locale, at, text))


def _mark(
    campaign: ResolvedCampaign, channel: Channel | None, locale: str, at: Origin, text: str
) -> Mark:
    return Mark(campaign=campaign, channel=channel, locale=locale, at=at, text=text)
