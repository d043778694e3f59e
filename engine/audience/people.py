"""The `People` port: one workspace's sources behind an embedded DuckDB."""

# ruff: noqa: S608 - values are parameters, names are quoted (engine.audience.sql)
from __future__ import annotations

import weakref
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from engine.audience import explain as explanations
from engine.audience.condition import Scope, predicate
from engine.audience.connection import open_connection, remove_spill
from engine.audience.facts import count_facts
from engine.audience.fresh import Reading, read_again
from engine.audience.members import belongs, member_of, write_members
from engine.audience.rows import make_targets, read_shard
from engine.audience.session import Session
from engine.audience.shards import COLUMNS, count_targets, hash_targets, write_shards
from engine.audience.sql import answer_of, bucket_of
from engine.audience.tables import RowProfile
from engine.audience.targets import write_targets
from engine.model.audience import Condition, DerivedAttribute
from engine.model.campaign import ResolvedCampaign
from engine.model.channel import Channel
from engine.model.delivery import Target
from engine.model.facts import AudienceFacts, Membership, ShardFile, Snapshot
from engine.model.ports import Reached
from engine.model.workspace import Workspace

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def open_people(
    workspace: Workspace, root: Path, state_key: bytes, reached: Reached | None
) -> DuckPeople:
    """Open the sources of `workspace`, whose files are relative to `root`.

    `state_key` hashes people and addresses; `reached` answers `campaign:` conditions (None: such a
    condition is an error). No file is read before the first question.
    """
    return DuckPeople(workspace, root, state_key, reached)


class DuckPeople(AbstractContextManager["DuckPeople"]):
    """People, devices, events and refusals of one workspace. Not for several threads at once."""

    def __init__(
        self, workspace: Workspace, root: Path, state_key: bytes, reached: Reached | None
    ) -> None:
        connection, spill = open_connection(root)
        self._session = Session(
            connection=connection,
            workspace=workspace,
            root=root,
            state_key=state_key,
            reached=reached,
        )
        self._finish = weakref.finalize(self, _close, connection, spill)

    def close(self) -> None:
        """Close the database and remove what it spilled. Further questions fail."""
        self._finish()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def facts(self, campaign: ResolvedCampaign, at: datetime) -> AudienceFacts:
        """Count the audience of `campaign` as it is at `at`."""
        scope = self._scope(campaign, at)
        write_members(self._session, campaign, scope, belongs(campaign, scope))
        write_targets(self._session, campaign, scope)
        return count_facts(self._session, campaign, scope)

    def membership(
        self, before: ResolvedCampaign | None, after: ResolvedCampaign, at: datetime
    ) -> Membership:
        """Compare two audiences at the same instant. `before` None: everybody enters."""
        now = self._members("@now", after, at)
        if before is None:
            return Membership(before=None, now=now, entering=now, leaving=0)
        then = self._members("@before", before, at)
        both = self._session.number(
            'SELECT count(*) FROM "@now" WHERE user_id IN (SELECT user_id FROM "@before")'
        )
        return Membership(before=then, now=now, entering=now - both, leaving=then - both)

    def snapshot(self, campaign: ResolvedCampaign, at: datetime, directory: Path) -> Snapshot:
        """Freeze the audience at `at` into Parquet shards in `directory` (mode 0700, files 0600).

        Every address of every member is in it, also those that the door will refuse.
        """
        scope = self._scope(campaign, at)
        users = write_members(self._session, campaign, scope, belongs(campaign, scope))
        waves = write_targets(self._session, campaign, scope)
        hash_targets(self._session)
        addressed = self._session.number('SELECT count(DISTINCT user_id) FROM "@target"')
        defaulted = 0
        if campaign.schedule.recipient_local:
            defaulted = self._session.number('SELECT count(*) FROM "@person" WHERE zone IS NULL')
        return Snapshot(
            campaign=campaign.id,
            evaluated_at=scope.moment.at,
            users=users,
            users_without_address=users - addressed,
            users_defaulted_zone=defaulted,
            shards=write_shards(self._session, waves, scope.moment.at, directory),
            counts=count_targets(self._session),
        )

    def targets(self, shard: ShardFile, directory: Path) -> Iterator[Sequence[Target]]:
        """Read a shard in batches of at most 1,000 targets, by channel and address hash.

        Raises MismatchError if the file is not the one that the snapshot wrote.
        """
        return read_shard(shard, directory)

    def read_again(
        self, targets: Sequence[Target], at: datetime
    ) -> Mapping[tuple[Channel, str], Reading]:
        """Read consent, suppression and enabled again, by channel and address hash.

        Whoever or whatever is gone is missing from the answer. One call for a whole shard costs
        little more than one for a single target.
        """
        return read_again(self._session, targets, at)

    def values(self, campaign: ResolvedCampaign, user_id: str, at: datetime) -> Sequence[Target]:
        """Return the targets that one person would be, member or not; empty for a stranger."""
        scope = self._scope(campaign, at)
        wanted = scope.params.add(user_id)
        write_members(self._session, campaign, scope, f"u.user_id = {wanted}")
        write_targets(self._session, campaign, scope)
        hash_targets(self._session)
        stream = self._session.stream(
            f'SELECT {", ".join(COLUMNS)} FROM "@hashed" ORDER BY channel, address_hash', 1_000
        )
        return make_targets(stream.read_all(), scope.moment.at)

    def size(
        self, condition: Condition, attributes: Mapping[str, DerivedAttribute], at: datetime
    ) -> int:
        """Return how many people `condition` holds for at `at`."""
        scope = self._session.scope((condition,), attributes, at)
        where = predicate(condition, scope)
        return self._session.number(
            f"SELECT count(*) FROM {scope.source} WHERE {where}", scope.params.values
        )

    def sample(
        self,
        condition: Condition,
        attributes: Mapping[str, DerivedAttribute],
        at: datetime,
        count: int,
    ) -> tuple[str, ...]:
        """Return the ids of up to `count` people for whom `condition` holds: always the same ones.

        For the terminal only; ids never go into files.
        """
        scope = self._session.scope((condition,), attributes, at)
        where = predicate(condition, scope)
        order = bucket_of(("sample",), "u.user_id", (), scope.params)
        rows = self._session.rows(
            f"SELECT u.user_id FROM {scope.source} WHERE {where}"
            f" ORDER BY {order}, u.user_id LIMIT {int(count)}",
            scope.params.values,
        )
        return tuple(row[0] for row in rows)

    def explain(
        self, condition: Condition, attributes: Mapping[str, DerivedAttribute], at: datetime
    ) -> str:
        """Return how many people every part of `condition` holds for, and the SQL behind it."""
        scope = self._session.scope((condition,), attributes, at)
        return explanations.explain(self._session, condition, scope)

    def consent_profile(self) -> Mapping[Channel, Mapping[str, int]]:
        """Count yes, no and unknown per channel whose consent to advertising is mapped."""
        self._session.tables.refresh()
        users = self._session.tables.open("users")
        profile: dict[Channel, Mapping[str, int]] = {}
        for channel, columns in sorted(self._session.workspace.sources.consent.items()):
            if columns.ad is None:
                continue
            answer = answer_of(users.value("u", columns.ad).text)
            rows = self._session.rows(f"SELECT {answer}, count(*) FROM users u GROUP BY ALL")
            profile[channel] = {"yes": 0, "no": 0, "unknown": 0} | dict(rows)
        return profile

    def row_profile(self) -> RowProfile:
        """Count people, rows that repeat a person (the first row counts) and rows without an id."""
        self._session.tables.refresh()
        return self._session.tables.profile()

    def _scope(self, campaign: ResolvedCampaign, at: datetime) -> Scope:
        also = ["suppression", "devices"]
        if _reads_derived(campaign):
            also.append("events")
        conditions = (campaign.audience, *campaign.exclude)
        return self._session.scope(conditions, campaign.attributes, at, also=also)

    def _members(self, name: str, campaign: ResolvedCampaign, at: datetime) -> int:
        conditions = (campaign.audience, *campaign.exclude)
        scope = self._session.scope(conditions, campaign.attributes, at)
        where = member_of(campaign.audience, campaign.exclude, scope)
        self._session.run(
            f'CREATE OR REPLACE TEMP TABLE "{name}" AS'
            f" SELECT u.user_id FROM {scope.source} WHERE {where}",
            scope.params.values,
        )
        return self._session.number(f'SELECT count(*) FROM "{name}"')


def _reads_derived(campaign: ResolvedCampaign) -> bool:
    return any(
        variable.source.startswith("derived.")
        for variant in campaign.variants
        for variable in variant.template.variables.values()
    )


def _close(connection: DuckDBPyConnection, spill: Path) -> None:
    connection.close()
    remove_spill(spill)
