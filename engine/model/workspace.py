"""The workspace as one environment sees it: sources, channels, state, safety limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import timedelta

from engine.kernel.frozen import frozen
from engine.kernel.origin import NOWHERE, Origin
from engine.model.channel import Channel, EnvironmentVariable, ProviderSettings
from engine.model.policy import Policy


@frozen
class Sender:
    """Who sends, whom to call, and how to refuse further advertisements: text per channel and locale.

    `legal_name` is the registered name or number where a country asks for it. `opt_out_login` says
    whether refusing asks for a login (None: nobody said).
    """

    name: str
    contact: str
    opt_out: Mapping[Channel, Mapping[str, str]] = field(default_factory=dict)
    legal_name: str | None = None
    opt_out_login: bool | None = None


@frozen
class ConsentColumns:
    """The columns of users that hold consent for one channel.

    `ad` to advertisements, `night` to those between 21:00 and 08:00, `confirmed_at` when it was last
    confirmed, `service` to any message at all. `scope` says whose consent it is: a `member`'s, a
    `guest`'s (given on a device before anybody logged in), or None where nobody said.
    """

    ad: str | None = None
    night: str | None = None
    confirmed_at: str | None = None
    service: str | None = None
    scope: str | None = None


@frozen
class AppFacts:
    """`app:`: what a workspace cannot see of its own app. None: nobody said.

    `settings_path` is where a person turns advertisements off, as the app names it; `opt_in` and
    `opt_out` say whether the app has a screen for each.
    """

    settings_path: str | None = None
    opt_in: bool | None = None
    opt_out: bool | None = None


@frozen
class TableSource:
    """Rows: a file (`path`, relative to the workspace) or a database (`url` and `table`).

    `columns` maps our name of a column to the source's; `sample` says that these people are made up.
    """

    path: str | None = None
    url: str | EnvironmentVariable | None = None
    table: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    sample: bool = False
    origin: Origin = field(default=NOWHERE, compare=False, repr=False)


@frozen
class Sources:
    """Where people, devices, events and refusals are read from.

    `suppression` is None where nothing is written and `suppression_none` where `none` was written.
    """

    users: TableSource | None = None
    consent: Mapping[Channel, ConsentColumns] = field(default_factory=dict)
    devices: TableSource | None = None
    events: TableSource | None = None
    suppression: TableSource | None = None
    suppression_none: bool = False


@frozen
class StateSettings:
    """Where the ledger is, and the key that hashes people and addresses (None: `.pushform/key`)."""

    url: str | EnvironmentVariable
    key: str | EnvironmentVariable | None = None
    origin: Origin = field(default=NOWHERE, compare=False, repr=False)


@frozen
class PerUserCap:
    """At most `max` advertising campaigns per person in `within`."""

    max: int
    within: timedelta


@frozen
class Safety:
    """Limits that stop a plan, an apply or a dispatch. Shares are fractions of 1."""

    max_recipients: int = 100_000
    max_audience_growth: float = 0.30
    max_cancelled: int = 5
    max_failed: float = 0.05
    per_user: PerUserCap | None = None
    consent_max_age: timedelta = timedelta(minutes=10)
    origin: Origin = field(default=NOWHERE, compare=False, repr=False)


@frozen
class RealEnvironment:
    """With what an environment that is no sandbox sends, whichever environment is looked at."""

    channels: Mapping[Channel, ProviderSettings]
    state: StateSettings


@frozen
class Workspace:
    """`pushform.yaml`, overlaid for `environment`. In a sandbox nothing leaves the machine.

    `real` holds every environment that is no sandbox: what it sends with is judged by a lint that
    runs as the sandbox, too.
    """

    name: str
    timezone: str
    locale: str
    country: str
    sender: Sender
    sources: Sources
    channels: Mapping[Channel, ProviderSettings]
    state: StateSettings
    safety: Safety
    environment: str
    sandbox: bool
    environments: tuple[str, ...]
    testers: str | None = None
    policies: tuple[Policy, ...] = ()
    app: AppFacts = AppFacts()
    real: Mapping[str, RealEnvironment] = field(default_factory=dict)
    origin: Origin = field(default=NOWHERE, compare=False, repr=False)

    @property
    def sending(self) -> tuple[str, ...]:
        """The environments whose reports tell what was really sent: this one, of a sandbox the others."""
        return tuple(self.real) if self.sandbox else (self.environment,)
