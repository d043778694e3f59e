"""`message:` and `experiment.variants` → variants with their template filled in."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from engine.kernel.frozen import frozen
from engine.model.audience import DerivedAttribute, Scalar
from engine.model.campaign import Campaign
from engine.model.experiment import Variant
from engine.model.template import MessageUse, OnMissing, Template
from engine.workspace.build_template import describe_type, fits
from engine.workspace.notes import Notes, name
from engine.workspace.suggest import closest, did_you_mean

ONLY_VARIANT = "default"
"""The id of the one variant of a campaign without an experiment."""

Attributes = Mapping[str, DerivedAttribute]


@frozen(kw_only=False)
class Messages:
    """The templates of a workspace.

    `known` also holds the ids of templates that cannot be read, `partial` of those that lost values
    to a mistake.
    """

    templates: Mapping[str, Template]
    known: frozenset[str]
    partial: frozenset[str] = frozenset()

    def variants(
        self, campaign: Campaign, attributes: Attributes | None, notes: Notes
    ) -> tuple[Variant, ...] | None:
        """Return the variants of `campaign`, or None where a message is missing or broken.

        `attributes` are those that its audience derives; None where that is not known.
        """
        shared = campaign.message
        uses = [(one.id, one.weight, one.message or shared) for one in campaign.experiment.variants]
        if not uses:
            uses = [(ONLY_VARIANT, 1, shared)]
        found: list[Variant] = []
        seen: list[MessageUse] = []
        if shared is not None and all(use is not shared for _, _, use in uses):
            self._template(
                shared, notes
            )  # nobody reads it, but its name must exist like all others
        for variant, weight, use in uses:
            first = all(use is not other for other in seen)
            template = self._template(use, notes if first else Notes()) if use else None
            if use is None or template is None:
                continue
            values = use.values
            if shared is not None and use is not shared:
                values = {**_wanted(shared.values, template), **values}
            lossy = template.id in self.partial or notes.partial
            if first and not lossy:
                given = {**(shared.values if shared else {}), **use.values}
                _check_values(use, values, given, template, notes)
                _check_derived(template, campaign, attributes, notes)
            seen.append(use)
            found.append(Variant(id=variant, weight=weight, template=template, values=values))
        return tuple(found) if len(found) == len(uses) else None

    def _template(self, use: MessageUse, notes: Notes) -> Template | None:
        if isinstance(use.template, Template):
            return use.template
        if use.template not in self.known:
            hint = did_you_mean(use.template, self.known)
            message = f"the template `{use.template}` does not exist"
            notes.add("reference", message, use.origin / "template", hint)
        return self.templates.get(use.template)


def _wanted(values: Mapping[str, Scalar], template: Template) -> dict[str, Scalar]:
    """Return those of the campaign's `with` that another variant's template reads."""
    sources = {variable.source for variable in template.variables.values()}
    return {key: value for key, value in values.items() if f"with.{key}" in sources}


def _check_values(
    use: MessageUse,
    values: Mapping[str, Scalar],
    given: Collection[str],
    template: Template,
    notes: Notes,
) -> None:
    """Note values of `with` that nothing reads, that are missing, or of another type."""
    readers = {
        variable.source.removeprefix("with."): variable
        for variable in template.variables.values()
        if variable.source.startswith("with.")
    }
    if not readers and not use.values:
        return
    at = use.origin / "with"
    for key in use.values:
        if key not in readers:
            message = f"`{name(at / key)}`: no variable of `{template.id}` comes from `with.{key}`"
            notes.add("reference", message, at / key, did_you_mean(key, readers), key=True)
    strange = [key for key in given if key not in readers]
    for key, variable in readers.items():
        if closest(key, strange):
            continue  # a slip of the pen in `with`, and noted as that
        if key in values:
            if not fits(variable.type, values[key]):
                wanted = describe_type(variable.type)
                message = f"`{name(at / key)}` is `{values[key]}`, but must be {wanted}"
                notes.value(message, at / key)
        elif variable.default is None and variable.on_missing is OnMissing.ERROR:
            message = f"the template `{template.id}` needs `with.{key}`"
            hint = f"write `with: {{{key}: …}}`, or give the variable a default"
            notes.add("reference", message, at, hint)


def _check_derived(
    template: Template, campaign: Campaign, attributes: Attributes | None, notes: Notes
) -> None:
    """Note variables that come from an attribute which the audience does not derive."""
    if attributes is None:
        return
    for variable in template.variables.values():
        word = variable.source.removeprefix("derived.")
        if word != variable.source and word not in attributes:
            message = f"the template `{template.id}` needs `{variable.source}`, but no audience of "
            message += f"`{campaign.id}` derives `{word}`"
            hint = did_you_mean(word, attributes) or "add it to `attributes` of the audience"
            notes.add("reference", message, campaign.origin / "audience", hint)
