"""The `People` port: campaigns over one workspace's sources, which an embedded DuckDB reads."""

# ruff: noqa: S608 - values are parameters, names are quoted (engine.audience.sql)
from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from engine.audience import questions
from engine.audience.condition import Scope
from engine.audience.extremes import find_extremes
from engine.audience.facts import Tally, add_part, make_facts
from engine.audience.fresh import Reading, read_again
from engine.audience.going import add_shared
from engine.audience.members import Chosen, belongs, choose_members, sources_read
from engine.audience.persons import find_waves, write_persons
from engine.audience.reconfirm import count_overdue
from engine.audience.rows import make_targets, read_shard
from engine.audience.shards import (
    COLUMNS,
    Runs,
    add_run,
    count_targets,
    hash_targets,
    write_shards,
)
from engine.audience.sources import DuckSources
from engine.audience.targets import find_shared, mark_duplicates, write_targets
from engine.audience.waves import Waves
from engine.model.channel import Channel
from engine.model.delivery import Target
from engine.model.facts import (
    AudienceFacts,
    Extremes,
    Membership,
    ShardFile,
    Snapshot,
    TextSlots,
)
from engine.model.ports import Reached
from engine.model.resolved import ResolvedCampaign
from engine.model.workspace import Workspace


def open_people(
    workspace: Workspace, root: Path, state_key: bytes, reached: Reached | None
) -> DuckPeople:
    """Open the sources of `workspace`, whose files are relative to `root`.

    `state_key` hashes people and addresses; `reached` answers `campaign:` conditions (None: such a
    condition is an error). No file is read before the first question.
    """
    return DuckPeople(workspace, root, state_key, reached)


class DuckPeople(DuckSources):
    """What campaigns ask: counts, membership, snapshots, and what was read again."""

    def facts(self, campaign: ResolvedCampaign, at: datetime) -> AudienceFacts:
        """Count the audience of `campaign` as it is at `at`."""
        scope = self._scope(campaign, at)
        chosen = choose_members(self._session, campaign, scope, belongs(campaign, scope))
        tally = Tally()
        for _ in self._parts(campaign, scope, chosen, find_waves(self._session, campaign)):
            add_part(self._session, campaign, tally)
            tally.overdue += count_overdue(self._session, campaign, scope.moment.at)
        mark_duplicates(self._session)
        add_shared(self._session, campaign, tally.going)
        return make_facts(tally, campaign, chosen, scope.moment.at)

    def membership(
        self, before: ResolvedCampaign | None, after: ResolvedCampaign, at: datetime
    ) -> Membership:
        """Compare two audiences at the same instant. `before` None: everybody enters."""
        return questions.compare(self._session, before, after, at)

    def extremes(
        self, campaign: ResolvedCampaign, texts: Sequence[TextSlots], at: datetime
    ) -> Extremes:
        """Return what the members' values span at `at`, and who fills each of `texts` the most.

        Values, never ids; `find_extremes` says who counts.
        """
        return find_extremes(self._session, campaign, texts, self._scope(campaign, at))

    def snapshot(self, campaign: ResolvedCampaign, at: datetime, directory: Path) -> Snapshot:
        """Freeze the audience at `at` into Parquet shards in `directory` (mode 0700, files 0600).

        Every address of every member is in it, also those that the door will refuse.
        """
        session, scope = self._session, self._scope(campaign, at)
        chosen = choose_members(session, campaign, scope, belongs(campaign, scope))
        waves = find_waves(session, campaign)
        addressed = defaulted = 0
        with tempfile.TemporaryDirectory(dir=self._spill, prefix="runs-") as folder:
            runs = Runs(Path(folder))
            for _ in self._parts(campaign, scope, chosen, waves):
                add_run(session, runs)
                addressed += session.number('SELECT count(DISTINCT user_id) FROM "@target"')
                defaulted += session.number('SELECT count(*) FROM "@person" WHERE zone IS NULL')
            mark_duplicates(session)
            add_run(session, runs)
            return Snapshot(
                campaign=campaign.id,
                evaluated_at=scope.moment.at,
                users=chosen.users,
                users_without_address=chosen.users - addressed,
                users_defaulted_zone=defaulted if campaign.schedule.recipient_local else 0,
                shards=write_shards(
                    session, runs, waves, scope.moment.at, directory, campaign.alternative
                ),
                counts=count_targets(session, runs),
            )

    def targets(self, shard: ShardFile, directory: Path) -> Iterator[Sequence[Target]]:
        """Read a shard in batches of at most 1,000 targets, by channel and address hash.

        Raises MismatchError if the file is not the one that the snapshot wrote.
        """
        return read_shard(shard, directory)

    def read_again(
        self,
        targets: Sequence[Target],
        at: datetime,
        *,
        advertising: bool = True,
        exception: bool = False,
    ) -> Mapping[tuple[Channel, str], Reading]:
        """Read consent, suppression and enabled again, by channel and address hash.

        Whoever or whatever is gone is missing from the answer. Without `advertising` suppression is
        not opened; with `exception` an answer that cannot be read is a no. One call for a whole
        shard costs little more than one for a single target.
        """
        return read_again(self._session, targets, at, advertising=advertising, answered=exception)

    def values(self, campaign: ResolvedCampaign, user_id: str, at: datetime) -> Sequence[Target]:
        """Return the targets that one person would be, member or not; empty for a stranger."""
        session, scope = self._session, self._scope(campaign, at)
        wanted = f"u.user_id = {scope.params.add(user_id)}"
        chosen = choose_members(session, campaign, scope, wanted)
        for _ in self._parts(campaign, scope, chosen, find_waves(session, campaign)):
            session.run('UPDATE "@target" SET shared = false')
            hash_targets(session)
        stream = session.stream(
            f'SELECT {", ".join(COLUMNS)} FROM "@hashed" ORDER BY channel, address_hash', 1_000
        )
        return make_targets(stream.read_all(), scope.moment.at)

    def _scope(self, campaign: ResolvedCampaign, at: datetime) -> Scope:
        also = ["devices", *(["suppression"] if campaign.advertising else [])]
        if _reads_derived(campaign):
            also.append("events")
        conditions = (campaign.audience, *campaign.exclude)
        return self._session.scope(conditions, campaign.attributes, at, also=also)

    def _parts(
        self, campaign: ResolvedCampaign, scope: Scope, chosen: Chosen, waves: Waves
    ) -> Iterator[None]:
        """Work through the members part by part: `@person`, `@row` and `@target` are one part's."""
        find_shared(self._session, campaign, scope)
        for part in chosen.parts():
            for table in ("@member", "@person", "@row", "@target", "@hashed"):
                self._session.run(f'DROP TABLE IF EXISTS "{table}"')
            write_persons(self._session, campaign, scope, chosen, waves, part)
            write_targets(self._session, campaign, scope)
            yield


def _reads_derived(campaign: ResolvedCampaign) -> bool:
    return any(source.startswith("derived.") for source in sources_read(campaign))
