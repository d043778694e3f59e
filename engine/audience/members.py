"""Who is in an audience: the whole of it chosen at once, then worked through in parts.

`@chosen` holds one narrow row a member (key, zone, phone, derived values): what is cheapest to know in
one look at the sources. Everything wide is read per part, so memory does not grow with the audience.
"""

# ruff: noqa: S608 - values are parameters, names are quoted (engine.audience.sql)
from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.audience.columns import KEY, Kind, Value
from engine.audience.condition import Scope, predicate
from engine.audience.phone import phone_of
from engine.audience.session import Session
from engine.audience.sql import identifier, literal
from engine.kernel.frozen import frozen
from engine.model.resolved import ResolvedCampaign

PART_PEOPLE = 100_000
"""How many members are worked through at a time: some 150 MB with tokens and texts."""


@frozen
class Chosen:
    """What `@chosen` holds: how many members, in how many parts, with which derived values."""

    users: int
    derived: Mapping[str, Kind]

    def parts(self) -> Iterator[str]:
        """Yield, part by part, SQL over `c` (`@chosen`) for its members; one part for nobody."""
        count = max(1, -(-self.users // PART_PEOPLE))
        for number in range(count):
            yield "true" if count == 1 else f"hash(c.key) % {count} = {number}"


def belongs(campaign: ResolvedCampaign, scope: Scope) -> str:
    """Return SQL over `u`, true for members: the audience without those that are excluded."""
    written = [predicate(campaign.audience, scope)]
    written += [f"NOT coalesce({predicate(node, scope)}, false)" for node in campaign.exclude]
    return " AND ".join(written)


def choose_members(
    session: Session, campaign: ResolvedCampaign, scope: Scope, where: str
) -> Chosen:
    """Fill `@chosen` with the people for whom `where` holds."""
    users = scope.tables["users"]
    country = f"coalesce({users.text('u', 'country')}, {literal(campaign.country)})"
    columns = {
        "key": f"u.{identifier(KEY)}",
        "timezone": users.text("u", "timezone"),
        "phone": phone_of(users.text("u", "phone"), country),
    }
    derived: dict[str, Kind] = {}
    for source in sources_read(campaign):
        where_from, _, name = source.partition(".")
        if where_from == "derived":
            value: Value = scope.derived(name)
            columns[source] = value.sql
            derived[source] = value.kind
    listed = ", ".join(f"{sql} AS {identifier(name)}" for name, sql in columns.items())
    session.run(
        f'CREATE OR REPLACE TEMP TABLE "@chosen" AS SELECT {listed}'
        f" FROM {scope.source} WHERE {where}",
        scope.params.values,
    )
    return Chosen(users=session.number('SELECT count(*) FROM "@chosen"'), derived=derived)


def exception_source(campaign: ResolvedCampaign) -> str | None:
    """Return where the day of a person's purchase is read, if it may stand in for a consent."""
    exception = campaign.exception
    if not campaign.advertising or exception is None:
        return None
    return exception.ended_at if exception.direct and exception.same_goods else None


def sources_read(campaign: ResolvedCampaign) -> list[str]:
    """Return what a snapshot carries of every person, in order: for texts, and for the door."""
    more = exception_source(campaign)
    return sorted({*variable_sources(campaign), *([more] if more else [])})


def variable_sources(campaign: ResolvedCampaign) -> list[str]:
    """Return what the variants' variables read (`user.name`, `derived.favourite`), in order."""
    return sorted(
        {
            variable.source
            for variant in campaign.variants
            for variable in variant.template.variables.values()
        }
    )
