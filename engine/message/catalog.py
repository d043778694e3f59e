"""The texts of templates as a gettext catalogue (PO), so that a translator needs no YAML.

Every text has a key (`chuseok-sale/sms/body`), which is the entry's context, the text of the source
locale as its id, and the variables that it reads as a comment. Jinja stays as it is: the translation
is a template too, and is judged as one when it is read back. Addresses (images, links) and prices are
in it as well, filled in for a new locale and marked as no text: a language may have its own, and
without them a translated message would lose its picture. Only this module knows PO.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from io import BytesIO

from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry
from babel.messages.pofile import PoFileError, read_po, write_po

from engine.kernel.frozen import frozen
from engine.kernel.origin import Key
from engine.message.compiled import read_source
from engine.message.layout import LINK, partials_of
from engine.model.channel import Channel
from engine.model.template import Template, Text

_GUESSED_FLAGS = frozenset({"python-format", "python-brace-format"})
"""Babel guesses these from `%` and `{`; our placeholders are neither."""


_ADDRESS = "an address, no text: keep it, or write the one for this language"
_NUMBER = "a number, no text: keep it"
_NOTES: Mapping[Key, str] = {
    **dict.fromkeys(("image", "icon", "link", "link_pc", "android", "ios"), _ADDRESS),
    **dict.fromkeys(("image_link", "more", "url", "thumbnail"), _ADDRESS),
    **dict.fromkeys(("regular_price", "discount_price", "discount_rate"), _NUMBER),
    "discount_fixed": _NUMBER,
}
"""The fields of texts and of KakaoTalk's bubbles that people do not read as words."""


class CatalogFault(StrEnum):
    """What is wrong with an entry; its translation is not taken."""

    UNREADABLE = "unreadable"
    NO_LOCALE = "no_locale"
    UNKNOWN = "unknown"
    STALE = "stale"
    UNSURE = "unsure"
    MISSING = "missing"
    SYNTAX = "syntax"
    PLACEHOLDER = "placeholder"


@frozen(kw_only=False)
class CatalogProblem:
    """One mistake in a catalogue; `key` is empty where it is about the whole file."""

    kind: CatalogFault
    key: str
    message: str
    hint: str | None = None


@frozen(kw_only=False)
class TextPlace:
    """Where a text stands: the universal one has no channel; `path` leads there from the locale."""

    template: str
    channel: Channel | None
    path: tuple[Key, ...]

    @property
    def key(self) -> str:
        """The context of the entry: `chuseok-sale/kakao/buttons/0/name`."""
        channel = [] if self.channel is None else [self.channel.value]
        return "/".join([self.template, *channel, *map(str, self.path)])

    @property
    def note(self) -> str | None:
        """What a translator is told of a value that is no text; None for a text."""
        return _NOTES.get(self.path[-1]) if "variables" not in self.path else None


@frozen(kw_only=False)
class Translations:
    """What a catalogue says: texts in `locale` by their place, and what was not taken, and why."""

    locale: str
    texts: Mapping[TextPlace, str]
    problems: tuple[CatalogProblem, ...]


def translatable(template: Template, locale: str) -> Iterator[tuple[TextPlace, str]]:
    """Return every text of `template` in `locale`, with addresses and prices, as it is written."""
    for channel, text in _scopes(template, locale):
        for path, source in text.sources():
            yield TextPlace(template.id, channel, path), source


def _scopes(template: Template, locale: str) -> Iterator[tuple[Channel | None, Text]]:
    scopes: list[tuple[Channel | None, Mapping[str, Text]]] = [(None, template.locales)]
    scopes += [(channel, one.locales) for channel, one in template.redefine.items()]
    for channel, texts in scopes:
        if locale in texts:
            yield channel, texts[locale]


def write_catalog(
    templates: Iterable[Template], source: str, target: str, project: str, now: datetime
) -> bytes:
    """Return the PO file of `templates` from the locale `source` to `target`, sorted by key.

    What is translated already is in it, and in texts that `target` does not have yet the source's
    addresses and prices. `now` (aware) is the date in its header.
    """
    catalog = Catalog(locale=target.replace("-", "_"), project=project, creation_date=now)
    catalog.header_comment = f"# {project}: {source} to {target}"
    catalog.revision_date = now
    catalog.fuzzy = False
    for template in sorted(templates, key=lambda one: one.id):
        there = dict(translatable(template, target))
        begun = {channel for channel, _ in _scopes(template, target)}
        for place, text in translatable(template, source):
            names = _names(text, template)
            kept = " ".join(f"{{{{ {name} }}}}" for name in names)
            ready = text if place.note and place.channel not in begun else ""
            catalog.add(
                text,
                there.get(place, ready),
                context=place.key,
                auto_comments=[*filter(None, (place.note, f"keep {kept}" if kept else None))],
                locations=[(template.origin.file, 0)] if template.origin.file else [],
            )
    for one in catalog:
        one.flags -= _GUESSED_FLAGS
    file = BytesIO()
    write_po(file, catalog, width=0, include_lineno=False)
    return file.getvalue()


def read_catalog(raw: bytes, templates: Collection[Template], source: str) -> Translations:
    """Return the translations that the PO file `raw` has for the texts of `templates` in `source`.

    A translation is taken if its key is known, the text it translates is still the same, nobody
    marked it as unsure (`fuzzy`), and it is a template that reads what the original reads, or says
    what the template's file says already. Texts without one are told too: keys are at parity when
    there is no problem. An address or a price without one stays as it is. Never raises.
    """
    try:
        catalog = read_po(BytesIO(raw), abort_invalid=True)
    except (PoFileError, ValueError, LookupError) as error:
        message = f"the file is no PO catalogue: {type(error).__name__}"
        unreadable = CatalogProblem(CatalogFault.UNREADABLE, "", message, "save it as PO, UTF-8")
        return Translations("", {}, (unreadable,))
    locale = (catalog.locale_identifier or "").replace("_", "-")
    problems: list[CatalogProblem] = []
    if not locale:
        message = "the catalogue does not say its language"
        problems.append(
            CatalogProblem(CatalogFault.NO_LOCALE, "", message, "add `Language:` to its header")
        )
    known = {
        place.key: (place, text, template)
        for template in templates
        for place, text in translatable(template, source)
    }
    there = {place: text for one in templates for place, text in translatable(one, locale)}
    texts: dict[TextPlace, str] = {}
    said: set[str] = set()
    for entry in catalog:
        if not entry.id:
            continue
        key = entry.context or ""
        said.add(key)
        if key not in known:
            unknown = f"there is no text `{key}`"
            problems.append(CatalogProblem(CatalogFault.UNKNOWN, key, unknown, "export again"))
            continue
        place, text, template = known[key]
        if place.note and not entry.string:
            continue
        problem: CatalogProblem | None = _judge(entry, key, text, template)
        if problem is None or (entry.id == text and entry.string == there.get(place)):
            texts[place] = str(entry.string)
        else:
            problems.append(problem)
    problems += [
        _missing(key) for key, (place, _, _) in known.items() if key not in said and not place.note
    ]
    return Translations(locale, _without_lonely(texts, there), tuple(problems))


def _without_lonely(
    texts: Mapping[TextPlace, str], there: Mapping[TextPlace, str]
) -> dict[TextPlace, str]:
    """Leave out addresses of texts that nobody translated: a picture alone is no message."""
    begun = {(place.template, place.channel) for place in (*texts, *there) if not place.note}
    return {
        place: text
        for place, text in texts.items()
        if not place.note or (place.template, place.channel) in begun
    }


def _judge(entry: Entry, key: str, text: str, template: Template) -> CatalogProblem | None:
    if str(entry.id) != text:
        message = f"`{key}` was translated from another text"
        return CatalogProblem(CatalogFault.STALE, key, message, "export again")
    if not entry.string:
        return _missing(key)
    if entry.fuzzy:
        message = f"the translation of `{key}` is marked as unsure"
        return CatalogProblem(CatalogFault.UNSURE, key, message, "take the mark `fuzzy` away")
    translated = str(entry.string)
    reading = read_source(translated, partials_of(template))
    if reading.faults:
        message = f"the translation of `{key}`: {reading.faults[0].message}"
        return CatalogProblem(CatalogFault.SYNTAX, key, message, reading.faults[0].hint)
    before, after = _names(text, template), _names(translated, template)
    for name in before:
        if name not in after:
            message = f"the translation of `{key}` lost `{{{{ {name} }}}}`"
            return CatalogProblem(CatalogFault.PLACEHOLDER, key, message, "put it back")
    for name in after:
        if name not in before and name != LINK and name not in template.variables:
            message = f"the translation of `{key}` reads `{name}`, which is not declared"
            return CatalogProblem(CatalogFault.PLACEHOLDER, key, message, "take it out")
    return None


def _missing(key: str) -> CatalogProblem:
    return CatalogProblem(CatalogFault.MISSING, key, f"`{key}` is not translated")


def _names(source: str, template: Template) -> tuple[str, ...]:
    """Return the names that `source` reads, sorted; the campaign's link is one."""
    return tuple(sorted({use.name for use in read_source(source, partials_of(template)).uses}))
