"""When each person is due: once for everybody, or at the same local time in every zone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from engine.kernel.errors import UsageError
from engine.kernel.frozen import frozen
from engine.kernel.instant import find_zone, resolve_local
from engine.model.schedule import Schedule


@frozen(kw_only=False)
class Waves:
    """The due instants in order, and the wave of each zone (None: no zone of one's own)."""

    due_at: tuple[datetime, ...]
    by_zone: Mapping[str | None, int]


def make_waves(schedule: Schedule, zones: Iterable[str | None], workspace_timezone: str) -> Waves:
    """Return the waves of `schedule` for people in `zones` (valid IANA names or None).

    Without a zone of one's own the workspace's counts. A local time that does not exist moves to
    the first valid instant, one that happens twice is the earlier (`kernel.instant.resolve_local`).
    """
    wanted = {
        zone: _due(schedule, zone or workspace_timezone, workspace_timezone) for zone in zones
    }
    due_at = tuple(sorted(set(wanted.values())))
    return Waves(due_at, {zone: due_at.index(instant) for zone, instant in wanted.items()})


def _due(schedule: Schedule, own: str, workspace_timezone: str) -> datetime:
    if schedule.at.tzinfo is not None:
        return schedule.at.astimezone(UTC)
    name = own if schedule.recipient_local else schedule.timezone or workspace_timezone
    zone = find_zone(name)
    if zone is None:
        raise UsageError(f"`{name}` is not a time zone", "use an IANA name such as `Asia/Seoul`")
    return resolve_local(schedule.at, zone)
