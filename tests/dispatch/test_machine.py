"""Workers that are killed, stall, stop and come back while the provider misbehaves: nobody twice."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from engine.dispatch.finish import finish_if_done
from engine.dispatch.results import look_up
from engine.dispatch.worker import Stopped
from engine.kernel.errors import LockedError
from engine.model.channel import Channel
from engine.model.delivery import TERMINAL, FailReason
from engine.model.deployment import Status, StopOrder
from engine.model.outcome import (
    Accepted,
    AnsweredError,
    Awaited,
    NotActed,
    Outcome,
    Outgoing,
    Refused,
    Silent,
)
from engine.model.ports import Ledger
from engine.model.resolved import ResolvedCampaign
from engine.model.workspace import Safety
from engine.report.build import build_report
from tests.dispatch.world import APP, KAKAO, SMS, TTL, Killed, Provider, World, a_shop, targets

PEOPLE = ["민지", "춘향", "몽룡", "향단", "방자"]
ID = "chuseok-sale"
MAX_AGE = timedelta(minutes=10)

OUTCOMES: list[Outcome] = [
    Accepted(provider_id="p"),
    NotActed(code="429"),
    NotActed(code="REFUSED_STREAM", retry_after_s=0.0),
    NotActed(code="429", retry_after_s=20.0, opens_breaker=True),
    AnsweredError(code="503"),
    Silent(code="timeout"),
    Refused(reason=FailReason.UNREGISTERED, code="404", dead_address=True),
    Refused(reason=FailReason.REFUSED, code="400"),
]
WORDS: list[Outcome | None] = [
    None,
    Accepted(provider_id="later"),
    Refused(reason=FailReason.REFUSED, code="3022"),
    Refused(reason=FailReason.UNREGISTERED, code="3014", dead_address=True),
]
"""What a vendor says later of everything that it took: nothing yet, or its last word."""

WAIT = timedelta(minutes=2)

Script = dict[Channel, list[Outcome | str]]
SCRIPTS: st.SearchStrategy[Script] = st.fixed_dictionaries(
    {
        channel: st.lists(st.sampled_from([*OUTCOMES, "stall", "withdraw"]), max_size=7)
        for channel in (APP, KAKAO, SMS)
    }
)
"""What each provider answers next; then it accepts everything."""

CALLS = (
    "claim",
    "settle",
    "settle_late",
    "take_awaited",
    "look_up",
    "renew_shard",
    "shard_rows",
    "dead_addresses",
    "submit",
    "poll",
)
DEATHS = st.tuples(st.sampled_from(CALLS), st.integers(1, 3), st.booleans())
"""At which call, at which time of it, and whether before or after it did its work."""

Key = tuple[Channel, str]


class Mortal:
    """Something that a process uses, until the process is killed."""

    def __init__(self, inner: Any, life: Life) -> None:
        self._inner = inner
        self._life = life

    def __getattr__(self, name: str) -> Any:
        member = getattr(self._inner, name)
        return self._life.guard(name, member) if name in CALLS else member


class Life:
    """One process: it ends at a call that was drawn, and then does nothing more."""

    def __init__(self, death: tuple[str, int, bool] | None) -> None:
        self.call, self.left, self.after = death or ("", 0, False)
        self.over = False

    def guard(self, name: str, member: Any) -> Any:
        def call(*args: Any, **more: Any) -> Any:
            if self.over:
                raise Killed
            mine = name == self.call
            self.left -= mine
            if mine and self.left == 0:
                self.over = True
                if self.after:
                    member(*args, **more)
                raise Killed
            return member(*args, **more)

        return call


class Dispatching(RuleBasedStateMachine):
    on_unknown_resend = False

    @initialize()
    def start(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.here = World(
            self.folder,
            campaign=self.campaign(),
            shards={
                0: targets(PEOPLE, APP),
                1: targets(PEOPLE, KAKAO),
                2: targets(PEOPLE, SMS, role="alternative"),
            },
            alternative=[2],
            safety=Safety(max_failed=1.0, consent_max_age=MAX_AGE),
        )
        self.lives = 0
        self.nested = 0
        self.withdrawn: dict[str, datetime] = {}
        self.maybe: Counter[Key] = Counter()
        """How often something may have arrived that no error answer stands for."""
        self.handed: Counter[Key] = Counter()
        self.accepted: set[Key] = set()
        self.taken: dict[str, Key] = {}
        """What the vendors of kakao and sms took, or may have taken, by reference."""
        self.verdicts: dict[Channel, Outcome] = {}
        self.told: dict[str, Outcome] = {}
        self.refused_later: set[Key] = set()

    def campaign(self) -> ResolvedCampaign:
        return a_shop(
            APP,
            KAKAO,
            SMS,
            alternative={KAKAO: SMS},
            on_unknown_resend=self.on_unknown_resend,
            fallback_after=WAIT,
        )

    @precondition(lambda self: self.nested == 0)
    @rule(script=SCRIPTS, death=st.none() | DEATHS)
    def a_process_works(self, script: Script, death: Any) -> None:
        self.work(script, Life(death))

    @rule(seconds=st.sampled_from([1.0, 25.0, TTL + 1]))
    def time_passes(self, seconds: float) -> None:
        self.here.clock.pass_(seconds)

    @rule()
    def halt_or_resume(self) -> None:
        if not self.here.ledger.lift_halt(ID):
            self.here.ledger.order_stop(
                StopOrder(scope=ID, cancel=False, reason=None, at=self.here.clock.now())
            )

    def work(self, script: Script, life: Life) -> None:
        """Be a process: take shard after shard until none is left, it dies or it is stopped."""
        self.lives += 1
        holder = f"process {self.lives}"
        ledger: Ledger = self.here.open()[0]
        providers = {
            channel: Mortal(self.provider(channel, list(script.get(channel, ()))), life)
            for channel in (APP, KAKAO, SMS)
        }
        tools = self.here.tools(
            holder,
            cast("Ledger", Mortal(ledger, life)),
            open_provider=providers.__getitem__,
            providers=dict(providers),
        )
        ledger.expire_claims(ID, self.here.clock.now())
        with suppress(Killed):
            for channel in (KAKAO, SMS):
                look_up(tools, ID, channel)
        if life.over:
            return
        while lease := ledger.lease_shard(ID, holder, TTL, self.here.clock.now()):
            done = False
            with suppress(Killed, Stopped, LockedError):
                done = self.here.worker(lease, tools).run() is None
            if life.over:
                return
            with suppress(LockedError):  # it slept too long: somebody else has the shard
                ledger.release_shard(lease, done=done)
            if not done:
                return

    def provider(self, channel: Channel, script: list[Outcome | str]) -> Provider:
        machine = self

        class Watched(Provider):
            def look_up(self, awaited: Sequence[Awaited]) -> Mapping[str, Outcome]:
                return machine.last_words(channel, awaited)

            def _next(self) -> Outcome:
                while script:
                    item = script.pop(0)
                    if isinstance(item, str):
                        self.on_word(item)
                    else:
                        return item
                return Accepted(provider_id="p")

            def submit(self, batch: Sequence[Outgoing]) -> None:
                for outgoing in batch:
                    machine.before_hand_over(outgoing)
                super().submit(batch)
                for outgoing, outcome in self.outcomes[-len(batch) :]:
                    machine.note(outgoing, outcome)

        return Watched(self.here.clock, account=channel, on_word=self.word)

    def last_words(self, channel: Channel, awaited: Sequence[Awaited]) -> Mapping[str, Outcome]:
        """What the vendor says later of what it took: it knows what arrived and what did not."""
        for one in awaited:
            if one.reference in self.taken and channel in self.verdicts:
                # A last word is the last, also where nobody lived to write it down.
                self.told.setdefault(one.reference, self.verdicts[channel])
        found = {
            one.reference: self.told[one.reference] for one in awaited if one.reference in self.told
        }
        for reference, word in found.items():
            told = self.refused_later if isinstance(word, Refused) else self.accepted
            told.add(self.taken[reference])
        return found

    @rule(channel=st.sampled_from([KAKAO, SMS]), word=st.sampled_from(WORDS))
    def the_vendor_makes_up_its_mind(self, channel: Channel, word: Outcome | None) -> None:
        if word is None:
            self.verdicts.pop(channel, None)
        else:
            self.verdicts[channel] = word

    def word(self, word: str) -> None:
        if word == "withdraw":
            self.here.people.refused.add(PEOPLE[0])
            self.withdrawn.setdefault(PEOPLE[0], self.here.clock.now())
        elif word == "stall" and self.nested == 0:
            # This process sleeps for longer than its lease; another takes over meanwhile.
            self.here.clock.pass_(TTL + 15)
            self.nested += 1
            self.work({}, Life(None))
            self.nested -= 1

    def before_hand_over(self, outgoing: Outgoing) -> None:
        key = (outgoing.key.channel, outgoing.address.value)
        assert self.maybe[key] == 0, f"{key} gets it twice"
        withdrawn = self.withdrawn.get(outgoing.address.value)
        if withdrawn is not None:
            assert self.here.clock.now() - withdrawn <= MAX_AGE
        if outgoing.key.channel is SMS:
            row = self.here.rows()[f"kakao:{outgoing.address.value}"]
            assert (row.state, row.reason) in {
                ("failed", "unregistered"),
                ("failed", "refused"),
                ("failed", "gave_up"),
            }
            assert row.settled_at is not None
            assert row.claimed_at is not None
            assert row.settled_at - row.claimed_at <= WAIT
        self.handed[key] += 1

    def note(self, outgoing: Outgoing, outcome: Outcome) -> None:
        key = (outgoing.key.channel, outgoing.address.value)
        replaced = key[0] is APP and (
            isinstance(outcome, AnsweredError)
            or (self.on_unknown_resend and isinstance(outcome, Silent))
        )
        if isinstance(outcome, Accepted):
            self.accepted.add(key)
        if isinstance(outcome, Accepted | Silent | AnsweredError):
            self.taken[outgoing.reference] = key
        if not replaced and isinstance(outcome, Accepted | Silent | AnsweredError):
            self.maybe[key] += 1

    @precondition(lambda self: hasattr(self, "here") and self.nested == 0)
    @invariant()
    def what_was_handed_over_stands_in_the_books(self) -> None:
        rows = {(Channel(r.channel), r.recipient_hash): r for r in self.here.rows().values()}
        for key, times in self.handed.items():
            assert rows[key].attempt >= times
        for key in self.accepted:
            # A process that died with the answer in its hands leaves a claim, then `unknown`.
            states = {"sent", "claimed", "unknown"}
            assert rows[key].state in states | ({"failed"} if key in self.refused_later else set())
        assert {key for key, row in rows.items() if row.state == "sent"} <= self.accepted

    def teardown(self) -> None:
        if not hasattr(self, "here"):
            return
        try:
            self.finish()
        finally:
            self.here.close()
            shutil.rmtree(self.folder)

    def finish(self) -> None:
        """A last process sends the rest; nothing is pending, and the books balance."""
        here = self.here
        here.ledger.lift_halt(ID)
        for _ in range(8):
            here.clock.pass_(TTL + 10)
            self.work({}, Life(None))
        here.clock.pass_(WAIT.total_seconds())
        self.work({}, Life(None))
        self.what_was_handed_over_stands_in_the_books()
        deployed = here.ledger.find_deployed(ID)
        assert deployed is not None
        ended = finish_if_done(here.tools(), deployed, here.snapshot(), self.folder / "shards")
        assert ended in {Status.COMPLETED, Status.FAILED}
        rows = here.rows()
        late = {(Channel(row.channel), row.recipient_hash): row.state for row in rows.values()}
        assert {late[key] for key in self.refused_later} <= {"failed"}
        assert {row.state for row in rows.values()} <= {str(state) for state in TERMINAL}
        by_channel: defaultdict[str, set[str]] = defaultdict(set)
        for row in rows.values():
            by_channel[row.channel].add(row.recipient_hash)
        assert by_channel[APP] == by_channel[KAKAO] == set(PEOPLE)
        tried = {name for channel, name in self.handed if channel is SMS}
        assert tried <= by_channel[SMS], "who was not tried has no row, but for a refusal"
        fresh = here.ledger.find_deployed(ID)
        assert fresh is not None
        report = build_report(here.ledger, fresh, "sandbox", here.clock.now())
        assert report.device.balanced
        assert report.user.balanced
        assert (report.device.pending, report.user.pending) == (0, 0)
        assert report.device.targeted == len(rows)
        assert report.user.targeted == len(PEOPLE)


class Resending(Dispatching):
    """The same with `on_unknown: resend`: silence counts as an error answer on app and web."""

    on_unknown_resend = True


_settings = settings(
    deadline=None,
    max_examples=16,
    stateful_step_count=6,
    # Shrinking a failure would take minutes; six steps can be read as they are.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
TestDispatching = Dispatching.TestCase
TestDispatching.settings = _settings
TestResending = Resending.TestCase
TestResending.settings = settings(_settings, max_examples=6)
