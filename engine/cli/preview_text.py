"""One message as people read it in a terminal, with its sizes and what screens cut off."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.kernel.instant import format_instant
from engine.kernel.speech import Speech
from engine.message.limits import measure
from engine.message.screens import CutOff, cut_offs
from engine.model.kakao import texts_in
from engine.model.message import Message, Preview

_NUMBERED = re.compile(r"buttons\[(\d+)\]")


def preview_text(preview: Preview, speech: Speech) -> str:
    """Return one message with its limits, its labels in the reader's language."""
    return "\n".join(_lines(preview, speech)) + "\n"


def _lines(preview: Preview, speech: Speech) -> Iterator[str]:
    message = preview.message
    place = [message.channel, message.locale, message.jurisdiction, message.variant]
    if message.sms_format:
        place.append(message.sms_format)
    channel, *rest = place
    yield "── " + " · ".join((speech.name(channel), *rest))
    yield from (f"   {line}" for line in _texts(message))
    if message.image:
        yield f"   {speech.name('image')} {message.image}"
    if message.link:
        yield f"   → {message.link}"
    for platform, link in message.platform_links.items():
        yield f"   → {speech.name(platform)}: {link}"
    measured = ", ".join(
        speech.say(
            "{name} {value}/{limit} " + one.unit,
            name=speech.name(one.name),
            value=one.value,
            limit=one.limit,
        )
        for one in measure(message, preview.settings)
    )
    if measured:
        yield f"   {measured}"
    yield from (f"   {_cut(cut, speech)}" for cut in cut_offs(message))
    if preview.expires_at:
        yield "   " + speech.say("expires {at}", at=format_instant(preview.expires_at))


def _texts(message: Message) -> Iterator[str]:
    for text in (message.title, message.body):
        yield from text.split("\n") if text else ()
    for button in message.buttons:
        yield f"[{button.name}] {button.link or ''}".rstrip()
    for path, text in texts_in(message.kakao):
        yield from (f"{'.'.join(map(str, path))} {line}" for line in text.split("\n"))


def _cut(cut: CutOff, speech: Speech) -> str:
    numbered = _NUMBERED.fullmatch(cut.field)
    field = speech.name(cut.field)
    if numbered:
        field = speech.say("buttons[{number}]", number=numbered[1])
    return speech.say(
        "{screen} shows `{shown}…` of the {field}",
        screen=speech.name(cut.screen),
        shown=" ".join(cut.shown.split()),
        field=field,
    )
