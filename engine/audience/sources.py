"""One workspace's sources behind an embedded DuckDB: what is asked of them without a campaign."""

from __future__ import annotations

import weakref
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from engine.audience import explain as explanations
from engine.audience import profiles, questions
from engine.audience.connection import open_connection, remove_spill
from engine.audience.reconfirm import Agreed, consents_by_day
from engine.audience.session import Session
from engine.audience.tables import RowProfile
from engine.model.audience import Condition, DerivedAttribute
from engine.model.channel import Channel
from engine.model.ports import Reached
from engine.model.workspace import Workspace

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


class DuckSources:
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
        self._spill = spill
        self._finish = weakref.finalize(self, _close, connection, spill)

    def close(self) -> None:
        """Close the database and remove what it spilled. Further questions fail."""
        self._finish()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def size(
        self, condition: Condition, attributes: Mapping[str, DerivedAttribute], at: datetime
    ) -> int:
        """Return how many people `condition` holds for at `at`."""
        return questions.count(self._session, condition, attributes, at)

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
        return questions.sample(self._session, condition, attributes, at, count)

    def explain(
        self, condition: Condition, attributes: Mapping[str, DerivedAttribute], at: datetime
    ) -> str:
        """Return how many people every part of `condition` holds for, and the SQL behind it."""
        scope = self._session.scope((condition,), attributes, at)
        return explanations.explain(self._session, condition, scope)

    def find_by_phone(self, number: str) -> tuple[str, ...]:
        """Return the ids of the people whose number this is, however it is written.

        For the terminal only.
        """
        return questions.find_by_phone(self._session, number)

    def has(self, identifier: str, value: str) -> bool:
        """Tell whether somebody has this `user_id`, `phone` (E.164) or `token` (or web endpoint)."""
        return questions.knows(self._session, identifier, value)

    def owners(self, recipient_hashes: Sequence[str]) -> Mapping[str, str]:
        """Return the ids of the people behind the hashes, as far as the source still has them."""
        return questions.find_owners(self._session, recipient_hashes)

    def consent_profile(self) -> Mapping[Channel, Mapping[str, int]]:
        """Count yes, no and unknown per channel whose consent to advertising is mapped."""
        return profiles.profile_consent(self._session)

    def consents_by_day(self, at: datetime) -> Mapping[Channel, Agreed]:
        """Count who in Korea agrees to advertisements, per channel and day of the confirmation."""
        return consents_by_day(self._session, at)

    def birth_profile(self, at: datetime) -> profiles.BirthProfile | None:
        """Count days of birth and those that cannot be read; None without such a column."""
        return profiles.profile_births(self._session, at)

    def refusal_profile(self, at: datetime) -> profiles.RefusalProfile | None:
        """Count refusals, whom they hold back, and those that cannot be read; None without a list."""
        return profiles.profile_refusals(self._session, at)

    def refused(
        self, user_id: str | None, phone: str | None, address: str, at: datetime
    ) -> frozenset[Channel]:
        """Return the channels that somebody refused: in person, by number (E.164) or by address.

        Raises UnavailableError where the refusals cannot be read.
        """
        return questions.refused_channels(self._session, user_id, phone, address, at)

    def missing_columns(self) -> tuple[tuple[str, str, str], ...]:
        """Return (source, column, what that means) for columns that nobody wrote."""
        return profiles.missing_columns(self._session)

    def row_profile(self) -> RowProfile:
        """Count people, rows that repeat a person (the least answer counts) and rows without an id."""
        self._session.tables.refresh()
        return self._session.tables.profile()


def _close(connection: DuckDBPyConnection, spill: Path) -> None:
    connection.close()
    remove_spill(spill)
