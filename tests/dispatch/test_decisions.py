"""The pure parts of a dispatch: outcomes, alternatives, readings, tallies, and what is in a hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from engine.dispatch.alternative import turn_has_come, waits_until
from engine.dispatch.gate import Barred, Candidate, judge, make_claim
from engine.dispatch.hand import Hand, Key, key_of
from engine.dispatch.sending import Limits, Sending, lead_waived
from engine.dispatch.settle import MAX_ATTEMPTS, backoff_s, settlement
from engine.dispatch.tally import MIN_JUDGED, Tally
from engine.law.door import may_send, refusal_of
from engine.message.compose import Composer
from engine.model.channel import Channel
from engine.model.delivery import (
    TRANSITIONS,
    Answer,
    ConsentReading,
    DeliveryState,
    FailReason,
    Held,
    SkipReason,
)
from engine.model.deployment import LedgerRow, Settlement
from engine.model.facts import ShardFile
from engine.model.legal import MessageType
from engine.model.outcome import Accepted, AnsweredError, NotActed, Outcome, Refused, Silent
from engine.model.schedule import Urgency
from tests.dispatch.world import DUE, Fresh, World, a_reading, a_shop, a_target, targets
from tests.state.world import a_claim, a_deployed

SHARD = ShardFile(number=0, path="0.parquet", rows=1, due_at=DUE, digest="d")
APP_AND_WEB = {Channel.APP, Channel.WEB}

# settle


def settle(
    outcome: Outcome, channel: Channel = Channel.APP, attempt: int = 1, *, resend: bool = False
) -> Settlement:
    claim = a_claim(channel=channel)
    return settlement(claim, attempt, outcome, now=DUE, resend_unknown=resend)


@pytest.mark.parametrize("channel", Channel)
def test_what_is_accepted_is_sent(channel: Channel) -> None:
    found = settle(Accepted(provider_id="m-1"), channel, 3)

    assert (found.state, found.reason, found.provider_id) == ("sent", None, "m-1")
    assert found.attempt == 3


@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize("dead", [False, True])
def test_what_is_refused_has_failed(channel: Channel, dead: bool) -> None:
    found = settle(Refused(reason=FailReason.UNREGISTERED, code="404", dead_address=dead), channel)

    assert (found.state, found.reason, found.dead_address) == ("failed", "unregistered", dead)


@pytest.mark.parametrize("channel", Channel)
def test_not_acted_waits_and_is_given_up_at_last(channel: Channel) -> None:
    for attempt in range(1, MAX_ATTEMPTS):
        found = settle(NotActed(code="429"), channel, attempt)
        assert (found.state, found.reason) == ("deferred", "429")
        assert not found.retried_after_error
        assert found.retry_at is not None
        assert found.retry_at > DUE
    last = settle(NotActed(code="429"), channel, MAX_ATTEMPTS)
    assert (last.state, last.reason, last.retry_at) == ("failed", "gave_up", None)


@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize("resend", [False, True])
def test_an_error_answer_is_sent_again_only_where_a_copy_replaces_the_first(
    channel: Channel, resend: bool
) -> None:
    found = settle(AnsweredError(code="503"), channel, resend=resend)

    if channel in APP_AND_WEB:
        assert (found.state, found.retried_after_error) == ("deferred", True)
    else:
        assert (found.state, found.reason, found.retried_after_error) == ("unknown", "503", False)
    last = settle(AnsweredError(code="503"), channel, MAX_ATTEMPTS, resend=resend)
    assert (last.state, last.reason) == ("unknown", "503"), "never failed: it may have arrived"


@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize("resend", [False, True])
def test_silence_is_unknown_unless_the_campaign_wants_it_resent(
    channel: Channel, resend: bool
) -> None:
    found = settle(Silent(code="timeout"), channel, resend=resend)

    again = resend and channel in APP_AND_WEB
    assert found.state == ("deferred" if again else "unknown")
    assert found.retried_after_error is again
    assert settle(Silent(code="timeout"), channel, MAX_ATTEMPTS, resend=resend).state == "unknown"


OUTCOMES: st.SearchStrategy[Outcome] = st.one_of(
    st.builds(Accepted),
    st.builds(NotActed, code=st.just("429"), retry_after_s=st.none() | st.floats(0, 3600)),
    st.builds(AnsweredError, code=st.just("503"), retry_after_s=st.none() | st.floats(0, 3600)),
    st.builds(Silent, code=st.just("timeout")),
    st.builds(Refused, reason=st.sampled_from(FailReason), code=st.just("400")),
)


@settings(deadline=None)
@given(OUTCOMES, st.sampled_from(Channel), st.integers(1, 12), st.booleans())
def test_every_settlement_may_follow_a_claim_and_says_why(
    outcome: Outcome, channel: Channel, attempt: int, resend: bool
) -> None:
    found = settle(outcome, channel, attempt, resend=resend)

    assert DeliveryState(found.state) in TRANSITIONS[DeliveryState.CLAIMED]
    assert (found.retry_at is None) == (found.state != DeliveryState.DEFERRED)
    assert (found.reason is None) == (found.state == DeliveryState.SENT)
    after = getattr(outcome, "retry_after_s", None)
    if found.retry_at is not None and after:
        assert found.retry_at >= DUE + timedelta(seconds=after)


def test_zero_says_at_once_but_not_for_ever() -> None:
    refused_stream = NotActed(code="REFUSED_STREAM", retry_after_s=0.0)

    assert settle(refused_stream).retry_at == DUE
    second = settle(refused_stream, attempt=2).retry_at
    assert second is not None
    assert second > DUE + timedelta(seconds=2)


@settings(deadline=None)
@given(st.text(max_size=8), st.integers(1, MAX_ATTEMPTS))
def test_backoff_doubles_with_jitter_and_an_end(address: str, attempt: int) -> None:
    middle = min(600.0, 2.0 * 2 ** (attempt - 1))

    found = backoff_s(address, attempt)

    assert middle * 0.75 <= found <= middle * 1.25
    assert found == backoff_s(address, attempt), "a resumed run waits as long"


def test_backoff_spreads() -> None:
    assert len({backoff_s(f"address {n}", 3) for n in range(100)}) == 100


# alternatives


def row(channel: Channel, state: str, reason: str | None = None) -> LedgerRow:
    return LedgerRow(
        campaign="chuseok-sale",
        channel=channel,
        address_hash="a",
        recipient_hash="민지",
        shard=0,
        revision="r",
        variant="default",
        locale="ko",
        jurisdiction="KR",
        platform="phone",
        role="primary",
        consent="{}",
        state=state,
        reason=reason,
        attempt=1,
        claimed_at=None,
        settled_at=None,
        retry_at=None,
        provider_id=None,
        retried_after_error=0,
    )


TEN = timedelta(minutes=10)
OPENS = {
    ("failed", FailReason.UNREGISTERED),
    ("failed", FailReason.BAD_ADDRESS),
    ("failed", FailReason.SENDER_MISMATCH),
    ("failed", FailReason.REFUSED),
    ("failed", FailReason.GAVE_UP),
    ("skipped", SkipReason.DEAD_ADDRESS),
    ("skipped", SkipReason.DISABLED),
    ("skipped", SkipReason.NO_ADDRESS),
    ("skipped", SkipReason.NO_TEXT),
}
ENDINGS: list[tuple[str, str | None]] = [
    *(("failed", reason) for reason in FailReason),
    *(("skipped", reason) for reason in SkipReason),
    *((state, None) for state in ("sent", "unknown", "claimed", "deferred", "held_out")),
]


@pytest.mark.parametrize(("state", "reason"), ENDINGS)
def test_which_endings_open_the_other_channel(state: str, reason: str | None) -> None:
    found = turn_has_come([row(Channel.KAKAO, state, reason)], [Channel.KAKAO], TEN)

    assert found is ((state, reason) in OPENS)


def test_every_address_must_be_refused() -> None:
    refused = row(Channel.KAKAO, "failed", FailReason.REFUSED)
    sent = row(Channel.KAKAO, "sent")

    assert turn_has_come([refused, refused], [Channel.KAKAO], TEN)
    assert not turn_has_come([refused, sent], [Channel.KAKAO], TEN)
    assert not turn_has_come([sent, refused], [Channel.KAKAO], TEN)


def test_other_channels_have_no_say_and_no_row_means_no_address() -> None:
    assert turn_has_come([row(Channel.APP, "sent")], [Channel.KAKAO], TEN)
    assert turn_has_come([], [Channel.KAKAO], TEN)


@pytest.mark.parametrize(("minutes", "opens"), [(0, True), (10, True), (11, False)])
def test_a_refusal_that_was_learned_too_late_opens_nothing(minutes: int, opens: bool) -> None:
    refused = replace(
        row(Channel.KAKAO, "failed", FailReason.REFUSED),
        claimed_at=DUE,
        settled_at=DUE + timedelta(minutes=minutes),
    )

    assert turn_has_come([refused], [Channel.KAKAO], TEN) is opens
    assert waits_until([refused], [Channel.KAKAO], {("kakao", "a")}, TEN, DUE) is None


def accepted(state: str = "sent", name: str = "a", seconds: int = 0) -> LedgerRow:
    at = DUE + timedelta(seconds=seconds)
    return replace(row(Channel.KAKAO, state), address_hash=name, claimed_at=at, settled_at=at)


BOTH = {("kakao", "a"), ("kakao", "b")}
NO = replace(row(Channel.KAKAO, "failed", FailReason.REFUSED), address_hash="c")


@pytest.mark.parametrize(
    ("rows", "awaited", "now", "ends"),
    [
        ([accepted()], BOTH, 0, 600),
        ([accepted("unknown")], BOTH, 0, 600),
        ([accepted()], set(), 0, None),
        ([accepted()], BOTH, 600, 600),
        ([accepted()], BOTH, 601, None),
        ([accepted(), accepted(name="b", seconds=60)], BOTH, 60, 600),
        ([accepted(), accepted(name="b", seconds=60)], BOTH, 630, None),
        ([accepted(), NO], BOTH, 0, 600),
        ([accepted(), accepted(name="b")], {("kakao", "a")}, 0, None),
        ([accepted(), row(Channel.KAKAO, "skipped", SkipReason.CAP)], BOTH, 0, None),
        ([accepted(), row(Channel.APP, "sent")], BOTH, 0, 600),
        ([NO], BOTH, 0, None),
    ],
)
def test_until_when_a_last_word_is_waited_for(
    rows: list[LedgerRow], awaited: set[tuple[str, str]], now: int, ends: int | None
) -> None:
    """One address that surely got it, or may have for good, ends the wait."""
    found = waits_until(rows, [Channel.KAKAO], awaited, TEN, DUE + timedelta(seconds=now))

    assert found == (None if ends is None else DUE + timedelta(seconds=ends))


# the gate

READINGS = st.builds(
    ConsentReading,
    ad=st.sampled_from(Answer),
    night=st.sampled_from(Answer),
    service=st.sampled_from(Answer),
    read_at=st.just(DUE),
    confirmed_at=st.none() | st.just("2026-01-01"),
)


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> World:
    world = World(tmp_path_factory.mktemp("gate"), shards={0: targets(["민지"])})
    world.close()
    return world


@pytest.fixture(scope="module")
def sending(here: World):  # type: ignore[no-untyped-def]
    campaign = a_shop(Channel.APP)
    return Sending(
        campaign=campaign,
        deployed=replace(a_deployed(), changed_at=DUE - timedelta(hours=2)),
        revision="r",
        limits=Limits(
            max_recipients=1,
            max_audience_growth=0.3,
            max_failed=0.05,
            consent_max_age=timedelta(minutes=10),
            per_user=None,
        ),
        composer=Composer(campaign),
        snapshot=here.snapshot(),
        directory=Path(),
    )


@settings(deadline=None, max_examples=200)
@given(frozen=READINGS, fresh=READINGS, flags=st.tuples(*[st.booleans()] * 4))
def test_a_second_reading_only_ever_removes(sending, frozen, fresh, flags) -> None:  # type: ignore[no-untyped-def]
    suppressed, again, enabled, still = flags
    target = a_target(consent=frozen, suppressed=suppressed, enabled=enabled)

    def refusals(reading: ConsentReading, *, off: bool, on: bool) -> bool:
        return (
            refusal_of(replace(judged.facts, consent=reading, suppressed=off, enabled=on)) is None
        )

    judged = judge(sending, SHARD, target, Fresh(fresh, again, still), dead=(), planned_end=DUE)
    assert isinstance(judged, Candidate)
    allowed = refusal_of(judged.facts) is None
    assert allowed is (
        refusals(frozen, off=suppressed, on=enabled) and refusals(fresh, off=again, on=still)
    )
    for name in ("ad", "night", "service"):
        found = getattr(judged.facts.consent, name)
        either = {getattr(frozen, name), getattr(fresh, name)}
        assert found in either
        assert found is not Answer.YES or either == {Answer.YES}
        assert Answer.NO not in either or found is Answer.NO
    assert judged.facts.consent.read_at == fresh.read_at


@pytest.mark.parametrize(
    ("changes", "gone", "dead", "reason"),
    [
        ({"held_out": True, "duplicate": True}, True, True, None),
        ({"duplicate": True}, True, True, SkipReason.DUPLICATE_ADDRESS),
        ({}, True, True, SkipReason.DEAD_ADDRESS),
        ({"locale": ""}, True, False, SkipReason.DISABLED),
        ({"locale": ""}, False, False, SkipReason.NO_TEXT),
    ],
)
def test_the_first_reason_counts(sending, changes, gone, dead, reason) -> None:  # type: ignore[no-untyped-def]
    target = a_target(**changes)
    fresh = None if gone else Fresh(a_reading())

    judged = judge(
        sending,
        SHARD,
        target,
        fresh,
        dead={target.address_hash} if dead else (),
        planned_end=DUE,
    )

    assert isinstance(judged, Barred)
    assert judged.reason == reason
    assert judged.state is (DeliveryState.SKIPPED if reason else DeliveryState.HELD_OUT)


def test_a_claim_carries_the_consent_as_it_was_read() -> None:
    reading = a_reading(DUE, ad=Answer.UNKNOWN, confirmed_at="2025-10-01")

    claim = make_claim(a_target(), SHARD, "r", reading)

    assert claim.consent == (
        '{"ad":"unknown","confirmed_at":"2025-10-01","night":"no",'
        '"read_at":"2026-09-24T01:00:00+00:00","service":"yes"}'
    )
    assert (claim.shard, claim.revision, claim.recipient_hash) == (0, "r", "민지")


def test_a_reading_grows_stale(sending) -> None:  # type: ignore[no-untyped-def]
    judged = judge(
        sending,
        SHARD,
        a_target(),
        Fresh(a_reading()),
        dead=(),
        planned_end=DUE + timedelta(hours=1),
    )
    assert isinstance(judged, Candidate)

    stale = Held(reason="stale_consent")
    assert may_send(judged.facts, DUE + timedelta(minutes=10)) != stale
    assert may_send(judged.facts, DUE + timedelta(minutes=10, seconds=1)) == stale


def test_an_urgency_lifts_the_lead_until_the_end_of_its_day_for_information_only() -> None:
    urgent = Urgency(reason="리콜", until=datetime(2026, 9, 24).date())
    end = datetime(2026, 9, 24, 15, tzinfo=UTC)
    info = a_shop(Channel.APP, type=MessageType.INFORMATIONAL, urgent=urgent)

    assert lead_waived(info, end - timedelta(seconds=1))
    assert not lead_waived(info, end)
    assert not lead_waived(a_shop(Channel.APP, urgent=urgent), DUE)
    assert not lead_waived(replace(info, urgent=None), DUE)


# the tally


def ended(state: str, *, dead: bool = False) -> Settlement:
    return Settlement(claim=a_claim(), attempt=1, state=state, dead_address=dead)


def test_a_tally_counts_ends_and_keeps_dead_addresses_apart() -> None:
    tally = Tally()
    tally.add(
        [
            ended("sent"),
            ended("unknown"),
            ended("skipped"),
            ended("held_out"),
            ended("failed"),
            ended("failed", dead=True),
            ended("deferred"),
        ]
    )

    assert (tally.sent, tally.unknown, tally.skipped, tally.failed, tally.dead) == (1, 1, 2, 1, 1)
    assert tally.failed_share() == 0.5
    assert Tally().failed_share() == 0.0


@pytest.mark.parametrize(
    ("sent", "failed", "why"),
    [
        (MIN_JUDGED - 12, 11, None),
        (MIN_JUDGED - 11, 11, "6% of the deliveries failed, limit 5%"),
        (190, 10, None),
        (0, MIN_JUDGED, "100% of the deliveries failed, limit 5%"),
    ],
)
def test_a_share_is_judged_once_the_sample_is_fair(sent: int, failed: int, why: str | None) -> None:
    tally = Tally(sent=sent, failed=failed, dead=10_000)

    tally.judge(0.05)

    assert tally.systemic == why


def test_what_was_systemic_stays() -> None:
    tally = Tally(sent=0, failed=1_000, systemic="app refused with 401")
    tally.judge(0.05)
    assert tally.systemic == "app refused with 401"


# the hand


def a_candidate(sending, name: str, channel: Channel = Channel.APP) -> Candidate:  # type: ignore[no-untyped-def]
    judged = judge(
        sending, SHARD, a_target(name, channel), Fresh(a_reading()), dead=(), planned_end=DUE
    )
    assert isinstance(judged, Candidate)
    return judged


def test_candidates_are_taken_in_the_order_they_came_and_per_channel(sending) -> None:  # type: ignore[no-untyped-def]
    hand = Hand({})
    for name in "가나다":
        hand.add(a_candidate(sending, name))
    hand.add(a_candidate(sending, "라", Channel.SMS))

    assert hand.channels(DUE) == [Channel.APP, Channel.SMS]
    assert [c.target.user_id for c in hand.take(Channel.APP, 2)] == ["가", "나"]
    assert (hand.count_ready(Channel.APP), hand.count_ready(Channel.WEB)) == (1, 0)
    assert hand.take(Channel.WEB, 5) == []


def test_those_who_wait_come_in_the_order_of_their_time(sending) -> None:  # type: ignore[no-untyped-def]
    hand = Hand({})
    for name, minutes in (("늦은", 3), ("이른", 1), ("가운데", 2)):
        hand.add(a_candidate(sending, name), DUE + timedelta(minutes=minutes))

    assert hand.channels(DUE) == []
    assert hand.channels(DUE + timedelta(minutes=2)) == [Channel.APP]
    assert [c.target.user_id for c in hand.take(Channel.APP, 9)] == ["이른", "가운데"]
    assert len(hand) == 3


class Handling(RuleBasedStateMachine):
    """Each candidate is in one place, whatever happens to it."""

    names = st.sampled_from("가나다라마바사아")

    def __init__(self) -> None:
        super().__init__()
        self.sending: Sending | None = None
        self.hand = Hand({})
        self.now = DUE
        self.seen: set[Key] = set()
        self.place: dict[Key, str] = {}
        self.due: dict[Key, datetime] = {}
        self.attempts: dict[Key, int] = {}

    def key(self, name: str) -> Key:
        return Channel.APP, f"app:{name}"

    @rule(name=names, wait=st.none() | st.integers(0, 9))
    def add(self, name: str, wait: int | None) -> None:
        key = self.key(name)
        if key in self.seen:  # a shard holds every delivery once
            return
        self.seen.add(key)
        retry = None if wait is None else self.now + timedelta(seconds=wait)
        self.hand.add(a_candidate(self.sending, name), retry)
        self.place[key] = "ready" if retry is None else "waiting"
        if retry is not None:
            self.due[key] = retry

    @rule(most=st.integers(1, 3))
    def take_and_claim(self, most: int) -> None:
        self.hand.channels(self.now)
        for key, due in list(self.due.items()):
            if due <= self.now:
                self.place[key] = "ready"
                del self.due[key]
        ready = {key for key, place in self.place.items() if place == "ready"}
        taken = self.hand.take(Channel.APP, most)
        assert {key_of(c) for c in taken} <= ready
        assert len(taken) == min(most, len(ready))
        for candidate in taken:
            key = key_of(candidate)
            self.attempts[key] = self.hand.attempts(candidate.claim) + 1
            self.hand.claimed(candidate, candidate.claim, self.attempts[key])
            self.place[key] = "claimed"

    @rule(name=names, state=st.sampled_from(["sent", "failed", "unknown", "deferred"]))
    def settle(self, name: str, state: str) -> None:
        key = self.key(name)
        if self.place.get(key) != "claimed":
            return
        found = self.hand.find_claim(key)
        assert found is not None
        claim, attempt = found
        assert attempt == self.attempts[key]
        retry = self.now + timedelta(seconds=3) if state == "deferred" else None
        self.hand.settle([Settlement(claim=claim, attempt=attempt, state=state, retry_at=retry)])
        assert self.hand.attempts(claim) == attempt
        if retry is None:
            del self.place[key]
        else:
            self.place[key], self.due[key] = "waiting", retry

    @rule(name=names)
    def bar(self, name: str) -> None:
        key = self.key(name)
        if self.place.get(key) in (None, "claimed"):
            return
        claim = a_candidate(self.sending, name).claim
        self.hand.settle(
            [Settlement(claim=claim, attempt=self.hand.attempts(claim), state="skipped")]
        )
        del self.place[key]
        self.due.pop(key, None)

    @rule(name=names)
    def refresh(self, name: str) -> None:
        if self.key(name) in self.place:
            self.hand.refresh(a_candidate(self.sending, name))

    @rule(seconds=st.integers(1, 10))
    def pass_time(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @invariant()
    def each_is_in_one_place(self) -> None:
        assert len(self.hand) == len(self.place)
        claimed = {key for key, place in self.place.items() if place == "claimed"}
        assert self.hand.in_flight == len(claimed)
        assert {key_of(c) for c in self.hand.unclaimed()} == set(self.place) - claimed


def test_each_candidate_is_in_one_place(sending) -> None:  # type: ignore[no-untyped-def]
    class WithSending(Handling):
        def __init__(self) -> None:
            super().__init__()
            self.sending = sending

    run_state_machine_as_test(
        WithSending, settings=settings(max_examples=60, stateful_step_count=30, deadline=None)
    )


def test_what_somebody_else_sends_is_dropped(sending) -> None:  # type: ignore[no-untyped-def]
    hand = Hand({(Channel.APP, "app:가"): 3})
    candidate = a_candidate(sending, "가")
    hand.add(candidate)
    assert hand.attempts(candidate.claim) == 3

    hand.drop(key_of(candidate))

    assert len(hand) == 0
    assert hand.take(Channel.APP, 5) == []
