"""`templates/_*.jinja`: macros that templates import, carried along by every template that does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from engine.kernel.finding import Finding, Severity
from engine.kernel.origin import Origin
from engine.model.campaign import Campaign
from engine.model.template import MessageUse, Template, Text
from engine.workspace.decode import decode
from engine.workspace.files import Tree

_NAMED = re.compile(r"""['"](_[^'"/\\\n]{1,80}\.jinja)['"]""")
"""A quoted file name, as `{% from '_words.jinja' import polite %}` has it."""


@dataclass(slots=True)
class PartialFiles:
    """The partials of one workspace, each read when the first template names it.

    A name is unique below templates/, whatever the folder, as ids are; two files with one name, and
    files that are no text, are noted in `findings`.
    """

    tree: Tree
    findings: list[Finding]
    _paths: dict[str, str] | None = None
    _texts: dict[str, str | None] = field(default_factory=dict)

    def attach(self, template: Template) -> Template:
        """Return `template` with the partials that its texts name, and those that these name.

        A name without a file is left out; reading the text tells about it, with its place.
        """
        if not self._listed():
            return template
        found: dict[str, str] = {}
        waiting = [name for source in _sources(template) for name in _named_in(source)]
        while waiting:
            name = waiting.pop()
            text = self._text(name)
            if name not in found and text is not None:
                found[name] = text
                waiting += _named_in(text)
        return replace(template, partials=dict(sorted(found.items()))) if found else template

    def attach_to(self, campaign: Campaign) -> Campaign:
        """Return `campaign` with the partials that the messages written in it name."""
        message = self._with(campaign.message)
        variants = campaign.experiment.variants
        own = tuple(replace(one, message=self._with(one.message)) for one in variants)
        if message is campaign.message and all(
            one.message is before.message for one, before in zip(own, variants, strict=True)
        ):
            return campaign
        experiment = replace(campaign.experiment, variants=own)
        return replace(campaign, message=message, experiment=experiment)

    def _with(self, use: MessageUse | None) -> MessageUse | None:
        if use is None or isinstance(use.template, str):
            return use
        template = self.attach(use.template)
        return use if template is use.template else replace(use, template=template)

    def _text(self, name: str) -> str | None:
        if name not in self._texts:
            self._texts[name] = None
            path = self._listed().get(name)
            if path is not None:
                self._texts[name] = self._read(path)
        return self._texts[name]

    def _read(self, path: str) -> str | None:
        try:
            raw = self.tree.read(path)
        except OSError as error:
            self._note(path, "yaml-syntax", f"the file cannot be read: {error.strerror}")
            return None
        text, finding = decode(raw, path)
        if finding is not None:
            self.findings.append(finding)
            return None
        return text

    def _listed(self) -> dict[str, str]:
        if self._paths is None:
            self._paths = {}
            for path in self.tree.partials():
                name = path.rsplit("/", 1)[-1]
                first = self._paths.setdefault(name, path)
                if first != path:
                    message = f"the name `{name}` is taken by `{first}`"
                    self._note(path, "id-duplicate", message, "rename one of the two files")
        return self._paths

    def _note(self, path: str, rule: str, message: str, hint: str | None = None) -> None:
        self.findings.append(
            Finding(rule=rule, severity=Severity.ERROR, message=message, at=Origin(path), hint=hint)
        )


def _named_in(source: str) -> list[str]:
    return _NAMED.findall(source) if "import" in source else []


def _sources(template: Template) -> Iterator[str]:
    yield from (source for text in template.locales.values() for source in _sources_of(text))
    for redefinition in template.redefine.values():
        for text in redefinition.locales.values():
            yield from _sources_of(text)


def _sources_of(text: Text) -> Iterator[str]:
    return (source for _, source in text.sources())
