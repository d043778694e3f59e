"""A translation reads the variables that the original reads.

## What
Per channel, a text in another locale reads every variable that the text in the workspace's locale
reads, or another one of the same source, in whichever of its fields; `{{ link }}` counts as one.
A value of people or of the campaign that none of several translations reads is taken as left out on
purpose: names and products are often written in one language only.

## Why
A translator who drops `{{ item }}` sends a message about nothing, and one who writes another
variable may leave people out who lack its value. Neither shows while the original is reviewed.

## Fix
Put the variable back. Where a language says it otherwise on purpose, write
`# pushform: ignore[translation-placeholder] reason; until 2026-12-31` above the line.

## 한국어
같은 채널의 번역은 작업 공간 언어의 글이 읽는 변수를 모두 읽어야 합니다(`{{ link }}` 포함, 어느
칸이든). 여러 번역이 모두 뺀 사람·캠페인의 값은 일부러 뺀 것으로 봅니다. `{{ item }}`을 빠뜨린
번역은 무엇에 관한 것인지 모를 메시지가 됩니다.
고치려면 변수를 되돌리세요. 일부러 그랬다면 그 줄 위에 `# pushform:
ignore[translation-placeholder]`와 이유를 적으세요.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.kernel.finding import Korean, Severity
from engine.kernel.origin import Origin
from engine.lint.context import LintContext
from engine.lint.readings import Readings, readings, slots_in
from engine.lint.rule import Bad, Good, Hit, RuleMeta, practice
from engine.lint.texts import used_channels, used_templates
from engine.message.compiled import read_source
from engine.message.layout import LINK, partials_of
from engine.model.channel import Channel
from engine.model.resolved import ResolvedCampaign
from engine.model.template import Template, Text

META = RuleMeta(
    id="translation-placeholder",
    title="a translation reads the variables that the original reads",
    severity=Severity.WARNING,
    rests_on=practice(
        "own-placeholder-parity",
        "translations keep the placeholders",
        title_ko="번역은 원문의 자리표시자를 지킵니다",
    ),
    title_ko="번역은 원문이 읽는 변수를 읽어야 합니다",
)
EXAMPLES = (
    Good(
        "template: {locales: {en: {title: Chuseok sale, body: '{{ name }}, 20% off'},"
        " ja: {title: '{{ name }}さん、セール', body: 全品20%オフ}},"
        " redefine: {sms: {ja: {body: '最大50% {{ link }}'}}}}"
    ),
    Bad(
        "template: {locales: {en: {title: Chuseok sale}}}",
        ("template", "locales", "en", "title"),
        "`en` lost `{{ name }}`, which `ko` reads",
    ),
    Bad(
        "template: {redefine: {sms: {en: {body: Up to 50% off}}}}",
        ("template", "redefine", "sms", "en", "body"),
        "`en` lost `{{ link }}`, which `ko` reads",
    ),
    Bad(
        "template: {variables: {nick: {type: string, from: user.nick, default: you}},"
        " locales: {en: {title: 'For {{ nick }}'}}}",
        ("template", "locales", "en", "title"),
        "`en` lost `{{ name }}`, which `ko` reads, and reads `{{ nick }}` instead",
    ),
)

_Names = dict[str, tuple[str | int, ...]]
"""The names that a text reads, each with the path of the first field that does."""


def check(context: LintContext) -> Iterator[Hit]:
    """Yield the variables that a translation lost."""
    seen: set[tuple[int, str, tuple[Channel, ...]]] = set()
    read = context.once(readings)
    for campaign in context.live:
        for template in used_templates(campaign):
            # Which texts are used, and which is the original, hangs on the campaign.
            key = (id(template), campaign.locale, used_channels(campaign))
            if key not in seen:
                seen.add(key)
                yield from _compare(campaign, template, read)


def _compare(campaign: ResolvedCampaign, template: Template, read: Readings) -> Iterator[Hit]:
    scopes: list[tuple[Channel | None, Mapping[str, Text]]] = [(None, template.locales)]
    if template.redefine:
        used = used_channels(campaign)
        scopes += [(at, one.locales) for at, one in template.redefine.items() if at in used]
    for channel, every in scopes:
        if _read_the_same(every, read):
            continue
        texts = dict(every)
        original = texts.pop(campaign.locale, None)
        before = _names(original, template) if original is not None and texts else None
        if not before:
            continue
        after = {locale: _names(text, template) for locale, text in texts.items()}
        meant = _meant(template, before, [names for names in after.values() if names is not None])
        for locale, text in texts.items():
            own = after[locale]
            if own is None or before.keys() <= own.keys() | meant:
                continue
            lost = {name: path for name, path in before.items() if name not in meant}
            for name, instead, at in _lost(template, text, lost, own):
                also = f", and reads {instead} instead" if instead else ""
                also_ko = f" (대신 있는 변수: {instead})" if instead else ""
                yield Hit(
                    message=f"`{locale}` lost `{name}`, which `{campaign.locale}` reads{also}",
                    at=at,
                    hint="put it back; if it is meant, answer it with a comment that says why",
                    campaign=campaign.id,
                    locale=locale,
                    channel=channel,
                    korean=Korean(
                        f"`{locale}` 번역에 `{campaign.locale}` 원문의 변수가 빠졌습니다:"
                        f" `{name}`{also_ko}",
                        "되돌리거나, 일부러 그랬다면 이유를 적은 주석을 다세요",
                    ),
                )


def _read_the_same(texts: Mapping[str, Text], read: Readings) -> bool:
    """Tell, for a fraction of the price, that plain texts all read the same names."""
    names = [read.of(text).names for text in texts.values()]
    return None not in names and len(set(names)) <= 1


def _meant(template: Template, before: _Names, translations: list[_Names]) -> frozenset[str]:
    """Return what is left out on purpose: values of people that none of several translations reads.

    Names and products are often written in one language only.
    """
    if len(translations) < 2:
        return frozenset()
    kept = {_source(template, name) for names in translations for name in names}
    return frozenset(
        name
        for name in before
        if (source := _source(template, name)) not in kept
        and source.startswith(("user.", "derived.", "campaign."))
    )


def _lost(
    template: Template, text: Text, before: _Names, after: _Names
) -> Iterator[tuple[str, str, Origin]]:
    """Yield what is lost as it is written, what is read that was not, and where it should stand."""
    there = {_source(template, name) for name in after}
    instead = ", ".join(f"`{{{{ {one} }}}}`" for one in sorted(after) if one not in before)
    for name in sorted(before.keys() - after.keys()):
        if _source(template, name) not in there:
            yield f"{{{{ {name} }}}}", instead, _below(text.origin, _nearest(text, before[name]))


def _source(template: Template, name: str) -> str:
    """Return what a variable is read from: two names for one column say the same."""
    variable = template.variables.get(name)
    return name if variable is None else variable.source


def _names(text: Text, template: Template) -> _Names | None:
    """Return what `text` reads; None where that is broken or not declared: other rules say so."""
    found: _Names = {}
    partials = partials_of(template)
    for path, source in text.sources():
        slots = slots_in(source)
        if slots is None or any(filters for _, filters in slots):
            reading = read_source(source, partials)
            if reading.faults:
                return None
            names = tuple(use.name for use in reading.uses)
        else:
            names = tuple(name for name, _ in slots)
        for name in names:
            found.setdefault(name, path)
    return found if found.keys() <= template.variables.keys() | {LINK} else None


def _nearest(text: Text, path: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """Return the path of the same field in `text`, else of the text that most say things in."""
    there = [each for each, _ in text.sources()]
    if path in there:
        return path
    return next((each for each in (("body",), ("title",)) if each in there), ())


def _below(origin: Origin, path: tuple[str | int, ...]) -> Origin:
    return Origin(origin.file, (*origin.path, *path))
