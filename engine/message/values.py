"""Variables and their values: where each comes from, what stands in, who is left out.

A variable reads `user.*` or `derived.*` (the person's row in the snapshot), `with.*` (the
campaign's own values) or `campaign.*`. Without a value its `default` stands in; without one of
those the person is skipped (`on_missing: skip`) or it is an error. `None` never reaches a template.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from engine.kernel.frozen import frozen
from engine.kernel.instant import find_zone, resolve_local
from engine.message.columns import Columns
from engine.message.conversion import convert, convert_plainly, to_texts
from engine.message.printed import Value
from engine.model.audience import Scalar
from engine.model.experiment import Variant
from engine.model.message import MissingValue
from engine.model.resolved import ResolvedCampaign
from engine.model.schedule import Schedule
from engine.model.template import OnMissing, Variable, VariableType

_AT = "campaign.at"

Values = dict[str, Value]


def campaign_value(campaign: ResolvedCampaign, field: str) -> str | None:
    """Return what `campaign.<field>` stands for: id, title, sender (its name), contact, at.

    `at` is when it is due, ISO 8601: with an offset where that is one instant for everybody, without
    where it is everybody's own local time.
    """
    if field == "at":
        return _due(campaign.schedule, campaign.workspace_timezone)
    return {
        "id": campaign.id,
        "title": campaign.title,
        "sender": campaign.sender.name,
        "contact": campaign.sender.contact,
    }.get(field)


def _due(schedule: Schedule, workspace_timezone: str) -> str:
    if schedule.recipient_local or schedule.at.tzinfo is not None:
        return schedule.at.isoformat()
    zone = find_zone(schedule.timezone or workspace_timezone) or ZoneInfo("UTC")
    return resolve_local(schedule.at, zone).isoformat()


def is_personal(source: str) -> bool:
    """Tell whether a variable's source differs from person to person."""
    return source.startswith(("user.", "derived."))


def sources_of(variables: Collection[Variable]) -> frozenset[str]:
    """Return what the snapshot must carry so that `variables` can be filled."""
    return frozenset(variable.source for variable in variables if is_personal(variable.source))


def _depends_on_zone(variable: Variable) -> bool:
    if variable.type is VariableType.DATETIME:
        return True
    # A source may hold an instant where a date is declared; the campaign's own dates are dates.
    personal = is_personal(variable.source) or variable.source == _AT
    return variable.type is VariableType.DATE and personal


@frozen(kw_only=False)
class _Personal:
    """One variable that is read for every person. `shared` is the value that all of them have."""

    name: str
    key: str
    type: VariableType
    shared: Scalar | None
    sample: Scalar | None
    fallback: Value | None
    missing: MissingValue


class ValueReader:
    """Fills the variables `names` of one variant; what is equal for everybody is computed once.

    `adapt` is applied to every text (cp949 for sms). Names that the template does not declare are
    left out: the template fails on them.
    """

    def __init__(
        self,
        variant: Variant,
        campaign: ResolvedCampaign,
        names: Collection[str],
        adapt: Callable[[str], str] | None = None,
    ) -> None:
        declared = variant.template.variables
        variables = [declared[name] for name in sorted(names) if name in declared]
        self._zone = find_zone(campaign.workspace_timezone) or ZoneInfo("UTC")
        self._timed = any(_depends_on_zone(variable) for variable in variables)
        self._adapt = adapt
        self._constant: Values = {}
        self._missing: MissingValue | None = None
        personal: list[_Personal] = []
        for variable in variables:
            shared = _shared_value(variable.source, variant, campaign)
            one = self._prepare(variable, shared)
            if is_personal(variable.source) or _depends_on_zone(variable):
                personal.append(one)
            else:
                self._fill_constant(one)
        self._personal = tuple(personal)

    @property
    def personal(self) -> bool:
        """Whether two people may get different values."""
        return bool(self._personal)

    def read(
        self, target_values: Mapping[str, Scalar | None], zone_name: str | None = None
    ) -> Values | MissingValue:
        """Return the values by variable name, or the first variable that has none.

        Dates and times are those of the IANA zone `zone_name`, the recipient's own; where it is
        unknown, the workspace's.
        """
        if self._missing is not None:
            return self._missing
        zone = self._zone
        if self._timed and zone_name:
            zone = find_zone(zone_name) or zone
        values = self._constant.copy()
        for one in self._personal:
            raw = target_values.get(one.key) if one.shared is None else one.shared
            value = self._convert(one, raw, zone)
            if value is None:
                return one.missing
            values[one.name] = value
        return values

    def read_columns(
        self,
        rows: Sequence[Mapping[str, Scalar | None]],
        zone_names: Sequence[str | None],
    ) -> Columns:
        """Return what `read` returns, for many people; who lacks a value is set aside."""
        size = len(rows)
        columns = Columns(size, {name: [one] * size for name, one in self._constant.items()})
        if self._missing is not None:
            columns.set_all_aside()
            return columns
        zones = [self._zone] * size
        if self._timed:
            zones = [(find_zone(name) if name else None) or self._zone for name in zone_names]
        for one in self._personal:
            values = self._column(one, rows, zones)
            if None in values:
                columns.aside.update(i for i, value in enumerate(values) if value is None)
                values = ["" if value is None else value for value in values]
            columns.by_name[one.name] = values
        return columns

    def _column(
        self,
        one: _Personal,
        rows: Sequence[Mapping[str, Scalar | None]],
        zones: Sequence[ZoneInfo],
    ) -> list[object]:
        key = one.key
        plainly = convert_plainly(one.type) if one.shared is None else None
        if plainly is None:
            return [
                self._convert(one, row.get(key) if one.shared is None else one.shared, zone)
                for row, zone in zip(rows, zones, strict=True)
            ]
        fallback, adapt = one.fallback, self._adapt
        raws = [row.get(key) for row in rows]
        texts = to_texts(raws) if one.type is VariableType.STRING else None
        found: list[object] = (
            [None if raw is None else plainly(raw) for raw in raws] if texts is None else [*texts]
        )
        if adapt is not None:
            found = [adapt(value) if isinstance(value, str) else value for value in found]
        if fallback is not None and None in found:
            found = [fallback if value is None else value for value in found]
        return found

    def read_sample(self) -> Values | MissingValue:
        """Return the values of the made-up person: every personal variable has its `sample`."""
        if self._missing is not None:
            return self._missing
        values = self._constant.copy()
        for one in self._personal:
            raw = one.sample if one.shared is None else one.shared
            value = self._convert(one, raw, self._zone)
            if value is None:
                return one.missing
            values[one.name] = value
        return values

    def _convert(self, one: _Personal, raw: Scalar | None, zone: ZoneInfo) -> Value | None:
        # A campaign that is due at everybody's own 10:00 is due at 10:00 for this person too.
        read_in = zone if one.key == _AT else self._zone
        value = convert(raw, one.type, zone, read_in)
        if value is None:
            fallback = one.fallback
            return fallback.astimezone(zone) if isinstance(fallback, datetime) else fallback
        if self._adapt is not None and isinstance(value, str):
            return self._adapt(value)
        return value

    def _prepare(self, variable: Variable, shared: Scalar | None) -> _Personal:
        fallback = convert(variable.default, variable.type, self._zone, self._zone)
        if self._adapt is not None and isinstance(fallback, str):
            fallback = self._adapt(fallback)
        missing = MissingValue(variable=variable.name, skip=variable.on_missing is OnMissing.SKIP)
        return _Personal(
            name=variable.name,
            key=variable.source,
            type=variable.type,
            shared=shared,
            sample=variable.sample,
            fallback=fallback,
            missing=missing,
        )

    def _fill_constant(self, one: _Personal) -> None:
        value = self._convert(one, one.shared, self._zone)
        if value is not None:
            self._constant[one.name] = value
        elif self._missing is None:
            self._missing = one.missing


def values_for(
    variant: Variant,
    campaign: ResolvedCampaign,
    target_values: Mapping[str, Scalar | None],
    zone_name: str | None = None,
) -> Values | MissingValue:
    """Return the values of every declared variable for one person.

    `target_values` is keyed `user.name`, `derived.favourite`; a value of the wrong type counts as
    missing. `zone_name` is the recipient's IANA zone.
    """
    return ValueReader(variant, campaign, variant.template.variables).read(target_values, zone_name)


def sample_values(variant: Variant, campaign: ResolvedCampaign) -> Values | MissingValue:
    """Return the values of every declared variable for the made-up person of the samples.

    Values that are the same for everybody are the real ones.
    """
    return ValueReader(variant, campaign, variant.template.variables).read_sample()


def _shared_value(source: str, variant: Variant, campaign: ResolvedCampaign) -> Scalar | None:
    """Return the value of a source that is the same for everybody."""
    kind, _, field = source.partition(".")
    if kind == "with":
        return variant.values.get(field)
    return campaign_value(campaign, field) if kind == "campaign" else None
