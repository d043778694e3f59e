"""A campaign that is being sent: a real ledger, and people, providers and a clock that obey."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from engine.dispatch.campaign import CampaignRun, Places
from engine.dispatch.run import dispatch_due
from engine.dispatch.sending import Sending, Tools, prepare
from engine.dispatch.tally import Tally
from engine.dispatch.worker import ShardWorker
from engine.kernel.errors import UnavailableError
from engine.model.chain import step_of
from engine.model.channel import Channel, Platform
from engine.model.delivery import Answer, ConsentReading, Target
from engine.model.deployment import Deployed, LedgerRow, ShardLease, Status
from engine.model.facts import AudienceFacts, ShardFile, Snapshot, TargetCount
from engine.model.message import Address, Envelope
from engine.model.outcome import Accepted, Outcome, Outgoing, Settled
from engine.model.ports import Ledger, Pace
from engine.model.resolved import ResolvedCampaign
from engine.model.schedule import Schedule
from engine.model.workspace import Safety
from engine.plan.content import desire
from tests.message.factories import a_campaign, a_template
from tests.state.world import HandClock, sqlite

DUE = datetime(2026, 9, 24, 1, tzinfo=UTC)
"""10:00 in Seoul."""

FAR = datetime(2026, 9, 24, 11, 30, tzinfo=UTC)
"""20:30 in Seoul: a planned end that never matters."""

TTL = 30.0
APP, KAKAO, SMS = Channel.APP, Channel.KAKAO, Channel.SMS


class Killed(BaseException):
    """The process is gone: nothing after this is done."""


class LeapingClock(HandClock):
    """Waits by moving, at least two seconds at a time, so that retries cost few turns."""

    def sleep(self, seconds: float) -> None:
        self.pass_(max(seconds, 2.0) if seconds > 0 else 0.0)


def a_reading(at: datetime = DUE, **changes: Any) -> ConsentReading:
    """Return a clear yes to everything but the night, read at `at`."""
    yes = ConsentReading(ad=Answer.YES, night=Answer.NO, service=Answer.YES, read_at=at)
    return replace(yes, **changes)


def a_target(name: str = "민지", channel: Channel = APP, **changes: Any) -> Target:
    """Return a Korean person's target whose address hash is `channel:name`."""
    platform = Platform.ANDROID if channel is APP else Platform.PHONE
    values: dict[str, Any] = {
        "user_id": name,
        "device_id": None,
        "recipient_hash": name,
        "address_hash": f"{channel}:{name}",
        "address": Address(kind="phone", value=name),
        "channel": channel,
        "role": "primary",
        "platform": platform,
        "locale": "ko",
        "jurisdiction": "KR",
        "zone": "Asia/Seoul",
        "variant": "default",
        "held_out": False,
        "duplicate": False,
        "consent": a_reading(),
        "suppressed": False,
        "enabled": True,
        "minor": False,
        "values": {"user.name": name},
    }
    return Target(**(values | changes))


@dataclass(frozen=True)
class Fresh:
    """What a re-read says."""

    consent: ConsentReading
    suppressed: bool = False
    enabled: bool = True


@dataclass
class People:
    """The sources: shards from memory, consent that tests may withdraw."""

    clock: HandClock
    shards: dict[int, list[Target]] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    down: bool = False
    reads: list[datetime] = field(default_factory=list)

    def targets(self, shard: ShardFile, directory: Path) -> Iterator[Sequence[Target]]:
        yield sorted(self.shards[shard.number], key=lambda target: target.address_hash)

    def read_again(
        self,
        targets: Sequence[Target],
        at: datetime,
        *,
        advertising: bool = True,
        exception: bool = False,
    ) -> Mapping[tuple[Channel, str], Fresh]:
        if self.down:
            raise UnavailableError("the users source does not answer")
        self.reads.append(at)
        return {
            (target.channel, target.address_hash): Fresh(
                a_reading(at, ad=Answer.NO if target.user_id in self.refused else Answer.YES)
            )
            for target in targets
            if target.user_id not in self.gone
        }

    def owners(self, recipient_hashes: Sequence[str]) -> Mapping[str, str]:
        return {name: name for name in recipient_hashes if name not in self.gone}

    def snapshot(self, campaign: ResolvedCampaign, at: datetime, directory: Path) -> Snapshot:
        raise AssertionError("the tests begin with a snapshot")

    def facts(self, campaign: ResolvedCampaign, at: datetime) -> AudienceFacts:
        raise AssertionError("the tests begin with a snapshot")


@dataclass
class Provider:
    """Answers by script; notes every hand-over with its instant and what came of it."""

    clock: HandClock
    account: str = "fake"
    slots: int = 1_000
    script: deque[Outcome | str] = field(default_factory=deque)
    """What comes next: an outcome, or a word that `on_word` knows; then everything is accepted."""
    on_word: Callable[[str], None] = lambda _: None
    answer: Callable[[Outgoing], Outcome | None] = lambda _: None
    """What a certain delivery gets, before the script is asked."""
    handed: list[tuple[float, Outgoing]] = field(default_factory=list)
    outcomes: list[tuple[Outgoing, Outcome]] = field(default_factory=list)
    waiting: list[Settled] = field(default_factory=list)
    dead: bool = False

    def encode(self, envelope: Envelope) -> object:
        return {"title": envelope.message.title, "body": envelope.message.body}

    def free_slots(self) -> int:
        return self.slots - len(self.waiting)

    def submit(self, batch: Sequence[Outgoing]) -> None:
        self._live()
        assert len(batch) <= self.free_slots(), "nothing is queued beyond the free slots"
        self.handed += [(self.clock.monotonic(), outgoing) for outgoing in batch]
        for outgoing in batch:
            outcome = self.answer(outgoing) or self._next()
            self.outcomes.append((outgoing, outcome))
            self.waiting.append(Settled(outgoing=outgoing, outcome=outcome))

    def poll(self, timeout_s: float) -> Sequence[Settled]:
        self._live()
        if not self.waiting and timeout_s:
            self.clock.pass_(timeout_s)
        settled, self.waiting = self.waiting, []
        return settled

    def close(self) -> Sequence[Settled]:
        return ()

    def names(self) -> Counter[str]:
        """Count hand-overs by person."""
        return Counter(outgoing.address.value for _, outgoing in self.handed)

    def _next(self) -> Outcome:
        while self.script:
            item = self.script.popleft()
            if not isinstance(item, str):
                return item
            self.on_word(item)
        return Accepted(provider_id="p")

    def _live(self) -> None:
        if self.dead:
            raise Killed


@dataclass
class World:
    """One campaign with its snapshot in a real SQLite ledger."""

    folder: Path
    campaign: ResolvedCampaign = field(default_factory=lambda: a_campaign(channels=only(APP)))
    shards: Mapping[int, Sequence[Target]] = field(default_factory=dict)
    alternative: Sequence[int] = ()
    safety: Safety = field(default_factory=lambda: Safety(max_failed=1.0))
    clock: HandClock = field(default_factory=lambda: LeapingClock(DUE))
    rates_per_s: Mapping[Channel, float | None] = field(default_factory=dict)
    stop: bool = False

    def __post_init__(self) -> None:
        self.backend = sqlite(self.folder)
        self.backend.clock = self.clock
        self.ledger, self.pace = self.open()
        self.people = People(self.clock, {n: list(t) for n, t in self.shards.items()})
        self.providers = {channel: Provider(self.clock, account=channel) for channel in Channel}
        wanted = desire(self.campaign, environment="sandbox", safety=self.safety, samples=())
        deployed = Deployed(
            id=self.campaign.id,
            status=Status.READY,
            reason=None,
            digest="sha256:" + "0" * 64,
            content_digest=wanted.content_digest,
            stored=wanted.stored,
            applied_at=DUE - timedelta(hours=2),
            changed_at=DUE - timedelta(hours=2),
            due_at=DUE,
            users=len(self.everybody()),
        )
        lease = self.ledger.acquire("apply", "ci", 60)
        self.ledger.commit(lease, self.ledger.identity(), [deployed])
        self.ledger.release(lease)
        self.ledger.begin_sending(self.campaign.id, self.snapshot())

    def open(self) -> tuple[Ledger, Pace]:
        """Return another process's view of the state."""
        return self.backend.open(clock=self.clock)

    def everybody(self) -> set[str]:
        return {t.recipient_hash for targets in self.shards.values() for t in targets}

    def snapshot(self) -> Snapshot:
        counts = Counter(
            (t.channel, t.locale, t.jurisdiction, t.variant, t.platform)
            for number, targets in self.shards.items()
            if number not in self.alternative
            for t in targets
        )
        return Snapshot(
            campaign=self.campaign.id,
            evaluated_at=DUE,
            users=len(self.everybody()),
            users_without_address=0,
            users_defaulted_zone=0,
            shards=tuple(
                ShardFile(
                    number=number,
                    path=f"{number}.parquet",
                    rows=len(targets),
                    due_at=DUE,
                    digest="d",
                    alternative=number in self.alternative,
                    step=self.step(number),
                )
                for number, targets in sorted(self.shards.items())
            ),
            counts=tuple(
                TargetCount(
                    channel=key[0],
                    locale=key[1],
                    jurisdiction=key[2],
                    variant=key[3],
                    platform=key[4],
                    targets=n,
                )
                for key, n in sorted(counts.items())
            ),
        )

    def step(self, number: int) -> int:
        """Return the step of a shard, whose targets are all on one channel."""
        alternative = self.campaign.alternative
        return max((step_of(alternative, t.channel) for t in self.shards[number]), default=0)

    def tools(self, holder: str = "일꾼", ledger: Ledger | None = None, **changes: Any) -> Tools:
        values: dict[str, Any] = {
            "ledger": ledger or self.ledger,
            "pace": self.pace,
            "people": self.people,
            "clock": self.clock,
            "open_provider": self.providers.__getitem__,
            "rates_per_s": self.rates_per_s,
            "stop_requested": lambda: self.stop,
            "progress": lambda _, __: None,
            "holder": holder,
            "has_suppression": True,
            "is_dead": lambda _: False,
            "shard_ttl_s": TTL,
            "providers": dict(self.providers),
        }
        return Tools(**(values | changes))

    def sending(self) -> Sending:
        deployed = self.ledger.find_deployed(self.campaign.id)
        assert deployed is not None
        assert deployed.snapshot is not None
        return prepare(deployed, deployed.snapshot, self.folder)

    def lease(self, holder: str = "일꾼") -> ShardLease | None:
        return self.ledger.lease_shard(self.campaign.id, holder, TTL, self.clock.now())

    def worker(self, lease: ShardLease, tools: Tools | None = None, **changes: Any) -> ShardWorker:
        sending = self.sending()
        shard = next(s for s in sending.snapshot.shards if s.number == lease.number)
        values: dict[str, Any] = {"planned_end": FAR, "tally": Tally()}
        return ShardWorker(tools or self.tools(), sending, lease, shard, **(values | changes))

    def run_shard(self, **changes: Any) -> None:
        """Work through the next shard."""
        lease = self.lease()
        assert lease is not None
        self.worker(lease, **changes).run()
        self.ledger.release_shard(lease, done=True)

    def dispatch(self, **changes: Any) -> tuple[CampaignRun, ...]:
        """Send everything that is due, as the command does."""
        places = Places(
            shards_of=lambda _: self.folder / "shards",
            started=lambda _: None,
            ended=lambda _: None,
            waiting=lambda _: None,
        )
        return dispatch_due(self.tools(**changes), places, None)

    def rows(self) -> dict[str, LedgerRow]:
        """Return every row by its address hash."""
        return {
            row.address_hash: row
            for number in self.shards
            for row in self.ledger.shard_rows(self.campaign.id, number).values()
        }

    def states(self) -> dict[str, str]:
        """Return `state` or `state reason` by address hash."""
        return {
            name: f"{row.state} {row.reason}" if row.reason else row.state
            for name, row in self.rows().items()
        }

    def status(self) -> Status:
        deployed = self.ledger.find_deployed(self.campaign.id)
        assert deployed is not None
        return deployed.status

    def close(self) -> None:
        for ledger in self.backend.opened:
            ledger.close()


def only(*channels: Channel) -> dict[Channel, Any]:
    """Return the settings of some channels."""
    return {
        channel: setting
        for channel, setting in a_campaign().channels.items()
        if channel in channels
    }


def a_shop(*channels: Channel, **changes: Any) -> ResolvedCampaign:
    """Return an advertisement with a text on all channels, due at 10:00 in Seoul."""
    given: dict[str, Any] = {
        "channels": only(*channels),
        "schedule": Schedule(at=datetime(2026, 9, 24, 10), pace_per_s=changes.pop("pace", None)),
    }
    return a_campaign(a_template(universal=(KAKAO, SMS)), **(given | changes))


def names(count: int, first: int = 0) -> list[str]:
    """Return `count` names."""
    return [f"손님{n:03d}" for n in range(first, first + count)]


def targets(people: Iterable[str], channel: Channel = APP, **changes: Any) -> list[Target]:
    """Return a target for each of `people`."""
    return [a_target(name, channel, **changes) for name in people]
